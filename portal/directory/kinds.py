"""Declares what the directory sorts organisations and services by: a code here, its words in the catalogue."""

from typing import Final

from i18n.communities import COMMUNITIES
from i18n.languages import LANGUAGES
from i18n.spoken import SPOKEN
from portal.numbers import region_ids
from portal.records.fields import BY_NAME

# The four kinds of the hotline's own plan of 2018: services, police, government, and those who work in a network.
POLICE: Final = "police"  # nobody is referred there who has not asked for it, or said yes
KINDS: Final = ("ngo", POLICE, "government", "network")
SUBKINDS: Final = {"ngo": ("direct", "indirect"), POLICE: ("municipal", "provincial", "federal")}
SUBS: Final = tuple(sub for subs in SUBKINDS.values() for sub in subs)
"""How a service works, and the levels of the police: no code stands for two."""

# The six allied fields of that plan, and what is for trafficking alone.
AREAS: Final = ("trafficking", "assault", "youth", "violence", "labour", "health", "immigration")
PHASES: Final = ("emergency", "transition", "long_term")

# For whom a service is; none: for everybody.
POPULATIONS: Final = (
    "minors",
    "adults",
    "women",
    "men",
    "trans",
    "indigenous",
    "citizens",
    "residents",
    "foreign",
    "families",
)
COSTS: Final = ("free", "sliding", "paid")  # none: not known
PHONE_KINDS: Final = ("voice", "text", "tty", "fax")

NEEDS: Final = BY_NAME["needs"].codes
"""What somebody needs, as the record of a contact has it."""


def regions() -> tuple[str, ...]:
    """Every region a service may say it serves."""
    return tuple(region_ids())


def tongues() -> tuple[str, ...]:
    """Every language a service may say it speaks: what is read here, what is spoken, and those of First Peoples.

    By ear there is one Inuktitut: the letters a community writes it in are no part of its tag here.
    """
    return tuple(dict.fromkeys((*SPOKEN, *LANGUAGES, *(each.tag.partition("-")[0] for each in COMMUNITIES))))


def tongues_written(tag: str) -> tuple[str, ...]:
    """By which languages of a page somebody finds a service that speaks `tag`: itself, and what is written for it."""
    return (tag, *(SPOKEN[tag].written if tag in SPOKEN else ()))
