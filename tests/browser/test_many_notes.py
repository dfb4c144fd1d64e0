"""Tells of a flood of notes: what happens now is kept, nobody's words are lost, and the desk closes it with one act."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from portal.assembly import start_key
from portal.clock import StillClock
from portal.store.embers import Embers
from portal.web.csrf import StartTokens
from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.patience import PATIENCE_S
from tests.support.reporters import LineReporter
from tests.support.server_process import House
from tests.support.web import HERE

pytestmark = pytest.mark.browser

SCRIPTS, NOW, PEOPLE = 150, 20, 6
SPAM = (
    "Best cheap phones at our shop today, call now for a great discount on every model that we have in stock, and ask "
    "for {} before the offer ends"
)


def tokens(house: House, age_s: float, count: int) -> list[str]:
    """Start tokens as pages of this house carried them so long ago."""
    clock = StillClock(datetime.now(UTC) - timedelta(seconds=age_s))
    made = StartTokens(start_key(house.keys), _no_store(), clock)
    return [made.make() for _ in range(count)]


def _no_store() -> Embers:
    return Embers(None)  # type: ignore[arg-type]  # a token is only made here, and spent by the house


def kept(house: House) -> int:
    """How many notes stand in the house's own rows."""
    with sqlite3.connect(f"file:{house.database}?mode=ro", uri=True) as rows:
        return int(rows.execute("SELECT count(*) FROM tips").fetchone()[0])


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house of its own: what is left here would stand in everybody's inbox."""
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready


@pytest.fixture(scope="module")
def outcome(opened: OpenHouse) -> Counter[str]:
    """A flood came: how many of each kind came in, and how many were turned away. A faster machine takes in more."""
    house = opened.house
    forms = [("hasty", each, "") for each in tokens(house, 5, SCRIPTS)]
    forms += [("now", each, "1") for each in tokens(house, 5, NOW)]
    forms += [("calm", tokens(house, 40 + 2 * number, 1)[0], "") for number in range(PEOPLE)]
    forms.sort(key=lambda form: form[1][-4:])  # by chance: the end of a token is a mark nobody can foresee
    before, found = kept(house), Counter[str]()

    with (
        httpx.Client(timeout=PATIENCE_S, **HERE, headers={"Sec-Fetch-Site": "same-origin"}) as web,
        ThreadPoolExecutor(32) as crowd,
    ):

        def sends(form: tuple[str, str, str]) -> tuple[str, bool]:
            lane, token, soon = form
            words = SPAM.format(re.sub(r"\W|_", "x", token)) if lane == "hasty" else f"kestrel {token}"
            fields = {"k": token, "words": words, "soon": soon, "keep": "2"}
            answer = web.post(f"{house.public}/en/note", data=fields)
            assert answer.status_code == 303
            page = web.get(house.public + answer.headers["location"]).text
            is_kept = 'name="words"' not in page
            assert is_kept or words in page
            return lane, is_kept

        for lane, is_kept in crowd.map(sends, forms):
            found[f"{lane} {'in' if is_kept else 'turned away'}"] += 1
    found["more than before"] = kept(house) - before
    return found


def test_what_happens_now_comes_in_through_a_flood_and_nobodys_words_are_lost(outcome: Counter[str]) -> None:
    assert outcome["now in"] == NOW
    assert outcome["calm in"] == PEOPLE
    assert outcome["hasty turned away"] > 0
    assert outcome["hasty in"] > 0
    assert outcome["more than before"] == outcome["now in"] + outcome["calm in"] + outcome["hasty in"]


def test_a_heap_is_looked_into_closed_but_for_one_and_opened_again(
    opened: OpenHouse, chromium: Chromium, outcome: Counter[str]
) -> None:
    house = opened.house
    true = LineReporter(house)
    true.sends_note(f"{SPAM.format('her')}. She is in room nine, and she is fifteen.", wants_number=False)
    before = open_ones(house)
    page = chromium.new_context(script=False).new_page()
    opened.admin.signs_in_with(page)
    page.goto(f"{house.desk}/desk/tips")
    page.locator(".tips-like").first.click()
    page.get_by_role("heading", name="tips that say nearly the same").wait_for()
    assert "fifteen" in page.locator(".heap-members li").first.inner_text()
    page.locator(".heap-members li").first.get_by_label("Leave this one open").check()
    page.get_by_role("button", name="Close all").click()
    done = page.get_by_role("heading", name="tips are closed")
    done.wait_for()
    closed = int(done.inner_text().split()[0])
    assert closed == outcome["hasty in"]
    assert open_ones(house) == before - closed
    page.get_by_role("button", name="Open them all again").click()
    page.get_by_role("heading", name=f"{closed} tips are open again").wait_for()
    assert open_ones(house) == before
    page.context.close()
    true.close()


def open_ones(house: House) -> int:
    """How many notes nobody has closed."""
    with sqlite3.connect(f"file:{house.database}?mode=ro", uri=True) as rows:
        return int(rows.execute("SELECT count(*) FROM tips WHERE status != 'closed'").fetchone()[0])
