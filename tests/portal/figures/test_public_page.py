"""The public page of figures: what it shows of a closed quarter, what its file holds, and what it never does."""

from __future__ import annotations

import csv
import gzip
import io
import re
from dataclasses import replace

import httpx
import pytest

from i18n.catalogue import Catalogue
from i18n.languages import LANGUAGES
from portal.app import build_public
from portal.figures.book import Figures, Shown
from portal.figures.drawing import picture, row_name, rows_in_words
from portal.figures.release import Release, ShownTable
from portal.figures.shape import TABLES
from portal.figures.tally import Counted, counted
from portal.routes import section
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.figures.quarters import a_quarter, closed
from tests.support.source import REPOSITORY

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

MOST = 16 * 1024  # of the page, its style and the script of the exit, compressed


def browser(house: ChatHouse) -> httpx.AsyncClient:
    app = httpx.ASGITransport(build_public(house.services, [section(house.services)]))
    return httpx.AsyncClient(transport=app, base_url=house.services.settings.public_origin)


async def test_a_closed_quarter_is_read_as_table_picture_and_file_in_every_language(house: ChatHouse) -> None:
    async with browser(house) as visitor:
        quarter = await a_quarter(house, **{"ca-on": 20, "ca-bc": 12, "ca-nu": 1})
        await closed(house)
        page = (await visitor.get("/en/read/figures")).text
        assert '<th scope="row">Ontario</th><td>20</td>' in page
        # One in Nunavut would be told by what is left over, so British Columbia is among the others too.
        assert "Nunavut" not in page
        assert '<th scope="row">All others, and not known</th><td>13</td>' in page
        assert page.count('<svg class="chart"') == page.count("<title id=") == page.count("<table")
        assert page.count("They do not show how often such things happen.") == page.count("<table")
        assert not re.search(r"<svg[^>]*style|<script(?! src)| on[a-z]+=", page)
        assert (await visitor.get(f"/en/read/figures/{quarter}")).text.count("<table") == page.count("<table")
        assert (await visitor.get("/en/read/figures/2019-Q1")).status_code == 404
        for language in LANGUAGES:
            assert (await visitor.get(f"/{language}/read/figures")).status_code == 200
        file = await visitor.get("/en/read/figures/counts.csv")
        lines = list(csv.DictReader(io.StringIO(file.text)))
        assert {
            (each["table"], each["row"], each["count"]) for each in lines if each["table"] in ("total", "region")
        } == {
            ("total", "contacts", "33"),
            ("total", "cases", ""),
            ("region", "ca-on", "20"),
            ("region", "rest", "13"),
        }
        assert {each["table"] for each in lines} <= {"total", *(table.name for table in TABLES if table.is_public)}
        assert file.headers["content-type"] == "text/csv; charset=utf-8"


async def test_the_page_is_there_once_a_quarter_is_closed_and_only_where_the_house_shows_it(house: ChatHouse) -> None:
    async def seen(visitor: httpx.AsyncClient) -> tuple[int, int, bool]:
        page, file = [await visitor.get(f"/en/{address}") for address in ("read/figures", "read/figures/counts.csv")]
        return page.status_code, file.status_code, "/en/read/figures" in (await visitor.get("/en/read")).text

    async with browser(house) as visitor:
        assert await seen(visitor) == (404, 404, False)
        await a_quarter(house, **{"ca-on": 20})
        assert await seen(visitor) == (404, 404, False)
        await closed(house)
        assert await seen(visitor) == (200, 200, True)
        house.services.settings = replace(house.services.settings, public_figures="off")
        assert await seen(visitor) == (404, 404, False)


async def test_a_page_with_many_rows_stays_within_its_budget_in_every_language(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every region, every need, and as many languages as a line of a whole country served in a quarter."""
    nobody = counted([], [], here="ca-on")
    rows = {name: dict.fromkeys(list(table)[:24], 1234) for name, table in nobody.tables.items()}
    tables = {name: ShownTable(rows=counts, rest=0 if name == "needs" else 99) for name, counts in rows.items()}
    release = Release(floor=5, totals={"contacts": 34567, "cases": 1234}, tables=tables)
    every = [
        Shown("2026", "2027-01-20", release),
        *(Shown(f"2026-Q{at}", "2026-07-20", release) for at in (4, 3, 2, 1)),
    ]

    async def shown(_: Figures) -> list[Shown]:
        return every

    monkeypatch.setattr(Figures, "shown", shown)
    async with browser(house) as visitor:

        async def weight(address: str) -> tuple[int, str]:
            async with visitor.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
                raw = b"".join([part async for part in answer.aiter_raw()])
            return len(raw), (gzip.decompress(raw) if answer.headers.get("content-encoding") else raw).decode()

        first = (await weight("/en/read/figures"))[1]
        linked = sum([(await weight(each))[0] for each in re.findall(r'(?:href|src)="(/a/[^"]+)"', first)])
        assert linked
        heavy = {
            tag: found for tag in LANGUAGES if (found := linked + (await weight(f"/{tag}/read/figures"))[0]) > MOST
        }
        assert heavy == {}


def test_somebody_from_another_country_is_in_no_row_of_her_own() -> None:
    said = [Counted(said={"region": ("us",)}) for _ in range(50)] + [Counted(said={"region": ("ca-on",)})] * 20
    region = counted(said, [], here="ca-on").tables["region"]
    assert "us" not in region
    assert (region["ca-on"], region["unknown"]) == (20, 50)
    assert all(row.startswith("ca") for row in region if row != "unknown")
    assert counted(said, []).tables["region"]["us"] == 50


@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_row_that_may_be_shown_has_a_name_in_every_language(house_words: Catalogue, tag: str) -> None:
    for shape in TABLES:
        if shape.is_public:
            assert all(
                row_name(house_words, LANGUAGES[tag], shape.name, row) for row in counted([], []).tables[shape.name]
            )


def test_bars_are_as_long_as_their_counts_and_what_is_not_shown_stands_last(house_words: Catalogue) -> None:
    table = ShownTable(rows={"ca-bc": 10, "ca-on": 40}, rest=20)
    rows = rows_in_words(house_words, LANGUAGES["fr"], "region", table)
    assert [(row.name, row.count, row.is_rest) for row in rows] == [
        ("Ontario", 40, False),
        ("Colombie-Britannique", 10, False),
        ("Tous les autres, et inconnu", 20, True),
    ]
    assert [bar.width for bar in picture(rows).bars] == [320, 80, 160]
    assert picture([]).height == 0


def test_the_picture_is_drawn_by_one_sheet_alone() -> None:
    """A class of the same name in another sheet once made every chart as small as the sign of a line."""
    sheets = sorted((REPOSITORY / "static" / "css").glob("**/*.css"))
    named = re.compile(r"\.(?:chart|sums|beside)\b")
    assert [sheet.name for sheet in sheets if named.search(sheet.read_text("utf-8"))] == ["page-figures.css"]


@pytest.fixture(scope="module")
def house_words() -> Catalogue:
    return Catalogue.load(strict=True)
