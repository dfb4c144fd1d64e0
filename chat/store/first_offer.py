"""Keeps since when each conversation is offered, and decides whether it is for those first who speak its language.

Which language that is stands in no store: whoever asks has opened the card and says who speaks it, and the script looks
in the same breath whether one of them could take somebody now. Derived in docs/decisions/0029.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chat.queue import TIER_WIDTH, Tier
from chat.store import keys
from chat.store.heavy import BORNE
from chat.store.surge_scripts import SURGE
from portal.store.valkey import Script, Valkey

MOST_LOOKED_AT: Final = 50  # in a queue with more new rows there is a surge, in which nothing is kept for anybody

# Every script that includes this is given the same last arguments, from `from` on: for how long (ms), how many speak,
# their ids, then a conversation and its speakers, 16 bytes each, as often as need be. Their places follow the keys.
FIRST: Final = f"""
local function speakers_free(first_key, from, presence, ready, shift, now, capacity, less, heavy, more)
  local free, count = {{}}, tonumber(ARGV[from + 1])
  for n = 1, count do
    local staff = ARGV[from + 1 + n]
    local here = redis.call('ZSCORE', presence, staff)
    if here and tonumber(here) >= tonumber(now) and redis.call('SISMEMBER', ready, staff) == 1 then
      local places = tonumber(capacity)
      if redis.call('HGET', shift, staff) == 'on_call' then places = places - tonumber(less) end
      if borne(KEYS[first_key + n - 1], heavy, more) < places then free[staff] = true end
    end
  end
  return free
end
local function speakers_of(from)
  local of = {{}}
  for at = from + 2 + tonumber(ARGV[from + 1]), #ARGV, 2 do of[ARGV[at]] = ARGV[at + 1] end
  return of
end
local function kept_ms(conversation, speakers, free, waiting, offered, now, lasts)
  local rank = redis.call('ZSCORE', waiting, conversation)
  if not rank or math.floor(tonumber(rank) / {TIER_WIDTH}) ~= {int(Tier.ORDINARY)} then return 0 end
  local since = redis.call('ZSCORE', offered, conversation)
  if not since then return 0 end
  for at = 1, #speakers, 16 do
    if free[string.sub(speakers, at, at + 15)] then
      return math.max(0, tonumber(since) + tonumber(lasts) - tonumber(now))
    end
  end
  return 0
end
local function speaks(staff, speakers)
  for at = 1, #speakers, 16 do
    if string.sub(speakers, at, at + 15) == staff then return true end
  end
  return false
end
"""

# KEYS waiting, offered, presence, ready, shift, heavy, held:<speaker>... ARGV now ms, capacity, places less while on a
# call, more for a heavy one, then as above. Answers for each conversation for how many ms more it is for its speakers.
_LOOK: Final = Script(
    SURGE
    + BORNE
    + FIRST
    + """
local answer, none = {}, is_surge(redis.call('ZCARD', KEYS[1]), KEYS[3], KEYS[4], ARGV[1])
local free = speakers_free(7, 5, KEYS[3], KEYS[4], KEYS[5], ARGV[1], ARGV[2], ARGV[3], KEYS[6], ARGV[4])
for at = 7 + tonumber(ARGV[6]), #ARGV, 2 do
  local left = none and 0 or kept_ms(ARGV[at], ARGV[at + 1], free, KEYS[1], KEYS[2], ARGV[1], ARGV[5])
  answer[#answer + 1] = left
end
return answer
"""
)


@dataclass(frozen=True, slots=True)
class Kept:
    """Who speaks the language of each conversation that may be kept for them, and for how long from its first offer."""

    lasts_ms: int = 0
    speakers: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)

    @property
    def staff(self) -> list[bytes]:
        """Everybody who speaks one of those languages."""
        return sorted(frozenset().union(*self.speakers.values()))

    @property
    def places(self) -> list[bytes]:
        """The keys of what they hold, in that order."""
        return [keys.held(each) for each in self.staff]

    @property
    def arguments(self) -> list[Any]:
        """What the scripts read."""
        told: list[Any] = [self.lasts_ms, len(self.staff), *self.staff]
        for conversation, speakers in self.speakers.items():
            told += [conversation, b"".join(sorted(speakers))]
        return told


NOT_KEPT: Final = Kept()


class FirstOfferStore:
    """The moments of first offers in the durable store. Every method raises `ValkeyAway` when it does not answer."""

    def __init__(
        self,
        client: Valkey,
        *,
        capacity: Callable[[], int],
        less_on_call: Callable[[], int],
        more_when_heavy: Callable[[], int],
    ) -> None:
        self._client = client
        self._capacity = capacity
        self._less = less_on_call
        self._more = more_when_heavy

    async def since(self, from_ms: int) -> list[bytes]:
        """The conversations that were offered first at this moment or later."""
        found: Any = await self._client.zrange(
            keys.OFFERED,
            from_ms,
            "+inf",
            byscore=True,
            offset=0,
            num=MOST_LOOKED_AT,
        )
        return list(found)

    async def left_ms(self, kept: Kept, now_ms: int) -> dict[bytes, int]:
        """For how much longer each is for its speakers alone; 0: for everybody."""
        if not kept.lasts_ms or not kept.speakers:
            return {}
        answer: list[int] = await _LOOK(
            self._client,
            keys=[keys.WAITING, keys.OFFERED, keys.PRESENCE, keys.READY, keys.SHIFT, keys.HEAVY, *kept.places],
            args=[now_ms, self._capacity(), self._less(), self._more(), *kept.arguments],
        )
        return dict(zip(kept.speakers, answer, strict=True))
