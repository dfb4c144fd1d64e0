"""Holds the audit to one chain: across processes, rollbacks, older versions, kills, and whoever writes rows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from sqlalchemy import Executable, delete, insert, select, text
from sqlalchemy.exc import DatabaseError

from portal.clock import StillClock
from portal.services import Services
from portal.staff.tables import audit
from portal.staff.trail import audit as audit_room
from portal.staff.trail.audit_chain import lines_from
from portal.staff.trail.audit_command import look, said
from tests.portal.staff.walker import acts, set_up, walker
from tests.support.rooms import running, wire

pytestmark = pytest.mark.anyio

SOMEBODY, SOMETHING = b"s" * 16, b"t" * 16


@pytest.fixture
async def house(services: Services) -> Services:
    """Set up, so that there is a pepper."""
    await set_up(walker(services))
    return services


@pytest.fixture
async def beside(house: Services, clock: StillClock) -> AsyncIterator[Services]:
    """Another process of the same house."""
    async with running(wire(house.settings, clock)) as other:
        yield other


async def write(services: Services, act: str = "tip.opened") -> None:
    await services.staff.journal.write(act, SOMEBODY, SOMETHING)


async def without_guard(services: Services, statement: Executable) -> None:
    """What somebody does who can write rows, and takes the triggers away first."""
    async with services.database.write() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("ALTER TABLE audit_lines DISABLE TRIGGER USER"))
        else:
            for verb in ("update", "delete"):
                await connection.execute(text(f"DROP TRIGGER IF EXISTS audit_lines_no_{verb}"))
        await connection.execute(statement)


async def tried(services: Services, statement: Executable) -> None:
    async with services.database.write() as connection:
        await connection.execute(statement)


async def numbers(services: Services) -> list[int]:
    async with services.database.read() as connection:
        return list(await connection.scalars(select(audit.c.n).order_by(audit.c.n)))


async def breaks(services: Services) -> list[str]:
    looked = await look(services.settings)
    return said(looked)[1 : 1 + len(looked.walk.breaks)]


async def test_each_line_holds_the_digest_of_the_one_before(house: Services) -> None:
    for _ in range(3):
        await write(house)
    async with house.database.read() as connection:
        lines = [line async for line in lines_from(connection, 1)]

    assert lines[0].previous == bytes(32)
    assert all(line.previous == before.digest(before.previous or b"") for before, line in pairwise(lines))
    assert await breaks(house) == []


async def test_what_was_rolled_back_leaves_no_gap(house: Services) -> None:
    await write(house)

    async def break_off() -> None:
        async with house.database.write() as connection:
            await audit_room.line(connection, at=house.clock.now(), act="tip.kept", staff_id=SOMEBODY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await break_off()
    await write(house)

    assert await numbers(house) == list(range(1, len(await numbers(house)) + 1))
    assert "tip.kept" not in await acts(house)
    assert await breaks(house) == []


async def test_several_lines_of_one_transaction_follow_each_other(house: Services) -> None:
    async with house.database.write() as connection:
        for act in ("tip.kept", "tip.erased", "tip.closed"):
            await audit_room.line(connection, at=house.clock.now(), act=act, staff_id=SOMEBODY)

    assert (await acts(house))[-3:] == ["tip.kept", "tip.erased", "tip.closed"]
    assert await breaks(house) == []


async def test_two_processes_that_write_at_once_make_one_chain(house: Services, beside: Services) -> None:
    await asyncio.gather(*(write(each) for _ in range(12) for each in (house, beside)))

    found = await numbers(house)
    assert found == list(range(1, len(found) + 1))
    assert await breaks(house) == []
    assert not [act for act in await acts(house) if act.startswith("audit.")]


async def test_an_act_that_is_in_no_table_is_refused(house: Services) -> None:
    with pytest.raises(ValueError, match=r"tip\.looked_at"):
        await write(house, "tip.looked_at")


async def test_nobody_changes_or_removes_a_line(house: Services) -> None:
    for statement in (audit.update().values(act="tip.closed"), delete(audit)):
        with pytest.raises(DatabaseError, match="append-only"):
            await tried(house, statement)


async def test_a_changed_line_is_named(house: Services) -> None:
    await write(house)
    await write(house)
    await house.staff.chain.keep()
    last = (await numbers(house))[-1]
    await without_guard(house, audit.update().where(audit.c.n == last - 1).values(staff=b"x" * 16))

    assert await breaks(house) == [f"  Line {last - 1} was changed, or the digest in line {last}: the two do not fit."]


async def test_an_end_that_was_cut_off_is_seen_by_the_file_outside_and_written_down_by_the_next_line(
    house: Services, beside: Services, caplog: pytest.LogCaptureFixture
) -> None:
    await write(house)
    await write(house)
    await house.staff.chain.keep()
    last = (await numbers(house))[-1]
    await without_guard(house, delete(audit).where(audit.c.n >= last - 1))

    cut = f"  Lines {last - 1} to {last} were cut off at the end: this house has seen the audit go so far."
    assert await breaks(house) == [cut]
    with caplog.at_level(logging.ERROR):
        # A process that had seen nothing yet, by the file; the other one by its memory.
        await write(beside)
    assert "audit_broken" in caplog.text
    assert (await acts(house))[-2:] == [f"audit.broken:{last - 1}", "tip.opened"]
    assert (await numbers(house))[-3:] == [last - 2, last + 1, last + 2], "a number is never given twice"
    assert await breaks(house) == [f"  Lines {last - 1} to {last} are missing."]
    await write(house)
    noticed = [act for act in await acts(house) if act.startswith("audit.broken")]
    assert noticed == [f"audit.broken:{last - 1}", f"audit.broken:{last}"], "each process says what it had seen"


async def test_a_kill_before_the_head_is_kept_loses_no_line_and_cries_no_wolf(
    house: Services, beside: Services
) -> None:
    await house.staff.chain.keep()
    await write(house)

    assert await breaks(house) == []
    await write(beside)
    await beside.staff.chain.keep()
    assert house.staff.folder.audit_head().number == (await numbers(house))[-1]
    assert not [act for act in await acts(house) if act.startswith("audit.")]


async def test_a_line_somebody_else_wrote_behind_the_head_is_told_from_ours(house: Services) -> None:
    await house.staff.chain.keep()
    last = (await numbers(house))[-1]
    row = {"day": "2026-03-04", "act": "keys.granted", "staff": SOMEBODY, "subject": SOMETHING}
    await without_guard(house, insert(audit).values(n=last + 1, previous=bytes(32), mark=bytes(32), **row))

    assert [line for line in await breaks(house) if f"Line {last + 1} " in line]
    await write(house)
    assert f"audit.broken:{last + 1}" in await acts(house)


async def test_lines_of_an_older_version_are_taken_in_by_a_line_that_says_so(house: Services) -> None:
    last = (await numbers(house))[-1]
    old = [
        {"n": last + more, "day": "2026-03-04", "act": "tip.opened", "staff": SOMEBODY, "subject": b""}
        for more in (1, 2, 3)
    ]
    await without_guard(house, insert(audit).values(old))
    assert (await look(house.settings)).walk.loose == 3
    await write(house)

    assert (await acts(house))[-2:] == ["audit.taken_in:3", "tip.opened"]
    looked = await look(house.settings)
    assert (looked.walk.breaks, looked.walk.taken_in) == ([], [(last + 1, last + 3)])
    await without_guard(house, audit.update().where(audit.c.n == last + 2).values(act="tip.closed"))
    assert await breaks(house) == [
        f"  One of lines {last + 1} to {last + 3} was changed: line {last + 4} does not follow them."
    ]


async def test_without_the_pepper_nothing_is_written_and_nothing_done(house: Services) -> None:
    before = await acts(house)
    (house.staff.folder.path / "pepper").rename(house.staff.folder.path / "elsewhere")
    with pytest.raises(Exception, match="pepper cannot be read"):
        await write(house)

    assert await acts(house) == before
