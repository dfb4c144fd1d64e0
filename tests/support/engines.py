"""Gives a story one person's tab in either browser, so that it is told once and holds in both."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, Self

import pytest
from playwright.sync_api import Error, Frame, Locator, Page, expect

from tests.support.chromium import Chromium
from tests.support.firefox import Firefox
from tests.support.firefox_tab import FIELDS, TEXTS, WORDS
from tests.support.patience import PATIENCE_S, pauses

# What Playwright says of a page that is left while it is asked something.
GOES_ELSEWHERE = "Execution context was destroyed"

KEPT = """async () => ({
    stores: localStorage.length + sessionStorage.length + (await indexedDB.databases()).length
        + (window.caches ? (await caches.keys()).length : 0),
    workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
})"""


class Tab(Protocol):
    """What both browsers' tabs can do; `tests.support.firefox_tab` says what each word means."""

    def opens(self, url: str) -> None: ...
    def reloads(self) -> None: ...
    def goes_back(self) -> bool: ...
    def taps(self, where: str) -> None: ...
    def types(self, where: str, text: str) -> None: ...
    def holds(self, where: str, seconds: float) -> None: ...
    def sees(self, text: str, *, within: float = PATIENCE_S) -> None: ...
    def is_at(self, begins: str, *, within: float = PATIENCE_S) -> None: ...
    def frame(self, where: str) -> Self: ...
    def shown(self, where: str) -> Sequence[object]: ...
    def text(self, where: str) -> str: ...
    def texts(self, where: str) -> list[str]: ...
    def value(self, where: str) -> str: ...
    def attribute(self, where: str, name: str) -> str: ...
    def until(self, claim: Callable[[], bool], what: str, *, within: float = PATIENCE_S) -> None: ...
    def asks_for(self) -> Callable[[], list[str]]: ...
    def kept(self) -> dict[str, int]: ...
    @property
    def address(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def fields(self) -> list[str]: ...


@dataclass(frozen=True)
class ChromiumTab:
    """The same words for Chromium, by way of Playwright."""

    page: Page
    inside: Frame | None = None

    @property
    def _here(self) -> Page | Frame:
        return self.inside or self.page

    def opens(self, url: str) -> None:
        self.page.goto(url)

    def reloads(self) -> None:
        self.page.reload()

    def goes_back(self) -> bool:
        """False when there is nothing before this page."""
        before = self.page.evaluate("history.length"), self.page.url
        with suppress(Error):  # Chromium refuses to show some pages again, or the page is left again at once
            self.page.go_back(wait_until="commit", timeout=4000)
        self.page.wait_for_timeout(300)
        return (self.page.evaluate("history.length"), self.page.url) != before

    def taps(self, where: str) -> None:
        self._the(where).click(no_wait_after=True)

    def holds(self, where: str, seconds: float) -> None:
        self._the(where).click(delay=seconds * 1000)

    def types(self, where: str, text: str) -> None:
        self._the(where).click()
        self._the(where).press_sequentially(text)

    def sees(self, text: str, *, within: float = PATIENCE_S) -> None:
        expect(self._here.locator("body")).to_contain_text(text, timeout=within * 1000, use_inner_text=True)

    def is_at(self, begins: str, *, within: float = PATIENCE_S) -> None:
        self.page.wait_for_url(re.compile(re.escape(begins)), timeout=within * 1000, wait_until="commit")

    def frame(self, where: str) -> ChromiumTab:
        element = self._the(where).element_handle()
        inside = element.content_frame() if element is not None else None
        assert inside is not None, f"{where} holds no page"
        return ChromiumTab(self.page, inside)

    def shown(self, where: str) -> Sequence[object]:
        return self._here.locator(where).locator("visible=true").all()

    def text(self, where: str) -> str:
        return self._the(where).inner_text()

    def texts(self, where: str) -> list[str]:
        found: list[str] = self._here.evaluate(TEXTS, where)
        return found

    def value(self, where: str) -> str:
        return self._the(where).input_value()

    def attribute(self, where: str, name: str) -> str:
        return self._the(where).get_attribute(name) or ""

    def until(self, claim: Callable[[], bool], what: str, *, within: float = PATIENCE_S) -> None:
        ends = time.monotonic() + within
        for pause in pauses():
            try:
                if claim():
                    return
            except Error as gone:
                if GOES_ELSEWHERE not in gone.message:
                    raise
            assert time.monotonic() < ends, f"waited {within} s for {what}, at {self.address}: {self.words[:400]!r}"
            self.page.wait_for_timeout(pause * 1000)

    def asks_for(self) -> Callable[[], list[str]]:
        asked: list[str] = []
        self.page.on("request", lambda request: asked.append(request.url))
        self.page.on("websocket", lambda line: asked.append(line.url))
        return lambda: [url for url in asked if not url.startswith("data:")]

    def kept(self) -> dict[str, int]:
        told: dict[str, int] = self.page.evaluate(KEPT)
        told["cookies"] = len(self.page.context.cookies())
        return {name: count for name, count in told.items() if count}

    def _the(self, where: str) -> Locator:
        return self._here.locator(where).locator("visible=true").first

    @property
    def address(self) -> str:
        return self.page.url

    @property
    def title(self) -> str:
        return self.page.title()

    @property
    def words(self) -> str:
        return str(self._here.evaluate(WORDS))

    @property
    def fields(self) -> list[str]:
        found: list[Any] = self._here.evaluate(FIELDS)
        return [str(each) for each in found]


@dataclass(frozen=True)
class Engine:
    """One of the two browsers, running."""

    name: str
    chromium: Chromium
    firefox: Firefox

    @contextmanager
    def visit(self, *, script: bool = True) -> Iterator[Tab]:
        """One tab of one fresh visit, closed at the end."""
        if self.name == "firefox":
            with self.firefox.visit(script=script) as tab:
                yield tab
        else:
            with self.chromium.visit(script=script) as page:
                yield ChromiumTab(page)


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """One Firefox for many tests, each visit apart from all others; a test that searches the disk starts its own."""
    browser = Firefox(tmp_path_factory.mktemp("firefox")).starts()
    yield browser
    browser.is_killed()


@pytest.fixture(params=["chromium", "firefox"])
def engine(request: pytest.FixtureRequest, chromium: Chromium, firefox: Firefox) -> Engine:
    """A test with this is told once in each browser."""
    return Engine(request.param, chromium, firefox)
