"""The gate's rule: what of a person may leave, to whom and what for, by what was agreed to or by an exception.

This is the one place where it is decided. It knows no clock and no store: who asks hands over what there is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, Final, Literal

from portal.consent.terms import EXCEPTION_REACHES, Basis, Purpose, Recipient, Subject, What
from portal.errors import PorchlightError

Ground = Literal["consent", "minor_at_risk", "imminent_harm", "required_by_law"]
NOBODY: Final = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What is asked: may this leave. `about`: the thing itself and whatever belongs to it, a case with its contacts.

    `person`: whom of a case it is about; empty: the one who made contact.
    """

    about: tuple[Subject, ...]
    to: Recipient
    what: frozenset[What]
    purpose: Purpose
    person: bytes = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One yes. `number`: its place among all that was said of its subject; `ended`: the place of its taking back."""

    id: bytes
    about: Subject
    to: Recipient
    what: frozenset[What]
    purpose: Purpose
    until: date  # the last day on which it counts
    number: int = 1
    ended: int = 0
    person: bytes = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Excepted:
    """One use of an exception, recorded by `by`. `second`: who else stands behind it; empty where nobody does yet.

    `at_once`: that it could not wait for a second person, which on imminent harm alone can be said.
    """

    id: bytes
    about: Subject
    basis: Basis
    to: Recipient
    what: frozenset[What]
    until: date
    by: bytes
    second: bytes = NOBODY
    at_once: bool = False
    person: bytes = NOBODY


@dataclass(frozen=True, slots=True)
class Passage:
    """Leave to go, made by `decide` alone and asked for by whatever builds a file or a message that leaves.

    `ground` is what it rests on, `rests` the ids of the consents or of the exception.
    """

    leaving: Leaving
    ground: Ground
    rests: tuple[bytes, ...]
    has_second: bool = True  # False: an emergency nobody else has looked at yet
    day: date = field(default=date.min)

    def lets(self, what: What) -> bool:
        """Whether this may be in it."""
        return what in self.leaving.what


class MayNotLeave(PorchlightError):
    """Nothing of it leaves: no yes of hers and no recorded exception covers all of it.

    `missing`: what nothing covers; a page names it.
    """

    phrase: ClassVar[str] = "gate.error.may_not_leave"
    status: ClassVar[int] = 409

    def __init__(self, missing: frozenset[What]) -> None:
        super().__init__("no consent and no exception covers it")
        self.missing = missing


def decide(leaving: Leaving, agreements: Iterable[Agreement], exceptions: Iterable[Excepted], today: date) -> Passage:
    """Leave for all that is asked, or none. Raises MayNotLeave.

    What she agreed to comes first. An exception does not look at consents: it is for where none was given.
    """
    if not leaving.about or not leaving.to.is_whole or not leaving.what:
        raise MayNotLeave(leaving.what)
    live = [each for each in still_live(agreements, today) if meets(each, leaving)]
    covered = frozenset[What]().union(*(each.what for each in live))
    if leaving.what <= covered:
        rests = tuple(each.id for each in live if each.what & leaving.what)
        return Passage(leaving, "consent", rests, day=today)
    standing = [each for each in exceptions if stands(each, today)]
    for made in standing:
        if reaches(made, leaving):
            return Passage(leaving, made.basis.value, (made.id,), has_second(made), day=today)
    nothing = replace(leaving, what=frozenset())
    excepted = frozenset[What]().union(*(each.what for each in standing if reaches(each, nothing)))
    raise MayNotLeave(leaving.what - covered - excepted or leaving.what - covered)


def still_live(agreements: Iterable[Agreement], today: date) -> list[Agreement]:
    """Those that count today. What was taken back takes back with it what was said to the same reader before."""
    every = list(agreements)
    ends = [each for each in every if each.ended]
    return [
        each
        for each in every
        if not each.ended and today <= each.until and not any(_takes_back(end, each) for end in ends)
    ]


def meets(agreement: Agreement, leaving: Leaving) -> bool:
    """Whether a yes is one to this at all: of this person, to this reader, for this purpose."""
    return (
        agreement.about in leaving.about
        and agreement.person == leaving.person
        and agreement.purpose is leaving.purpose
        and agreement.to.reaches(leaving.to)
    )


def reaches(made: Excepted, leaving: Leaving) -> bool:
    """Whether an exception is one for this at all, whoever stands behind it."""
    return (
        made.about in leaving.about
        and made.person == leaving.person
        and leaving.what <= made.what
        and made.to.whom in EXCEPTION_REACHES[made.basis]
        and made.to.reaches(leaving.to)
    )


def has_second(made: Excepted) -> bool:
    """Whether somebody stands behind it who did not write it."""
    return bool(made.second) and made.second != made.by


def stands(made: Excepted, today: date) -> bool:
    """Whether it may be used today: two people, or an emergency in which somebody may come to harm now."""
    is_urgent = made.at_once and made.basis is Basis.HARM
    return today <= made.until and bool(made.by) and (has_second(made) or is_urgent)


def _takes_back(end: Agreement, each: Agreement) -> bool:
    """Whether the taking back of `end` ends `each` too: said before it, to the same reader, of the same things."""
    is_same = end.person == each.person and bool(end.what & each.what)
    is_reader = end.to.reaches(each.to) or each.to.reaches(end.to)
    return is_same and is_reader and end.about == each.about and each.number < end.ended
