"""Keeps hours and switch: read by every process within a second, and believed only under this house's own mark."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.doors import Doors, Switch
from portal.doors_book import DoorsBook
from portal.hours import Span
from portal.opening import FactsForged
from portal.services import Services
from portal.vault.sealing import public_of

pytestmark = pytest.mark.anyio

WEEK = (Span(0, 540, 1020), Span(4, 1320, 360))
UNTIL = datetime(2026, 3, 4, 18, tzinfo=UTC)
SWITCH = Switch("closed", UNTIL, b"r" * 16)
SAID = Doors("America/Toronto", {"": WEEK, "es": WEEK[:1]}, SWITCH, off=frozenset({"ar"}), calls_back=True)


@pytest.fixture
async def book(services: Services) -> DoorsBook:
    """A book in which hours, a zone and a switch are written."""
    services.staff.folder.begin({1: b"p" * 32}, b"r" * 32, public_of(b"r" * 32))
    async with services.database.write() as connection:
        for language, spans in SAID.hours.items():
            await services.doors.set_hours(connection, language, spans)
        await services.doors.set_zone(connection, SAID.zone)
        await services.doors.set_switch(connection, SAID.switch)
        await services.doors.set_tongue(connection, "ar", is_on=False)
        await services.doors.set_calls_back(connection, calls_back=True)
    services.doors.forget()
    return services.doors


def write(services: Services, change: str) -> None:
    with closing(sqlite3.connect(services.settings.database_path)) as connection, connection:
        connection.execute(change)


async def test_what_was_written_is_read_whole_and_by_another_process_too(book: DoorsBook, services: Services) -> None:
    assert await book.doors() == SAID
    assert await DoorsBook(services.database, services.staff.folder).doors() == SAID


async def test_a_week_is_written_over_and_can_be_taken_away(book: DoorsBook, services: Services) -> None:
    async with services.database.write() as connection:
        await book.set_hours(connection, "es", WEEK[1:])
        await book.set_hours(connection, "", ())
        await book.set_switch(connection, None)
        await book.set_tongue(connection, "ar", is_on=True)
        await book.set_tongue(connection, "fr", is_on=False)
        await book.set_calls_back(connection, calls_back=False)

    assert await book.doors() == Doors(SAID.zone, {"es": WEEK[1:]}, None, off=frozenset({"fr"}))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE chat_switch SET word = 'open'",
        "UPDATE chat_switch SET until = until + 3600",
        "UPDATE chat_switch SET by = randomblob(16)",
        "UPDATE chat_switch SET mark = randomblob(32)",
        "UPDATE chat_tongues SET language = 'en' WHERE language = 'ar'",
        "INSERT INTO chat_tongues SELECT 'en', 'off', mark FROM chat_tongues WHERE language = 'ar'",
        "UPDATE chat_zone SET zone = 'Asia/Tokyo'",
        "UPDATE chat_hours SET ends = 1439 WHERE weekday = 0 AND language = ''",
        "UPDATE chat_hours SET language = 'fr' WHERE language = 'es'",
        "INSERT INTO chat_hours SELECT 'en', weekday, begins, ends, mark FROM chat_hours WHERE language = 'es'",
        "INSERT INTO chat_hours SELECT 'en', 3, 0, 0, mark FROM chat_zone",
    ],
)
async def test_who_only_writes_rows_neither_opens_nor_closes_the_chat(
    book: DoorsBook, services: Services, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert await book.doors() == SAID
    write(services, change)
    book.forget()

    assert await book.doors() == SAID
    assert "chat_doors_refused" in caplog.text
    restarted = await DoorsBook(services.database, services.staff.folder).doors()
    assert not restarted.judge("en", UNTIL).is_open
    async with services.database.read() as connection:
        with pytest.raises(FactsForged):
            await book.read(connection)


async def test_with_the_database_away_what_was_known_stands(book: DoorsBook, services: Services) -> None:
    assert await book.doors() == SAID
    services.settings.database_path.rename(services.settings.database_path.with_suffix(".away"))
    book.forget()

    assert await book.doors() == SAID
    assert not (await DoorsBook(services.database, services.staff.folder).doors()).is_known


async def test_a_second_is_the_longest_that_a_process_believes_an_older_word(
    book: DoorsBook, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("portal.doors_book.time.monotonic", lambda: now[0])
    other = DoorsBook(services.database, services.staff.folder)
    assert await other.doors() == SAID
    async with services.database.write() as connection:
        await book.set_switch(connection, None)

    now[0] += 0.9
    assert (await other.doors()).switch == SAID.switch
    now[0] += 0.2
    assert await other.doors() == replace(SAID, switch=None)


async def test_where_the_machine_lost_the_zones_clock_the_pages_say_utc_and_so_does_the_log(
    book: DoorsBook, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    async with services.database.write() as connection:
        await book.set_zone(connection, "America/Atlantis")

    doors = await book.doors()
    assert doors.zone == "UTC"
    assert not doors.judge("en", UNTIL.replace(hour=8)).is_open
    assert "chat_zone_unknown" in caplog.text
