"""Holds the way back: one answer for unknown, wrong and erased, words that are added once, and an end that is one."""

from datetime import timedelta
from typing import Any

import pytest

from portal.errors import NotThere
from portal.ids import random_id
from portal.vault.errors import PoolFull
from portal.vault.passwords import Parameters
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import FORM, file_with_receipt
from tips import store
from tips.receipt import new_receipt
from tips.tip import Kind, Status

pytestmark = pytest.mark.anyio


@pytest.fixture
def runs(house: TipHouse, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pool of each Argon2 run from here on."""
    counted: list[str] = []
    for name in ("coming_back", "filing", "staff"):
        pool = getattr(house.services.pools, name)

        async def counting(
            parameters: Parameters, secret: bytes, salt: bytes, *, name: str = name, run: Any = pool.run, **more: bool
        ) -> bytes:
            counted.append(name)
            return await run(parameters, secret, salt, **more)  # type: ignore[no-any-return]

        monkeypatch.setattr(pool, "run", counting)
    return counted


async def test_unknown_and_erased_cost_one_run_each_and_are_one_answer(house: TipHouse, runs: list[str]) -> None:
    filing, receipt = await file_with_receipt(house)
    await house.follow_up.erase(filing.visit)
    runs.clear()
    assert await house.doors.tip_for_receipt(receipt) is None
    assert runs == ["coming_back"]
    runs.clear()
    assert await house.doors.tip_for_receipt(new_receipt()) is None
    assert runs == ["coming_back"]


async def test_the_right_number_costs_the_same_one_run(house: TipHouse, runs: list[str]) -> None:
    _, receipt = await file_with_receipt(house)
    runs.clear()
    assert await house.doors.tip_for_receipt(receipt) is not None
    assert runs == ["coming_back"]


async def test_a_row_somebody_else_wrote_opens_nothing(house: TipHouse) -> None:
    filing, receipt = await file_with_receipt(house)
    other, _ = await file_with_receipt(house)
    async with house.services.database.write() as connection:
        from sqlalchemy import select, update

        from tips.tables import tip_keys

        copies = {
            row.tip: row.receipt_copy
            for row in await connection.execute(select(tip_keys.c.tip, tip_keys.c.receipt_copy))
        }
        await connection.execute(
            update(tip_keys).where(tip_keys.c.tip == filing.tip).values(receipt_copy=copies[other.tip])
        )
    assert await house.doors.tip_for_receipt(receipt) is None


async def test_a_full_pool_says_so(house: TipHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house.services.pools.coming_back, "_places", 0)
    with pytest.raises(PoolFull):
        await house.doors.tip_for_receipt(new_receipt())


async def test_a_reply_reaches_the_reporter(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    await house.review.reply(house.robin, filing.tip, "Was it there each day?", random_id())
    thread = await house.follow_up.read(filing.visit)
    assert thread.status is Status.ANSWERED
    assert [words.text for words in thread.open] == ["Was it there each day?"]
    assert [words.text for words in thread.closed] == [FORM.words]


async def test_added_words_are_new_words_for_staff(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    await house.review.reply(house.robin, filing.tip, "Each day?", random_id())
    house.clock.advance(timedelta(hours=2))
    await house.follow_up.add(filing.visit, "Most days.", random_id())
    read = await house.review.open(house.robin, filing.tip)
    assert read.status is Status.NEW
    assert [words.kind for words in read.words] == [Kind.TOLD, Kind.REPLY, Kind.ADDED]
    assert read.words[-1].text == "Most days."


async def test_the_same_addition_sent_twice_stands_once(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    part = random_id()
    for _ in range(2):
        await house.follow_up.add(filing.visit, "Most days.", part)
    assert [words.text for words in (await house.follow_up.read(filing.visit)).closed] == [FORM.words, "Most days."]


async def test_coming_back_leaves_no_trace_in_the_database(house: TipHouse) -> None:
    filing, receipt = await file_with_receipt(house)
    before = await everything(house)
    visit = await house.doors.tip_for_receipt(receipt)
    assert visit is not None
    await house.doors.begin_visit(visit)
    await house.follow_up.read(visit)
    assert await everything(house) == before
    assert filing.visit == visit


async def test_a_visit_ends_after_half_an_hour(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    token = await house.doors.begin_visit(filing.visit)
    client = house.services.ember_client
    left = [await client.pttl(key) async for key in client.scan_iter(match=b"t:*")]
    assert all(0 < milliseconds <= 30 * 60 * 1000 for milliseconds in left)
    assert await house.doors.visit_for_token(token) == filing.visit


async def test_leaving_ends_the_visit_and_every_page_of_it(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    token = await house.doors.begin_visit(filing.visit)
    page = await house.services.passes.issue("back", b"thread", group=filing.visit.group)
    await house.doors.end_visit(token)
    assert await house.doors.visit_for_token(token) is None
    assert await house.services.passes.open(page, "back") is None


async def test_leaving_with_a_foreign_token_is_no_matter(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    token = await house.doors.begin_visit(filing.visit)
    await house.doors.end_visit("not-a-token")
    await house.doors.end_visit(await house.services.passes.issue("other", b"x"))
    assert await house.doors.visit_for_token(token) is not None


async def test_after_erasing_nothing_of_the_tip_is_left_but_its_tombstone(house: TipHouse) -> None:
    filing, receipt = await file_with_receipt(house)
    token = await house.doors.begin_visit(filing.visit)
    await house.follow_up.erase(filing.visit)
    rows = await everything(house)
    assert {name: len(found) for name, found in rows.items()} == {
        "tips": 0,
        "tip_keys": 0,
        "tip_parts": 0,
        "tip_tombstones": 1,
    }
    assert await house.doors.tip_for_receipt(receipt) is None
    assert await house.doors.visit_for_token(token) is None
    with pytest.raises(NotThere):
        await house.follow_up.read(filing.visit)
    with pytest.raises(NotThere):
        await house.follow_up.add(filing.visit, "more", random_id())


async def test_erasing_twice_is_no_matter(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    await house.follow_up.erase(filing.visit)
    await house.follow_up.erase(filing.visit)
    assert len((await everything(house))["tip_tombstones"]) == 1


async def test_erasing_one_tip_leaves_the_others(house: TipHouse) -> None:
    gone, _ = await file_with_receipt(house)
    kept, receipt = await file_with_receipt(house)
    await house.follow_up.erase(gone.visit)
    assert await house.doors.tip_for_receipt(receipt) == kept.visit
    assert (await house.follow_up.read(kept.visit)).closed[0].text == FORM.words


async def test_a_visit_is_carried_under_its_own_kind_of_pass(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    token = await house.services.passes.issue("note", filing.visit.encode())
    assert await house.doors.visit_for_token(token) is None


async def everything(house: TipHouse) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tip room."""
    from sqlalchemy import select

    from tips import tables

    async with house.services.database.read() as connection:
        return {
            table.name: sorted(tuple(row) for row in await connection.execute(select(table)))
            for table in (tables.tips, tables.tip_keys, tables.tip_parts, tables.tip_tombstones)
        }


async def test_a_tombstone_keeps_its_id_from_coming_back(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    async with house.services.database.read() as connection:
        sealed = await store.read_tip(connection, filing.tip)
    assert sealed is not None
    await house.follow_up.erase(filing.visit)
    async with house.services.database.write() as connection:
        assert not await store.insert_tip(connection, sealed, [])
