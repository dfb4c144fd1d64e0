"""Keeps which conversations are offered by the one who holds them, to whom, and who has said yes.

{desk}:offers      hash    conversation -> state 1 | from 16 | to 16 | by 16 | fence | note | new fence
                           state: o offered, r somebody reads it, h its new fence is made, d declined
                           to: zeros for whoever is ready, ones for whoever says a word from the phone;
                           by: who said yes; note: the number of the note with it, 0 for none
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from chat.message import NOBODY
from chat.presence import GONE_AFTER_MS, LEASE_MS
from chat.refusals import HandsFull, NotThisDesk, TakenBefore
from chat.store import keys
from chat.store.heavy import BORNE
from portal.settings import Settings
from portal.store.valkey import Script, Valkey

# Of an offer that still stands: held by the one who made it, and her lease lives. A lapse wins over every offer.
_READ: Final = """
local value = redis.call('HGET', KEYS[1], ARGV[1])
local fence, note, fresh = string.match(string.sub(value or '', 50), '^(%d+)|(%d+)|(%d*)$')
local lease = redis.call('ZSCORE', KEYS[3], ARGV[1])
local stands = fence and redis.call('HGET', KEYS[2], ARGV[1]) == string.sub(value, 2, 17) .. '|' .. fence
  and lease and tonumber(lease) >= tonumber(ARGV[2]) and redis.call('HEXISTS', KEYS[4], ARGV[1]) == 0
"""
_HAS_ROOM: Final = """
local places = tonumber(ARGV[4])
if redis.call('HGET', KEYS[6], ARGV[3]) == 'on_call' then places = places - tonumber(ARGV[5]) end
if borne(KEYS[5], KEYS[7], ARGV[6]) >= places then return {'full', ''} end
"""

# KEYS offers, owners, leases, lapsing. ARGV conversation, now ms, from, fence, to, note, channel.
_OFFER: Final = Script(
    _READ
    + """
if stands then return string.match(string.sub(value, 50), '|(%d+)|') == ARGV[6] and 1 or 0 end
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[3] .. '|' .. ARGV[4] then return 0 end
if not lease or tonumber(lease) < tonumber(ARGV[2]) or redis.call('HEXISTS', KEYS[4], ARGV[1]) == 1 then return 0 end
local nobody = string.rep('\\0', 16)
redis.call('HSET', KEYS[1], ARGV[1], 'o' .. ARGV[3] .. ARGV[5] .. nobody .. ARGV[4] .. '|' .. ARGV[6] .. '|')
redis.call('PUBLISH', ARGV[7], 'q')
return 1
"""
)

# KEYS offers, owners, leases, lapsing, held:<who>, shift, heavy. ARGV conversation, now ms, who, capacity, places less
# while on a call, more for a heavy one, channel. Of several who say yes one is first; said again it is the same yes.
_SAY_YES: Final = Script(
    BORNE
    + _READ
    + """
if not stands or string.sub(value, 1, 1) == 'd' then return {'gone', ''} end
local nobody = string.rep('\\0', 16)
local from, to, by = string.sub(value, 2, 17), string.sub(value, 18, 33), string.sub(value, 34, 49)
if by == ARGV[3] then return {'yours', value} end
if from == ARGV[3] or (to ~= nobody and to ~= ARGV[3]) then return {'gone', ''} end
if by ~= nobody then return {'taken', by} end
"""
    + _HAS_ROOM
    + """
value = 'r' .. from .. to .. ARGV[3] .. string.sub(value, 50)
redis.call('HSET', KEYS[1], ARGV[1], value)
redis.call('PUBLISH', ARGV[7], 'q')
return {'yours', value}
"""
)

# KEYS offers, owners, leases, lapsing, held:<who>, shift, heavy, fence. ARGV conversation, now ms, who, capacity,
# places less, more.
_BEGIN: Final = Script(
    BORNE
    + _READ
    + """
if not stands or string.sub(value, 34, 49) ~= ARGV[3] then return {'gone', ''} end
if fresh ~= '' then return {'yours', value} end
"""
    + _HAS_ROOM
    + """
value = 'h' .. string.sub(value, 2) .. redis.call('INCR', KEYS[8])
redis.call('HSET', KEYS[1], ARGV[1], value)
return {'yours', value}
"""
)

# KEYS offers, owners, leases, lapsing, held:<from>, held:<by>, lately, ends, kept:<from>, kept:<by>. ARGV conversation,
# value, lease until ms, told until ms, channel. The conversation is hers already: the desk follows, unless it lapsed
# meanwhile. One that ended meanwhile is hers to read until its wrap-up clock ends.
_FINISH: Final = Script(
    """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
local from, by = string.sub(ARGV[2], 2, 17), string.sub(ARGV[2], 34, 49)
local fence, fresh = string.match(string.sub(ARGV[2], 50), '^(%d+)|%d+|(%d+)$')
if redis.call('HGET', KEYS[2], ARGV[1]) ~= from .. '|' .. fence then return 0 end
if redis.call('ZSCORE', KEYS[8], ARGV[1]) then
  redis.call('HSET', KEYS[2], ARGV[1], by .. '|' .. fresh)
  redis.call('SREM', KEYS[9], ARGV[1])
  redis.call('SADD', KEYS[10], ARGV[1])
  redis.call('PUBLISH', ARGV[5], 'q')
  return 1
end
if not redis.call('ZSCORE', KEYS[3], ARGV[1]) or redis.call('HEXISTS', KEYS[4], ARGV[1]) == 1 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], by .. '|' .. fresh)
redis.call('SREM', KEYS[5], ARGV[1])
redis.call('SADD', KEYS[6], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[7], ARGV[1], from .. '|' .. ARGV[4])
redis.call('PUBLISH', ARGV[5], 'q')
return 1
"""
)

# KEYS offers. ARGV conversation, value, what takes its place ('': nothing), channel.
_TURN: Final = Script(
    """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
redis.call('PUBLISH', ARGV[4], 'q')
return 1
"""
)


# To nobody by name: a word that is said on the phone names her.
BY_PHONE: Final = b"\xff" * 16
# Notes are numbered from 1: she called herself, and nobody has written anything.
NO_NOTE: Final = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer as it was read. `by` is empty while nobody said yes, `to` for whoever is ready."""

    value: bytes
    from_: bytes
    to: bytes
    by: bytes
    fence: int
    note: int
    new_fence: int  # 0 until it is made

    @property
    def is_declined(self) -> bool:
        """The one it was made to said no."""
        return self.value[:1] == b"d"

    @property
    def is_by_phone(self) -> bool:
        """It waits for a word that is said on the phone."""
        return self.to == BY_PHONE

    def is_for(self, staff_id: bytes) -> bool:
        """Whether she may still say yes to it, or has."""
        if self.is_declined or self.from_ == staff_id:
            return False
        return self.by == staff_id or (not self.by and self.to in (b"", staff_id))


class OfferStore:
    """Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey, settings: Callable[[], Settings]) -> None:
        self._client = client
        self._settings = settings

    async def all(self) -> dict[bytes, Offer]:
        """Every offer, also those that no longer stand."""
        rows: Any = await self._client.hgetall(keys.OFFERS)
        return {conversation: _read(value) for conversation, value in rows.items()}

    async def of(self, conversation: bytes) -> Offer | None:
        """The offer of one conversation."""
        name: Any = conversation
        value: Any = await self._client.hget(keys.OFFERS, name)
        return None if value is None else _read(value)

    async def offer(self, conversation: bytes, *, from_: bytes, fence: int, to: bytes, note: int, now_ms: int) -> None:
        """Offer it. Raises NotThisDesk when she does not hold it (any more), or offers it already."""
        args: list[Any] = [conversation, now_ms, from_, fence, to or NOBODY, note, keys.QUEUE_CHANNEL]
        if not await _OFFER(self._client, keys=self._four(), args=args):
            raise NotThisDesk

    async def say_yes(self, conversation: bytes, staff_id: bytes, now_ms: int) -> Offer:
        """She says yes. Raises NotThisDesk, TakenBefore, HandsFull."""
        names = [*self._four(), keys.held(staff_id), keys.SHIFT, keys.HEAVY]
        args: list[Any] = [conversation, now_ms, staff_id, *self._places(), keys.QUEUE_CHANNEL]
        return _answered(await _SAY_YES(self._client, keys=names, args=args))

    async def begin(self, conversation: bytes, staff_id: bytes, now_ms: int) -> Offer:
        """Make the fence under which she will hold it. Raises NotThisDesk, HandsFull."""
        names = [*self._four(), keys.held(staff_id), keys.SHIFT, keys.HEAVY, keys.FENCE]
        args: list[Any] = [conversation, now_ms, staff_id, *self._places()]
        return _answered(await _BEGIN(self._client, keys=names, args=args))

    async def finish(self, conversation: bytes, offer: Offer, now_ms: int) -> None:
        """The desk follows the conversation: out of the old owner's hands into the new one's."""
        names = [*self._four(), keys.held(offer.from_), keys.held(offer.by), keys.LATELY]
        names += [keys.ENDS, keys.kept(offer.from_), keys.kept(offer.by)]
        until_ms = now_ms + LEASE_MS
        # Of her own will: for as long as a desk takes to be told, she reads who has her now.
        args: list[Any] = [conversation, offer.value, until_ms, now_ms + GONE_AFTER_MS, keys.QUEUE_CHANNEL]
        await _FINISH(self._client, keys=names, args=args)

    async def name(self, conversation: bytes, offer: Offer, staff_id: bytes) -> bool:
        """It is made to her, by name. False, as of the two below, where it is no longer as it was read."""
        return await self._turn(conversation, offer, offer.value[:17] + staff_id + offer.value[33:])

    async def drop(self, conversation: bytes, offer: Offer) -> bool:
        """It is offered no more."""
        return await self._turn(conversation, offer, b"")

    async def decline(self, conversation: bytes, offer: Offer) -> bool:
        """Whoever it was made to says no; what was open to all is open again."""
        state = b"d" if offer.to else b"o"
        tail = b"%d|%d|" % (offer.fence, offer.note)
        return await self._turn(conversation, offer, state + offer.value[1:33] + NOBODY + tail)

    async def _turn(self, conversation: bytes, offer: Offer, value: bytes) -> bool:
        args: list[Any] = [conversation, offer.value, value, keys.QUEUE_CHANNEL]
        return bool(await _TURN(self._client, keys=[keys.OFFERS], args=args))

    def _places(self) -> tuple[int, int, int]:
        now = self._settings()
        return now.chat_capacity, now.less_on_call, now.more_when_heavy

    def _four(self) -> list[bytes]:
        return [keys.OFFERS, keys.OWNERS, keys.LEASES, keys.LAPSING]


def _answered(answer: list[bytes]) -> Offer:
    word, value = answer
    if word == b"yours":
        return _read(value)
    if word == b"taken":
        raise TakenBefore(value)
    raise HandsFull if word == b"full" else NotThisDesk


def _read(value: bytes) -> Offer:
    fence, note, fresh = value[49:].split(b"|")
    to, by = (b"" if person == NOBODY else person for person in (value[17:33], value[33:49]))
    return Offer(value, value[1:17], to, by, int(fence), int(note), int(fresh or 0))
