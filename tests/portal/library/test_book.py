"""Keeps what the staff wrote: versions stay, one is shown, in every process, and nobody slips words onto a page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from portal.library import book as kept
from portal.library.book import Library, LibraryFull
from portal.library.stock import AWAY, SHIPPED
from portal.library.tables import shown, versions
from portal.library.text import Section, Text
from portal.services import Services
from portal.staff.tables import audit
from tests.chat.conftest import ChatHouse, house, prepared

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

OURS = Text(title="Ours", section=Section.KNOW, summary="s", body="Heron.\n", checked="2026-03-04", sources="us")


async def acts(services: Services) -> list[str]:
    async with services.database.read() as connection:
        lines = await connection.execute(select(audit.c.act).order_by(audit.c.n))
        return [act for act in lines.scalars() if act.startswith("library")]


async def title(library: Library, tag: str = "en") -> str:
    reading = (await library.now()).read("basics", tag)
    assert reading is not None
    return reading.text.title


async def test_a_version_is_shown_when_somebody_shows_it_and_every_older_one_can_be_gone_back_to(
    house: ChatHouse,
) -> None:
    library, ada = house.services.library, house.advocate
    before = await title(library)
    first = await library.write(ada, "basics", "en", OURS)
    second = await library.write(ada, "basics", "en", Text(title="Again", section=Section.KNOW, body="x\n"))
    assert (first, second, await title(library)) == (1, 2, before)
    assert await library.drafted() == {("basics", "en"): 2}

    assert await library.show(ada, "basics", "en", second, "Robin")
    assert (await title(library), (await library.now()).shown("basics", "en").reader) == ("Again", "Robin")
    assert await library.show(ada, "basics", "en", first)
    # Who read the other words through did not read these.
    assert (await title(library), (await library.now()).shown("basics", "en").reader) == ("Ours", "")
    assert await library.show(ada, "basics", "en", SHIPPED)
    assert await title(library) == before
    assert not await library.show(ada, "basics", "en", 3)
    assert not await library.show(ada, "basics", "xx", SHIPPED)

    history = await library.history("basics", "en")
    assert [(each.number, each.by == ada.staff_id) for each in history] == [(2, True), (1, True), (0, False)]
    assert history[1].text == OURS
    assert await acts(house.services) == ["library.written.basics-en"] * 2 + ["library.shown.basics-en"] * 3


async def test_what_is_taken_away_is_shown_no_more(house: ChatHouse) -> None:
    library, ada = house.services.library, house.advocate
    name = await library.begin(ada, "en", replace_section(OURS))
    assert (await library.now()).read(name, "en") is None
    await library.show(ada, name, "en", 1)
    assert (await library.now()).read(name, "ar") is not None
    await library.show(ada, name, "en", AWAY)
    assert (await library.now()).read(name, "ar") is None
    assert (await acts(house.services))[-1] == f"library.away.{name}-en"
    # The name says nothing of what it is.
    assert name == "p1"
    assert await library.begin(ada, "fr", OURS) == "p2"


def replace_section(text: Text) -> Text:
    return Text(title=text.title, section=Section.RELEASES, body=text.body)


async def test_who_only_writes_rows_puts_no_words_on_our_pages(
    house: ChatHouse, caplog: pytest.LogCaptureFixture
) -> None:
    library, ada, database = house.services.library, house.advocate, house.services.database
    before = await title(library)
    await library.write(ada, "basics", "en", OURS)
    await library.show(ada, "basics", "en", 1)
    async with database.write() as connection:
        await connection.execute(update(versions).values(words='{"title":"Call 555","section":"know"}'))
    assert await title(library) == before
    assert [each.number for each in await library.history("basics", "en")] == [0]

    async with database.write() as connection:
        row = {"name": "basics", "language": "fr", "number": AWAY, "reader": "", "read_on": "", "day": "2026-03-04"}
        await connection.execute(insert(shown).values(**row, by=ada.staff_id, pepper=1, mark=b"m" * 32))
        row["language"] = "es"
        await connection.execute(insert(shown).values(**row, by=ada.staff_id, pepper=9, mark=b"m" * 32))
    assert (await library.now()).shown("basics", "fr").text is not None
    assert "library_row_refused" in caplog.text


async def test_another_process_shows_it_without_a_restart(house: ChatHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each asks again after some seconds; here they are none."""
    services = house.services
    other = Library(services.database, services.staff, services.clock)
    assert (await other.known()).read("basics", "en") == (await services.library.known()).read("basics", "en")
    await services.library.write(house.advocate, "basics", "en", OURS)
    await services.library.show(house.advocate, "basics", "en", 1)

    here = (await services.library.known()).read("basics", "en")
    assert here is not None
    assert here.text.title == "Ours"
    monkeypatch.setattr(kept, "KEPT_SECONDS", -1.0)
    there = (await other.known()).read("basics", "en")
    assert there is not None
    assert there.text.title == "Ours"


async def test_with_the_database_away_readers_keep_what_they_had(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = house.services.library
    await library.write(house.advocate, "basics", "en", OURS)
    await library.show(house.advocate, "basics", "en", 1)
    await library.known()
    monkeypatch.setattr(kept, "KEPT_SECONDS", -1.0)

    async def away() -> object:
        raise LibraryFull  # any error of ours

    monkeypatch.setattr(library, "now", away)
    reading = (await library.known()).read("basics", "en")
    assert reading is not None
    assert reading.text.title == "Ours"


async def test_a_house_keeps_so_many(house: ChatHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_VERSIONS", 1)
    monkeypatch.setattr(kept, "MOST_PIECES", 1)
    library, ada = house.services.library, replace(house.advocate)
    await library.write(ada, "basics", "en", OURS)
    with pytest.raises(LibraryFull):
        await library.write(ada, "basics", "en", OURS)
    with pytest.raises(LibraryFull):
        await library.begin(ada, "en", OURS)
