"""Opens pages in Debian's Chromium the way a person's own browser would, back-forward cache included."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.support.patience import PATIENCE_MS

# Playwright's own default switches the back-forward cache off, which hides what Back really shows.
KEEPS_BACK_CACHE = ["--disable-back-forward-cache"]
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]

# What the driver leaves out itself, for a list of our own replaces its; the popup under the address bar, which a page
# of the browser's own draws for each new window: half of what a visit costs; and the process kept ready for a page
# that nobody has asked for. Nothing of it a site could see.
LEFT_OUT = (
    "AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,"
    "PaintHolding,PreconnectToSearch,SpareRendererForSitePerProcess,TcpPortRandomizationWin,ThirdPartyStoragePartitioning,"
    "WebUIOmnibox,WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup"
)
LIGHT = [*ARGUMENTS, f"--disable-features={LEFT_OUT}"]

PHONE = (360, 640)
SCREEN = (1280, 800)
# How many visits go on at once for those who only look.
KEPT_OPEN = 3
AGENT = "PorchlightTestPhone/7.31 (canary of the user agent)"

expect.set_options(timeout=PATIENCE_MS)

LOCALES = {"en": "en-CA", "fr": "fr-CA", "es": "es-MX", "ar": "ar-EG"}


def executable() -> str:
    """Where the browser is; `CHROMIUM` names another one."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise FileNotFoundError("Chromium is needed for the browser tests: apt-get install chromium")
    return found


def context_options(
    *,
    size: tuple[int, int] = PHONE,
    script: bool = True,
    language: str = "en",
    scheme: Literal["light", "dark"] = "light",
    agent: str | None = AGENT,
) -> dict[str, Any]:
    """What a new visit looks like to the site."""
    return {
        "viewport": {"width": size[0], "height": size[1]},
        "java_script_enabled": script,
        "locale": LOCALES.get(language, language),
        "color_scheme": scheme,
        "reduced_motion": "reduce",
        "user_agent": agent,
        "service_workers": "allow",
        "ignore_https_errors": True,  # the neutral site of the tests signs its own certificate
    }


class Chromium:
    """One running browser; each visit gets a context of its own, so nothing is shared between two people."""

    def __init__(self, driver: Playwright) -> None:
        self.driver = driver
        self._browser: Browser | None = None
        self._kept: dict[str, Page] = {}
        self._phones: dict[str, list[BrowserContext]] = {}

    @property
    def browser(self) -> Browser:
        """Started at the first visit, not before: tests without a page pay nothing."""
        if self._browser is None or not self._browser.is_connected():
            self._kept.clear()
            self._phones.clear()
            self._browser = self.driver.chromium.launch(
                executable_path=executable(), ignore_default_args=KEEPS_BACK_CACHE, args=LIGHT
            )
        return self._browser

    def new_context(self, **options: Any) -> BrowserContext:
        """A fresh visit; options are those of `context_options`. The caller closes it."""
        context = self.browser.new_context(**context_options(**options))
        context.set_default_timeout(PATIENCE_MS)
        return context

    @contextmanager
    def visit(self, **options: Any) -> Iterator[Page]:
        """One page of one fresh visit, closed at the end."""
        context = self.new_context(**options)
        try:
            yield context.new_page()
        finally:
            context.close()

    @contextmanager
    def looks(self, **options: Any) -> Iterator[Page]:
        """The page of a visit that goes on from test to test: for whoever only opens a page and looks at it.

        A visit of its own costs three times what a page costs. Where a test asks what is kept, sent or gone back to,
        or listens to the line, it needs a fresh one: `visit`.
        """
        told = context_options(**options)
        name = repr(sorted(told.items(), key=str))
        page = self._kept.pop(name, None)
        if page is None or page.is_closed():
            page = self.new_context(**options).new_page()
        page.set_viewport_size(told["viewport"])
        try:
            yield page
        except BaseException:
            page.context.close()
            raise
        self._kept[name] = page
        if len(self._kept) > KEPT_OPEN:
            self._kept.pop(next(iter(self._kept))).context.close()

    @contextmanager
    def phone(self, **options: Any) -> Iterator[Page]:
        """A new page on a phone that somebody has used before, and that keeps nothing of it: our pages leave nothing.

        The phone is made once for many stories. Whoever asks what is kept, sent or gone back to, or changes the phone
        itself, takes a fresh one: `visit`.
        """
        told = context_options(**options)
        phones = self._phones.setdefault(repr(sorted(told.items(), key=str)), [])
        context = phones.pop() if phones else self.new_context(**options)
        try:
            page = context.new_page()
            yield page
            page.close()
            assert context.cookies() == []
        except BaseException:
            context.close()
            raise
        phones.append(context)

    @contextmanager
    def profile(self, folder: Path, **options: Any) -> Iterator[BrowserContext]:
        """A browser that keeps its profile in `folder`, as a phone does; the folder can be searched afterwards."""
        folder.mkdir(parents=True, exist_ok=True)
        context = self.driver.chromium.launch_persistent_context(
            folder,
            executable_path=executable(),
            ignore_default_args=KEEPS_BACK_CACHE,
            args=LIGHT,
            **context_options(**options),
        )
        context.set_default_timeout(PATIENCE_MS)
        try:
            yield context
        finally:
            context.close()

    def close(self) -> None:
        """Ends the browser."""
        if self._browser is not None:
            self._browser.close()
            self._browser = None


@contextmanager
def running_chromium() -> Iterator[Chromium]:
    """A browser for the length of a `with`."""
    with sync_playwright() as driver:
        chromium = Chromium(driver)
        try:
            yield chromium
        finally:
            chromium.close()
