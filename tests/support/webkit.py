"""Drives Debian's WebKitGTK by its own WebDriver, on a screen nobody sees: the nearest thing here to a Safari."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.firefox_tab import FIELDS, WORDS
from tests.support.patience import PATIENCE_S, pauses
from tests.support.ports import free_port
from tests.support.web import HERE

# Where Debian puts the small browser that the driver starts, whatever the machine's kind.
BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the standard's own name for an element in its answers


def what_is_missing() -> list[str]:
    """The programs this needs and the machine has not; with none missing the driver can start."""
    programs = [name for name in ("WebKitWebDriver", "Xvfb") if shutil.which(name) is None]
    return programs + ([] if browser() else ["MiniBrowser"])


def browser() -> Path | None:
    return next(Path("/").glob(BROWSERS[1:]), None)


class Refused(Exception):
    """The driver answered that it could not do it."""


@dataclass(frozen=True)
class WebKitTab:
    """The one tab of one visit, in the words the other browsers' tabs use."""

    driver: httpx.Client

    def opens(self, url: str) -> None:
        self._asks("POST", "/url", url=url)
        self.is_at(url)

    def goes_back(self) -> None:
        self._asks("POST", "/back")

    def taps(self, where: str) -> None:
        self._asks("POST", f"/element/{self._the(where)}/click")

    def types(self, where: str, text: str) -> None:
        self._asks("POST", f"/element/{self._the(where)}/value", text=text)

    @property
    def address(self) -> str:
        return str(self._asks("GET", "/url"))

    @property
    def words(self) -> str:
        return str(self._runs(WORDS))

    @property
    def fields(self) -> list[str]:
        return [str(each) for each in self._runs(FIELDS)]

    def until(self, claim: Callable[[], bool], what: str, *, within: float = PATIENCE_S) -> None:
        """Looks until the claim holds; a page on its way to another is looked at again."""
        ends = time.monotonic() + within
        for pause in pauses():
            try:
                if claim():
                    return
            except Refused:
                if time.monotonic() > ends:
                    raise
            assert time.monotonic() < ends, f"waited {within} s for {what}, at {self.address}"
            time.sleep(pause)

    def is_at(self, begins: str) -> None:
        """The page of that address stands; the address alone is told before its page is there."""
        stands = "() => document.readyState === 'complete' && location.href"
        self.until(lambda: str(self._runs(stands)).startswith(begins), f"the page of {begins}")

    def _the(self, where: str) -> str:
        self.until(lambda: bool(self._asks("POST", "/elements", using="css selector", value=where)), where)
        return str(self._asks("POST", "/element", using="css selector", value=where)[ELEMENT])

    def _runs(self, function: str) -> Any:
        return self._asks("POST", "/execute/sync", script=f"return ({function})()", args=[])

    def _asks(self, method: str, path: str, **told: Any) -> Any:
        return asked(self.driver, method, path, **told)


def asked(driver: httpx.Client, method: str, path: str, **told: Any) -> Any:
    """One command of the WebDriver standard, and the value of its answer."""
    answer = driver.request(method, path.lstrip("/"), json=told if method == "POST" else None)
    value = answer.json()["value"]
    if answer.status_code != httpx.codes.OK:
        raise Refused(f"{value['error']}: {value['message']}")
    return value


@contextmanager
def webkit_visit(folder: Path) -> Iterator[WebKitTab]:
    """One visit, in a browser of its own that keeps what it writes under `folder`.

    With script only: the driver itself finds every element by script, and waits for ever where there is none.
    """
    with ExitStack() as stack:
        screen = stack.enter_context(a_screen())
        told = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "DISPLAY": screen, "GDK_BACKEND": "x11"}
        # No graphics card and no session bus on a test machine.
        told |= {"WEBKIT_DISABLE_DMABUF_RENDERER": "1", "NO_AT_BRIDGE": "1", "GSETTINGS_BACKEND": "memory"}
        port = free_port()
        stack.enter_context(running(["WebKitWebDriver", f"--port={port}"], told | {"PATH": os.environ["PATH"]}))
        driver = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, **HERE))
        wait_for(driver)
        options = {"binary": str(browser()), "args": ["--automation"]}
        # Nobody waits for a page to be done: one that Back restores never says that it is.
        wanted = {"acceptInsecureCerts": True, "pageLoadStrategy": "none", "webkitgtk:browserOptions": options}
        session = asked(driver, "POST", "session", capabilities={"alwaysMatch": wanted})["sessionId"]
        driver.base_url = f"http://127.0.0.1:{port}/session/{session}/"
        try:
            yield WebKitTab(driver)
        finally:
            asked(driver, "DELETE", "")


def wait_for(driver: httpx.Client) -> None:
    ends = time.monotonic() + PATIENCE_S
    for pause in pauses():
        try:
            driver.get("status")
            return
        except httpx.TransportError:
            if time.monotonic() > ends:
                raise
            time.sleep(pause)


@contextmanager
def a_screen() -> Iterator[str]:
    """A display in memory, on a number nobody has."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "800x900x24", "-nolisten", "tcp"]
    with running(command, {"PATH": os.environ["PATH"]}) as process:
        assert process.stdout is not None
        yield f":{process.stdout.readline().decode().strip()}"


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process for the length of a `with`, ended by its own number."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
