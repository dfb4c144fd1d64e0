"""Knows the browsers a person has signed in from, so that strangers who try her name keep her out of none of them.

A browser that signed in keeps a token for that name: it opens nothing, and gives a pace and a worker of its own.
Nothing of it is stored here; without the pepper nobody makes one.
"""

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import Final

from starlette.responses import Response

from portal.errors import PorchlightError
from portal.ids import ID_SIZE, from_text, random_id, to_text
from portal.staff.accounts import Accounts, find_name
from portal.staff.passphrase import fold_name
from portal.vault.sealing import sub

DEVICE: Final = "__Host-k"
LASTS: Final = timedelta(days=90)
MOST: Final = 4  # people who share one browser

_NUMBER: Final = 2  # bytes of a pepper's number
_SIZE: Final = _NUMBER + ID_SIZE + sha256().digest_size


class Devices:
    """Makes tokens and reads them. Raises NotSetUp before there are keys."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def known(self, cookie: str, name: str) -> bytes | None:
        """The random name of this browser if `name` has signed in from it, else None."""
        await self._accounts.ready()
        for token in cookie.split(".")[:MOST]:
            random = self._read(token, fold_name(name))
            if random is not None:
                return random
        return None

    async def add(self, cookie: str, name: str) -> str:
        """What the browser keeps once `name` has signed in from it: her token first, then those of others."""
        await self._accounts.ready()
        folded, number, random = fold_name(name), self._accounts.newest_pepper(), random_id()
        token = to_text(number.to_bytes(_NUMBER, "big") + random + self._mark(number, random, folded))
        others = [each for each in cookie.split(".")[:MOST] if each and self._read(each, folded) is None]
        return ".".join([token, *others][:MOST])

    def _read(self, token: str, folded: str) -> bytes | None:
        try:
            raw = from_text(token, _SIZE)
            number, random, mark = raw[:_NUMBER], raw[_NUMBER : _NUMBER + ID_SIZE], raw[_NUMBER + ID_SIZE :]
            made = self._mark(int.from_bytes(number, "big"), random, folded)
        except (ValueError, PorchlightError):
            return None  # none of ours, or under a pepper that is gone
        return random if hmac.compare_digest(mark, made) else None

    def _mark(self, number: int, random: bytes, folded: str) -> bytes:
        pepper = self._accounts.pepper(number)
        return hmac.digest(sub(pepper, "device"), random + find_name(folded, pepper), "sha256")


def with_device(response: Response, tokens: str) -> Response:
    """The answer with what this browser keeps over a sign-out: it opens nothing."""
    age = int(LASTS.total_seconds())
    response.set_cookie(DEVICE, tokens, max_age=age, path="/", secure=True, httponly=True, samesite="strict")
    return response
