"""Keeps the desk's own card beside the sealed keys: written under the fence of a take, gone with those keys."""

from typing import Any, Final

from chat.store import keys
from portal.store.valkey import Script, Valkey

FIELD: Final = "desk"

# KEYS state, keys. ARGV fence, the card as it was read (empty: none), the card from now on, staff channel. The card it
# was read as makes two changes at once follow each other. An ended conversation takes it until it is erased.
_KEEP: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'fence')
if not s[1] or s[1] == 'waiting' or s[1] == 'erased' or s[2] ~= ARGV[1] then return 'gone' end
if (redis.call('HGET', KEYS[2], 'desk') or '') ~= ARGV[2] then return 'again' end
redis.call('HSET', KEYS[2], 'desk', ARGV[3])
redis.call('PUBLISH', ARGV[4], 'c')
return 'kept'
"""
)


class DeskCardStore:
    """One field of a conversation's sealed keys. Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def read(self, conversation: bytes) -> bytes:
        """The sealed card, empty where none was written."""
        found: Any = await self._client.hget(keys.sealed(conversation), FIELD)
        return found or b""

    async def keep(self, conversation: bytes, before: bytes, card: bytes, *, fence: int) -> str:
        """Replace it. Answers `kept`, `again` when somebody wrote meanwhile, `gone` for an old fence."""
        answer: bytes = await _KEEP(
            self._client,
            keys=[keys.state(conversation), keys.sealed(conversation)],
            args=[fence, before, card, keys.staff_channel(conversation)],
        )
        return answer.decode()
