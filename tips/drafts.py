"""Keeps a copy of a form that is being filled in, for half an hour, under a key that only its open page has."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast

import msgspec

from portal.ids import KEY_SIZE, from_text
from portal.services import Services
from portal.store.valkey import Script
from portal.vault.errors import SealBroken
from portal.vault.padding import RECORD_STEPS
from portal.vault.sealing import open_box, seal_box, sub
from portal.web.throttle import Throttle
from tips.form import kept_typing

LASTS: Final = timedelta(minutes=30)
"""From the last time it was kept."""

LARGEST: Final = 32 * 1024
"""Bytes of one copy. More stands on the page alone."""

MOST: Final = 1_000
"""Copies in the store together, 36 MiB of it at most. A page whose copy finds no place keeps its words all the same."""

# All pages of one process together: a thousand people who write without a pause.
BURST: Final = 400
EACH_SECOND: Final = 200.0

_ALL: Final = b"{draft}:all"

# KEYS: the copy, the name of its form, the list of all. ARGV: box, milliseconds, how many there may be. One copy a
# form: what another page of it kept before goes. Answers 1 where it is kept.
_KEEP: Final = Script(
    """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
local before = redis.call('GET', KEYS[2])
if before and before ~= KEYS[1] then
  redis.call('DEL', before)
  redis.call('ZREM', KEYS[3], before)
end
if not redis.call('ZSCORE', KEYS[3], KEYS[1]) and redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[3]) then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], KEYS[1], 'PX', ARGV[2])
redis.call('ZADD', KEYS[3], now + ARGV[2], KEYS[1])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
return 1
"""
)

# KEYS: the name of a form, the list of all. ARGV: the copy that is to go, or nothing for whichever it has.
_DROP: Final = Script(
    """
local copy = redis.call('GET', KEYS[1])
if not copy or (ARGV[1] ~= '' and copy ~= ARGV[1]) then return 0 end
redis.call('ZREM', KEYS[2], copy)
return redis.call('DEL', KEYS[1], copy)
"""
)


class Drafts:
    """Copies in the ember store. Each is sealed by its page's key, which is forgotten here as soon as it was used.

    The store knows a key's hash and the hash of the form's start token: a copy of its memory opens nothing.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pace = Throttle(burst=BURST, each_second=EACH_SECOND)

    async def keep(self, start_token: str, key: str, typed: Mapping[str, str]) -> bool:
        """Keep what stands in the fields in place of what stood there before. False when it is not kept.

        It is not for a form that is not ours or older than two hours, where it is larger than `LARGEST`, and where
        too many are. Only fields of the form are kept, as `kept_typing` gives them. Raises ValkeyAway.
        """
        raw = _raw(key)
        if raw is None or self._services.start_tokens.judge(start_token) not in ("fresh", "young"):
            return False
        body = msgspec.json.encode(kept_typing(typed))
        if len(body) > LARGEST or not self._pace.allows():
            return False
        box = seal_box(sub(raw, "draft"), "draft", _form(start_token) + body, steps=RECORD_STEPS)
        lasts = int(LASTS.total_seconds() * 1000)
        keys = [_copy(raw), _form(start_token), _ALL]
        return bool(await _KEEP(self._services.ember_client, keys=keys, args=[box, lasts, MOST]))

    async def open(self, key: str) -> dict[str, str]:
        """What was kept under this key, by the names of the fields; nothing where nothing is. Raises ValkeyAway."""
        opened = await self._opened(key)
        return {} if opened is None else msgspec.json.decode(opened[_FORM_SIZE:], type=dict[str, str])

    async def forget(self, key: str) -> None:
        """Forget it, and that there was one. Keys that are none of ours are no matter. Raises ValkeyAway."""
        opened, raw = await self._opened(key), _raw(key)
        if opened is not None and raw is not None:
            await self._drop(opened[:_FORM_SIZE], _copy(raw))

    async def is_sent(self, start_token: str) -> None:
        """The form was sent: its copy goes, whatever becomes of the page. Raises ValkeyAway."""
        await self._drop(_form(start_token))

    async def _drop(self, form: bytes, copy: bytes = b"") -> None:
        await _DROP(self._services.ember_client, keys=[form, _ALL], args=[copy])

    async def _opened(self, key: str) -> bytes | None:
        raw = _raw(key)
        box = None if raw is None else await self._services.ember_client.get(_copy(raw))
        if raw is None or box is None:
            return None
        try:
            return open_box(sub(raw, "draft"), "draft", cast("bytes", box))
        except SealBroken:
            return None


def _raw(key: str) -> bytes | None:
    try:
        return from_text(key, KEY_SIZE)
    except ValueError:
        return None


def _copy(raw: bytes) -> bytes:
    return b"{draft}:c:" + hashlib.sha256(raw).digest()


def _form(start_token: str) -> bytes:
    return b"{draft}:f:" + hashlib.sha256(start_token.encode()).digest()


_FORM_SIZE: Final = len(_form(""))
