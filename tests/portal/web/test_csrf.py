"""Holds start tokens to being spent once, and posts to coming from our own pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.requests import Request

from portal.clock import StillClock
from portal.services import Services
from portal.web.csrf import StartTokens, from_our_own_page

pytestmark = pytest.mark.anyio

ORIGIN = "https://talk.example"


async def test_a_token_is_young_then_fresh_then_old(services: Services, clock: StillClock) -> None:
    token = services.start_tokens.make()

    assert services.start_tokens.judge(token) == "young"
    clock.advance(timedelta(seconds=3))
    assert services.start_tokens.judge(token) == "fresh"
    clock.advance(timedelta(hours=2, seconds=-3))
    assert services.start_tokens.judge(token) == "fresh"
    clock.advance(timedelta(milliseconds=1))
    assert services.start_tokens.judge(token) == "old"


async def test_a_token_of_another_house_or_none_is_wrong(services: Services, clock: StillClock) -> None:
    token = services.start_tokens.make()
    other = StartTokens(b"k" * 32, services.embers, clock)

    assert other.judge(token) == "wrong"
    for forged in ("", "x", token[:-1], token + "A", token[::-1], "é" * 54):
        assert services.start_tokens.judge(forged) == "wrong"


async def test_a_token_from_the_future_is_wrong(services: Services, clock: StillClock) -> None:
    clock.advance(timedelta(hours=1))
    token = services.start_tokens.make()
    clock.advance(timedelta(hours=-1))

    assert services.start_tokens.judge(token) == "wrong"


async def test_the_first_spending_wins(services: Services) -> None:
    token = services.start_tokens.make()

    assert await services.start_tokens.spend(token, b"first") == b"first"
    assert await services.start_tokens.spend(token, b"second") == b"first"
    assert await services.start_tokens.spend(services.start_tokens.make(), b"other") == b"other"


async def test_nothing_is_kept_until_a_token_is_spent(services: Services) -> None:
    for _ in range(20):
        services.start_tokens.make()

    assert await services.ember_client.dbsize() == 0


async def test_the_store_never_holds_the_token(services: Services) -> None:
    token = services.start_tokens.make()
    await services.start_tokens.spend(token, b"value")

    names = [name async for name in services.ember_client.scan_iter()]
    assert len(names) == 1
    assert token.encode() not in names[0]


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "same-origin", "origin": ORIGIN}, True),
        ({"sec-fetch-site": "same-site", "origin": ORIGIN}, False),
        ({"sec-fetch-site": "cross-site", "origin": ORIGIN}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": ORIGIN}, True),
        ({"origin": "null"}, True),
        ({"origin": "https://elsewhere.example"}, False),
        ({"origin": ORIGIN + ".elsewhere.example"}, False),
        ({}, True),
    ],
)
def test_a_post_comes_from_our_own_page_as_far_as_a_browser_says(headers: dict[str, str], ours: bool) -> None:
    given = [(name.encode(), value.encode()) for name, value in headers.items()]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": given})

    assert from_our_own_page(request, ORIGIN) is ours
