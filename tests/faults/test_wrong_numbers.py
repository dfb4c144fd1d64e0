"""Somebody tries wrong numbers without end: tips are filed beside it, a talk goes on, and no answer differs.

`make numbers` runs the long form, 500 a second for five minutes, and shows the figures.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bench.__main__ import floor
from tests.support.line_people import HAND_S, LineVisitor
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.reporters import LineReporter
from tests.support.server_process import REPOSITORY

REPORTERS = 4
BEAT_S = 1.0  # a hand is not faster, and whoever is, is told to go slower


@dataclass
class Beside:
    """What went on meanwhile: seconds from a sent tip to its number, from a number to its tip, from words to eyes."""

    filed: list[float] = field(default_factory=list)
    came: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def lives(opened: OpenHouse, seconds: float) -> Beside:
    """Some reporters send tips one after another while a visitor and her advocate talk, for so long."""
    beside, ends = Beside(), time.monotonic() + seconds
    filing = [threading.Thread(target=files, args=(opened, beside, ends)) for _ in range(REPORTERS)]
    for each in filing:
        each.start()
    talks(opened, beside, ends)
    for each in filing:
        each.join()
    return beside


def files(opened: OpenHouse, beside: Beside, ends: float) -> None:
    """Tips, one after another."""
    while time.monotonic() < ends:
        reporter = LineReporter(opened.house)
        try:
            reporter.reader.opens("/en/note")
            form = reporter.page.form(with_field="words")
            time.sleep(HAND_S)
            words, began = f"a van, seen at {time.monotonic()}", time.monotonic()
            reporter.reader.sends(form, {"words": words, "keep": "1"})
            reporter.reads_her_number()
            beside.filed.append(time.monotonic() - began)
            began = time.monotonic()
            comes_back(reporter, words)
            beside.came.append(time.monotonic() - began)
        except Exception as error:  # a thread that dies silently would look like a quiet house
            beside.wrong.append(repr(error))
        finally:
            reporter.close()


def comes_back(reporter: LineReporter, words: str) -> None:
    """Her number opens her tip, at once or when the page that holds her place has asked again."""
    reporter.reader.opens("/en/note/back")
    reporter.reader.sends(reporter.page.form(with_field="number"), {"number": reporter.receipt})
    while again := reporter.reader.answer.headers.get("refresh"):
        seconds, _, address = again.partition(";")
        time.sleep(float(seconds))
        reporter.reader.opens(address.split("url=")[1])
    assert words in reporter.page.words


def talks(opened: OpenHouse, beside: Beside, ends: float) -> None:
    """Words there and back, several a second."""
    desk = opened.admin.opens_the_line()
    desk.is_ready()
    with LineVisitor.starts(opened.house) as visitor:
        visitor.says("hello")
        talk = desk.takes_next()
        number = 0
        while time.monotonic() < ends:
            number += 1
            began = time.monotonic()
            visitor.says(f"word {number}")
            desk.hears(f"word {number}")
            beside.heard.append(time.monotonic() - began)
            began = time.monotonic()
            desk.says(talk, f"answer {number}")
            visitor.hears(f"answer {number}")
            beside.heard.append(time.monotonic() - began)
            time.sleep(BEAT_S)
        visitor.leaves("end")
        desk.line.hear("ConversationClosed", conversation=talk)
    desk.close()


@contextmanager
def tries_numbers(port: int, rate: float, seconds: float) -> Iterator[dict[str, object]]:
    """A process that tries wrong numbers while the block runs; what it counted stands in what is yielded after it."""
    told: dict[str, object] = {}
    asked = [sys.executable, "-m", "tests.support.number_flood", str(port), str(rate), str(seconds)]
    with subprocess.Popen(asked, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        yield told
        printed, _ = process.communicate(timeout=120)
        told |= json.loads(printed)


def p99(seconds: list[float]) -> float:
    """The 99th of a hundred."""
    return statistics.quantiles(seconds, n=100)[98] if len(seconds) > 1 else seconds[0]


def told_of(what: str, beside: Beside) -> str:
    """One line for a person."""
    return (
        f"{what}: {len(beside.filed)} tips, number shown after {statistics.median(beside.filed):.2f} s (p50),"
        f" {p99(beside.filed):.2f} s (p99); opened again after {statistics.median(beside.came):.2f} s (p50),"
        f" {p99(beside.came):.2f} s (p99); {len(beside.heard)} words of a talk,"
        f" {1000 * statistics.median(beside.heard):.1f} ms (p50), {1000 * p99(beside.heard):.1f} ms (p99)"
    )


def test_a_few_wrong_numbers_a_second_hold_nobody_up(tmp_path: Path) -> None:
    with open_house_at(tmp_path) as opened:
        with tries_numbers(opened.house.port, rate=30, seconds=8) as told:
            beside = lives(opened, 8)
        assert beside.wrong == []
        assert set(dict(told["answers"])) == {"303"}  # type: ignore[call-overload]
        assert beside.filed
        assert beside.heard
        assert beside.came


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_five_hundred_wrong_numbers_a_second(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_house_at(tmp_path) as opened:
        lives(opened, 5)
        quiet = lives(opened, 60)
        # What a talk loses here is what the sender and any server at all take of the processors that all of us share.
        with floor() as (port, _), tries_numbers(port, rate=500, seconds=60) as told_floor:
            elsewhere = lives(opened, 60)
        with tries_numbers(opened.house.port, rate=500, seconds=300) as told:
            beside = lives(opened, 300)
        after = lives(opened, 30)
        with capsys.disabled():
            print(f"\nnumbers tried: {told}; at a server that does nothing: {told_floor}")
            print(told_of("before", quiet))
            print(told_of("beside another server that is tried", elsewhere))
            print(told_of("beside", beside))
            print(told_of("after", after))
        assert [each.wrong for each in (quiet, elsewhere, beside, after)] == [[], [], [], []]
        assert p99(beside.filed) < 2
