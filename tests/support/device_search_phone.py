"""Starts a browser whose every file stays in one folder, and ends it as a person, a thief or a dead battery would."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, Error, Playwright

from tests.support.chromium import ARGUMENTS, KEEPS_BACK_CACHE, context_options, executable
from tests.support.engines import ChromiumTab
from tests.support.firefox import Firefox
from tests.support.firefox_tab import FirefoxTab
from tests.support.patience import PATIENCE_MS

# What Playwright adds for its own ease and a person's browser does not have: each would keep something from being kept.
NOT_A_PERSONS = [
    *KEEPS_BACK_CACHE,
    "--enable-automation",
    "--disable-breakpad",
    "--disable-field-trial-config",
    "--metrics-recording-only",
]

END_LIMIT_S = 10.0

Tab = ChromiumTab | FirefoxTab


class ChromiumPhone:
    """One Chromium with a profile of its own. Its home and its folder for passing files lie beside the profile."""

    def __init__(self, driver: Playwright, folder: Path, *, script: bool) -> None:
        self._driver = driver
        self.folder = folder
        self.script = script
        self._context: BrowserContext | None = None

    def starts(self) -> ChromiumPhone:
        """Starts it on the profile in `folder`, a new one or the one of an earlier visit."""
        for name in ("profile", "home", "t"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._context = self._driver.chromium.launch_persistent_context(
            self.folder / "profile",
            executable_path=executable(),
            ignore_default_args=NOT_A_PERSONS,
            args=ARGUMENTS,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder / "home"),
                "TMPDIR": str(self.folder / "t"),  # a short name: a socket in it may have 107 bytes
            },
            **context_options(script=self.script),
        )
        self._context.set_default_timeout(PATIENCE_MS)
        return self

    @property
    def _running(self) -> BrowserContext:
        assert self._context is not None, "Chromium is not running"
        return self._context

    def opens_tab(self) -> ChromiumTab:
        return ChromiumTab(self._running.new_page())

    def closes(self, tab: Tab) -> None:
        assert isinstance(tab, ChromiumTab)
        tab.page.close()

    def family(self) -> list[psutil.Process]:
        """The browser's own process and every one it started."""
        mark = f"--user-data-dir={self.folder / 'profile'}"
        found = []
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if mark in process.cmdline() and not any(a.startswith("--type=") for a in process.cmdline()):
                    found += [process, *process.children(recursive=True)]
        return found

    def quits(self) -> None:
        """Ends it as a person does who closes the browser: it writes down what it wants to keep."""
        family = self.family()
        self._running.close()
        self._is_gone(family)

    def is_killed(self) -> None:
        """Ends it in the middle of things: kill -9, its children too."""
        family = self.family()
        assert family, "no browser to kill"
        for each in family:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self._is_gone(family)
        with suppress(Error):
            self._running.close()

    def _is_gone(self, family: list[psutil.Process]) -> None:
        _, left = psutil.wait_procs(family, timeout=END_LIMIT_S)
        assert not left, "Chromium would not end"


class FirefoxPhone:
    """One Firefox, the same in the same words."""

    def __init__(self, folder: Path, *, script: bool) -> None:
        # It writes its session down every 15 seconds; here every second, so that a kill finds something to be found.
        self._firefox = Firefox(folder, script=script, settings={"browser.sessionstore.interval": 1000})
        self.folder = folder

    def starts(self) -> FirefoxPhone:
        self._firefox.starts()
        return self

    def opens_tab(self) -> FirefoxTab:
        return self._firefox.opens_tab()

    def closes(self, tab: Tab) -> None:
        assert isinstance(tab, FirefoxTab)
        tab.closes()

    def quits(self) -> None:
        self._firefox.quits()

    def is_killed(self) -> None:
        self._firefox.is_killed()


Phone = ChromiumPhone | FirefoxPhone
