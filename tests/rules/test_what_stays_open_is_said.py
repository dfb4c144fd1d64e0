"""Holds the tests' own loop to saying what a test left open: a hang says nothing, and costs the whole run minutes."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tests.support.loops import ToldLoop, pytest_runtest_teardown


def test_a_line_left_open_is_closed_and_fails_the_test_that_left_it() -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    loop = ToldLoop()
    loop.run_until_complete(loop.create_unix_connection(asyncio.Protocol, sock=ours))

    with theirs:
        loop.close()
        assert theirs.recv(1) == b""

    assert loop.is_closed()
    with pytest.raises(pytest.fail.Exception, match=r"left open .* unclosed resource"):
        list(pytest_runtest_teardown())
    assert list(pytest_runtest_teardown()) == [None]


@pytest.mark.anyio
async def test_the_coroutine_tests_run_on_it() -> None:
    assert isinstance(asyncio.get_running_loop(), ToldLoop)
