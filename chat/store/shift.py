"""Keeps in which state of her shift each advocate is; whether she takes conversations follows from it in one step."""

from typing import Any, Final, cast

from chat.presence import SHIFTS_THAT_TAKE
from chat.protocol.kinds import Shift
from chat.refusals import HoldsSomebody, LastOne
from chat.store import keys
from portal.store.valkey import Script, Valkey

# KEYS presence, ready, shift, held:<staff>. ARGV staff id, state, takes 1/0, knows 1/0, now ms, channel, closes 1/0.
# The last one who takes conversations, or one who goes home with somebody in her hands, is asked first. Who closes the
# chat as the last one is told that she is, whatever she knows: nothing else lets her.
_TURN: Final = Script(
    """
if ARGV[3] == '0' then
  local others = 1
  if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then
    others = 0
    for _, staff in ipairs(redis.call('ZRANGE', KEYS[1], ARGV[5], '+inf', 'BYSCORE')) do
      if staff ~= ARGV[1] then others = others + redis.call('SISMEMBER', KEYS[2], staff) end
    end
  end
  if others == 0 and ARGV[7] == '1' then return 'last_one' end
  if ARGV[4] == '0' then
    if ARGV[2] == 'off' and redis.call('SCARD', KEYS[4]) > 0 then return 'holding' end
    if others == 0 then return 'last_one' end
  end
end
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
redis.call(ARGV[3] == '1' and 'SADD' or 'SREM', KEYS[2], ARGV[1])
redis.call('PUBLISH', ARGV[6], 'q')
return 'done'
"""
)

# KEYS ready, shift. ARGV staff id, channel, the states that take. Takes conversations again, if her state says so.
_TAKE_UP: Final = Script(
    """
local state = redis.call('HGET', KEYS[2], ARGV[1])
for at = 3, #ARGV do
  if state == ARGV[at] and redis.call('SADD', KEYS[1], ARGV[1]) == 1 then redis.call('PUBLISH', ARGV[2], 'q') end
end
return 1
"""
)


class ShiftStore:
    """The shift's key in the durable store. Every method raises `ValkeyAway` when it does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def turn(self, staff_id: bytes, state: Shift, *, knows: bool, now_ms: int, closes: bool = False) -> None:
        """She is in this state from now on. Raises LastOne and HoldsSomebody, unless she `knows` already.

        `closes`: where she is the last one nothing is changed and LastOne is raised, although she knows.
        """
        word = await _TURN(
            self._client,
            keys=[keys.PRESENCE, keys.READY, keys.SHIFT, keys.held(staff_id)],
            args=[staff_id, state, int(state in SHIFTS_THAT_TAKE), int(knows), now_ms, keys.QUEUE_CHANNEL, int(closes)],
        )
        if word == b"last_one":
            raise LastOne
        if word == b"holding":
            raise HoldsSomebody

    async def of(self, staff_id: bytes) -> Shift:
        """Her state; whoever was not heard of is off, whatever she said last, and an older page only says ready."""
        name: Any = staff_id
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.hget(keys.SHIFT, name)
            pipe.sismember(keys.READY, name)
            said, takes = await pipe.execute()
        return _state(said, takes=bool(takes))

    async def here(self, now_ms: int) -> dict[bytes, Shift]:
        """The state of everybody whose desk is heard now."""
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.zrange(keys.PRESENCE, str(now_ms), "+inf", byscore=True)
            pipe.hgetall(keys.SHIFT)
            pipe.smembers(keys.READY)
            people, said, ready = await pipe.execute()
        return {each: _state(said.get(each), takes=each in ready) for each in people}

    async def set_aside(self, staff_id: bytes) -> None:
        """She takes nobody for now, whatever her state: it stands, and is taken up again."""
        name: Any = staff_id
        if await self._client.srem(keys.READY, name):
            await self._client.publish(keys.QUEUE_CHANNEL, b"q")

    async def is_on_duty(self, staff_id: bytes) -> bool:
        """Whether she takes conversations now, or talks to somebody."""
        name: Any = staff_id
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.sismember(keys.READY, name)
            pipe.scard(keys.held(staff_id))
            return any(await pipe.execute())

    async def is_set_aside(self, staff_id: bytes) -> bool:
        """Whether her state says that she takes conversations, and she does not for now."""
        name: Any = staff_id
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.hget(keys.SHIFT, name)
            pipe.sismember(keys.READY, name)
            said, takes = await pipe.execute()
        return not takes and (said or b"").decode() in SHIFTS_THAT_TAKE

    async def take_up(self, staff_id: bytes) -> None:
        """She takes conversations again, if that is what she said before."""
        args = [staff_id, keys.QUEUE_CHANNEL, *SHIFTS_THAT_TAKE]
        await _TAKE_UP(self._client, keys=[keys.READY, keys.SHIFT], args=args)


def _state(said: bytes | None, *, takes: bool) -> Shift:
    state = cast(Shift, (said or b"off").decode())
    if takes:
        return state if state in SHIFTS_THAT_TAKE else "ready"
    return "off" if state in SHIFTS_THAT_TAKE else state
