"""A quarter is closed with a holder's keys: what it reads and shows, what lies on the disk, what never changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest
from msgspec.structs import replace as with_
from sqlalchemy import event, insert, select

from portal.clock import StillClock
from portal.directory.referral import Referral
from portal.directory.referral_tables import referrals
from portal.figures.closing import Closing, releases_of
from portal.figures.periods import Quarter, quarter_of, quarters_of, read_quarter, settled
from portal.figures.release import ShownTable
from portal.figures.slips import HOURS
from portal.figures.tables import figure_releases, figure_tallies
from portal.figures.tally import (
    READ_OF_A_CASE,
    READ_OF_A_RECORD,
    READ_OF_A_REFERRAL,
    Counted,
    CountedCase,
    CountedReferral,
    counted,
)
from portal.records.case_tables import cases
from portal.records.contacts import Sealed
from portal.records.tables import contact_records
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.figures.quarters import a_quarter, closed, record
from tests.portal.staff.walker import acts

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

# What the work behind the figures may read, column by column. Nothing here names anybody: `case_people`, with the
# column of the names, and every table of tips, staff and conversations are not in it, and may not be. Of a referral the
# id of whoever made it and, under the pepper, what it belongs to come with the row; neither is looked at.
SENT = Referral(
    service="", service_name="House on Mill Road", organisation="", organisation_name="", kind="ngo", way="card"
)
MAY_READ = {
    "contact_records": {"id", "day", "waits", "sealed", "pepper", "mark", "until"},
    "cases": {"id", "day", "touched", "status", "waits", "merged_into", "revision", "sealed", "pepper", "mark"},
    "directory_referrals": {"id", "day", "staff", "waits", "sealed", "pepper", "mark", "until", "part"},
    "figure_late": {"id", "quarter", "pepper", "mark"},
    "figure_slips": {"id", "month", "sealed", "pepper", "mark"},
    "figure_tallies": {"id", "quarter", "sealed", "pepper", "mark"},
    "figure_releases": {"span", "day", "body", "pepper", "mark"},
}
OURS = frozenset({"audit_lines", "key_statements", "site_facts"})  # that it was done, whose key is whose, which house


async def test_a_closed_quarter_shows_counts_hides_small_ones_and_leaves_none_on_the_disk(house: ChatHouse) -> None:
    quarter = await a_quarter(house, **{"ca-on": 12, "ca-bc": 3})
    statements: list[str] = []
    event.listen(
        house.services.database._rows.readers.sync_engine,
        "before_cursor_execute",
        lambda *of: statements.append(of[2]),
    )
    await closed(house)
    (shown,) = await house.services.figures.shown()
    assert (shown.span, shown.release.totals) == (str(quarter), {"contacts": 15})
    # Three of a region and the twelve beside them: one tells the other, so both are among the rest.
    assert (shown.release.tables["region"].rows, shown.release.tables["region"].rest) == ({}, 15)
    assert "kind" not in shown.release.tables
    tallies = await house.services.figures.tallies(house.advocate)
    assert tallies[quarter].tables["region"]["ca-bc"] == 3
    assert await house.services.figures.tallies(replace(house.advocate, _keys={})) == {}
    async with house.services.database.read() as connection:
        (kept,) = (await connection.execute(select(figure_tallies))).all()
    assert b"ca-bc" not in kept.sealed
    assert "figures.closed" in await acts(house.services)
    # P16: it reads these columns of these tables, and no other.
    read = [one for one in statements if not any(f"FROM {table}" in one for table in OURS)]
    assert {table for one in read for table in re.findall(r"FROM (\w+)", one)} == set(MAY_READ)
    assert {(table, column) for one in read for table, column in re.findall(r"(\w+)\.(\w+)", one)} <= {
        (table, column) for table, columns in MAY_READ.items() for column in columns
    }


async def test_what_is_read_of_a_record_or_a_case_holds_nobody() -> None:
    assert Counted.__struct_fields__ == READ_OF_A_RECORD
    assert CountedCase.__struct_fields__ == READ_OF_A_CASE
    assert CountedReferral.__struct_fields__ == READ_OF_A_REFERRAL
    assert set(MAY_READ["directory_referrals"]) == {column.name for column in referrals.columns}
    assert set(MAY_READ["contact_records"]) == {column.name for column in contact_records.columns}
    assert set(MAY_READ["cases"]) == {column.name for column in cases.columns}


async def test_a_published_quarter_never_changes_and_is_closed_once(house: ChatHouse) -> None:
    quarter = await a_quarter(house, **{"ca-on": 30})
    closing = await closed(house)
    before = await house.services.figures.shown()
    # Those that come late change nothing of it. They count in the quarter in which they came, which says how many.
    sealed = [await sealed_on(house, quarter.ends) for _ in range(6)]
    for each in sealed:
        await house.services.contacts.put(each)
        await house.services.contacts.put(each)
    await closing.work(house.advocate)
    assert await house.services.figures.shown() == before
    await a_quarter(house, **{"ca-bc": 14})
    await closing.work(house.advocate)
    newer, older = await house.services.figures.shown()
    assert [older] == before
    assert (newer.release.totals, newer.release.late) == ({"contacts": 20}, {"contacts": 6})
    assert await house.services.figures.late(read_quarter(newer.span)) == []
    before = [newer, older]
    tally = counted([], [])
    assert not await house.services.figures.close(
        quarter, tally, releases_of(quarter, {quarter: tally}, {}, 5), by=house.advocate
    )
    assert await house.services.figures.shown() == before


async def sealed_on(house: ChatHouse, day: date) -> Sealed:
    """A record that was sealed on this day, and comes only now: its database was away."""
    clock, now = house.services.clock, house.services.clock.now()
    assert isinstance(clock, StillClock)
    clock.advance(timedelta(days=(day - now.date()).days))
    made = await house.services.contacts.seal(record("ca-on"))
    clock.advance(now - clock.now())
    return made


async def test_referrals_are_counted_by_what_became_of_them_and_by_nothing_else(house: ChatHouse) -> None:
    quarter = quarter_of(house.clock.now().date())
    for outcome, many in (("full", 7), ("reached", 12), ("", 10)):
        sent = with_(SENT, outcome=outcome)
        for _ in range(many):
            await house.services.referrals.write(house.advocate, sent)
    await a_quarter(house)
    await closed(house)
    (shown,) = await house.services.figures.shown()
    assert (shown.span, shown.release.totals) == (str(quarter), {"referrals": 29})
    # `waiting`, `refused` and `not_gone` are nobody: hidden, and with them what is not known, ten.
    assert shown.release.tables["outcome"] == ShownTable(rows={"reached": 12, "full": 7}, rest=10)
    (tally,) = (await house.services.figures.tallies(house.advocate)).values()
    assert "Mill Road" not in str(msgspec.json.encode(tally))


def test_the_largest_tally_fits_into_its_seal() -> None:
    """Every row of every table, every hour of the week, each with a count of five digits."""
    tally = counted([], [])
    tally.tables = {name: dict.fromkeys(rows, 99_999) for name, rows in tally.tables.items()}
    hours = {str(hour): 9_999 for hour in range(HOURS)}
    tally.chat = {"came": hours, "missed": hours, "asked": tally.tables["language"], "waits": {"8": 99_999}}
    assert len(msgspec.json.encode(tally)) < 16_000


async def test_who_only_writes_rows_adds_no_count_and_publishes_nothing(house: ChatHouse) -> None:
    quarter = await a_quarter(house, **{"ca-on": 30})
    today = quarter.begins.isoformat()
    async with house.services.database.write() as connection:
        forged = {
            "id": bytes(16),
            "day": today,
            "waits": "",
            "sealed": b"x",
            "until": today,
            "pepper": 1,
            "mark": bytes(32),
        }
        await connection.execute(insert(contact_records).values(**forged))
        body = '{"version":1,"floor":5,"totals":{"contacts":900}}'
        await connection.execute(
            insert(figure_releases).values(span="2019-Q1", day=today, body=body, pepper=1, mark=bytes(32))
        )
    await closed(house)
    assert [(each.span, each.release.totals) for each in await house.services.figures.shown()] == [
        (str(quarter), {"contacts": 30})
    ]


async def test_nothing_is_closed_before_it_has_settled_or_without_the_key(house: ChatHouse) -> None:
    quarter = await a_quarter(house, **{"ca-on": 30})
    house.services.clock.advance(timedelta(days=-2))  # type: ignore[attr-defined]
    await closed(house)
    assert await house.services.figures.shown() == []
    house.services.clock.advance(timedelta(days=2))  # type: ignore[attr-defined]
    await Closing(house.services).work(replace(house.advocate, _keys={}))
    assert await house.services.figures.shown() == []
    assert not quarter.is_settled(quarter.ends + timedelta(days=14))


def test_quarters_follow_one_another_and_read_as_they_are_written() -> None:
    first = Quarter(2026, 4)
    assert (first.begins, first.ends, first.next) == (date(2026, 10, 1), date(2026, 12, 31), Quarter(2027, 1))
    assert first.months == ("2026-10", "2026-11", "2026-12")
    assert read_quarter(str(first)) == first
    assert list(settled(date(2026, 2, 3), date(2026, 7, 15))) == list(quarters_of(2026)[:2])
    for wrong in ("2026", "2026-Q5", "26-Q1"):
        with pytest.raises(ValueError, match="no quarter"):
            read_quarter(wrong)


def test_a_year_is_shown_when_its_four_quarters_were_counted() -> None:
    said = [Counted(language="es", said={"region": ("ca-on",)}) for _ in range(30)]
    tallies = {quarter: counted(said, []) for quarter in quarters_of(2026)}
    shown = {
        str(quarter): release
        for quarter in quarters_of(2026)[:3]
        for release in [releases_of(quarter, tallies, {}, 5)[str(quarter)]]
    }
    made = releases_of(Quarter(2026, 4), tallies, shown, 5)
    assert set(made) == {"2026-Q4", "2026"}
    assert made["2026"].totals == {"contacts": 120}
    del shown["2026-Q2"]
    assert set(releases_of(Quarter(2026, 4), tallies, shown, 5)) == {"2026-Q4"}
    assert with_(made["2026"], version=1) == made["2026"]
