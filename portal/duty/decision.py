"""Knows what stands in a decision on a report, who has to stand behind it, and what may come of it.

Nothing is sent by any of it. A decision says what a person may do, and later what she did.
"""

from datetime import date
from typing import ClassVar, Final, Literal

import msgspec

from portal.consent.rule import NOBODY, Excepted
from portal.consent.terms import EXCEPTION_REACHES, Basis, Kind, Recipient, Subject, What, Whom
from portal.errors import PorchlightError
from portal.vault.gate_parts import reader_of

VERSION: Final = 1
LONG: Final = 600  # letters of the grounds, and of each harm
SHORT: Final = 120  # letters of a reader's name
STANDS_DAYS: Final = 7  # for so long something may leave by one decision; after that it is looked at anew

# What somebody proposes: to report, not to, or that it cannot be done.
Plan = Literal["report", "not", "impossible"]
PLANS: Final[tuple[Plan, ...]] = ("report", "not", "impossible")

# What a second person said: nothing yet, that it stands, that it goes back to its writer.
Look = Literal["", "agreed", "returned"]

# What came of it. `impossible`: no report was possible, she had gone or nobody knew where it was.
Outcome = Literal["", "made", "impossible", "not_made"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("made", "impossible", "not_made")


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One decision as it is sealed to the records. `to_name`: the office as it is called on the phone.

    `harm_of_telling`, `harm_of_silence`: what a report may do to the person, and what it may do that there is none.
    `at_once`: that it could not wait for a second person. `person`: whom of a case it is about, as in a consent.
    """

    version: int
    kind: Kind
    subject: bytes
    basis: Basis
    plan: Plan
    region: str = ""
    whom: Whom = Whom.POLICE
    to_key: str = ""
    to_name: str = ""
    what: tuple[What, ...] = ()
    grounds: str
    harm_of_telling: str
    harm_of_silence: str
    at_once: bool = False
    day: date
    by: str
    person: bytes = NOBODY

    @property
    def about(self) -> Subject:
        """What it is about."""
        return Subject(self.kind, self.subject)

    @property
    def to(self) -> Recipient:
        """Who is to have the report."""
        return Recipient(self.whom, self.to_key)

    def __repr__(self) -> str:
        return "Decision(...)"


class Part(msgspec.Struct, frozen=True, array_like=True):
    """What the gate and a list read of a decision. `by`, `second`: staff ids; `reader` as in a consent's part."""

    version: int
    kind: Kind
    subject: bytes
    basis: Basis
    plan: Plan
    whom: Whom
    level: str
    reader: bytes
    what: tuple[What, ...]
    day: date
    until: date
    by: bytes
    at_once: bool
    look: Look = ""
    second: bytes = NOBODY
    outcome: Outcome = ""
    person: bytes = NOBODY

    @property
    def about(self) -> Subject:
        """What it is about."""
        return Subject(self.kind, self.subject)

    @property
    def waits(self) -> bool:
        """Whether it waits for the eyes of a second person."""
        return not self.look

    @property
    def may_be_made(self) -> bool:
        """Whether a report may be made by it: two people stand behind it, or it could not wait."""
        is_urgent = self.at_once and self.basis is Basis.HARM and self.look != "returned"
        return self.plan == "report" and not self.outcome and (self.look == "agreed" or is_urgent)

    def __repr__(self) -> str:
        return "Part(...)"


class Word(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was written to a decision: a second person's look, or its outcome, and by whom, on which day."""

    version: int
    decision: bytes
    said: str  # agreed, returned, made, impossible, not_made
    words: str = ""
    day: date
    by: str

    def __repr__(self) -> str:
        return "Word(...)"


class OwnDecision(PorchlightError):
    """Whoever wrote a decision is never its second person."""

    phrase: ClassVar[str] = "gate.error.own"
    status: ClassVar[int] = 403


class NotNow(PorchlightError):
    """This cannot be said of it now: somebody was faster, or a second person has to look first."""

    phrase: ClassVar[str] = "gate.error.not_now"
    status: ClassVar[int] = 409


class WordsMissing(PorchlightError):
    """Sending back, and what came of it, say something."""

    phrase: ClassVar[str] = "gate.error.words"
    status: ClassVar[int] = 422


def wrongs(decision: Decision) -> dict[str, str]:
    """What has to be mended before it is kept, by the field of the form: phrase keys."""
    found = {
        name: f"gate.wrong.{name}"
        for name in ("grounds", "harm_of_telling", "harm_of_silence")
        if not getattr(decision, name)
    }
    if decision.plan != "report":
        return found
    if decision.whom not in EXCEPTION_REACHES[decision.basis] or not decision.to.is_whole:
        found["to"] = "gate.wrong.to"
    if not decision.what:
        found["what"] = "gate.wrong.what"
    if decision.at_once and decision.basis is not Basis.HARM:
        found["at_once"] = "gate.wrong.at_once"
    return found


def part_of(decision: Decision, pepper: bytes, by: bytes, until: date) -> Part:
    """What is to be read of it without anybody's keys. That no report was possible is an outcome at once."""
    return Part(
        VERSION,
        decision.kind,
        decision.subject,
        decision.basis,
        decision.plan,
        decision.whom,
        decision.to_key if decision.whom is Whom.POLICE else "",
        reader_of(pepper, decision.whom.value, decision.to.known_as),
        decision.what,
        decision.day,
        until,
        by,
        decision.at_once,
        outcome="impossible" if decision.plan == "impossible" else "",
        person=decision.person,
    )


def looked(part: Part, by: bytes, look: Look) -> Part:
    """The part after a second person's look. Raises OwnDecision, NotNow.

    A decision not to report is one for two: it is made by the second person's yes.
    """
    if by == part.by:
        raise OwnDecision("the writer is not the second person")
    if not part.waits or look not in ("agreed", "returned"):
        raise NotNow("it waits for nobody")
    outcome: Outcome = "not_made" if part.plan == "not" and look == "agreed" else part.outcome
    return msgspec.structs.replace(part, look=look, second=by, outcome=outcome)


def fits(part: Part, outcome: Outcome) -> bool:
    """Whether this can have come of it: a report that nobody else stood behind cannot have been made."""
    match outcome:
        case "made":
            return part.may_be_made
        case "impossible":
            return part.plan == "report" and not part.outcome
        case _:
            return part.plan == "report" and part.look == "agreed" and not part.outcome


def settled(part: Part, outcome: Outcome) -> Part:
    """The part with what came of it. Raises NotNow."""
    if not outcome or not fits(part, outcome):
        raise NotNow("this cannot have come of it")
    return msgspec.structs.replace(part, outcome=outcome)


def excepted_of(row: bytes, part: Part, to: Recipient) -> Excepted | None:
    """The decision as the gate's rule reads it; None where it lets nothing out: sent back, over, or never to report."""
    if part.plan != "report" or part.look == "returned" or part.outcome:
        return None
    return Excepted(
        id=row,
        about=part.about,
        basis=part.basis,
        to=to,
        what=frozenset(part.what),
        until=part.until,
        by=part.by,
        second=part.second if part.look == "agreed" else NOBODY,
        at_once=part.at_once,
        person=part.person,
    )
