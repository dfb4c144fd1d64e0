"""Holds leaving to ending everything it can and holding nobody back."""

from __future__ import annotations

import pytest

from portal.errors import Away
from portal.leaving import LONGEST_TOKEN, MOST_TOKENS, Leaving

pytestmark = pytest.mark.anyio


async def test_every_room_is_given_every_token() -> None:
    leaving, seen = Leaving(), []

    async def chat(token: str) -> None:
        seen.append(("chat", token))

    async def tips(token: str) -> None:
        seen.append(("tips", token))

    leaving.register(chat)
    leaving.register(tips)
    await leaving.destroy(["a", "b"])

    assert sorted(seen) == [("chat", "a"), ("chat", "b"), ("tips", "a"), ("tips", "b")]


@pytest.mark.parametrize("trouble", [Away(), ValueError("kestrel-canary")])
async def test_one_rooms_fault_keeps_no_other_from_destroying(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    leaving, seen = Leaving(), []

    async def broken(token: str) -> None:
        raise trouble

    async def whole(token: str) -> None:
        seen.append(token)

    leaving.register(broken)
    leaving.register(whole)
    await leaving.destroy(["a-token"])

    assert seen == ["a-token"]
    assert "a-token" not in caplog.text
    assert "kestrel-canary" not in caplog.text


async def test_only_so_much_is_taken_from_one_post() -> None:
    leaving, seen = Leaving(), []

    async def room(token: str) -> None:
        seen.append(token)

    leaving.register(room)
    await leaving.destroy(["", "x" * (LONGEST_TOKEN + 1), *(str(number) for number in range(100))])

    assert len(seen) <= MOST_TOKENS
    assert "" not in seen
