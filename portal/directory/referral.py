"""Knows what a referral is: a person was told of a service, perhaps led there step by step, and what became of it."""

from collections.abc import Collection
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from portal.consent.rule import Passage
from portal.consent.terms import What

About = Literal["conversation", "tip", "contact", "case", ""]
ABOUT: Final[tuple[About, ...]] = ("conversation", "tip", "contact", "case", "")

Way = Literal["card", "warm"]

# A warm transfer in the order it is done: she is asked first, and nobody is left on the line alone.
STEPS: Final = ("asked", "called", "stayed", "handed", "closed")

# What became of it, as the advocate knows it. Nobody asks the person for it. `full`: refused for want of a place.
OUTCOMES: Final = ("reached", "waiting", "full", "refused", "not_gone", "unknown")


class Referral(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One referral as it is sealed. `service` and `organisation`: ids as text, and their names of that day.

    `kind`: of the organisation. `about`: what it belongs to, with its id as text. `needs`: what the service meets.
    `asked`: of the police, that she asked for them or said yes.
    """

    service: str
    service_name: str
    organisation: str
    organisation_name: str
    kind: str
    way: Way
    about: About = ""
    about_id: str = ""
    needs: tuple[str, ...] = ()
    region: str = ""
    language: str = ""
    is_partner: bool = False
    asked: bool = False
    steps: tuple[str, ...] = ()
    told: tuple[What, ...] = ()  # what of her the service was told, as the gate let it
    outcome: str = ""
    by: str = ""

    def __repr__(self) -> str:
        return "Referral(...)"


_decoder: Final = msgspec.json.Decoder(Referral)


def write_referral(referral: Referral) -> bytes:
    """The bytes that are sealed."""
    return msgspec.json.encode(referral)


def read_referral(raw: bytes) -> Referral:
    """The referral from them; what a newer house wrote beside it is passed over. Raises ValueError."""
    return _decoder.decode(raw)


def gone_on(referral: Referral, steps: Collection[str], outcome: str, passage: Passage | None = None) -> Referral:
    """The referral with what was ticked and what became of it; a step that is ticked makes it a warm transfer.

    `passage`: the gate's leave for what more of her the service is told.
    """
    done = tuple(step for step in STEPS if step in steps)
    known = outcome if outcome in OUTCOMES else ""
    told = tuple(each for each in What if each in referral.told or (passage is not None and passage.lets(each)))
    is_warm = bool(done or told)
    return replace(referral, steps=done, told=told, outcome=known, way="warm" if is_warm else referral.way)
