"""Whoever reads along is written down, and once her desk has vanished the visitor is told that she reads no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from chat.company import Company
from chat.duty import Duty
from chat.presence import LEASE_MS
from chat.refusals import NotThisDesk
from chat.store import keys
from portal.errors import Away
from portal.ids import random_id
from portal.staff.rights import Role, rights_of
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit
from tests.chat.conftest import ChatHouse
from tests.chat.test_company import kinds, supervisor

pytestmark = pytest.mark.anyio

LEASE = timedelta(milliseconds=LEASE_MS)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def company(house: ChatHouse) -> Company:
    return Company(house.relay)


async def written_down(house: ChatHouse, by: Signed) -> list[tuple[str, bytes]]:
    async with house.services.database.read() as connection:
        rows = await connection.execute(select(audit.c.act, audit.c.subject, audit.c.staff).order_by(audit.c.n))
        return [(act, subject) for act, subject, staff in rows if staff == by.staff_id]


async def test_a_desk_that_vanished_reads_no_longer_and_her_visitor_is_told_as_if_it_had_stopped(
    house: ChatHouse, company: Company
) -> None:
    talk, _ = await house.talking()
    kim, robin = supervisor(house), house.advocate
    reads = await company.watch(kim, talk.id, random_id())
    # Both desks say that they are here; then hers is silent, for one lease and no longer.
    for signed in (kim, robin):
        await Duty(house.relay, house.services).is_here(signed)
    house.clock.advance(LEASE - MOMENT)
    await house.sweeper.sweep()
    assert (await kinds(house, talk))[2:] == [("watched", "Kim")]
    await Duty(house.relay, house.services).is_here(robin)
    await Duty(house.relay, house.services).is_here(kim)
    house.clock.advance(LEASE - MOMENT)
    await house.sweeper.sweep()
    assert await house.relay.access.may_still_have(reads), "what her desk says renews it"
    await Duty(house.relay, house.services).is_here(robin)
    house.clock.advance(2 * MOMENT)

    await house.sweeper.sweep()
    await house.sweeper.sweep()

    assert (await kinds(house, talk))[2:] == [("watched", "Kim"), ("unwatched", "Kim")], "told once"
    assert not await house.relay.access.may_still_have(reads)
    with pytest.raises(NotThisDesk):
        await company.whisper(reads, "still here", random_id(), 0)
    assert not await house.services.durable.exists(keys.people(talk.id), keys.vanish(talk.id))
    assert not await house.services.durable.exists(keys.WATCHING)
    assert await written_down(house, kim) == [("watch.began", b""), ("watch.lapsed", b"")]


async def test_one_who_wrote_as_well_is_told_of_as_one_who_wrote(house: ChatHouse, company: Company) -> None:
    talk, _ = await house.talking()
    reads = await company.watch(supervisor(house), talk.id, random_id())
    await company.join(reads, random_id())
    house.clock.advance(LEASE + MOMENT)
    await Duty(house.relay, house.services).is_here(house.advocate)

    await house.sweeper.sweep()

    assert [kind for kind, _ in (await kinds(house, talk))[2:4]] == ["watched", "entered"]
    assert ("went", "Kim") in (await kinds(house, talk))[4:]


async def test_whoever_signs_out_reads_no_longer_at_once(house: ChatHouse, company: Company) -> None:
    talk, _ = await house.talking()
    kim, lee = supervisor(house), replace(supervisor(house), staff_id=random_id(), alias="Lee")
    await company.watch(kim, talk.id, random_id())
    await company.watch(lee, talk.id, random_id())
    await Duty(house.relay, house.services).depart(kim)
    await house.sweeper.sweep()
    assert (await kinds(house, talk))[2:] == [("watched", "Kim"), ("watched", "Lee"), ("unwatched", "Kim")]


async def test_reading_along_is_written_down_once_and_before_it_begins(
    house: ChatHouse, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, _ = await house.talking()
    kim = supervisor(house)

    async def away(_act: str, _staff_id: bytes, _subject: bytes = b"") -> None:
        raise Away

    with monkeypatch.context() as patched:
        patched.setattr(house.services.staff.journal, "write", away)
        with pytest.raises(Away):
            await company.watch(kim, talk.id, random_id())
        assert len(await kinds(house, talk)) == 2, "without the line nobody reads along"
        assert not await house.services.durable.exists(keys.people(talk.id))
    reads = await company.watch(kim, talk.id, random_id())
    await company.watch(kim, talk.id, random_id())
    with monkeypatch.context() as patched:
        patched.setattr(house.services.staff.journal, "write", away)
        await company.stop(reads, random_id())
        assert (await kinds(house, talk))[-1] == ("unwatched", "Kim"), "whoever stops has stopped"
    reads = await company.watch(kim, talk.id, random_id())
    await company.stop(reads, random_id())
    await company.stop(reads, random_id())

    assert [act for act, _ in await written_down(house, kim)] == ["watch.began", "watch.began", "watch.ended"]


async def test_nobody_without_the_right_leaves_a_line_and_a_kill_half_way_tells_nothing(
    house: ChatHouse, company: Company
) -> None:
    talk, _ = await house.talking()
    sam = replace(house.another("Sam"), role=Role.ADVOCATE, rights=rights_of(Role.ADVOCATE, ["chat"]))
    with pytest.raises(NotThisDesk):
        await company.watch(sam, talk.id, random_id())
    assert await written_down(house, sam) == []
    # Killed between the clock and the mark.
    await house.relay.access.people.watching.begin(talk.id, sam.staff_id, house.relay.now_ms())
    house.clock.advance(LEASE + MOMENT)
    await Duty(house.relay, house.services).is_here(house.advocate)
    await house.sweeper.sweep()
    assert [kind for kind, _ in await kinds(house, talk)][:2] == ["words", "joined"]
    assert not {"watched", "unwatched"} & {kind for kind, _ in await kinds(house, talk)}
    assert not await house.services.durable.exists(keys.WATCHING)
    assert await written_down(house, sam) == []
