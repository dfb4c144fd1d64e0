"""Keeps who was asked to join as a guest, who did by her yes, and the keys of both.

{c:<id>}:people    hash    a<card>: is named in the card of that number; g<number>|<card>: reads from that number on
{c:<id>}:guests    hash    staff id -> public half 32, and after it, while he may read, the key sealed to it
gk:<id>            hash    in the store without a disk: name of the public half -> private half
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from chat.message import Entry
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from chat.store.talk import LASTS
from portal.store.valkey import Script, Valkey
from portal.vault.guests import find_guest

_PUBLIC: Final = 32
_LASTS_MS: Final = int(LASTS.total_seconds() * 1000)
_MARK: Final = re.compile(rb"(?:a|g(\d+)\|)(\d+)")

# KEYS state, log, people, guests. ARGV person, client key, fence, entry, channel, now ms, public half. One guest at a
# time: somebody who was named and not let in yet makes room for the next one, who is in does not.
_ASK: Final = Script(
    """
local k = 'ka' .. ARGV[2]
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'seq', k)
if s[4] then return tonumber(s[4]) end
if s[1] == 'ended' or s[1] == 'erased' then return -1 end
if s[1] ~= 'talking' or s[2] ~= ARGV[3] then return 0 end
if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1
  and string.sub(redis.call('HGET', KEYS[3], ARGV[1]), 1, 1) ~= 'a' then return 0 end
local marks = redis.call('HGETALL', KEYS[3])
for at = 1, #marks, 2 do
  if string.sub(marks[at + 1], 1, 1) == 'g' then return 0 end
end
for at = 1, #marks, 2 do
  if string.sub(marks[at + 1], 1, 1) == 'a' then
    redis.call('HDEL', KEYS[3], marks[at])
    redis.call('HDEL', KEYS[4], marks[at])
  end
end
local seq, lasts = tonumber(s[3]) + 1, math.max(1, redis.call('PTTL', KEYS[1]))
redis.call('HSET', KEYS[1], 'seq', seq, k, seq, 'told', ARGV[6])
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[4])
redis.call('HSET', KEYS[3], ARGV[1], 'a' .. seq)
redis.call('HSET', KEYS[4], ARGV[1], ARGV[7])
redis.call('PEXPIRE', KEYS[3], lasts)
redis.call('PEXPIRE', KEYS[4], lasts)
redis.call('PUBLISH', ARGV[5], 'm' .. seq .. ' ' .. ARGV[4])
return seq
"""
)

# KEYS state, log, people, guests. ARGV person, client key, card, tap, line, public half, sealed key ('': she said no),
# channel, now ms. Her tap, the line, the mark and the key are one step: nobody reads whom she was not told of.
_DECIDE: Final = Script(
    """
local k = 'kv' .. ARGV[2]
local s = redis.call('HMGET', KEYS[1], 'state', 'seq', 'words', k)
if not s[1] then return {'gone', 0, '', 0} end
if s[4] then return {'done', tonumber(s[4]), s[1], 0} end
if s[1] == 'ended' or s[1] == 'erased' then return {'over', 0, '', 0} end
local mark = redis.call('HGET', KEYS[3], ARGV[1]) or ''
local is_asked = mark == 'a' .. ARGV[3]
local is_in = string.match(mark, '^g%d+|(%d+)$') == ARGV[3]
local says_yes = ARGV[7] ~= ''
if says_yes and not is_asked and not is_in then return {'gone', 0, '', 0} end
local seq = tonumber(s[2]) + 1
local turns = (says_yes and is_asked) or (not says_yes and is_in)
redis.call('HSET', KEYS[1], 'seq', turns and seq + 1 or seq, k, seq, 'words', tonumber(s[3]) + 1, 'spoken', 1,
  'spoke', ARGV[9])
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[4])
redis.call('PUBLISH', ARGV[8], 'm' .. seq .. ' ' .. ARGV[4])
if turns then
  redis.call('HSET', KEYS[3], ARGV[1], says_yes and 'g' .. (seq + 1) .. '|' .. ARGV[3] or 'a' .. ARGV[3])
  redis.call('HSET', KEYS[4], ARGV[1], ARGV[6] .. ARGV[7])
  redis.call('XADD', KEYS[2], (seq + 1) .. '-0', 'e', ARGV[5])
  redis.call('PUBLISH', ARGV[8], 'm' .. (seq + 1) .. ' ' .. ARGV[5])
end
return {'done', seq, s[1], turns and 1 or 0}
"""
)

# KEYS state, log, people, guests. ARGV person, line, channel, fence ('': he leaves by himself). Answers 2 where he was
# in, 1 where he was only asked for.
_SEND_AWAY: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'seq', 'fence')
if ARGV[4] ~= '' and s[3] ~= ARGV[4] then return 0 end
local mark = redis.call('HGET', KEYS[3], ARGV[1])
local how = mark and string.sub(mark, 1, 1)
if how ~= 'g' and how ~= 'a' then return 0 end
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
if how == 'a' then return 1 end
if s[1] ~= 'talking' and s[1] ~= 'waiting' then return 2 end
local seq = tonumber(s[2]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[2])
redis.call('HSET', KEYS[1], 'seq', seq)
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
return 2
"""
)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who was named in a card. `since`: the number that let him in, 0 while she has not said yes."""

    person: bytes
    since: int
    card: int
    public: bytes
    copy: bytes


class GuestStore:
    """Every method raises `ValkeyAway` when a store does not answer."""

    def __init__(self, durable: Valkey, embers: Valkey) -> None:
        self._client = durable
        self._embers = embers

    async def of(self, conversation: bytes) -> Guest | None:
        """The one guest of a conversation, named or let in."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.hgetall(keys.people(conversation))
            pipe.hgetall(keys.guests(conversation))
            marks, held = await pipe.execute()
        for person, mark in marks.items():
            found = _MARK.fullmatch(mark)
            kept = held.get(person, b"")
            if found and kept:
                return Guest(person, int(found[1] or 0), int(found[2]), kept[:_PUBLIC], kept[_PUBLIC:])
        return None

    async def ask(
        self, conversation: bytes, card: Entry, person: bytes, pair: tuple[bytes, bytes], *, fence: int, now_ms: int
    ) -> int:
        """Ask the visitor; answers the number of the card. The private half first: without it no yes opens anything.

        Raises NotThisDesk for an old fence and while another guest is there, ConversationOver.
        """
        private, public = pair
        await self._keep_private(conversation, public, private)
        args: list[Any] = [person, card.key, fence, card.pack(), keys.talk_channel(conversation), now_ms, public]
        seq = int(await _ASK(self._client, keys=_four(conversation), args=args))
        if seq <= 0:
            await self.forget_private(conversation, public)
            raise ConversationOver if seq else NotThisDesk
        return seq

    async def decide(
        self, conversation: bytes, guest: Guest, tap: Entry, line: Entry, copy: bytes, now_ms: int
    ) -> tuple[int, str, bool]:
        """Her answer; its number, the state the conversation had, and whether it let him in or out.

        `copy` empty: no. Raises as `ask`.
        """
        args: list[Any] = [guest.person, tap.key, guest.card, tap.pack(), line.pack(), guest.public, copy]
        word, seq, standing, turned = await _DECIDE(
            self._client, keys=_four(conversation), args=[*args, keys.talk_channel(conversation), now_ms]
        )
        if word == b"over":
            raise ConversationOver
        if word != b"done":
            raise NotThisDesk
        return int(seq), standing.decode(), bool(turned)

    async def send_away(self, conversation: bytes, guest: Guest, line: Entry, fence: int | None) -> bool:
        """He reads no more; True where he did, and she is told by `line`. `fence`: the owner's; None: he leaves."""
        args = [guest.person, line.pack(), keys.talk_channel(conversation), "" if fence is None else fence]
        what = int(await _SEND_AWAY(self._client, keys=_four(conversation), args=args))
        if not what:
            raise NotThisDesk
        await self.forget_private(conversation, guest.public)
        return what > 1

    async def private(self, conversation: bytes, public: bytes) -> bytes | None:
        """The private half to a public one; None once it is gone."""
        name: Any = find_guest(public)
        found: Any = await self._embers.hget(keys.guest_keys(conversation), name)
        return None if found is None else bytes(found)

    async def forget_private(self, conversation: bytes, public: bytes) -> None:
        """Nothing opens with it any more."""
        name: Any = find_guest(public)
        await self._embers.hdel(keys.guest_keys(conversation), name)

    async def drop(self, conversation: bytes) -> None:
        """Every guest's keys, the private halves first."""
        await self._embers.delete(keys.guest_keys(conversation))
        await self._client.delete(keys.guests(conversation))

    async def _keep_private(self, conversation: bytes, public: bytes, private: bytes) -> None:
        name: Any = keys.guest_keys(conversation)
        async with self._embers.pipeline(transaction=True) as pipe:
            pipe.hset(name, mapping={find_guest(public): private})
            pipe.pexpire(name, _LASTS_MS)
            await pipe.execute()


def _four(conversation: bytes) -> list[bytes]:
    name = conversation
    return [keys.state(name), keys.log(name), keys.people(name), keys.guests(name)]
