"""The public page of figures: what it shows of a closed quarter, what its file holds, and what it never does."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import httpx
import pytest

from i18n.catalogue import Catalogue
from i18n.languages import LANGUAGES
from portal.app import build_public
from portal.figures.drawing import picture, row_name, rows_in_words
from portal.figures.release import ShownTable
from portal.figures.shape import TABLES
from portal.figures.tally import counted
from portal.routes import section
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.figures.quarters import a_quarter, closed

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio


def browser(house: ChatHouse) -> httpx.AsyncClient:
    app = httpx.ASGITransport(build_public(house.services, [section(house.services)]))
    return httpx.AsyncClient(transport=app, base_url=house.services.settings.public_origin)


async def test_a_closed_quarter_is_read_as_table_picture_and_file_in_every_language(house: ChatHouse) -> None:
    async with browser(house) as visitor:
        assert "There are no counts yet." in (await visitor.get("/en/read/figures")).text
        quarter = await a_quarter(house, **{"ca-on": 20, "ca-bc": 12, "ca-nu": 1})
        await closed(house)
        page = (await visitor.get("/en/read/figures")).text
        assert '<th scope="row">Ontario</th><td>20</td>' in page
        # One in Nunavut would be told by what is left over, so British Columbia is among the others too.
        assert "Nunavut" not in page
        assert '<th scope="row">All others, and not known</th><td>13</td>' in page
        assert page.count("<svg") == page.count("<title id=") == page.count("<table")
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


async def test_a_house_may_show_no_figures(house: ChatHouse) -> None:
    house.services.settings = replace(house.services.settings, public_figures="off")
    async with browser(house) as visitor:
        for address in ("read/figures", "read/figures/counts.csv"):
            assert (await visitor.get(f"/en/{address}")).status_code == 404


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


@pytest.fixture(scope="module")
def house_words() -> Catalogue:
    return Catalogue.load(strict=True)
