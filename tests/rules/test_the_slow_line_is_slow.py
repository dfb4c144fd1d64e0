"""The slow line of the tests is as slow as it says, holds back and breaks what it should, and counts every byte."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.support.slow_line import SlowLine, slow_line


@pytest.fixture
def echo() -> Iterator[int]:
    """A port that says everything back."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_say_back, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]


def _say_back(listening: socket.socket) -> None:
    while True:
        try:
            end, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_back, args=(end,), daemon=True).start()


def _back(end: socket.socket) -> None:
    with end:
        try:
            while words := end.recv(65_536):
                end.sendall(words)
        except OSError:
            return


def there_and_back(end: socket.socket, words: bytes) -> float:
    """Seconds until all of it has come back."""
    began = time.monotonic()
    end.sendall(words)
    back = 0
    while back < len(words):
        got = end.recv(65_536)
        assert got, "the line broke"
        back += len(got)
    return time.monotonic() - began


def call(line: SlowLine) -> socket.socket:
    return socket.create_connection(("127.0.0.1", line.port), timeout=10)


def test_the_way_and_the_width_cost_what_they_say(echo: int) -> None:
    with slow_line(echo, round_trip_s=0.2, bytes_per_s=50_000) as line:
        with call(line) as end:
            assert there_and_back(end, b"a") >= 0.4, "opening the connection costs a round trip of its own"
            assert 0.2 <= there_and_back(end, b"b") < 5
            # 20,000 bytes pass 0.4 s each way, both ways beside each other, and a packet's time and a round trip after.
            assert there_and_back(end, b"c" * 20_000) >= 0.6
        assert line.bytes_of(b"a") == (20_002, 20_002)
        assert line.bytes_of(b"somebody else") == (0, 0)


def test_all_connections_share_its_width(echo: int) -> None:
    with slow_line(echo, bytes_per_s=50_000) as line, call(line) as one, call(line) as other:
        one.sendall(b"x" * 20_000)
        time.sleep(0.1)
        assert there_and_back(other, b"y") >= 0.2


def test_a_stall_holds_everything_back_and_loses_nothing(echo: int) -> None:
    with slow_line(echo) as line, call(line) as end:
        there_and_back(end, b"a")
        line.stall()
        time.sleep(0.1)
        threading.Timer(0.5, line.flow).start()
        assert there_and_back(end, b"b" * 3_000) >= 0.3


def test_a_cut_breaks_what_is_open_and_what_comes_until_it_is_mended(echo: int) -> None:
    with slow_line(echo) as line:
        with call(line) as end:
            there_and_back(end, b"a")
            line.cut()
            with pytest.raises((OSError, AssertionError)):
                there_and_back(end, b"b")
        with pytest.raises((OSError, AssertionError)), call(line) as end:
            there_and_back(end, b"c")
        line.mend()
        with call(line) as end:
            there_and_back(end, b"d")
