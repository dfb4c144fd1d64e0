"""Holds the pages to read to axe's silence, to a small phone and a thumb, to their bytes, and to asking nobody else."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest

from i18n.languages import LANGUAGES
from portal.library.shipped import CORE
from tests.browser.test_access import small_targets
from tests.browser.test_weight import BESIDE, ELSE
from tests.support.axe import violations
from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse
from tests.support.public_pages import DRAWN, every_run
from tests.support.web import HERE
from tests.support.wire import Wire

pytestmark = pytest.mark.browser

LISTS = ("read", "read/shelf", "read/media")
EVERY = (*LISTS, *(f"read/{name}" for name in CORE))


def read_by_eye(chromium: Chromium, open_house: OpenHouse, pages: tuple[str, ...], tag: str) -> None:
    with chromium.looks(size=(320, 640), language=tag) as visit:
        wire = Wire().listen(visit)
        for page in pages:
            visit.goto(f"{open_house.house.public}/{tag}/{page}")
            assert violations(visit) == [], page
            assert visit.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page
            assert small_targets(visit) == [], page
            assert visit.title() == "Page"
            assert visit.locator("a.leave").bounding_box()["height"] >= 44  # type: ignore[index]
        here = open_house.house.public
        assert [one.url for one in wire.asked.values() if not one.url.startswith((here, "data:"))] == []
        assert visit.context.cookies() == []


@pytest.mark.parametrize("tag", DRAWN)
def test_they_read_on_a_small_phone_and_axe_objects_to_nothing(
    chromium: Chromium, open_house: OpenHouse, tag: str
) -> None:
    read_by_eye(chromium, open_house, ("read/shelf", "read/details"), tag)


@pytest.mark.long
@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_one_of_them_does(chromium: Chromium, open_house: OpenHouse, tag: str) -> None:
    read_by_eye(chromium, open_house, (*EVERY, "note/job"), tag)


@pytest.mark.parametrize("tag", every_run("en", "ar", "th"))
def test_each_stays_within_the_budget_of_bytes(open_house: OpenHouse, tag: str) -> None:
    """The page, its style and the exit's script, as they travel."""
    linked: dict[str, int] = {}
    with httpx.Client(base_url=open_house.house.public, **HERE) as client:
        for page in EVERY:
            size, text = weight(client, f"/{tag}/{page}")
            for address in re.findall(r'(?:href|src)="(/a/[^"]+)"', text):
                linked[address] = linked.get(address) or weight(client, address)[0]
                size += linked[address]
            assert size <= ELSE + (0 if tag == "en" else BESIDE), page
    assert len(linked) == 2


def weight(client: httpx.Client, address: str) -> tuple[int, str]:
    with client.stream("GET", address, headers={"accept-encoding": "gzip"}) as answer:
        raw = b"".join(answer.iter_raw())
        zipped = answer.headers.get("content-encoding") == "gzip"
    return len(raw), (gzip.decompress(raw) if zipped else raw).decode()
