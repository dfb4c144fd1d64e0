"""Takes the stores away from under a running house: plain pages with the phone, and back by itself."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import httpx
import pytest

from portal.store.asking import WAIT_IN_ALL
from tests.support.desk_people import PHONE_LINE
from tests.support.html import Document
from tests.support.line_people import HAND_S
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.patience import PATIENCE_S
from tests.support.public_pages import LANGUAGES, PAGES, path
from tests.support.reader import Reader
from tests.support.web import HERE

TOLD = "a van with two doors waits behind the mill"

pytestmark = [pytest.mark.fault, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house of this module's own, since its stores are taken away."""
    with open_house_at(tmp_path_factory.mktemp("h")) as open_house:
        yield open_house


@contextmanager
def without(ready: OpenHouse, what: str) -> Iterator[None]:
    """The database moved away, or a Valkey frozen, or killed and started again afterwards."""
    house = ready.house
    if house.elsewhere is not None:
        with house.elsewhere.without(what):
            yield
        return
    if what == "database":
        hidden = house.database.with_suffix(".away")
        house.database.rename(hidden)
        try:
            yield
        finally:
            hidden.rename(house.database)
        return
    how, which = what.split()
    process = house.valkey(which)
    house.kill(process.pid, signal.SIGSTOP if how == "frozen" else signal.SIGKILL)
    try:
        yield
    finally:
        if how == "frozen":
            house.kill(process.pid, signal.SIGCONT)
        else:
            house.revive(which)


EVERYTHING = ["database", "frozen durable", "frozen ember", "killed durable", "killed ember"]


def opened(ready: OpenHouse, address: str) -> httpx.Response:
    return httpx.get(ready.house.public + address, timeout=PATIENCE_S, follow_redirects=True, **HERE)


@pytest.mark.parametrize("what", EVERYTHING)
def test_every_page_still_stands_with_the_phone_and_the_exit(ready: OpenHouse, what: str) -> None:
    """Nobody who comes in that minute sees a bare error: words in her language, the phone, and the way out."""
    opened(ready, path("home"))  # the phone number is known to each process that has answered once
    with without(ready, what):
        answers = {
            (page, language): opened(ready, path(page, language))
            for page in ("home", "talk", "note", "back", "numbers", "safety")
            for language in ("en", "ar")
        }
    for place, answer in answers.items():
        read = Document(answer.text)
        assert answer.headers["content-type"].startswith("text/html"), place
        assert answer.headers["cache-control"] == "no-store", place
        assert PHONE_LINE in read.words.replace("\u2068", "").replace("\u2069", ""), (place, read.words[:400])
        assert any("data-leave" in given for _, given in read.tags), place


@pytest.mark.parametrize("what", EVERYTHING)
def test_the_house_comes_back_by_itself(ready: OpenHouse, what: str) -> None:
    with without(ready, what):
        opened(ready, path("talk"))
    ends = time.monotonic() + 15
    while True:
        try:
            with ready.visitor_on_the_line() as visitor:
                visitor.says("are you back?")
                break
        except (AssertionError, OSError):
            if time.monotonic() > ends:
                raise
            time.sleep(0.5)
    assert [opened(ready, path(page, language)).status_code for page in PAGES for language in LANGUAGES].count(500) == 0


def test_readiness_says_so_and_liveness_does_not(ready: OpenHouse) -> None:
    def health(which: str) -> int:
        return httpx.get(f"{ready.house.public}/health/{which}", timeout=PATIENCE_S, **HERE).status_code

    assert health("ready") == 200
    with without(ready, "database"):
        assert health("live") == 200
        assert health("ready") == 503
    assert health("ready") == 200


def test_what_somebody_typed_without_script_outlasts_a_store_that_is_away_for_seconds(ready: OpenHouse) -> None:
    """Her words are on their way between two pages; no browser keeps a form of ours for its Back button."""
    with closing(Reader(ready.house.public, timeout=PATIENCE_S)) as her, ThreadPoolExecutor(1) as hand:
        form = her.opens(path("note")).form(with_field="words")
        time.sleep(HAND_S)
        with without(ready, "frozen ember"):
            # The button that shows whom to call now, and sends nothing.
            pressed = hand.submit(her.sends, form, {"words": TOLD, "keep": "3"})
            # Longer than one try waits: only who is held for is still there.
            time.sleep(WAIT_IN_ALL + 0.8)
            assert not pressed.done()
        page = pressed.result()

    assert TOLD in page.form(with_field="words").fields["words"]
