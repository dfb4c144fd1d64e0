"""Lets something of a case leave as a file: the gate is asked when it is wanted, and again when it goes."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from portal.consent.about import of_case
from portal.consent.rule import NOBODY, Leaving, Passage
from portal.consent.terms import Kind, Purpose, Recipient, Subject, What, Whom
from portal.errors import NotThere
from portal.records.case_file import Form, Sheet, sheet_of
from portal.records.case_shapes import Whole
from portal.staff.sessions.session import Signed

if TYPE_CHECKING:
    from portal.services import Services

PASS: Final = "case file"  # noqa: S105 (the kind of a pass, not a secret)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to leave: of which case and which person, to whom, which things, what for. Carried under a pass."""

    case: bytes
    whom: Whom
    key: str = ""
    what: tuple[What, ...]
    purpose: Purpose
    person: bytes = NOBODY
    form: Form = "text"
    staff: bytes = b""

    def __repr__(self) -> str:
        return "Wish(...)"


@dataclass(frozen=True, slots=True)
class Handed:
    """A file on its way: the leave, and what stands in it."""

    passage: Passage
    sheet: Sheet
    wish: Wish = field(repr=False)


class CaseHanding:
    """For whoever may open the case. Nothing is sent: a person takes the file where it goes."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def ask(self, signed: Signed, wish: Wish) -> str:
        """A pass to the file for a minute. Raises MayNotLeave, NotThere, DatabaseAway."""
        whole = await self._services.cases.whole(signed, wish.case)
        async with self._services.database.read() as connection:
            await self._services.gate.judge(connection, leaving_of(whole, wish))
        carried = msgspec.msgpack.encode(msgspec.structs.replace(wish, staff=signed.staff_id))
        return await self._services.passes.issue(PASS, carried)

    async def leave(self, signed: Signed, token: str) -> Handed:
        """What leaves now: the gate is asked once more, and the audit says so before the file is there.

        Raises NotThere for a pass that is over or somebody else's, and as `ask`.
        """
        carried = await self._services.passes.open(token, PASS)
        if carried is None:
            raise NotThere("no such pass")
        wish = msgspec.msgpack.decode(carried, type=Wish)
        if wish.staff != signed.staff_id:
            raise NotThere("somebody else's pass")
        whole = await self._services.cases.whole(signed, wish.case)
        passage = await self._services.gate.may_leave(signed, leaving_of(whole, wish))
        return Handed(passage, sheet_of(passage, whole), wish)


def leaving_of(whole: Whole, wish: Wish) -> Leaving:
    """The question for the gate. Raises NotThere for a person who is not in the case."""
    about = of_case(whole)
    family = tuple(dict.fromkeys((Subject(Kind.CASE, whole.case.id), *about.family)))
    return Leaving(
        about=family,
        to=Recipient(wish.whom, wish.key),
        what=frozenset(wish.what),
        purpose=wish.purpose,
        person=about.key_of(wish.person),
    )
