"""The gate over the books: what is written down decides at this moment, stands in the audit, and lies sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest
from sqlalchemy import select, update

from portal.consent.rule import Leaving, MayNotLeave, Passage
from portal.consent.tables import consents
from portal.consent.terms import Basis, Kind, Purpose, Recipient, Subject, What, Whom
from portal.duty.decision import OwnDecision, WordsMissing
from portal.duty.tables import decision_words, decisions
from portal.ids import random_id
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit
from tests.chat.conftest import ChatHouse, house, prepared
from tests.support.consents import CASE, POLICE, SHELTER, decision, yes

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

BOTH: Final = frozenset({What.STORY, What.NAME})


def today(house: ChatHouse) -> date:
    return house.clock.now().date()


def other(house: ChatHouse) -> Signed:
    """A second person, with the same keys."""
    return replace(house.advocate, staff_id=b"k" * 16, alias="Kim")


async def asks(house: ChatHouse, to: Recipient = SHELTER, what: frozenset[What] = BOTH) -> Passage | None:
    purpose = Purpose.HELP if to.whom is Whom.ORGANISATION else Purpose.REPORT
    try:
        return await house.services.gate.may_leave(
            house.advocate, Leaving(about=(CASE,), to=to, what=what, purpose=purpose)
        )
    except MayNotLeave:
        return None


async def acts(house: ChatHouse, *heads: str) -> list[str]:
    async with house.services.database.read() as connection:
        lines = (await connection.execute(select(audit).order_by(audit.c.n))).all()
    return [line.act for line in lines if line.act.startswith(heads)]


async def test_it_leaves_while_her_yes_stands_and_not_one_moment_longer(house: ChatHouse) -> None:
    books = house.services
    assert await asks(house) is None
    row = await books.consents.give(house.advocate, yes(today(house)))
    assert await books.consents.give(house.advocate, yes(today(house)), row=row) == row  # pressed twice
    passage = await asks(house)
    assert passage is not None
    assert (passage.ground, passage.rests) == ("consent", (row,))
    assert await asks(house, Recipient(Whom.ORGANISATION, "clinic")) is None
    assert await asks(house, what=BOTH | {What.HEALTH}) is None
    assert not await books.consents.take_back(house.advocate, Subject(Kind.TIP, CASE.id), row)
    assert await books.consents.take_back(house.advocate, CASE, row)
    assert await asks(house) is None
    assert not await books.consents.take_back(house.advocate, CASE, row)
    await books.consents.give(house.advocate, yes(today(house)))
    assert await asks(house) is not None
    assert await acts(house, "consent.", "gate.left") == [
        *("consent.given", "gate.left.consent", "consent.taken_back", "consent.given", "gate.left.consent")
    ]
    assert "gate.refused" in await acts(house, "gate.refused")


async def test_a_day_after_its_last_day_it_is_over(house: ChatHouse) -> None:
    await house.services.consents.give(house.advocate, yes(today(house), until=today(house)))
    assert await asks(house) is not None
    house.clock.advance(timedelta(days=1))
    assert await asks(house) is None


async def test_a_page_may_ask_beforehand_and_nothing_is_written_down(house: ChatHouse) -> None:
    await house.services.consents.give(house.advocate, yes(today(house)))
    leaving = Leaving(about=(CASE,), to=SHELTER, what=BOTH, purpose=Purpose.HELP)
    async with house.services.database.read() as connection:
        assert (await house.services.gate.judge(connection, leaving)).ground == "consent"
    assert await acts(house, "gate.") == []


async def test_an_exception_lets_it_out_when_a_second_person_stands_behind_it(house: ChatHouse) -> None:
    duty = house.services.duty
    assert await asks(house, POLICE) is None
    row = await duty.write(house.advocate, decision(today(house)))
    assert await duty.write(house.advocate, decision(today(house)), row=row) == row
    assert await asks(house, POLICE) is None
    with pytest.raises(OwnDecision):
        await duty.look(house.advocate, row, "agreed", "")
    assert [each.id for each in await duty.waiting(other(house))] == [row]
    assert await duty.look(other(house), row, "agreed", "")
    assert await duty.waiting(other(house)) == []
    passage = await asks(house, POLICE)
    assert passage is not None
    assert (passage.ground, passage.has_second) == ("minor_at_risk", True)
    assert await asks(house, Recipient(Whom.POLICE, "federal")) is None
    with pytest.raises(WordsMissing):
        await duty.settle(house.advocate, row, "made", "")
    assert await duty.settle(house.advocate, row, "made", "Constable 12, number 4711")
    assert await asks(house, POLICE) is None
    assert await acts(house, "duty.", "gate.left") == [
        *("duty.written", "duty.agreed", "gate.left.minor_at_risk", "duty.made")
    ]
    one = await duty.one(other(house), row)
    assert one is not None
    assert [(word.said, word.by) for word in one.words] == [("agreed", "Kim"), ("made", "Robin")]
    assert not await duty.look(other(house), random_id(), "agreed", "")


async def test_in_an_emergency_it_leaves_first_and_the_look_is_owed(house: ChatHouse) -> None:
    urgent = decision(today(house), basis=Basis.HARM, at_once=True)
    row = await house.services.duty.write(house.advocate, urgent)
    passage = await asks(house, POLICE)
    assert passage is not None
    assert (passage.ground, passage.has_second) == ("imminent_harm", False)
    assert [each.id for each in await house.services.duty.waiting(other(house))] == [row]
    assert await house.services.duty.look(other(house), row, "returned", "He was not near.")
    assert await asks(house, POLICE) is None


async def test_that_no_report_was_possible_is_written_down_as_what_came_of_it(house: ChatHouse) -> None:
    row = await house.services.duty.write(house.advocate, decision(today(house), plan="impossible"))
    (found,) = await house.services.duty.of(house.advocate, [CASE])
    assert (found.id, found.part.outcome) == (row, "impossible")
    assert await acts(house, "duty.") == ["duty.written", "duty.impossible"]


async def test_who_can_only_write_rows_gives_nothing_again_that_was_taken_back(house: ChatHouse) -> None:
    """An older row put back, one moved to another case, one made up: nothing leaves by any of them."""
    books, database = house.services, house.services.database
    row = await books.consents.give(house.advocate, yes(today(house)))
    made = await books.duty.write(house.advocate, decision(today(house), basis=Basis.HARM, at_once=True))
    async with database.read() as connection:
        old = (await connection.execute(select(consents).where(consents.c.id == row))).one()
        older = (await connection.execute(select(decisions).where(decisions.c.id == made))).one()
    await books.consents.take_back(house.advocate, CASE, row)
    await books.duty.look(other(house), made, "returned", "No.")
    async with database.write() as connection:
        await connection.execute(update(consents).where(consents.c.id == row).values(**old._mapping))
        await connection.execute(update(decisions).where(decisions.c.id == made).values(**older._mapping))
    assert await asks(house) is None
    assert await asks(house, POLICE) is None
    async with database.write() as connection:
        await connection.execute(update(consents).values(find=b"f" * 32))
    assert list(await books.consents.of(house.advocate, [CASE])) == []


async def test_a_disk_tells_neither_who_nor_to_whom_nor_whether_it_still_stands(house: ChatHouse) -> None:
    books = house.services
    row = await books.consents.give(house.advocate, yes(today(house)))
    made = await books.duty.write(house.advocate, decision(today(house)))
    await books.duty.look(other(house), made, "agreed", "The kestrel agreed.")
    async with books.database.read() as connection:
        sizes = [len(each) for each in (await connection.execute(select(consents.c.part))).scalars()]
    await books.consents.take_back(house.advocate, CASE, row)
    await books.database.checkpoint()
    held = books.settings.database_path.read_bytes()
    for word in (b"estrel", b"hope-house", b"minor_at_risk", b"story", CASE.id):
        assert word not in held
    async with books.database.read() as connection:
        assert [len(each) for each in (await connection.execute(select(consents.c.part))).scalars()] == sizes
    # Whoever holds no key of the records sees what she may take back, and not whose it is.
    (closed,) = await books.consents.of(replace(house.advocate, _keys={}), [CASE])
    assert (closed.consent, closed.agreement.to.whom, closed.agreement.what) == (None, Whom.ORGANISATION, BOTH)
    (opened,) = await books.consents.of(house.advocate, [CASE])
    assert opened.consent == yes(today(house))
    assert "Ana" not in repr(opened)


async def test_what_is_over_is_forgotten(house: ChatHouse) -> None:
    books = house.services
    await books.consents.give(house.advocate, yes(today(house)))
    made = await books.duty.write(house.advocate, decision(today(house)))
    await books.duty.look(other(house), made, "agreed", "")
    assert not await books.along.forget_over()
    house.clock.advance(timedelta(days=31 + books.settings.record_days))
    assert await books.along.forget_over()
    assert await books.along.empty_log()
    async with books.database.read() as connection:
        for table in (consents, decisions, decision_words):
            assert (await connection.execute(select(table))).all() == []
