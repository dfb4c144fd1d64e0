"""A report between two days is sums of what is published; its page, its shapes and its file show nothing finer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import msgspec
import pytest
from sqlalchemy import event, insert, update

from portal.figures.book import Shown
from portal.figures.chat_release import chats_shown, months_shown
from portal.figures.funder import SECTIONS, report
from portal.figures.periods import Quarter
from portal.figures.release import Release, ShownTable
from portal.figures.tables import figure_releases, figure_shapes
from portal.figures.tally import Tally
from portal.services import Services
from portal.vault.marks import mark
from tests.portal.staff.conftest import ada
from tests.portal.staff.walker import Walker, acts, give, join

__all__ = ["ada"]
pytestmark = pytest.mark.anyio

# Whatever page of the desk is drawn: who she is, what she may, how the house stands.
OF_EVERY_PAGE = {"staff_people", "key_statements", "site_facts"}

FIRST = Release(
    floor=5,
    totals={"contacts": 40, "referrals": 31},
    tables={
        "region": ShownTable(rows={"ca-on": 25}, rest=15),
        "language": ShownTable(rows={"es": 22}, rest=18),
        "outcome": ShownTable(rows={"full": 9}, rest=22),
    },
    late={"contacts": 8},
    months={month: {"answered": 10} for month in Quarter(2026, 1).months},
    chat={
        "sums": {"answered": 30, "left": 6},
        "waits": {"median": 1, "ninety": 8},
        "asked": {"es": 10},
        "load": {"3": 2},
    },
)
SECOND = Release(
    floor=5,
    totals={},
    months={month: {"answered": 7} for month in Quarter(2026, 2).months},
    chat={"sums": {"answered": 21}},
)


def shown(**releases: Release) -> Sequence[Shown]:
    return [Shown(f"2026-{name}", "2026-07-20", release) for name, release in releases.items()]


def test_a_report_counts_whole_quarters_and_months_and_says_what_it_left_out() -> None:
    made = report(shown(Q2=SECOND, Q1=FIRST), date(2025, 12, 24), date(2026, 5, 30), SECTIONS)
    assert (made.spans, made.months) == (("2026-Q1",), ("2026-04",))
    sums = {each.name: (each.count, each.counted, each.left_out) for each in made.sums}
    # Thirty of the quarter, seven of April; of May a day is missing, so all of it is.
    assert sums["answered"] == (37, ("2026-Q1", "2026-04"), ())
    assert sums["left"] == (6, ("2026-Q1",), ("2026-04",))
    assert sums["missed"] == (0, (), ("2026-Q1", "2026-04"))
    assert sums["contacts"] == (40, ("2026-Q1",), ())
    assert (sums["referrals"], sums["full"]) == ((31, ("2026-Q1",), ()), (9, ("2026-Q1",), ()))
    assert (made.late, made.closed) == ((("2026-Q1", 8),), (("2026-Q1", "2026-07-20"),))
    assert made.waits == (("2026-Q1", {"median": 1, "ninety": 8}),)
    (region,) = [grid for grid in made.tables if grid.name == "region"]
    assert (region.rows, region.rest) == ({"ca-on": (25,)}, (15,))
    assert report(shown(Q1=FIRST), date(2026, 1, 2), date(2026, 3, 31), SECTIONS).spans == ()


def test_no_difference_of_two_reports_is_finer_than_what_is_published() -> None:
    """Of any two spans of days the sums differ by published numbers: nothing under the floor is among them."""
    days = [date(2026, month, day) for month in range(1, 7) for day in (1, 15, 28)]
    released = {10, 7, 30, 21}
    found = {
        next(each.count for each in report(shown(Q1=FIRST, Q2=SECOND), first, last, ("sums",)).sums)
        for first in days
        for last in days
        if first < last
    }
    assert found <= {a + b + c for a in (0, 10, 20, 30) for b in (0, 7, 14, 21) for c in (0,)}
    assert min(released) >= 5


def test_chats_are_shown_as_sums_steps_and_bands_and_not_where_they_are_few() -> None:
    months = {
        "2026-01": {"answered": 9},
        "2026-02": {"answered": 9, "missed": 4},
        "2026-03": {"answered": 4, "missed": 2},
    }
    chat = {"waits": {"0": 12, "8": 10}, "asked": {"es": 13, "ti": 2, "pa": 9}, "came": {"3": 40, "9": 4}, "missed": {}}
    tally = Tally(months=months, chat=chat)
    # One month of four: the three months stay one number.
    assert months_shown(tally, 5) == {}
    assert chats_shown(tally, 5, {"es": 30, "ti": 9}) == {
        "sums": {"answered": 22, "missed": 6},
        "waits": {"median": 0, "ninety": 8},
        "asked": {"es": 10},
        "load": {"3": 3},
    }
    # Where all came in one hour, that hour would tell that nobody came in any other.
    few = Tally(months={}, chat={"came": {"3": 20}, "waits": {"0": 19}})
    assert chats_shown(few, 5, {}) == {}


async def publish(services: Services, **releases: Release) -> None:
    await services.staff.accounts.ready()
    number = services.staff.accounts.newest_pepper()
    pepper = services.staff.accounts.pepper(number)
    async with services.database.write() as connection:
        for name, release in releases.items():
            span, day, body = f"2026-{name}", "2026-07-20", msgspec.json.encode(release).decode()
            marked = mark(pepper, "figures release", span, day, body)
            await connection.execute(
                insert(figure_releases).values(span=span, day=day, body=body, pepper=number, mark=marked)
            )


async def test_a_statistics_viewer_sees_figures_and_nothing_else_and_what_she_takes_is_written_down(
    ada: Walker,
) -> None:
    await publish(ada.services, Q1=FIRST)
    viewer = await join(ada, alias="Vera", role="statistics_viewer")
    assert await viewer.open("/desk/figures") == 404, "nobody has vouched for her yet"
    await give(ada, "Vera")
    assert await viewer.open("/desk/figures?from=2026-01-01&to=2026-03-31") == 203, viewer.page[-600:]
    assert viewer.sees("Answered") or viewer.sees("answered")
    for words in (
        "8 are of an earlier quarter",
        "Refused: no place",
        "30",
        "60 seconds",
        "more than 30 minutes",
        "10 to 14",
        "Not shown, together",
        "Ontario",
    ):
        assert viewer.sees(words), words
    for closed in ("/desk/figures/load", "/desk/records", "/desk/tips", "/desk/board", "/desk/entries"):
        assert await viewer.open(closed) == 404, closed
    assert await viewer.post("/desk/figures/take", {"from": "2026-01-01", "to": "2026-03-31"}) == 200
    assert '"2026-Q1","2026-07-20","5","total","contacts","40"' in viewer.page
    # The rules stand in the file, in her language, and each sum with the spans it is over.
    assert '"","","","rule","missed","Somebody wrote, and nobody took the chat' in viewer.page
    assert '"2026-Q1","","","sum","full","9"' in viewer.page
    assert '"2026-Q1","","","late","contacts","8"' in viewer.page
    assert '"2026-Q1","2026-07-20","5","chat.waits","ninety","8"' in viewer.page
    assert "figures.taken" in await acts(ada.services)


async def test_a_shape_is_kept_by_its_name_opened_again_and_taken_away(ada: Walker) -> None:
    await publish(ada.services, Q1=FIRST)
    fields: dict[str, str | list[str]] = {"from": "2026-01-01", "to": "2026-03-31", "name": "Spring", "part": ["sums"]}
    assert await ada.post("/desk/figures/keep", fields) == 203
    assert ada.sees("Spring")
    assert "part=sums" in ada.page
    async with ada.services.database.write() as connection:
        await connection.execute(update(figure_shapes).values(name="Not ours"))
    await ada.open("/desk/figures")
    assert not ada.sees("Not ours")
    assert await ada.post("/desk/figures/keep", {"from": "then", "to": "now", "name": "x"}) == 404


async def test_the_page_says_where_records_are_deleted_before_they_are_counted(ada: Walker) -> None:
    await ada.open("/desk/figures")
    assert not ada.sees("the figures are too low")
    ada.services.settings = replace(ada.services.settings, record_days=90)
    await ada.open("/desk/figures")
    assert ada.sees("deleted after 90 days")


async def test_waits_and_load_are_for_supervisors_and_say_levels_by_the_hour(ada: Walker) -> None:
    assert await ada.open("/desk/figures/load") == 203
    assert ada.sees("No quarter is closed yet.")
    await publish(ada.services, Q1=FIRST)
    read: list[str] = []
    event.listen(
        ada.services.database._rows.readers.sync_engine, "before_cursor_execute", lambda *of: read.append(of[2])
    )
    await ada.open("/desk/figures/load")
    # P16: of the page's own it reads what is published, and no row that is about anybody.
    tables = {table for one in read for table in re.findall(r"FROM (\w+)", one)}
    assert "figure_releases" in tables
    assert tables <= {"figure_releases", *OF_EVERY_PAGE}, tables
    assert re.findall(r'<td class="is-(\d)">(\d)</td>', ada.page) == [("2", "2")]
    assert ada.sees("Too few to be told by the hour.")
