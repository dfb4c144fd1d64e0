"""Names what a consent is about, in closed lists: whose words, which of them, to whom, what for, how it was given.

What stands in no list here cannot be agreed to, and so cannot leave. A code is never given a second meaning.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """What kind of thing a consent belongs to."""

    CASE = "case"
    CONTACT = "contact"
    TIP = "tip"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that holds words of a person: its kind, and its id of 16 bytes."""

    kind: Kind
    id: bytes


class What(StrEnum):
    """Which of what she told. Each stands for itself; none is given by another."""

    STORY = "story"  # what happened, without who she is
    NEEDS = "needs"  # what she needs
    PERSON = "person"  # her age, gender, languages, where she is from
    NAME = "name"  # what she is called
    REACH = "reach"  # how to reach her, and when it is safe
    PLACE = "place"  # where she is
    HEALTH = "health"
    STATUS = "status"  # her papers, and her status in the country
    OTHERS = "others"  # names and descriptions of other people
    WORDS = "words"  # her own words, as she wrote them
    FILES = "files"  # pictures, recordings, papers she left


class Whom(StrEnum):
    """What kind of reader: one of the directory, one person by name, the police of one level, an office, herself."""

    ORGANISATION = "organisation"
    PERSON = "person"
    POLICE = "police"
    CHILD_PROTECTION = "child_protection"
    EMERGENCY = "emergency"
    COURT = "court"
    HERSELF = "herself"


# `any`: she was asked about the police and not about which of them.
LEVELS: Final = ("any", "municipal", "provincial", "federal")
"""Levels of police."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is to have it. `key`: an organisation's id in the directory, a person's name, a level of police; else empty.

    Two names are one where they differ in nothing but spaces and capital letters.
    """

    whom: Whom
    key: str = ""

    @property
    def known_as(self) -> str:
        """The key as it is compared."""
        return " ".join(unicodedata.normalize("NFKC", self.key).casefold().split())

    @property
    def is_whole(self) -> bool:
        """Whether it names somebody: a kind alone names nobody where there are many of it."""
        match self.whom:
            case Whom.ORGANISATION | Whom.PERSON:
                return bool(self.known_as)
            case Whom.POLICE:
                return self.key in LEVELS
            case _:
                return not self.key

    def reaches(self, other: "Recipient") -> bool:
        """Whether a yes to this one is a yes to that one. One to the police of any level reaches each level."""
        if self.whom is not other.whom or not self.is_whole or not other.is_whole:
            return False
        if self.whom is Whom.POLICE and self.key == LEVELS[0]:
            return True
        return self.known_as == other.known_as


class Purpose(StrEnum):
    """What it is for. A yes for one purpose is none for another."""

    HELP = "help"  # somebody is to help her: a referral, a warm transfer
    REPORT = "report"  # an office is to act
    TOGETHER = "together"  # a third person reads along, an interpreter or a provider
    COPY = "copy"  # she, or whom she names, is to have what is kept


FITS: Final[Mapping[Whom, tuple[Purpose, ...]]] = MappingProxyType(
    {
        Whom.ORGANISATION: (Purpose.HELP,),
        Whom.PERSON: (Purpose.HELP, Purpose.TOGETHER, Purpose.COPY),
        Whom.POLICE: (Purpose.REPORT,),
        Whom.CHILD_PROTECTION: (Purpose.REPORT,),
        Whom.HERSELF: (Purpose.COPY,),
    }
)
"""What each reader a person can agree to may be given something for, the likeliest first."""


class Way(StrEnum):
    """How it was given."""

    CHAT = "chat"
    VOICE = "voice"
    FORM = "form"


class Basis(StrEnum):
    """The three exceptions, and no fourth: a minor at risk, imminent harm, a law that requires it."""

    MINOR = "minor_at_risk"
    HARM = "imminent_harm"
    LAW = "required_by_law"


EXCEPTION_REACHES: Final = {
    Basis.MINOR: frozenset({Whom.POLICE, Whom.CHILD_PROTECTION}),
    Basis.HARM: frozenset({Whom.POLICE, Whom.CHILD_PROTECTION, Whom.EMERGENCY}),
    Basis.LAW: frozenset({Whom.POLICE, Whom.CHILD_PROTECTION, Whom.COURT}),
}
"""Whom each exception reaches at all."""
