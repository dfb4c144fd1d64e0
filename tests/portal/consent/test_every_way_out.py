"""Every way out of a case against every state of a consent and of an exception, cell by cell, as the desk does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import pytest
from msgspec.structs import replace as replaced

from portal.consent.rule import MayNotLeave
from portal.consent.terms import Basis, Kind, Purpose, Recipient, Subject, What, Whom
from portal.ids import random_id, to_text
from portal.records.case_file import as_json
from portal.records.case_handing import CaseHanding, Wish
from portal.records.case_holds import CaseHolds
from portal.records.case_people import CasePeople
from portal.records.case_words import CaseBody, PersonBody
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.directory.test_referrals import MADE
from tests.portal.staff.walker import Walker, walker
from tests.support.consents import decision, yes

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

SERVICE: Final = to_text(b"s" * 16)
THINGS: Final = (What.STORY, What.NAME)
HER, HIDDEN = "Ana Kestrel", "Reed Lane 7"


@dataclass(frozen=True)
class Way:
    """One way out: to whom, what for."""

    to: Recipient
    purpose: Purpose


WAYS: Final = {
    "file for a service": Way(Recipient(Whom.ORGANISATION, SERVICE), Purpose.HELP),
    "told to a service": Way(Recipient(Whom.ORGANISATION, SERVICE), Purpose.HELP),
    "file for the police": Way(Recipient(Whom.POLICE, "municipal"), Purpose.REPORT),
    "copy for her": Way(Recipient(Whom.HERSELF), Purpose.COPY),
    "copy for whom she names": Way(Recipient(Whom.PERSON, "Sister Reed"), Purpose.COPY),
}
OTHER: Final = {
    Whom.ORGANISATION: {"to_key": to_text(b"t" * 16)},
    Whom.POLICE: {"to_key": "federal"},
    Whom.HERSELF: {"whom": Whom.PERSON, "to_key": "Sister Rush"},
    Whom.PERSON: {"to_key": "Sister Rush"},
}

# What stands, and whether it leaves: file and told to a service, file for the police, copy for her and for another.
TABLE: Final = {
    "nothing": ".....",
    "her yes": "xxxxx",
    "two yeses that cover it together": "xxxxx",
    "her yes to another reader": ".....",
    "her yes to other things": ".....",
    "her yes for something else": ".....",
    "her yes until yesterday": ".....",
    "her yes, taken back": ".....",
    "taken back, and given anew": "xxxxx",
    "somebody else's yes in this case": ".....",
    "her yes in another case": ".....",
    "an exception nobody else stood behind": ".....",
    "an exception with a second person": "..x..",
    "an exception to another office": ".....",
    "an exception of other things": ".....",
    "an exception about somebody else": ".....",
    "an exception that was sent back": ".....",
    "an exception of eight days ago": ".....",
    "an exception whose report was made": ".....",
    "an emergency nobody else has looked at": "..x..",
}


@dataclass
class Case:
    """A case with her who wrote, and somebody else."""

    house: ChatHouse
    id: bytes
    other: bytes

    @property
    def about(self) -> Subject:
        return Subject(Kind.CASE, self.id)

    @property
    def today(self) -> date:
        return self.house.clock.now().date()

    async def agrees(self, **differs: object) -> None:
        """A yes to each reader of the table, changed alike."""
        for way in dict.fromkeys(WAYS.values()):
            await self._gives(way, differs)

    async def agrees_to_others(self) -> None:
        for way in dict.fromkeys(WAYS.values()):
            await self._gives(way, OTHER[way.to.whom])

    async def _gives(self, way: Way, differs: Mapping[str, object]) -> None:
        to = {"subject": self.id, "whom": way.to.whom, "to_key": way.to.key}
        consent = yes(self.today, **{**to, "purpose": way.purpose, "what": THINGS, **differs})
        await self.house.services.consents.give(self.house.advocate, consent)

    async def takes_back(self) -> None:
        books = self.house.services.consents
        for row in await books.of(self.house.advocate, [self.about]):
            await books.take_back(self.house.advocate, self.about, row.id)

    async def decides(self, look: str = "agreed", *, ago: int = 0, **differs: object) -> bytes:
        duty = self.house.services.duty
        row = await duty.write(
            self.house.advocate, decision(self.today - timedelta(days=ago), subject=self.id, **differs)
        )
        if look == "agreed":
            assert await duty.look(self.house.another("Kim"), row, "agreed", "")
        elif look == "returned":
            assert await duty.look(self.house.another("Kim"), row, "returned", "No.")
        return row


async def nothing(_case: Case) -> None: ...


async def in_halves(case: Case) -> None:
    for each in THINGS:
        await case.agrees(what=(each,))


async def taken_back(case: Case) -> None:
    await case.agrees()
    await case.takes_back()


async def given_anew(case: Case) -> None:
    await taken_back(case)
    await case.agrees()


async def reported(case: Case) -> None:
    row = await case.decides()
    await case.house.services.duty.settle(case.house.advocate, row, "made", "Constable 12")


STATES: Final[dict[str, Callable[[Case], Awaitable[object]]]] = {
    "nothing": nothing,
    "her yes": lambda case: case.agrees(),
    "two yeses that cover it together": in_halves,
    "her yes to another reader": lambda case: case.agrees_to_others(),
    "her yes to other things": lambda case: case.agrees(what=(What.STORY, What.NEEDS)),
    "her yes for something else": lambda case: case.agrees(purpose=Purpose.TOGETHER),
    "her yes until yesterday": lambda case: case.agrees(until=case.today - timedelta(days=1)),
    "her yes, taken back": taken_back,
    "taken back, and given anew": given_anew,
    "somebody else's yes in this case": lambda case: case.agrees(person=case.other),
    "her yes in another case": lambda case: case.agrees(subject=random_id()),
    "an exception nobody else stood behind": lambda case: case.decides(""),
    "an exception with a second person": lambda case: case.decides(),
    "an exception to another office": lambda case: case.decides(to_key="federal"),
    "an exception of other things": lambda case: case.decides(what=(What.STORY,)),
    "an exception about somebody else": lambda case: case.decides(person=case.other),
    "an exception that was sent back": lambda case: case.decides("returned"),
    "an exception of eight days ago": lambda case: case.decides(ago=8),
    "an exception whose report was made": reported,
    "an emergency nobody else has looked at": lambda case: case.decides("", basis=Basis.HARM, at_once=True),
}


async def case_of(house: ChatHouse) -> Case:
    book, people = house.services.cases, CasePeople(house.services.cases, CaseHolds(house.services.staff))
    case = await book.begin(house.advocate, CaseBody(said={"kind": ("labour",)}, words={"situation": "Kept at work."}))
    her = PersonBody(said={"role": ("potential_victim",), "relation": ("self",)})
    await people.add(house.advocate, case, her, {"name": HER, "reach": HIDDEN})
    await people.add(house.advocate, case, PersonBody(said={"role": ("suspected_person",)}), {"name": "Rook"})
    whole = await book.whole(house.advocate, case)
    (other,) = [each.id for each in whole.people if each.body and each.body.get("relation") != "self"]
    return Case(house, case, other)


async def leaves_as_file(case: Case, way: Way) -> bool:
    handing = CaseHanding(case.house.services)
    wish = Wish(case=case.id, whom=way.to.whom, key=way.to.key, what=THINGS, purpose=way.purpose)
    try:
        handed = await handing.leave(case.house.advocate, await handing.ask(case.house.advocate, wish))
    except MayNotLeave:
        return False
    body = as_json(handed.sheet).decode()
    assert HER in body
    assert "Kept at work." in body
    assert HIDDEN not in body
    assert "Rook" not in body
    return True


async def is_told(case: Case, desk: Walker, csrf: str, way: Way) -> bool:
    referrals = case.house.services.referrals
    made = replaced(MADE, organisation=way.to.key, about="case", about_id=to_text(case.id))
    row = await referrals.write(case.house.advocate, made)
    await desk.post(f"/desk/referrals/{to_text(row)}", {"told": list(THINGS), "csrf": csrf})
    found = await referrals.one(case.house.advocate, row)
    assert found is not None
    assert found.referral.told in ((), THINGS)
    assert desk.sees("Nothing leaves") is not bool(found.referral.told)
    return bool(found.referral.told)


async def test_every_way_out_against_every_state(house: ChatHouse) -> None:
    assert set(STATES) == set(TABLE)
    desk = walker(house.services)
    desk.cookie = house.cookie
    found, csrf = {}, await desk.token()
    for state, comes_about in STATES.items():
        case = await case_of(house)
        await comes_about(case)
        cells = [
            await (is_told(case, desk, csrf, way) if name == "told to a service" else leaves_as_file(case, way))
            for name, way in WAYS.items()
        ]
        found[state] = "".join("x" if cell else "." for cell in cells)
    assert found == TABLE


async def test_a_pass_to_a_file_opens_for_whoever_asked_and_only_while_it_may_leave(house: ChatHouse) -> None:
    case, handing = await case_of(house), CaseHanding(house.services)
    await case.agrees()
    wish = Wish(case=case.id, whom=Whom.HERSELF, what=THINGS, purpose=Purpose.COPY)
    token = await handing.ask(house.advocate, wish)
    with pytest.raises(Exception, match="somebody else"):
        await handing.leave(replace(house.advocate, staff_id=random_id()), token)
    await case.takes_back()
    with pytest.raises(MayNotLeave):
        await handing.leave(house.advocate, token)
