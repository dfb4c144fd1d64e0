"""Starts the real LibreTranslate with Apertium behind it, once for all tests that ask for it, with ways to hurt it."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from tests.support.egress.report import environment, hold_in
from tests.support.house import free_port
from tests.support.source import REPOSITORY

PLACE: Final = REPOSITORY / "tests" / "libretranslate"
PYTHON: Final = PLACE / ".venv" / "bin" / "python"
STAMP: Final = PLACE / ".venv" / ".stamp"
INSTALLED_WITHIN_S: Final = 180
STARTS_WITHIN_S: Final = 60
# As a hotline runs it; the limits of text and list are what the double repeats.
OPTIONS: Final = ("--disable-web-ui", "--disable-files-translation", "--char-limit", "2000", "--batch-limit", "5")


class RealEngine:
    """One running LibreTranslate: its address, what it printed, and ways to hurt it."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._report = folder / "egress"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and come back when it answers."""
        with (self._folder / "printed").open("ab") as printed:
            self._process = subprocess.Popen(
                [PYTHON, PLACE / "launcher.py", "--host", "127.0.0.1", "--port", str(self.port), *OPTIONS],
                cwd=self._folder,
                env=environment(self._report, home=self._folder),
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                start_new_session=True,
            )
        until = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                pytest.fail(f"the real engine did not start:\n{self.printed()}")
            time.sleep(0.05)

    def printed(self) -> str:
        """Everything it printed."""
        return (self._folder / "printed").read_text("utf-8", "replace")

    def files(self) -> Iterator[Path]:
        """Every file it left, its own home and working folder."""
        return (path for path in self._folder.rglob("*") if path.is_file())

    def freeze(self) -> None:
        """It goes on holding its port and every line, and says nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on where it was."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """It is gone in this moment, with whatever it was doing."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(10)
        self._process = None

    def restart(self) -> None:
        """It is back, on the same port."""
        self.kill()
        self.start()

    def hold_in(self) -> None:
        """Fails where it spoke to another machine."""
        hold_in(self._report)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", "/health")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()


@pytest.fixture(scope="session")
def real_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealEngine]:
    """The real one. Where it is not installed, every test that asks for it fails: none is skipped."""
    _wait_until_installed()
    engine = RealEngine(tmp_path_factory.mktemp("engine"))
    engine.start()
    try:
        yield engine
    finally:
        engine.kill()
        engine.hold_in()


def _wait_until_installed() -> None:
    """`make test` installs it beside the first tests."""
    until = time.monotonic() + INSTALLED_WITHIN_S
    while not STAMP.exists():
        if not PYTHON.parent.exists() or time.monotonic() > until:
            pytest.fail("the real LibreTranslate is not installed: `make engine` does it")
        time.sleep(0.5)
