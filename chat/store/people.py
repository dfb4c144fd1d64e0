"""Keeps who, beside the one who holds a conversation, may read it: a mark a person, written and used in one breath.

{c:<id>}:people    hash    staff id -> n<fence>: is to have it next, while its owner holds it under that fence
                                       w<number>: reads along since that number, which told the visitor so
                                       j<number>: writes along as well since that number (beside.py)
                                       a<card>, g<number>|<card>: a guest (guests.py)
                           s<staff id> -> sent away by the visitor (sent_away.py)
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, cast

from chat.message import Entry
from chat.refusals import NotThisDesk
from chat.store import keys
from chat.store.beside import BesideStore
from chat.store.guests import GuestStore
from chat.store.guests_there import GuestsThere
from chat.store.looked import LookedStore
from chat.store.sent_away import SentAwayStore
from chat.store.watching import WatchingStore
from portal.store.valkey import Script, Valkey

# KEYS state, people. ARGV person, fence. Only under the fence of the one who offers; it goes when the talk goes. A mark
# of reading along is never written over: the visitor was told of it, and is told of its end.
_LET_READ: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'fence')
if s[1] ~= 'talking' or s[2] ~= ARGV[2] then return 'gone' end
local how = string.sub(redis.call('HGET', KEYS[2], ARGV[1]) or '', 1, 1)
if how == 'w' or how == 'j' then return 'watches' end
if how == 'g' then return 'guest' end
redis.call('HSET', KEYS[2], ARGV[1], 'n' .. ARGV[2])
redis.call('PEXPIRE', KEYS[2], math.max(1, redis.call('PTTL', KEYS[1])))
return 'let'
"""
)

# KEYS people. ARGV person. Only what was let by an offer: a mark of reading along has an end of its own.
_SHUT_OUT: Final = Script(
    """
if string.sub(redis.call('HGET', KEYS[1], ARGV[1]) or '', 1, 1) ~= 'n' then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])
"""
)

# KEYS state, log, people. ARGV person, old fence, new fence, shown, entry, channel. Whoever has not shown all of it,
# and whose leave to read was withdrawn, gets nothing.
_HAND: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'owner', 'fence', 'seq')
if not s[1] then return 'gone' end
if s[1] == 'ended' or s[1] == 'erased' then return 'over' end
if s[2] == ARGV[1] and s[3] == ARGV[3] then return 'handed' end
if s[1] ~= 'talking' or s[3] ~= ARGV[2] then return 'gone' end
if redis.call('HGET', KEYS[3], ARGV[1]) ~= 'n' .. ARGV[2] then return 'gone' end
if tonumber(ARGV[4]) < tonumber(s[4]) then return 'more' end
local seq = tonumber(s[4]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[5])
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'fence', ARGV[3], 'seq', seq, 'joined', seq)
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('PUBLISH', ARGV[6], 'm' .. seq .. ' ' .. ARGV[5])
return 'handed'
"""
)

# What is in a mark of one who reads along, whether or not she writes.
_READS_ALONG: Final[Mapping[bytes, Literal["watcher", "joined"]]] = {b"w": "watcher", b"j": "joined"}

# KEYS state, log, people, vanish. ARGV person, entry, channel, entries for when she is gone. No leave to read without
# the entry that tells of it, nor without the one that will tell of its end; and none for one she sent away.
_WATCH: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'seq')
if s[1] ~= 'talking' then return 0 end
if redis.call('HEXISTS', KEYS[3], 's' .. ARGV[1]) == 1 then return 0 end
local mark = redis.call('HGET', KEYS[3], ARGV[1])
if mark then return string.find('wj', string.sub(mark, 1, 1), 1, true) and 1 or 0 end
local seq = tonumber(s[2]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[2])
redis.call('HSET', KEYS[1], 'seq', seq)
redis.call('HSET', KEYS[3], ARGV[1], 'w' .. seq)
redis.call('HSET', KEYS[4], 'r' .. ARGV[1], ARGV[4], 'w' .. ARGV[1], ARGV[5])
for at = 3, 4 do redis.call('PEXPIRE', KEYS[at], math.max(1, redis.call('PTTL', KEYS[1]))) end
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
return 1
"""
)

# KEYS state, log, people, vanish. ARGV person, entry of one who read, entry of one who wrote, channel.
_STOP: Final = Script(
    """
local mark = redis.call('HGET', KEYS[3], ARGV[1])
local how = mark and string.sub(mark, 1, 1)
if how ~= 'w' and how ~= 'j' then return 0 end
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], 'r' .. ARGV[1], 'w' .. ARGV[1])
local s = redis.call('HMGET', KEYS[1], 'state', 'seq')
if s[1] ~= 'talking' and s[1] ~= 'waiting' then return 1 end
local seq, entry = tonumber(s[2]) + 1, how == 'j' and ARGV[3] or ARGV[2]
redis.call('XADD', KEYS[2], seq .. '-0', 'e', entry)
redis.call('HSET', KEYS[1], 'seq', seq)
redis.call('PUBLISH', ARGV[4], 'm' .. seq .. ' ' .. entry)
return 1
"""
)

# KEYS state, notes, people. ARGV person, client key, entry, channel. Only from one who reads along.
_WHISPER: Final = Script(
    """
local k = 'kn' .. ARGV[2]
local s = redis.call('HMGET', KEYS[1], 'state', 'notes', k)
if s[3] then return tonumber(s[3]) end
local mark = redis.call('HGET', KEYS[3], ARGV[1])
if s[1] ~= 'talking' or not mark or not string.find('wj', string.sub(mark, 1, 1), 1, true) then return 0 end
local seq = tonumber(s[2]) + 1
redis.call('HSET', KEYS[1], 'notes', seq, k, seq)
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[3])
if seq == 1 then redis.call('PEXPIRE', KEYS[2], math.max(1, redis.call('PTTL', KEYS[1]))) end
redis.call('PUBLISH', ARGV[4], 'n' .. seq .. ' ' .. ARGV[3])
return seq
"""
)

AT_ONCE: Final = 200  # whoever says something meanwhile is answered between
Handed = Literal["handed", "more", "over", "gone"]
Let = Literal["let", "watches", "guest", "gone"]


class PeopleStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey, embers: Valkey) -> None:
        self._client = client
        self.beside = BesideStore(client)
        self.guests = GuestStore(client, embers)
        self.guests_there = GuestsThere(client)
        self.looked = LookedStore(client)
        self.sent_away = SentAwayStore(client)
        self.watching = WatchingStore(client)

    async def let_read(self, conversation: bytes, person: bytes, *, fence: int) -> Let:
        """Let her read it as long as it is held under `fence`: `gone` when it is not. Not while she is in it."""
        names = [keys.state(conversation), keys.people(conversation)]
        answer: bytes = await _LET_READ(self._client, keys=names, args=[person, fence])
        return cast(Let, answer.decode())

    async def may_read(self, conversation: bytes, person: bytes, *, fence: int) -> bool:
        """Whether she was let read under this fence."""
        name: Any = person
        return bool(await self._client.hget(keys.people(conversation), name) == b"n%d" % fence)

    async def shut_out(self, conversation: bytes, person: bytes) -> None:
        """She may not read it any more, to have it next. Whoever reads along stops by `stop_watching`."""
        await _SHUT_OUT(self._client, keys=[keys.people(conversation)], args=[person])

    async def reads_as(self, conversation: bytes, person: bytes) -> Literal["", "watcher", "joined"]:
        """How she reads along, of which its visitor was told; empty: not at all. One who joined writes as well."""
        name: Any = person
        mark: Any = await self._client.hget(keys.people(conversation), name)
        return _READS_ALONG.get(mark[:1] if mark else b"", "")

    async def marks(self, conversations: Sequence[bytes]) -> list[Mapping[bytes, bytes]]:
        """Everybody's marks in each, some hundred in one journey."""
        found: list[Mapping[bytes, bytes]] = []
        for first in range(0, len(conversations), AT_ONCE):
            async with self._client.pipeline(transaction=False) as pipe:
                for conversation in conversations[first : first + AT_ONCE]:
                    pipe.hgetall(keys.people(conversation))
                found += await pipe.execute()
        return found

    async def watch(self, conversation: bytes, entry: Entry, read: Entry, wrote: Entry, person: bytes) -> bool:
        """Let her read along, and tell the visitor by `entry`; told once. False where nobody talks.

        `read`, `wrote`: what the visitor is told should her desk vanish.
        """
        args = [person, entry.pack(), keys.talk_channel(conversation), read.pack(), wrote.pack()]
        return bool(await _WATCH(self._client, keys=_told(conversation), args=args))

    async def stop_watching(self, conversation: bytes, read: Entry, wrote: Entry, person: bytes) -> bool:
        """She reads along no more; the visitor is told by the entry of one who read, or of one who wrote as well.

        False where she did not read along.
        """
        args = [person, read.pack(), wrote.pack(), keys.talk_channel(conversation)]
        return bool(await _STOP(self._client, keys=_told(conversation), args=args))

    async def whisper(self, conversation: bytes, entry: Entry) -> int:
        """A note of one who reads along; answers its number. Raises NotThisDesk from anybody else."""
        seq = await _WHISPER(
            self._client,
            keys=[keys.state(conversation), keys.notes(conversation), keys.people(conversation)],
            args=[entry.person, entry.key, entry.pack(), keys.staff_channel(conversation)],
        )
        if not seq:
            raise NotThisDesk
        return int(seq)

    async def hand(self, conversation: bytes, entry: Entry, *, person: bytes, old: int, new: int, shown: int) -> Handed:
        """Make her its owner under the `new` fence and say so in the stream, if she has shown all of it."""
        answer: bytes = await _HAND(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation), keys.people(conversation)],
            args=[person, old, new, shown, entry.pack(), keys.talk_channel(conversation)],
        )
        return cast(Handed, answer.decode())


def mark_of(person: bytes, marks: Mapping[bytes, bytes]) -> bytes:
    """Her mark: empty for none, `s` where she was sent away and is no guest."""
    mark = marks.get(person, b"")
    return b"s" if b"s" + person in marks and mark[:1] != b"g" else mark


def _told(conversation: bytes) -> list[bytes]:
    return [keys.state(conversation), keys.log(conversation), keys.people(conversation), keys.vanish(conversation)]
