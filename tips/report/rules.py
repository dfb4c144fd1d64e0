"""Decides what of a tip may stand in a report: every field a tip can hold, against what lets it out.

This is the one place where it is decided. A field that stands in no line here never leaves, whoever asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final

from portal.consent import terms
from portal.consent.rule import Excepted, Leaving, MayNotLeave, decide, reaches
from portal.consent.terms import Kind, Purpose, Subject, What
from tips.agreed import POLICE, TOLD, WHO, agreements
from tips.consents import Standing


class Basis(StrEnum):
    """What a report rests on: what the reporter agreed to, or one of the three exceptions of the law."""

    CONSENT = "consent"
    MINOR = "minor_at_risk"
    HARM = "imminent_harm"
    LAW = "required_by_law"


class Recipient(StrEnum):
    """What kind of office a report is for. The reporter was asked about the police and about nobody else."""

    POLICE = "police"
    CHILD_PROTECTION = "child_protection"
    COURT = "court"


class Reading(StrEnum):
    """What the author found when she read what was typed into a field."""

    UNREAD = ""
    CLEAR = "clear"  # nothing in it says who the reporter is
    POINTS = "points"  # it may say who the reporter is


class Sort(StrEnum):
    """What kind of a thing a field is, and with it what it takes to leave."""

    TAPPED = "tapped"  # what happened, by taps: leaves with the facts
    TYPED = "typed"  # what happened, in free words: leaves with the facts once it was read, or with who she is
    WHO = "who"  # says or shows who the reporter is: leaves only with who she is
    KEPT = "kept"  # the house's own: never leaves


_FACTS: Final = {
    Sort.TAPPED: ("told_on", "urgency", "child", "kind", "venues", "signs", "region", "often", "count", "needs"),
    Sort.TYPED: (
        *("text", "place", "when", "added", "account"),
        *("town", "address", "online", "speaks", "looks"),
        *("suspected_name", "suspected_looks", "suspected_handle", "business", "vehicle", "plate"),
    ),
    # Whether it is herself, her sister or a colleague, and in which language she wrote: few need more to know her.
    Sort.WHO: ("path", "tie", "language", "name", "reach", "hours", "mask", "voice", "tongue", "spoken"),
    # `at` is the second at which she wrote. A picture goes to nobody by a report (docs/files.md).
    Sort.KEPT: (
        *("id", "at", "day", "status", "receipt", "from_talk", "by_phone", "lost", "past"),
        *("heard_from", "identity", "consents"),
        *("answer", "answer_welcome", "reply", "same", "alias", "changed", "pictures", "desk"),
        *("grounds", "harm_of_telling", "harm_of_silence"),
    ),
}

FIELDS: Final[Mapping[str, Sort]] = MappingProxyType({field: sort for sort, names in _FACTS.items() for field in names})
"""Every field that a tip, or a report on it, can hold."""

IN_ORDER: Final = (
    *("account", "text", "place", "when", "added", "told_on", "urgency", "child"),
    *("kind", "venues", "signs", "region", "town", "address", "online", "often"),
    *("count", "speaks", "looks", "needs"),
    *("suspected_name", "suspected_looks", "suspected_handle", "business", "vehicle", "plate"),
    *("path", "tie", "language", "name", "reach", "hours", "mask", "voice", "tongue", "spoken"),
)
"""Every field a report may hold on some ground, as it stands in one."""

GOES_TO: Final[Mapping[Basis, frozenset[Recipient]]] = MappingProxyType(
    {
        Basis.CONSENT: frozenset({Recipient.POLICE}),
        Basis.MINOR: frozenset({Recipient.POLICE, Recipient.CHILD_PROTECTION}),
        Basis.HARM: frozenset({Recipient.POLICE, Recipient.CHILD_PROTECTION}),
        Basis.LAW: frozenset(Recipient),
    }
)
"""To whom a report may go by what it rests on."""

OFFICES: Final[Mapping[Recipient, terms.Recipient]] = MappingProxyType(
    {
        Recipient.POLICE: POLICE,
        Recipient.CHILD_PROTECTION: terms.Recipient(terms.Whom.CHILD_PROTECTION),
        Recipient.COURT: terms.Recipient(terms.Whom.COURT),
    }
)
"""The same offices as the gate knows them."""


# The rule is the same for every tip.
_ANY: Final = Subject(Kind.TIP, bytes(16))


@dataclass(frozen=True)
class Ground:
    """What a report stands on at one moment: its basis, its reader, and what is agreed to at that moment."""

    basis: Basis
    recipient: Recipient
    standing: Standing

    @cached_property
    def lets_facts(self) -> bool:
        """Whether what was told may go, without who told it."""
        return self._lets(TOLD)

    @cached_property
    def lets_who(self) -> bool:
        """Whether who told it may go too.

        By consent only when she agreed to both and chose that her name may be passed on. Of two answers that do not
        fit together (a name for the police, and "nobody else may know who I am") the more careful one counts.
        """
        return self._lets(TOLD | WHO)

    def _lets(self, what: frozenset[What]) -> bool:
        """Ask the gate's rule; that a second person stands behind an exception is asked when it leaves."""
        leaving = asked(_ANY.id, self.recipient, what)
        if self.basis is not Basis.CONSENT:
            return reaches(excepted(_ANY.id, self.basis, self.recipient, what), leaving)
        try:
            decide(leaving, agreements(self.standing, _ANY.id, leaving.to), (), date.min)
        except MayNotLeave:
            return False
        return True


def asked(tip: bytes, recipient: Recipient, what: frozenset[What]) -> Leaving:
    """A report of this tip, as the gate is asked about it."""
    return Leaving(about=(Subject(Kind.TIP, tip),), to=OFFICES[recipient], what=what, purpose=Purpose.REPORT)


def excepted(
    tip: bytes,
    basis: Basis,
    recipient: Recipient,
    what: frozenset[What],
    *,
    by: bytes = b"",
    second: bytes = b"",
    at_once: bool = False,
) -> Excepted:
    """A report on one of the three exceptions, as the gate reads it. `by`, `second`: who wrote it, who approved it."""
    return Excepted(
        id=tip,
        about=Subject(Kind.TIP, tip),
        basis=terms.Basis(basis.value),
        to=OFFICES[recipient],
        what=what,
        until=date.max,
        by=by,
        second=second,
        at_once=at_once,
    )


def sort_of(field: str) -> Sort:
    """What kind of a thing a field is; one that nobody decided about is the house's own."""
    return FIELDS.get(field, Sort.KEPT)


def leaves(field: str, reading: Reading, ground: Ground) -> bool:
    """Whether this field may stand in a report on this ground.

    `reading` counts for what was typed in free words, which may name its writer anywhere: unread it never leaves.
    """
    match sort_of(field):
        case Sort.TAPPED:
            return ground.lets_facts
        case Sort.TYPED if reading is Reading.CLEAR:
            return ground.lets_facts
        case Sort.TYPED if reading is Reading.POINTS:
            return ground.lets_who
        case Sort.WHO:
            return ground.lets_who
        case _:
            return False


def content_of(fields: Mapping[str, Reading]) -> frozenset[What]:
    """What stands in a report of these fields, in the gate's words."""
    points = any(sort_of(name) is Sort.WHO or reading is Reading.POINTS for name, reading in fields.items())
    return TOLD | WHO if points else TOLD


def stopped(fields: Mapping[str, Reading], ground: Ground) -> tuple[str, ...]:
    """Which of the chosen fields may not leave on this ground, in the order chosen. Before it is none, nothing goes."""
    return tuple(field for field, reading in fields.items() if not leaves(field, reading, ground))
