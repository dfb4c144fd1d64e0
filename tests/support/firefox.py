"""Runs Debian's Firefox the way a person's own runs, back-forward cache included, and drives it by WebDriver BiDi."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import psutil
from websockets.exceptions import ConnectionClosed

from tests.support.bidi import Bidi
from tests.support.firefox_profile import SAFEST, write_profile
from tests.support.firefox_tab import FirefoxTab

PHONE = (360, 640)
START_LIMIT_S = 60.0
END_LIMIT_S = 10.0
KEEPS = """(origin, host) => ({
    cookies: Services.cookies.cookies.filter(each => each.host === host).length,
    // "storageAccessAPI" is Firefox's own note that a person touched the site; no page asks for it.
    permissions: Services.perms.all.filter(
        each => each.principal.origin.startsWith(origin) && each.type !== "storageAccessAPI").length,
    workers: Cc["@mozilla.org/serviceworkers/manager;1"].getService(Ci.nsIServiceWorkerManager)
        .getAllRegistrations().length,
})"""
SWITCH = "(name, on) => Services.prefs.setBoolPref(name, on)"
LOOKS_UP = "name => Services.prefs.getBoolPref(name)"
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


def executable() -> str:
    """Where the browser is; `FIREFOX` names another one."""
    found = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if found is None:
        raise FileNotFoundError("Firefox is needed for the browser tests: apt-get install firefox-esr")
    return found


class Firefox:
    """One running Firefox. Everything it writes stays under `folder`, which is kept when it has ended."""

    def __init__(self, folder: Path, *, script: bool = True, settings: Mapping[str, bool | int | str] | None = None):
        self.folder = folder
        self.script = script
        self.profile = folder / "profile"
        self._settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._bidi: Bidi | None = None

    # Start and end

    def starts(self) -> Self:
        """Starts it on the profile in `folder`, a new one or the one of an earlier visit."""
        for name in ("profile", "home", "temporary"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        write_profile(self.profile, script=self.script, settings=self._settings)
        said = self.folder / "said"
        with said.open("wb") as out:
            self._process = subprocess.Popen(
                [
                    executable(),
                    "--headless",
                    "--no-remote",
                    "--profile",
                    str(self.profile),
                    "--remote-debugging-port=0",
                    # Lets a test read the address bar itself, which is no part of any page.
                    "--remote-allow-system-access",
                ],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            self._bidi = Bidi.open(self._address(said) + "/session")
            self.bidi.begins()
            self._window = self.bidi.windows()[0]
        except BaseException:
            self.is_killed()
            raise
        return self

    def _environment(self) -> dict[str, str]:
        """No setting of this machine's own, and a home where nothing else is."""
        told = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        return told | {
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "temporary"),
            "MOZ_CRASHREPORTER_DISABLE": "1",
            "MOZ_DISABLE_CONTENT_SANDBOX": "1",  # a container gives no namespaces to build it from
        }

    def _address(self, said: Path) -> str:
        """What it prints once it listens."""
        ends = time.monotonic() + START_LIMIT_S
        while time.monotonic() < ends:
            words = said.read_text("utf-8", "replace")
            if found := LISTENS.search(words):
                return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError(f"Firefox did not start: {words[-2000:]}")

    @property
    def bidi(self) -> Bidi:
        assert self._bidi is not None, "Firefox is not running"
        return self._bidi

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "Firefox is not running"
        return self._process

    def family(self) -> list[psutil.Process]:
        """The browser's own process and every one it started."""
        try:
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def quits(self) -> None:
        """Ends it as a person does who closes the browser: it writes down what it wants to keep."""
        with suppress(ConnectionClosed, TimeoutError):
            self.window_runs("() => Services.startup.quit(Ci.nsIAppStartup.eAttemptQuit)")
        self._is_gone()

    def is_killed(self) -> None:
        """Ends it in the middle of things, as a phone whose battery is taken out: kill -9, its children too."""
        for each in self.family():
            with suppress(psutil.NoSuchProcess):
                each.kill()
        self._is_gone()

    def _is_gone(self) -> None:
        family = self.family()
        try:
            self.process.wait(END_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(END_LIMIT_S)
            raise AssertionError("Firefox would not end") from None
        finally:
            _, left = psutil.wait_procs(family, timeout=END_LIMIT_S)
            for each in left:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            if self._bidi is not None:
                self._bidi.close()
                self._bidi = None

    # Visits

    def window_runs(self, function: str, *given: object) -> Any:
        """Runs a function in the browser's own window, where the address bar and the settings are."""
        return self.bidi.runs({"context": self._window}, function, *given)

    def opens_tab(self, *, size: tuple[int, int] = PHONE, visit: str = "default") -> FirefoxTab:
        """A new tab of the visit, in front."""
        made = self.bidi.asks("browsingContext.create", type="tab", userContext=visit)
        tab = FirefoxTab(self, str(made["context"]))
        tab.is_sized(size)
        return tab

    @property
    def bar(self) -> str:
        """What the address bar says, which is what whoever takes the phone reads first."""
        return str(self.window_runs("() => gURLBar.untrimmedValue"))

    def has_script(self, on: bool) -> None:
        """Turns the switch for script; pages opened from now on have it or not."""
        self.window_runs(SWITCH, "javascript.enabled", on)

    @contextmanager
    def safest_mode(self) -> Iterator[None]:
        """For its length nothing but words, forms and style sheets works, as in Tor Browser's safest mode."""
        before = {name: bool(self.window_runs(LOOKS_UP, name)) for name in SAFEST}
        try:
            self._switches(SAFEST)
            yield
        finally:
            self._switches(before)

    def _switches(self, settings: Mapping[str, bool]) -> None:
        for name, value in settings.items():
            self.window_runs(SWITCH, name, value)

    def keeps(self, address: str) -> dict[str, int]:
        """What is kept for the site of that address, whichever visit left it: asked of the browser, not of the page."""
        site = urlsplit(address)
        told: dict[str, int] = self.window_runs(KEEPS, f"{site.scheme}://{site.netloc}", str(site.hostname))
        # Local storage, databases and caches each lie in a folder named for the site.
        folders = [*self.profile.glob(f"storage/*/{site.scheme}+++{site.hostname}+{site.port}*")]
        return {name: count for name, count in (told | {"stores": len(folders)}).items() if count}

    def speaks_to(self) -> set[str]:
        """Every address the browser has a line to at this moment."""
        lines = [line for each in self.family() for line in each.net_connections("tcp")]
        return {line.raddr.ip for line in lines if line.raddr}

    @contextmanager
    def visit(self, *, size: tuple[int, int] = PHONE, script: bool = True) -> Iterator[FirefoxTab]:
        """One tab of one fresh visit, which shares no cookie, store or cache with any other."""
        self.has_script(script)
        name = str(self.bidi.asks("browser.createUserContext")["userContext"])
        tab = self.opens_tab(size=size, visit=name)
        try:
            yield tab
        finally:
            if self._bidi is not None:
                self.bidi.asks("browser.removeUserContext", userContext=name)

    def __enter__(self) -> Self:
        return self.starts()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bidi is not None:
            self.quits()
