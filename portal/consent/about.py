"""Opens what a consent or a decision is about, through its own guarded door, with whatever belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from portal.consent.rule import NOBODY
from portal.consent.terms import Kind, Subject
from portal.errors import NotThere
from portal.ids import from_text, to_text
from portal.numbers import region_ids
from portal.records.case_shapes import Person, Whole
from portal.records.fields import MISSING
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed

if TYPE_CHECKING:
    from portal.services import Services

DOORS: Final[Mapping[Kind, str]] = {
    Kind.CASE: "/desk/cases/",
    Kind.TIP: "/desk/tips/",
    Kind.CONTACT: "/desk/records/",
    Kind.CONVERSATION: "/desk/chats",
}
"""The page of each kind of thing; of a conversation the queue, whose cards are on one page."""


@dataclass(frozen=True, slots=True)
class About:
    """One thing somebody may open. `subject`: to what is written; `family`: it first, then all that belongs to it.

    `named`: as an address names it: of a conversation its own id, while `subject` is the record that is made of it, so
    that what she agreed to in the talk stands when the talk is gone. `region`, `language`: empty where not known.
    `people`: of a case.
    """

    named: Subject
    family: tuple[Subject, ...]
    region: str = ""
    language: str = ""
    people: tuple[Person, ...] = field(default=(), repr=False)

    @property
    def subject(self) -> Subject:
        """To what a new consent or decision is written."""
        return self.family[0]

    @property
    def text(self) -> str:
        """As an address names it."""
        return written(self.named)

    @property
    def page(self) -> str:
        """The address of its own page."""
        door = DOORS[self.named.kind]
        return door + to_text(self.named.id) if door.endswith("/") else door

    def key_of(self, person: bytes) -> bytes:
        """Under which name consents of this person of a case stand: hers, or nobody's where she made contact.

        Raises NotThere for somebody who is not in it.
        """
        if person == NOBODY:
            return NOBODY
        found = next((each for each in self.people if each.id == person), None)
        if found is None:
            raise NotThere("no such person")
        return NOBODY if found.body is not None and found.body.get("relation") == "self" else person


def written(subject: Subject) -> str:
    """A thing as addresses name it: `case.` and its id."""
    return f"{subject.kind}.{to_text(subject.id)}"


def read_about(text: str) -> Subject:
    """The thing an address names. Raises NotThere."""
    kind, _, name = text.partition(".")
    try:
        return Subject(Kind(kind), from_text(name, 16))
    except ValueError:
        raise NotThere("no such thing") from None


class Things:
    """The doors of all four kinds. What is not hers is not there."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def open(self, signed: Signed, subject: Subject) -> About:
        """Raises NotThere, DatabaseAway."""
        match subject.kind:
            case Kind.CASE:
                return await self._case(signed, subject.id)
            case Kind.CONTACT:
                return await self._contact(signed, subject)
            case Kind.TIP:
                return await self._tip(signed, subject)
            case Kind.CONVERSATION:
                return await self._conversation(signed, subject)

    async def _case(self, signed: Signed, case_id: bytes) -> About:
        return of_case(await self._services.cases.whole(signed, case_id))

    async def _contact(self, signed: Signed, subject: Subject) -> About:
        row = (await self._services.contacts.some(signed, [subject.id])).get(subject.id)
        if row is None or row.record is None:
            raise NotThere("no such record")
        if row.record.by != signed.alias and not signed.may(Right.SUPERVISE_CASES):
            raise NotThere("no such record")
        return About(subject, (subject,), _known(row.record.get("region")), row.record.language)

    async def _tip(self, signed: Signed, subject: Subject) -> About:
        facts = await self._services.tip_for_case(signed, subject.id)
        if facts is None:
            raise NotThere("no such tip")
        return About(subject, (subject,), language=facts.language)

    async def _conversation(self, signed: Signed, subject: Subject) -> About:
        held = {each.id: each for each in await self._services.carriers.held(signed)}
        if subject.id not in held:
            raise NotThere("no such conversation")
        talk = held[subject.id]
        family = (Subject(Kind.CONTACT, talk.record), subject) if talk.record else (subject,)
        return About(subject, family, talk.region, talk.language.tag)


def of_case(whole: Whole) -> About:
    """A case that somebody came to through its door, with its contacts, and those of the cases merged into it."""
    links = [each.link for each in whole.contacts if each.link is not None]
    family = [Subject(Kind.CASE, each) for each in whole.case.ids]
    family += [Subject(Kind(each.kind), each.ref) for each in links]
    return About(family[0], tuple(family), _known(whole.case.body.get("region")), people=tuple(whole.people))


def about_tip(tip: bytes) -> About:
    """A tip that somebody came to through its door."""
    subject = Subject(Kind.TIP, tip)
    return About(subject, (subject,))


def _known(region: str) -> str:
    return "" if region in MISSING or region not in region_ids() else region
