"""Walks a phone through the house, ends the visit in every way there is, and finds none of it in the phone's files."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.chromium import Chromium
from tests.support.device_search_house import ListenedHouse, listened_house_at
from tests.support.device_search_journeys import LANGUAGE
from tests.support.device_search_phone import ChromiumPhone, FirefoxPhone, Phone
from tests.support.device_search_table import PIECES
from tests.support.device_search_walk import (
    CLOSED,
    CUT,
    ENDINGS,
    EXIT,
    KILLED,
    KINDS,
    TOKENS,
    TYPED,
    WRITES_ALL_S,
    WRITES_SESSION_S,
    Left,
    Trace,
    walk,
)
from tests.support.navigators import words
from tests.support.public_pages import LANGUAGES
from tests.support.reader import Reader
from tests.support.reporters import slip

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.timeout(240)]

ENGINES = ("chromium", "firefox")
TALK_PATHS = ("talk", *(f"talk/{page}" for page in ("words", "write", "back", "closed", "start")))
LEAVING = "read/leaving"
# A page of the frame of words may live for its stream and a minute more.
PASS_LASTS_S = 125


@dataclass(frozen=True)
class Case:
    """One visit: in which browser, with script or not, which journeys side by side, and how it ends."""

    engine: str
    script: bool
    ending: str
    journeys: tuple[str, ...] = ()

    @property
    def walked(self) -> tuple[str, ...]:
        return self.journeys or PIECES[self.script][0]

    def __str__(self) -> str:
        script = "script" if self.script else "no script"
        return f"{self.engine} | {script} | {', '.join(self.walked)} | {self.ending}"


@dataclass(frozen=True)
class Exempt:
    """A trace that is left and cannot be helped: which, why, and the sentence of the page that says so."""

    engine: str
    script: bool
    ending: str
    kinds: tuple[str, ...]
    why: str
    says: str

    def covers(self, case: Case, trace: Trace, left: Left) -> bool:
        here = (self.engine, self.script, self.ending) == (case.engine, case.script, case.ending)
        # Of what was typed only what was just being sent; what was sent before is not excused.
        return here and trace.kind in self.kinds and (trace.kind != TYPED or trace.what in left.being_sent)


EXEMPT = (
    Exempt(
        "chromium",
        False,
        CUT,
        (TYPED, TOKENS),
        "Chromium keeps a post that got no answer, to offer it again, and its session files hold it with its body. "
        "Without script the browser itself posts, and a line that is gone lets nobody answer 303.",
        "leaving.broken",
    ),
)
# Two traces stand in every row and are no words: the host's name, and the addresses of pages. What an address opened
# is gone after two minutes, or at once after the exit: `opens_nothing` asks.
ALWAYS_SAID = ("leaving.history", "leaving.addresses")

# What every run of the suite walks: one with each engine, and the ending that leaves most. The whole table, an exit
# without script among it, takes an hour.
SHORT = (
    Case("chromium", True, KILLED),
    Case("firefox", False, CLOSED),
)


def visits(engine: str, script: bool, journeys: tuple[str, ...]) -> Iterator[Case]:
    """Every ending of one piece.

    Side by side, but for the exit: its answer empties caches, and could hide what another page left.
    """
    for ending in ENDINGS:
        if ending == EXIT:
            yield from (Case(engine, script, ending, (journey,)) for journey in journeys)
        else:
            yield Case(engine, script, ending, journeys)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ListenedHouse]:
    with listened_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready


@pytest.fixture(scope="module")
def spent(house: ListenedHouse) -> Iterator[set[str]]:
    """The addresses of all visits of the table; when none can be good for anything any more, none is."""
    print("\n| browser | script | journeys | ending | files | words sought | " + " | ".join(KINDS) + " | addresses |")
    found: set[str] = set()
    yield found
    time.sleep(PASS_LASTS_S)
    opens_nothing(house, found)


def phone_for(case: Case, chromium: Chromium, folder: Path) -> Phone:
    if case.engine == "firefox":
        return FirefoxPhone(folder, script=case.script)
    return ChromiumPhone(chromium.driver, folder, script=case.script)


def unexplained(case: Case, left: Left) -> list[str]:
    """The traces no exemption covers; and an exemption that covers nothing is out of date."""
    ours = [one for one in EXEMPT if (one.engine, one.script, one.ending) == (case.engine, case.script, case.ending)]
    stale = [f"nothing to excuse: {one.why}" for one in ours if not any(one.covers(case, t, left) for t in left.traces)]
    bare = [trace for trace in left.traces if not any(one.covers(case, trace, left) for one in ours)]
    return stale + [f"{trace.kind}: {trace.where}" for trace in bare]


def row(case: Case, left: Left) -> str:
    """What was found, as it stands in docs/device-search.md."""
    counts = [left.count(kind) for kind in KINDS]
    return f"| {case} | " + " | ".join(map(str, [left.files, left.sought, *counts, len(left.passes)])) + " |"


def opens_nothing(house: ListenedHouse, passes: set[str]) -> None:
    """No address of the visit that a phone still knows leads to anything of it."""
    with Reader(house.origin) as reader:
        for one in passes:
            for path in ("note", "note/back", *TALK_PATHS, "read/measures"):
                reader.opens(f"/{LANGUAGE}/{path}/{one}")
                shown = reader.answer.text
                assert "heron" not in shown, path
                assert not re.search(r"\d", slip(shown)), path


@pytest.mark.parametrize("case", SHORT, ids=str)
def test_after_a_visit_its_words_are_nowhere_on_the_phone(
    chromium: Chromium, house: ListenedHouse, short_tmp_path: Path, case: Case
) -> None:
    """Requirements 33 and 34 of docs/safety.md: journeys in every file of the profile, unpacked."""
    left = walk(house, phone_for(case, chromium, short_tmp_path), case.walked, case.ending, waits_s=WRITES_SESSION_S)

    print(row(case, left))
    assert unexplained(case, left) == []
    if case.ending == EXIT:
        assert left.passes
        opens_nothing(house, left.passes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_stays(house: ListenedHouse, language: str) -> None:
    """Each exemption has its sentence where a person can read it, one tap from every exit."""
    with Reader(house.origin) as reader:
        shown = reader.opens(f"/{language}/{LEAVING}").words
    for key in {*ALWAYS_SAID, *(one.says for one in EXEMPT)}:
        around = words("portal", language, key).split("%(host)s")
        assert all(part.strip(" .") in shown for part in around), key


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("engine", "script", "journeys"),
    [
        pytest.param(engine, script, journeys, id=f"{engine}-{'script' if script else 'no script'}-{journeys[0]}")
        for engine in ENGINES
        for script, pieces in PIECES.items()
        for journeys in pieces
    ],
)
def test_the_whole_table(
    chromium: Chromium,
    house: ListenedHouse,
    spent: set[str],
    short_tmp_path: Path,
    engine: str,
    script: bool,
    journeys: tuple[str, ...],
) -> None:
    """Every journey, browser, way of running and ending; prints the table that docs/device-search.md shows."""
    failed: list[str] = []
    for number, case in enumerate(visits(engine, script, journeys)):
        folder = short_tmp_path / str(number)
        left = walk(house, phone_for(case, chromium, folder), case.walked, case.ending, waits_s=WRITES_ALL_S)
        shutil.rmtree(folder)
        if case.ending == EXIT:
            opens_nothing(house, left.passes)
        spent |= left.passes
        failed += [f"{case}: {each}" for each in unexplained(case, left)]
        print(row(case, left))

    assert failed == []
