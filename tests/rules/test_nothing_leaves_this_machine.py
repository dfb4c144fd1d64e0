"""What watches the tests sees every way out of this process, and of the servers it starts, and lets nothing go."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import anyio
import pytest

from tests.support.egress.report import hold_in, told, watched
from tests.support.egress.sitecustomize import LeftTheMachine, leads_out
from tests.support.egress_guard import looking_out

# For documentation (RFC 5737, RFC 3849): no machine has one of these, should the watch ever fail.
AWAY, AWAY_6 = "192.0.2.1", "2001:db8::1"

WAYS_OUT = {
    "a socket": "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
    "a socket without a line": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "the other kind of address": "import socket; socket.create_connection(('2001:db8::1', 80), 1)",
    "a question for a name": "import socket; socket.getaddrinfo('words.example', 80)",
    "a question for a number": "import socket; socket.gethostbyaddr('192.0.2.1')",
    "a library": "import urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://192.0.2.1/', timeout=1)",
    "a thread": "import threading, socket\n"
    "threading.Thread(target=lambda: socket.create_connection(('192.0.2.1', 80), 1)).start()",
    "asyncio": "import asyncio; asyncio.run(asyncio.open_connection('192.0.2.1', 80))",
    "uvloop": "import asyncio, uvloop; uvloop.run(asyncio.open_connection('192.0.2.1', 80))",
    "uvloop and a name": "import asyncio, uvloop; uvloop.run(asyncio.open_connection('words.example', 80))",
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_a_server_that_leaves_is_told_of_and_does_not_get_out(way: str, tmp_path: Path) -> None:
    report = tmp_path / "egress"
    path = {"PATH": os.environ["PATH"]}

    done = subprocess.run(
        [sys.executable, "-c", WAYS_OUT[way]], env=path | watched(report), capture_output=True, text=True, timeout=60
    )

    assert "a connection left this machine" in done.stderr
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1|2001:db8|words\.example"):
        hold_in(report)
    assert told(report) == []


def test_a_server_that_stays_is_left_in_peace(tmp_path: Path) -> None:
    script = (
        "import socket, asyncio, uvloop\n"
        "listening = socket.create_server(('127.0.0.1', 0)); at = listening.getsockname()\n"
        "socket.create_connection(at).close(); socket.create_connection(('localhost', at[1])).close()\n"
        "uvloop.run(asyncio.open_connection(*at)); print('stayed')\n"
    )

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env={"PATH": os.environ["PATH"]} | watched(tmp_path / "egress"),
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.stdout, done.stderr) == ("stayed\n", "")
    hold_in(tmp_path / "egress")


def test_this_process_is_watched_in_each_of_its_threads() -> None:
    def ask() -> None:
        with pytest.raises(LeftTheMachine):
            socket.gethostbyname("words.example")

    with looking_out() as seen:
        with pytest.raises(LeftTheMachine):
            socket.create_connection((AWAY, 80), 1)
        with pytest.raises(OSError, match="left this machine"):  # a library makes another error of it
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://[{AWAY_6}]/", timeout=1)
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()

    assert [line.split()[1] for line in seen] == [AWAY, AWAY_6, "words.example"]


async def test_the_loop_of_production_is_watched() -> None:
    with looking_out() as seen, pytest.raises(OSError, match="attempts failed"):
        await anyio.connect_tcp(AWAY, 80)

    assert seen


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "", "::", None, 0, "::1%lo"])
def test_this_machine_is_not_another_one(host: object) -> None:
    assert not leads_out(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.1", AWAY, AWAY_6, "words.example", b"words.example", "a"])
def test_another_machine_is_one_however_near(host: object) -> None:
    assert leads_out(host)
