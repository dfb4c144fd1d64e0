"""The one question after a talk: no row, key or page holds a trace by which an answer and a talk could be paired."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, text

from portal.app import build_public
from portal.clock import StillClock
from portal.quality.afterwards import ANSWERS, FLOOR, Afterwards
from portal.quality.sheet import shown
from portal.quality.tables import afterwards
from portal.routes import section
from portal.services import Services
from portal.store.valkey import Valkey
from tests.portal.staff.walker import acts, set_up, walker
from tests.support.source import REPOSITORY

pytestmark = pytest.mark.anyio


def site(services: Services) -> httpx.AsyncClient:
    app = build_public(services, [section(services)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=services.settings.public_origin)


def counter(services: Services) -> Afterwards:
    """One that takes as many answers as a test gives; another process of the same house."""
    made = Afterwards(services.embers, services.database, services.clock)
    made._pace = Endless()  # type: ignore[assignment]
    return made


class Endless:
    def allows(self) -> bool:
        return True


async def rows(services: Services) -> list[tuple[object, ...]]:
    async with services.database.read() as connection:
        return [tuple(row) for row in (await connection.execute(select(afterwards))).all()]


async def names(store: Valkey) -> set[bytes]:
    """Every key of a store."""
    return {bytes(key) async for key in store.scan_iter(count=1000)}


async def everything(services: Services) -> dict[str, list[tuple[object, ...]]]:
    """Each row of each table."""
    found: dict[str, list[tuple[object, ...]]] = {}
    async with services.database.read() as connection:
        names = await connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        for name in names.all():
            found[name] = [tuple(row) for row in (await connection.execute(text(f'SELECT * FROM "{name}"'))).all()]
    return found


async def test_an_answer_changes_no_row_and_leaves_a_number_without_a_time_in_memory_alone(
    services: Services, clock: StillClock
) -> None:
    await set_up(walker(services))
    services.afterwards = counter(services)
    before, durable = await everything(services), await names(services.durable)
    kept = await names(services.ember_client)
    ends: list[tuple[int, str, str]] = []
    async with site(services) as phone:
        for answer in ("yes", "no", "rather", ""):
            clock.advance(timedelta(minutes=7))
            posted = await phone.post("/en/after", data={"answer": answer, "t": "A" * 43, "lang": "tl"})
            page = await phone.get(posted.headers["location"])
            ends.append((posted.status_code, posted.headers["location"], page.text))
    # Whatever was said, or nothing at all, the answer is one.
    assert len(set(ends)) == 1
    assert ends[0][:2] == (303, "/en/after")
    assert await everything(services) == before
    assert await names(services.durable) == durable
    assert await names(services.ember_client) - kept == {b"af:yes", b"af:no"}
    assert [await services.embers.get(b"af:" + answer.encode()) for answer in ANSWERS] == [b"1", None, b"1"]
    assert not [act for act in await acts(services) if act.startswith("after")]


async def test_the_row_grows_once_a_week_by_twenty_or_more_together(services: Services, clock: StillClock) -> None:
    house, other = counter(services), counter(services)
    for number in range(FLOOR - 1):
        await house.said(ANSWERS[number % 3])
        assert not await house.gather()
        assert not await rows(services)
    await house.said("no")
    assert await house.gather()
    assert await rows(services) == [("2026-Q1", "2026-03-02", 7, 6, 7)]
    # The same week nothing more is added, however many come.
    for _ in range(FLOOR * 2):
        await other.said("yes")
    clock.advance(timedelta(days=4))
    assert not await other.gather()
    assert await rows(services) == [("2026-Q1", "2026-03-02", 7, 6, 7)]
    clock.advance(timedelta(days=1))
    assert await other.gather()
    assert not await house.gather()
    assert await rows(services) == [("2026-Q1", "2026-03-09", 47, 6, 7)]
    assert not [name for name in await names(services.ember_client) if name.startswith(b"af:")]


async def test_in_whatever_order_they_come_the_rows_are_the_same(services: Services, clock: StillClock) -> None:
    """The file of one order and of its reverse, seen before, between and after, tell neither apart."""
    seen: list[list[list[tuple[object, ...]]]] = []
    answers = ["yes"] * 12 + ["no"] * 9
    for order in (answers, answers[::-1]):
        async with services.database.write() as connection:
            await connection.execute(afterwards.delete())
        house, found = counter(services), list[list[tuple[object, ...]]]()
        for answer in order:
            await house.said(answer)
            found.append(await rows(services))
        assert await house.gather()
        found.append(await rows(services))
        seen.append(found)
    assert seen[0] == seen[1]


async def test_two_who_gather_at_once_lose_nothing_and_count_nothing_twice(services: Services) -> None:
    one, two = counter(services), Hurried(services.embers, services.database, services.clock)
    for _ in range(FLOOR):
        await one.said("some")
    async with services.database.write() as connection:
        # The other one was a moment faster.
        values = {"quarter": "2026-Q1", "week": "2026-03-02", "yes": 20, "some": 0, "no": 0}
        await connection.execute(afterwards.insert().values(**values))
    assert not await two.gather()
    assert await services.embers.get(b"af:some") == str(FLOOR).encode()
    assert await rows(services) == [("2026-Q1", "2026-03-02", 20, 0, 0)]


class Hurried(Afterwards):
    """One who looked a moment before the other was done."""

    async def _is_done(self, monday: str) -> bool:
        return False


async def test_a_script_in_a_loop_is_not_counted_without_end_and_a_foreign_page_not_at_all(services: Services) -> None:
    async with site(services) as phone:
        foreign = {"sec-fetch-site": "cross-site"}
        assert (await phone.post("/en/after", data={"answer": "no"}, headers=foreign)).status_code == 303
        assert await services.embers.get(b"af:no") is None
    for _ in range(100):
        await services.afterwards.said("yes")
    assert int(await services.embers.get(b"af:yes") or 0) <= 31


def test_the_page_after_a_talk_asks_once_and_its_form_carries_nothing_of_the_talk() -> None:
    templates = REPOSITORY / "templates"
    for name in ("chat/ended.html", "chat/plain_ended.html"):
        assert (templates / name).read_text("utf-8").count("{{ after_ask() }}") == 1
    asked = (templates / "components" / "after_ask.html").read_text("utf-8")
    # Three buttons are the whole of the form; whoever plays a visitor is not asked.
    assert [word for word in ("hidden", "input", "token", "pass", "carried") if word in asked] == []
    assert "practice is not defined" in asked


def test_a_small_count_takes_its_whole_line_along() -> None:
    assert shown({"yes": 12, "some": 5, "no": 0}, 5) == {"yes": 12, "some": 5, "no": 0}
    assert shown({"yes": 12, "some": 5, "no": 1}, 5) is None
    assert shown({"yes": 4}, 5) is None
