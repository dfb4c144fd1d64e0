"""With the database or a Valkey away people get a plain page with the phone line, and it heals by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.deaths import is_ready, until
from tests.support.house import House, running_house
from tests.support.patience import SOON_S
from tests.support.web import HERE

pytestmark = pytest.mark.fault

PHONE_LINE = "555-0142"
OURS = {"sec-fetch-site": "same-origin"}
LONGEST_WAIT_S = 10.0
PAGES = ("/en/", "/ar/numbers", "/fr/read/safety", "/en/note", "/en/note/back", "/en/talk", "/es/languages")


@pytest.fixture
def house(short_tmp_path: Path) -> Iterator[House]:
    with running_house(short_tmp_path, phone_line=PHONE_LINE, migrated=True) as house:
        yield house


@pytest.fixture
def browser(house: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.public, headers=OURS, timeout=15, **HERE) as browser:
        yield browser


def every_page_answers_with_the_phone_line(browser: httpx.Client) -> None:
    for path in PAGES:
        answer = browser.get(path, follow_redirects=True)
        assert answer.headers["content-type"].startswith("text/html"), path
        assert answer.status_code in {200, 203, 503}, (path, answer.status_code)
        assert PHONE_LINE in answer.text, path


def every_form_is_answered_303_to_a_page_with_the_phone_line(browser: httpx.Client) -> None:
    for path, form in {
        "/en/note": {"what": "canary words"},
        "/en/note/back": {"receipt": "1" * 25},
        "/en/talk": {"start": "A" * 54},
        "/leave": {"t": "A" * 43},
    }.items():
        answer = browser.post(path, data=form)
        assert answer.status_code == 303, (path, answer.status_code)
        if answer.headers["location"].startswith("/"):
            after = browser.get(answer.headers["location"])
            assert after.headers["content-type"].startswith("text/html"), path
            assert PHONE_LINE in after.text, path


def test_the_database_file_is_gone_for_a_while(house: House, browser: httpx.Client) -> None:
    every_page_answers_with_the_phone_line(browser)
    away = house.database.rename(house.database.with_suffix(".away"))
    time.sleep(1.2)  # what a page knows of the house is kept for a second

    assert not is_ready(house)
    every_page_answers_with_the_phone_line(browser)
    every_form_is_answered_303_to_a_page_with_the_phone_line(browser)
    assert not house.database.exists()

    away.rename(house.database)
    until(lambda: is_ready(house), within=SOON_S)
    every_page_answers_with_the_phone_line(browser)


@pytest.mark.parametrize("which", ["durable", "ember"])
def test_a_valkey_is_frozen_for_a_while(house: House, browser: httpx.Client, which: str) -> None:
    frozen = house.valkey(which)
    frozen.suspend()
    try:
        assert not is_ready(house)
        began = time.monotonic()
        assert browser.get("/en/", follow_redirects=True).status_code == 200
        assert time.monotonic() - began < LONGEST_WAIT_S
        every_page_answers_with_the_phone_line(browser)
        every_form_is_answered_303_to_a_page_with_the_phone_line(browser)
    finally:
        frozen.resume()

    until(lambda: is_ready(house), within=SOON_S)
    every_page_answers_with_the_phone_line(browser)
    assert "Traceback" not in house.printed()
