"""Holds the first view of each page to its budget of bytes and requests, compressed, as the browser counts them."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest

from i18n.languages import LANGUAGES as SERVED
from portal.web.assets import Assets
from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse
from tests.support.public_pages import DRAWN, PAGES, path
from tests.support.web import HERE
from tests.support.wire import Wire

pytestmark = pytest.mark.browser

KIB = 1024
# Bytes of the page, its style and the exit's script, for the talk's two pages and the note also its own script. Headers
# are counted apart: over HTTP/2, which the budget is meant for, a header that repeats costs a byte or two; HTTP/1.1
# writes it out each time.
BYTES = {"home": 10 * KIB, "numbers": 10 * KIB, "note": 14 * KIB, "talk": 25 * KIB, "return": 25 * KIB}
ELSE = 14 * KIB
# Where a letter is two or three bytes, or bears two signs: docs/decisions/0026.
MORE = 1 * KIB
WIDE = ("ar", "ur", "fa", "uk", "ru", "pa", "hi", "th", "ko", "zh-Hans", "zh-Hant", "vi")
# So much more while nobody has signed the words of a language: the original beside sentences of safety (decision 0025).
BESIDE = 1 * KIB
REQUESTS = {"talk": 4, "return": 4, "note": 4}
REQUESTS_ELSE = 3
HEADERS = 1 * KIB  # of one answer
LEAVE_SCRIPT = 4 * KIB

SEEN: dict[str, Wire] = {}


def first_view(chromium: Chromium, open_house: OpenHouse, address: str) -> Wire:
    """What one first visit to the address asked for; made once, however many tests ask."""
    if address not in SEEN:
        with chromium.visit() as visit:
            wire = Wire().listen(visit)
            visit.goto(open_house.house.public + address, wait_until="load")
            visit.wait_for_timeout(300)
        SEEN[address] = wire
    return SEEN[address]


@pytest.mark.parametrize("language", DRAWN)
@pytest.mark.parametrize("page", [name for name in PAGES if name != "not there"])
def test_a_first_view_stays_within_its_budget(
    chromium: Chromium, open_house: OpenHouse, page: str, language: str
) -> None:
    wire = first_view(chromium, open_house, path(page, language))
    asked = {one.url.rsplit("/", 1)[-1]: (one.bytes - one.head_bytes, one.head_bytes) for one in wire.pages()}

    assert wire.body_bytes <= budget(page, language), asked
    assert max(one.head_bytes for one in wire.pages()) <= HEADERS, asked
    assert len(wire.pages()) <= REQUESTS.get(page, REQUESTS_ELSE), asked


def budget(page: str, language: str) -> int:
    more = MORE if language in WIDE and page in BYTES else 0
    return BYTES.get(page, ELSE) + more + (0 if language == "en" else BESIDE)


@pytest.mark.parametrize("page", [name for name in PAGES if name != "not there"])
def test_every_tongue_stays_within_the_budget(open_house: OpenHouse, page: str) -> None:
    """The bytes on the wire, asked for without a browser; what a page links to is the same in all tongues."""
    linked: dict[str, int] = {}

    def weight(client: httpx.Client, address: str) -> tuple[int, str]:
        with client.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
            raw = b"".join(answer.iter_raw())
            zipped = answer.headers.get("content-encoding") == "gzip"
        return len(raw), (gzip.decompress(raw) if zipped else raw).decode()

    heavy = {}
    with httpx.Client(base_url=open_house.house.public, **HERE) as client:
        for language in SERVED:
            size, text = weight(client, path(page, language))
            for address in re.findall(r'(?:href|src)="(/a/[^"]+)"', text):
                if address not in linked:
                    linked[address] = weight(client, address)[0]
                size += linked[address]
            if size > budget(page, language):
                heavy[language] = size
    assert len(linked) >= 2
    assert heavy == {}


@pytest.mark.parametrize("page", ["home", "talk", "note"])
def test_nothing_heavy_is_fetched_at_all(chromium: Chromium, open_house: OpenHouse, page: str) -> None:
    wire = first_view(chromium, open_house, path(page))

    assert {one.kind for one in wire.pages()} <= {"Document", "Stylesheet", "Script", "Fetch", "XHR"}


def test_the_exits_script_is_small_and_comes_first(chromium: Chromium, open_house: OpenHouse) -> None:
    wire = first_view(chromium, open_house, path("talk"))
    scripts = [one for one in wire.pages() if one.kind == "Script"]

    assert scripts[0].url.endswith(Assets.load().address("js/leave.js"))
    assert scripts[0].bytes <= LEAVE_SCRIPT


def test_a_second_page_fetches_only_itself(chromium: Chromium, open_house: OpenHouse) -> None:
    """What does not change has a name that does not change either: the phone keeps it for the visit."""
    with chromium.visit() as visit:
        visit.goto(open_house.house.public + path("home"), wait_until="load")
        wire = Wire().listen(visit)
        visit.goto(open_house.house.public + path("numbers"), wait_until="load")

    assert [one.url for one in wire.pages() if not one.from_cache and one.kind != "Document"] == []
