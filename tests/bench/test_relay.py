"""Holds the relay bench to the job it names: each word once, acknowledged, and the page drawn from what came."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from bench.relay.measure import Measured, NotRelayed, Work, looked_after
from bench.relay.page import BEGINS, ENDS, drawn, written_into
from bench.relay.peers import FLOOR, PEER_ROWS
from bench.relay.porchlight import PorchlightRow
from bench.relay.results import Results, targets
from bench.relay.row import OpenTalks, Row
from bench.relay.run import measured
from bench.relay.talk import Talk

HANDFUL = Work(
    conversations=2, held=2, seconds=0.5, warm_s=0.1, paced=2, pace=20, paced_s=0.5, idle=0, idle_held=1, idle_before=0
)


def rounds(ours: Measured, floor: Measured) -> Results:
    results = Results(FLOOR.name, PorchlightRow.name, to_disk_ms=[0.2], load=[0.0])
    results.measured = {FLOOR.name: {1: floor}, PorchlightRow.name: {1: ours}}
    return results


def test_the_floor_and_ours_do_the_job_and_the_page_says_what_came(short_tmp_path: Path) -> None:
    rows: list[Row] = [FLOOR, PorchlightRow(1)]

    results = measured(rows, 1, HANDFUL, short_tmp_path)

    assert results.failed == {}
    floor, ours = (results.measured[row.name][1] for row in rows)
    for each in (floor, ours):
        assert each.each_second > 0
        assert each.server_us > 0
        assert 0 < each.p50 <= each.p99
    page = drawn(results, rows, targets(results, "", ""), HANDFUL)
    (line,) = [line for line in page.splitlines() if line.startswith(f"| {PorchlightRow.name} | ") and "x" in line]
    assert f" {ours.each_second / floor.each_second:.2f}x " in line
    assert f" {ours.server_us / floor.server_us:.2f}x " in line
    assert f" {ours.p50 / floor.p50:.2f}x " in line
    assert "not measured" in page, "nothing stood idle, and the page must not say that something did"


@pytest.mark.long
def test_every_peer_does_the_job(short_tmp_path: Path) -> None:
    """Of a peer only that it relays: how fast is for a quiet machine to say."""
    work = Work(4, 2, 1.0, 0.5, 2, 20, 1.0, 4, 2, 2)
    rows: list[Row] = [FLOOR, PorchlightRow(3), *PEER_ROWS]

    results = measured(rows, 1, work, short_tmp_path)

    assert results.failed == {}
    assert [row.name for row in rows if results.measured[row.name][1].each_second <= 0] == []


def test_a_word_told_twice_is_seen() -> None:
    heard: list[str] = []
    talk = Talk(heard.append, heard.append)
    talk.begin()
    talk.advocate_hears(heard[0])
    talk.advocate_hears(heard[0])

    assert len(heard) == 2, "the advocate answers once"
    with pytest.raises(NotRelayed, match="twice"):
        looked_after(OpenTalks([talk]))


def test_a_word_acknowledged_and_never_heard_is_seen() -> None:
    heard: list[str] = []
    talk = Talk(heard.append, heard.append)
    talk.begin()
    talk.is_accepted(heard[0])

    with pytest.raises(NotRelayed, match="never came"):
        looked_after(OpenTalks([talk]))


def test_a_round_is_over_when_both_were_heard_and_acknowledged() -> None:
    said: list[str] = []
    took: list[float] = []
    talk = Talk(said.append, said.append)
    talk.done = lambda _talk, seconds: took.append(seconds)
    talk.begin()
    talk.is_accepted(said[0])
    talk.advocate_hears(said[0])
    talk.visitor_hears(said[1])
    assert talk.is_busy
    assert took == []

    talk.is_accepted(said[1])

    assert not talk.is_busy
    assert len(took) == 1
    looked_after(OpenTalks([talk]))


@pytest.mark.parametrize(
    ("ours", "falls_short"),
    [
        (Measured(2000, 40, 10, 0.1, 1.4, 2.5, 32.0), set()),
        (Measured(1990, 40, 10, 0.1, 1.4, 2.5, 32.0), {"messages a second, of the floor's"}),
        (Measured(2000, 41, 10, 0.1, 1.4, 2.5, 32.0), {"server CPU a message, of the floor's"}),
        (Measured(2000, 40, 10, 0.1, 1.5, 2.5, 32.0), {"paced p50"}),
        (Measured(2000, 40, 10, 0.1, 1.4, 2.6, 32.0), {"paced p99, of the floor's"}),
        (Measured(2000, 40, 10, 0.1, 1.4, 2.5, 32.1), {"KiB an idle conversation"}),
    ],
)
def test_a_figure_that_falls_short_is_called_so(ours: Measured, falls_short: set[str]) -> None:
    results = rounds(ours, Measured(1000, 100, 10, 0.1, 1.0, 1.0, 20.0))

    asked = targets(results, "", "")

    assert {each.asked.partition(":")[0] for each in asked if not each.is_met} == falls_short
    page = drawn(results, [FLOOR, PorchlightRow(1)], asked, HANDFUL)
    assert page.count("falls short") == len(falls_short)


def test_work_too_short_for_the_clock_is_no_measure() -> None:
    results = rounds(Measured(2000, 40, 10, 0.1, 1.4, 2.5, 32.0), Measured(1000, 100, 0, 0.1, 1.0, 1.0, 20.0))

    assert results.ratios(PorchlightRow.name, FLOOR.name, lambda each: each.broker_us) == []
    assert "not measured" in drawn(results, [FLOOR, PorchlightRow(1)], targets(results, "", ""), HANDFUL)


def test_a_row_that_failed_in_one_round_is_set_beside_the_same_rounds_of_others() -> None:
    results = rounds(Measured(3000, 1, 1, 0, 1, 1, 1), Measured(1000, 1, 1, 0, 1, 1, 1))
    results.measured[PorchlightRow.name][2] = Measured(8000, 1, 1, 0, 1, 1, 1)
    results.measured[FLOOR.name] = {2: Measured(2000, 1, 1, 0, 1, 1, 1)}

    assert results.ratios(PorchlightRow.name, FLOOR.name, lambda each: each.each_second) == [4.0]


def test_only_what_was_measured_is_written_anew(tmp_path: Path) -> None:
    page = tmp_path / "relay.md"
    page.write_text(f"# Above\n\n{BEGINS}\n\nold\n\n{ENDS}\n\nBelow.\n", "utf-8")

    written_into(page, "new")

    assert page.read_text("utf-8") == f"# Above\n\n{BEGINS}\n\nnew\n\n{ENDS}\n\nBelow.\n"


def test_nothing_measured_is_no_figure() -> None:
    results = rounds(Measured(1, 1, 1, 0, 1, 1, math.nan), Measured(1, 1, 1, 0, 1, 1, math.nan))

    asked = targets(results, "", "")

    assert not [each for each in asked if "idle" in each.asked]
