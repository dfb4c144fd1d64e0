"""Holds a whole visit to leaving nothing with the browser and asking nobody but us."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from tests.support.chromium import Chromium
from tests.support.html import Document
from tests.support.open_house import OpenHouse
from tests.support.patience import PATIENCE_S
from tests.support.public_pages import DRAWN, PAGES, path
from tests.support.web import HERE
from tests.support.wire import Wire
from tests.support.words import sensitive_in

pytestmark = pytest.mark.browser

KEPT = """async () => ({
    cookie: document.cookie,
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: window.caches ? (await caches.keys()).length : 0,
    workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
})"""
NOTHING = {"cookie": "", "local": 0, "session": 0, "databases": 0, "caches": 0, "workers": 0}


def kept(page: Page) -> dict[str, Any]:
    """What the browser keeps for our origin, seen from inside the page and from outside."""
    found: dict[str, Any] = page.evaluate(KEPT)
    return found | ({"jar": page.context.cookies()} if page.context.cookies() else {})


@pytest.mark.asvs("14.3.3")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_leaves_nothing_in_the_browser(chromium: Chromium, open_house: OpenHouse, page: str) -> None:
    with chromium.looks() as visit:
        visit.goto(open_house.house.public + path(page))

        assert kept(visit) == NOTHING


@pytest.mark.asvs("14.2.3")
def test_a_walk_through_the_site_leaves_nothing_and_asks_nobody_else(chromium: Chromium, open_house: OpenHouse) -> None:
    house = open_house.house
    asked_for: list[str] = []
    with chromium.visit() as visit:
        wire = Wire().listen(visit)
        visit.on("dialog", lambda dialog: asked_for.append(dialog.message))
        for page in PAGES:
            visit.goto(house.public + path(page))
            visit.mouse.wheel(0, 2000)
            assert kept(visit) == NOTHING

    assert wire.origins() == {house.public}
    assert asked_for == []


@pytest.mark.parametrize("language", DRAWN)
def test_every_title_is_the_same_dull_word(open_house: OpenHouse, language: str) -> None:
    titles = {page: document(open_house, path(page, language)).title for page in PAGES}

    assert len(set(titles.values())) == 1
    assert sensitive_in(next(iter(titles.values()))) == []


@pytest.mark.asvs("14.2.1")
@pytest.mark.parametrize("language", DRAWN)
@pytest.mark.parametrize("page", PAGES)
def test_no_address_name_or_id_tells_what_the_page_is(open_house: OpenHouse, page: str, language: str) -> None:
    read = document(open_house, path(page, language))
    # An address of another site (a partner's line) is named for what it is; ours are not.
    ours = [link for link in read.links if not link.startswith(("http", "tel:", "sms:", "mailto:"))]
    assets = [given.get("href", "") + given.get("src", "") for tag, given in read.tags if tag in {"link", "script"}]
    names = [name for form in read.forms for name in form.names] + [form.action for form in read.forms]

    told = {text: found for text in [*ours, *assets, *names, *read.ids] if (found := sensitive_in(text))}
    assert told == {}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_trace_for_a_phone_to_keep(open_house: OpenHouse, page: str) -> None:
    read = document(open_house, path(page))
    heads = [given for tag, given in read.tags if tag in {"meta", "link"}]

    assert [
        given
        for given in heads
        if given.get("rel") in {"manifest", "apple-touch-icon", "preload", "prefetch", "preconnect"}
    ] == []
    assert [given for given in heads if "og:" in given.get("property", "") or given.get("name") == "theme-color"] == []
    assert [given["href"] for given in heads if given.get("rel") == "icon"] == ["data:,"]


def document(open_house: OpenHouse, address: str) -> Document:
    answer = httpx.get(open_house.house.public + address, timeout=PATIENCE_S, **HERE)
    assert answer.status_code in {200, 203, 404}, answer.status_code
    return Document(answer.text)


@contextmanager
def stand_in(pages: list[str]) -> Iterator[tuple[str, list[str]]]:
    """A site that shows the given pages and writes down every address it is asked for; the house itself keeps none."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            number = self.path.removeprefix("/page/")
            body = (pages[int(number)] if number.isdecimal() else "").encode()
            self.send_response(200 if body else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    listens = threading.Thread(target=server.serve_forever)
    listens.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        listens.join()
        server.server_close()


def test_no_icon_is_ever_asked_for(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 37 of docs/safety.md: a browser asks for one by itself unless the page has an empty one."""
    pages = [httpx.get(open_house.house.public + path(page), timeout=PATIENCE_S, **HERE).text for page in PAGES]
    with stand_in([*pages, "<!doctype html><title>Page</title>"]) as (origin, asked), chromium.visit() as visit:
        for number in range(len(pages)):
            visit.goto(f"{origin}/page/{number}")
        visit.wait_for_timeout(800)
        assert [address for address in asked if "icon" in address] == []
        visit.goto(f"{origin}/page/{len(pages)}")
        visit.wait_for_timeout(800)

    assert asked[-1] == "/favicon.ico", "this browser never asks: nothing was shown"
