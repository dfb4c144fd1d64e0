"""Keeps who left by the exit and may come back by her number: until when, and the leaving while it is half done."""

from typing import Any, Final, Literal

from chat.store import keys
from portal.ids import random_key
from portal.store.valkey import Script, Valkey

# KEYS state, keys. ARGV her way in, one that nobody has, until ms, talk channel, staff channel. From this breath on her
# page opens nothing; the conversation waits for her number. Done twice it is done once.
_LEAVE: Final = Script(
    """
local state = redis.call('HGET', KEYS[1], 'state')
local k = redis.call('HMGET', KEYS[2], 'find', 'was')
if not state or not k[1] then return 'gone' end
if state == 'ended' or state == 'erased' then return 'over' end
if k[1] ~= ARGV[1] then return 'there' end
redis.call('HSET', KEYS[2], 'find', ARGV[2], 'was', (k[2] or '') .. k[1])
redis.call('HSET', KEYS[1], 'left', ARGV[3])
redis.call('PUBLISH', ARGV[4], 'b')
redis.call('PUBLISH', ARGV[5], 'l')
return 'left'
"""
)

# KEYS state. ARGV now ms. Once her time is over no number brings her back any more: the end that follows meets nobody.
_GIVE_UP: Final = Script(
    """
local left = redis.call('HGET', KEYS[1], 'left')
if not left then return 'back' end
if tonumber(left) > tonumber(ARGV[1]) then return 'not_yet' end
redis.call('HSET', KEYS[1], 'left', -1)
return 'due'
"""
)

GivenUp = Literal["back", "not_yet", "due"]


class LeftStore:
    """The index `{desk}:left` and the two steps on the conversation. Every method raises `ValkeyAway`."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def begin(self, conversation: bytes, find: bytes, until_ms: int) -> None:
        """Write down that she leaves by this way in, so that a kill in the middle is finished by the sweeper."""
        await self._client.hset(keys.LEFT, mapping={conversation: b"%d|" % until_ms + find})

    async def leave(self, conversation: bytes, find: bytes, until_ms: int) -> str:
        """The one step: answers `left`, `there` when it was done before, `over` or `gone`."""
        answer: bytes = await _LEAVE(
            self._client,
            keys=[keys.state(conversation), keys.sealed(conversation)],
            args=[
                find,
                random_key(),
                until_ms,
                keys.talk_channel(conversation),
                keys.staff_channel(conversation),
            ],
        )
        return answer.decode()

    async def finished(self, conversation: bytes, until_ms: int) -> None:
        """All steps of her leaving are done; what is left is the clock."""
        await self._client.hset(keys.LEFT, mapping={conversation: b"%d|" % until_ms})

    async def give_up(self, conversation: bytes, now_ms: int) -> GivenUp:
        """Whether her time to come back is over; answered `due`, she cannot come back from there on."""
        answer: bytes = await _GIVE_UP(self._client, keys=[keys.state(conversation)], args=[now_ms])
        word: GivenUp = "due" if answer == b"due" else "not_yet" if answer == b"not_yet" else "back"
        return word

    async def all(self) -> list[tuple[bytes, bytes, int]]:
        """Everybody written down: conversation, the way in she left by (empty once that is done), until when."""
        rows: Any = await self._client.hgetall(keys.LEFT)
        found = []
        for conversation, value in rows.items():
            until, _, find = value.partition(b"|")
            found.append((conversation, find, int(until)))
        return found

    async def forget(self, conversation: bytes) -> None:
        """Take it off the list."""
        await self._client.hdel(keys.LEFT, conversation)
