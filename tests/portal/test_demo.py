"""Holds the demonstration to its word: invented people who can sign in, and not a byte left at the end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portal.demo import erase
from portal.demo_people import Browser
from tests.support.ports import free_port

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]


@pytest.fixture
def demonstration(short_tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A demonstration on ports of its own, with nowhere to write but this folder."""
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.demo", "--port", str(free_port()), "--desk-port", str(free_port())],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(short_tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process
    process.send_signal(signal.SIGTERM)
    process.wait(30)


@pytest.mark.timeout(300)
def test_the_people_it_names_sign_in_and_everything_is_gone_after_it(
    demonstration: subprocess.Popen[str], short_tmp_path: Path
) -> None:
    assert demonstration.stdout is not None
    said: list[str] = []
    while not said or "kit " not in said[-1]:
        line = demonstration.stdout.readline()
        assert line, said
        said.append(line)
    text = "".join(said)
    desk_port = int(re.findall(r"localhost:(\d+)", text)[0])
    robin = Browser("localhost", desk_port)
    kit = Browser("localhost", desk_port)

    for browser, name in ((robin, "robin"), (kit, "kit")):
        passphrase = re.findall(rf"{name} +(.*?) +\(", text)[0]
        browser.open("/desk/signin")
        browser.send("/desk/signin", [("name", name), ("passphrase", passphrase)])
    assert 'href="/desk/chats"' in robin.page
    assert 'href="/desk/tips"' in robin.page
    assert 'href="/desk/tips"' not in kit.page
    family = psutil.Process(demonstration.pid).children(recursive=True)

    demonstration.send_signal(signal.SIGINT)
    rest, _ = demonstration.communicate(timeout=60)

    assert "Everything of the demonstration is erased." in rest
    assert demonstration.returncode == 0
    assert list(short_tmp_path.iterdir()) == []
    assert [each for each in family if each.is_running()] == []


def test_what_cannot_be_erased_is_named(tmp_path: Path) -> None:
    assert erase(tmp_path) == []
    assert not tmp_path.exists()
    assert erase(tmp_path) == []
