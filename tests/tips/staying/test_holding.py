"""Holds a legal hold to freezing what exists, and to telling the reporter nothing, by no word, statement or row."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import delete, event, select, update

from portal.app import build_public
from portal.errors import NotThere
from portal.ids import random_id
from tests.tips.conftest import TipHouse
from tests.tips.phone import Phone
from tests.tips.staying.conftest import Weeks
from tests.tips.test_filing import FORM, file, file_with_receipt
from tips import store
from tips.routes import section
from tips.staying.holding import HeldNow, Holding, ReasonNeeded
from tips.staying.holds import HoldsBroken, fold
from tips.staying.tables import tip_holds
from tips.tables import tip_keys
from tips.tip import Names, Status

pytestmark = pytest.mark.anyio

WHY = "Order of the court of 3 March, asked for by the prosecutor."


@pytest.fixture
def holding(house: TipHouse) -> Holding:
    return Holding(house.services, house.doors, house.book, house.retention)


async def holds(holding: Holding, house: TipHouse, tip: bytes) -> None:
    await holding.hold(house.robin, tip, WHY, random_id())


async def test_a_held_tip_stays_for_the_desk_and_its_reporter_finds_what_she_would_without(
    weeks: Weeks, holding: Holding
) -> None:
    filing, receipt = await weeks.answered()
    await holds(holding, weeks.house, filing.tip)
    await weeks.house.review.set_status(weeks.house.robin, filing.tip, Status.CLOSED)
    await weeks.until(lambda: weeks.is_warned(filing.tip))
    await weeks.go_by(7)
    read = await weeks.house.review.open(weeks.house.robin, filing.tip)
    assert read.words[0].text == FORM.words
    visit, thread = await weeks.comes_back(receipt)
    assert (thread.is_empty, visit.tip == filing.tip) == (True, False)
    stay = await holding.stay(filing.tip, read.entries)
    assert (stay.is_held, stay.is_left, stay.goes) == (True, True, None)
    assert await holding.end(weeks.house.robin, filing.tip, "It is over.", random_id())
    assert await weeks.is_gone(filing.tip)


async def test_what_she_erases_while_it_is_held_is_hers_no_more_at_once_and_goes_when_the_hold_ends(
    house: TipHouse, holding: Holding
) -> None:
    filing, receipt = await file_with_receipt(house)
    token = await house.doors.begin_visit(filing.visit)
    await holds(holding, house, filing.tip)
    await house.follow_up.erase(filing.visit)
    assert await house.doors.tip_for_receipt(receipt) is None
    assert await house.doors.visit_for_token(token) is None
    for act in (house.follow_up.read, house.follow_up.keep, lambda visit: house.follow_up.add(visit, "x", random_id())):
        with pytest.raises(NotThere):
            await act(filing.visit)
    assert await house.intake.make_receipt(filing) is None
    assert (await house.review.open(house.robin, filing.tip)).words[0].text == FORM.words
    async with house.services.database.read() as connection:
        keys = (await connection.execute(select(tip_keys))).one()
    assert (keys.find, keys.pepper, keys.receipt_copy, keys.channel, keys.channel_copy) == (None,) * 5
    await holding.end(house.robin, filing.tip, "It is over.", random_id())
    with pytest.raises(NotThere):
        await house.review.open(house.robin, filing.tip)


async def test_a_late_resend_adds_nothing_to_a_held_tip_that_was_erased(house: TipHouse, holding: Holding) -> None:
    token = house.services.start_tokens.make()
    filing = (await file(house, token=token)).filing
    await holds(holding, house, filing.tip)
    await house.follow_up.erase(filing.visit)
    from tips.form import TipForm

    await file(house, TipForm("Other words."), token=token)
    assert [words.text for words in (await house.review.open(house.robin, filing.tip)).words] == [FORM.words]


async def test_how_she_could_be_reached_stays_as_it_was_while_it_is_held(house: TipHouse, holding: Holding) -> None:
    filing, _ = await file_with_receipt(house)
    await holds(holding, house, filing.tip)
    await house.follow_up.reach(filing.visit, Names(reach="another way"))
    async with house.services.database.read() as connection:
        kept = await store.read_parts(connection, filing.tip)
    assert len([part for part in kept if part.kind == store.NAMES]) == 2
    read = await house.review.open(house.robin, filing.tip)
    assert read.names is not None
    assert [left.reach for left in read.names] == ["another way"]


async def test_a_hold_has_a_reason_and_nobody_erases_over_it(house: TipHouse, holding: Holding) -> None:
    tip = (await file(house)).filing.tip
    with pytest.raises(ReasonNeeded):
        await holding.hold(house.robin, tip, "  ", random_id())
    await holds(holding, house, tip)
    await holds(holding, house, tip)
    with pytest.raises(HeldNow):
        await holding.erase(house.robin, tip)
    read = await house.review.open(house.robin, tip)
    stay = await holding.stay(tip, read.entries)
    assert [(entry.act, entry.text, entry.alias) for entry in stay.reasons] == [("hold", WHY, "Robin")]
    assert "held" in read.desk.flags
    with pytest.raises(ReasonNeeded):
        await holding.end(house.robin, tip, "", random_id())
    assert not await holding.end(house.robin, tip, "It is over.", random_id())
    assert not (await holding.stay(tip, (await house.review.open(house.robin, tip)).entries)).is_held
    await holding.erase(house.robin, tip)
    with pytest.raises(NotThere):
        await holding.stay(tip, ())


@pytest.mark.parametrize("how", ["deleted", "all deleted", "ended", "turned to another"])
async def test_who_only_writes_rows_ends_no_hold_unseen(weeks: Weeks, holding: Holding, how: str) -> None:
    house = weeks.house
    filing, _ = await weeks.answered()
    other = (await file(house)).filing.tip
    await holds(holding, house, filing.tip)
    await holds(holding, house, other)
    async with house.services.database.write() as connection:
        rows = (await connection.execute(select(tip_holds).order_by(tip_holds.c.n))).all()
        match how:
            case "deleted":
                await connection.execute(delete(tip_holds).where(tip_holds.c.n == 1))
            case "all deleted":
                await connection.execute(delete(tip_holds))
            case "ended":
                forged = {"n": 3, "tip": filing.tip, "word": "ended", "mark": rows[1].mark}
                await connection.execute(tip_holds.insert().values(forged))
            case "turned to another":
                await connection.execute(update(tip_holds).where(tip_holds.c.n == 1).values(tip=random_id()))
    read = await house.review.open(house.robin, filing.tip)
    stay = await holding.stay(filing.tip, read.entries)
    assert stay.is_broken or stay.is_undone
    assert not (await holding.holds()).is_whole
    with pytest.raises(HoldsBroken):
        await holding.hold(house.robin, filing.tip, WHY, random_id())
    with pytest.raises(HoldsBroken):
        await weeks.go_by(80)
    assert await weeks.is_there(filing.tip)


def test_an_empty_list_holds_nothing_and_is_whole() -> None:
    empty = fold([], [b"p" * 32])
    assert (empty.stay, empty.is_whole) == (frozenset(), True)
    assert fold([(1, b"t" * 16, "held", b"m" * 32)], [b"p" * 32]).stay == {b"t" * 16}


@pytest.fixture
async def phones(house: TipHouse) -> AsyncIterator[list[Phone]]:
    app = build_public(house.services, [section(house.services)])
    web = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=house.services.settings.public_origin)
    async with web:
        yield [Phone(house, web), Phone(house, web)]


async def test_every_page_of_hers_is_the_same_byte_by_byte_and_by_the_same_statements_held_or_not(
    house: TipHouse, holding: Holding, phones: list[Phone]
) -> None:
    pages: list[list[str]] = []
    statements: list[list[str]] = []
    for phone, is_held in zip(phones, (False, True), strict=True):
        await phone.files()
        number = phone.number
        async with house.services.database.read() as connection:
            (tip,) = [each.id for each in await store.newest_loose(connection, 10)]
        await house.review.reply(house.robin, tip, "Is it there each day?", random_id())
        if is_held:
            await holds(holding, house, tip)
        house.clock.advance(timedelta(minutes=1))
        with said(house) as run:
            seen = [await phone.comes_back(number)]
            token = phone.hidden("t")
            seen.append(await phone.posts("/en/note/back/more", {"t": token, "do": "add", "words": "It is."}))
            seen.append(await phone.posts("/en/note/back/more", {"t": token, "do": "keep"}))
            seen.append(await phone.posts("/en/note/back/more", {"t": token, "do": "ask"}))
            seen.append(await phone.posts("/en/note/back/more", {"t": token, "do": "erase"}))
            seen.append(await phone.posts("/en/note/back/more", {"t": token, "do": "open"}))
            seen.append(await phone.comes_back(number))
        pages.append([normal(page.text, number) for page in seen])
        statements.append(run)
        house.clock.advance(timedelta(minutes=1))
        if not is_held:
            assert await is_gone(house, tip)
        else:
            assert not await is_gone(house, tip)
    assert pages[0] == pages[1]
    assert statements[0] == statements[1]
    assert "unless a law makes us keep" in pages[0][3]
    assert "unless a law makes us keep" in pages[0][4]


async def is_gone(house: TipHouse, tip: bytes) -> bool:
    async with house.services.database.read() as connection:
        return await store.read_tip(connection, tip) is None


def normal(page: str, number: str) -> str:
    """The page without what is drawn at random: passes, tokens, ids; and without the number she typed."""
    page = page.replace(number, "NUMBER")
    return re.sub(r'(value="|/)[A-Za-z0-9_-]{20,}', r"\1TOKEN", page)


@contextmanager
def said(house: TipHouse) -> Iterator[list[str]]:
    """Every statement that is run in here, without its values."""
    run: list[str] = []
    kept = house.services.database._rows
    engines = [kept.readers.sync_engine, kept.writer.sync_engine]

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        # Two facts of the house are asked for once a second, whoever comes.
        if statement != "BEGIN" and "tip_files_switch" not in statement and "site_facts" not in statement:
            run.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
