"""Start tokens, which make one press of a button count once, and the rule for posts from elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Literal

from starlette.requests import HTTPConnection

from portal.clock import Clock
from portal.ids import from_text, to_text
from portal.store.embers import Embers

Verdict = Literal["fresh", "young", "old", "wrong"]

YOUNGEST = timedelta(seconds=3)
OLDEST = timedelta(hours=2)

_TIME_SIZE = 8
_NONCE_SIZE = 16
_MARK_SIZE = 16
_SIZE = _TIME_SIZE + _NONCE_SIZE + _MARK_SIZE


class StartTokens:
    """Tokens that stand in a form and may be spent once.

    Nothing is stored until one is spent, so a flood of page views costs no memory. A token says only when it was made;
    it is bound to no person, device or address.
    """

    def __init__(self, key: bytes, embers: Embers, clock: Clock) -> None:
        self._key = key
        self._embers = embers
        self._clock = clock

    def make(self) -> str:
        """A token for a form that is being drawn now."""
        body = self._milliseconds().to_bytes(_TIME_SIZE, "big") + secrets.token_bytes(_NONCE_SIZE)
        return to_text(body + self._mark(body))

    def judge(self, token: str) -> Verdict:
        """`fresh`: may be spent. `young`: faster than a hand (under 3 s). `old`: over 2 h. `wrong`: not ours."""
        age = self.age(token)
        if age is None or age < timedelta(0):
            return "wrong"
        if age < YOUNGEST:
            return "young"
        return "fresh" if age <= OLDEST else "old"

    def age(self, token: str) -> timedelta | None:
        """How long ago a token was made, as its own clock says; None for one that is not ours."""
        try:
            raw = from_text(token, _SIZE)
        except ValueError:
            return None
        body, mark = raw[:-_MARK_SIZE], raw[-_MARK_SIZE:]
        if not hmac.compare_digest(mark, self._mark(body)):
            return None
        return timedelta(milliseconds=self._milliseconds() - int.from_bytes(body[:_TIME_SIZE], "big"))

    async def spend(self, token: str, value: bytes, *, remembered: timedelta = OLDEST) -> bytes:
        """Spend a token on `value` and return what it was spent on: the first value wins.

        A second spending (a double tap, a resend on a bad line) returns the first one's value. The ember store keeps
        only a hash of the token, for `remembered`. Raises ValkeyAway.
        """
        name = _spent(token)
        if await self._embers.put_new(name, value, remembered):
            return value
        return await self._embers.get(name) or value

    async def spent_on(self, token: str) -> bytes | None:
        """What a token was spent on; None when it was not, or so long ago that it is forgotten. Raises ValkeyAway."""
        return await self._embers.get(_spent(token))

    def _mark(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_MARK_SIZE]

    def _milliseconds(self) -> int:
        return int(self._clock.now().timestamp() * 1000)


def _spent(token: str) -> bytes:
    return b"spent:" + hashlib.sha256(token.encode()).digest()


def from_our_own_page(request: HTTPConnection, own_origin: str) -> bool:
    """Whether a post may come from a page of ours, as far as the browser says.

    `Sec-Fetch-Site` decides where it is sent: only `same-origin` passes. Without it (old phones) an `Origin` header
    must be ours, except `null`, which our own forms send because of `no-referrer` and which therefore proves
    nothing. With neither, the token in the form decides alone.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin in (None, "null", own_origin)
