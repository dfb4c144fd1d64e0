"""The Lua scripts that touch the desk's keys: the queue, takes, leases, endings."""

from typing import Final

from chat.store.first_offer import FIRST
from chat.store.heavy import BORNE
from chat.store.surge_scripts import SURGE
from portal.store.valkey import Script

# KEYS waiting, alive, owners, presence, ready, held_off, offered. ARGV conversation, rank, cut-off ms, channel, now ms,
# forgotten before ms. Offers a living page nobody holds, and nobody holds off. A rank only ever falls: an answer or a
# return lifts, nothing pushes back. The moment of the first offer stays. Answers: 0 not offered, 1 in the queue, 2 in
# the queue while there is a surge.
OFFER: Final = Script(
    SURGE
    + """
if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 1 or redis.call('ZSCORE', KEYS[6], ARGV[1]) then return 0 end
local seen = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not seen or tonumber(seen) < tonumber(ARGV[3]) then return 0 end
if redis.call('ZADD', KEYS[1], 'LT', 'CH', ARGV[2], ARGV[1]) == 1 then
  redis.call('ZREMRANGEBYSCORE', KEYS[7], '-inf', ARGV[6])
  redis.call('ZADD', KEYS[7], 'NX', ARGV[5], ARGV[1])
  redis.call('PUBLISH', ARGV[4], 'q')
end
return is_surge(redis.call('ZCARD', KEYS[1]), KEYS[4], KEYS[5], ARGV[5]) and 2 or 1
"""
)

# KEYS waiting, alive, owners, leases, presence, ready, shift, heavy. ARGV conversation, now ms, rank it has or would
# have, seen ms, places that who is on a call has less, and that a heavy one takes more: they count as held.
# Answers: still open, in the queue, place, lease of its advocate (0: none), ready, held, how many wait.
SEEN: Final = Script(
    """
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return {0, 0, 0, 0, 0, 0, 0} end
redis.call('ZADD', KEYS[2], 'XX', 'GT', ARGV[4], ARGV[1])
local place, queued = 0, 0
if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 0 then
  local mine = redis.call('ZSCORE', KEYS[1], ARGV[1])
  if mine then queued = 1 else mine = ARGV[3] end
  place = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. mine) + 1
end
local lease = redis.call('ZSCORE', KEYS[4], ARGV[1]) or 0
local ready, less = 0, 0
for _, staff in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], ARGV[2], '+inf')) do
  if redis.call('SISMEMBER', KEYS[6], staff) == 1 then
    ready = ready + 1
    if redis.call('HGET', KEYS[7], staff) == 'on_call' then less = less + tonumber(ARGV[5]) end
  end
end
less = less + redis.call('ZCARD', KEYS[4]) + tonumber(ARGV[6]) * redis.call('ZINTERCARD', 2, KEYS[4], KEYS[8])
return {1, queued, place, tonumber(lease), ready, less, redis.call('ZCARD', KEYS[1])}
"""
)

# KEYS waiting, leases, presence, ready, shift, heavy. ARGV now ms, places less while on a call, more for a heavy one:
# they count as held.
# Answers: waiting, held, who is ready.
COUNT: Final = Script(
    """
local ready, less = {}, 0
for _, staff in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], ARGV[1], '+inf')) do
  if redis.call('SISMEMBER', KEYS[4], staff) == 1 then
    ready[#ready + 1] = staff
    if redis.call('HGET', KEYS[5], staff) == 'on_call' then less = less + tonumber(ARGV[2]) end
  end
end
less = less + tonumber(ARGV[3]) * redis.call('ZINTERCARD', 2, KEYS[2], KEYS[6])
return {redis.call('ZCARD', KEYS[1]), redis.call('ZCARD', KEYS[2]) + less, ready}
"""
)

# KEYS waiting, alive, owners, leases, taking, fence, ready, held:<staff>, shift, presence, lottery, heaps, offered,
# heavy, held:<speaker>... ARGV conversation, staff id, capacity, cut-off ms, now ms, lease until ms, channel, why,
# places less while on a call, more for a heavy one, then who speaks what (first_offer.py).
# The whole decision: asked twice by one advocate it answers the same fence, asked by many exactly one gets it.
# A living row that stands before it is passed over only for a reason; whether one was, the answer says in the end.
# What is kept for those who speak its language is nobody else's, and nobody else passes over it. In a surge nothing is
# kept, and every second take is that of the one who is drawn: `draw` asks to be asked again once somebody is.
TAKE: Final = Script(
    SURGE
    + BORNE
    + FIRST
    + """
local owner = redis.call('HGET', KEYS[3], ARGV[1])
if owner then
  if string.sub(owner, 1, 16) == ARGV[2] then return {'yours', string.sub(owner, 18), 0} end
  return {'taken', string.sub(owner, 1, 16)}
end
if redis.call('SISMEMBER', KEYS[7], ARGV[2]) == 0 then return {'not_ready', ''} end
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  local open = redis.call('ZSCORE', KEYS[2], ARGV[1])
  if open and tonumber(open) < tonumber(ARGV[4]) then return {'not_seen', ''} end
  return {'not_there', ''}
end
local seen = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not seen or tonumber(seen) < tonumber(ARGV[4]) then return {'not_seen', ''} end
local places = tonumber(ARGV[3])
if redis.call('HGET', KEYS[9], ARGV[2]) == 'on_call' then places = places - tonumber(ARGV[9]) end
if borne(KEYS[8], KEYS[14], ARGV[10]) >= places then return {'full', ''} end
local free, of = {}, {}
if not is_surge(redis.call('ZCARD', KEYS[1]), KEYS[10], KEYS[7], ARGV[5]) then
  free = speakers_free(15, 11, KEYS[10], KEYS[7], KEYS[9], ARGV[5], ARGV[3], ARGV[9], KEYS[14], ARGV[10])
  of = speakers_of(11)
end
local function is_for_others(row)
  if not of[row] or speaks(ARGV[2], of[row]) then return false end
  return kept_ms(row, of[row], free, KEYS[1], KEYS[13], ARGV[5], ARGV[11]) > 0
end
if is_for_others(ARGV[1]) then return {'for_speakers', ''} end
local passed = 0
local turn = turn_now(KEYS[1], KEYS[10], KEYS[7], KEYS[11], ARGV[5])
if turn and turn % 2 == 1 then
  local drawn = drawn_now(KEYS[1], KEYS[2], KEYS[11], turn, ARGV[4])
  if not drawn then return {'draw', ''} end
  if drawn ~= ARGV[1] then passed = 1 end
else
  local mine, from = redis.call('ZRANK', KEYS[1], ARGV[1]), 0
  while from < mine and passed == 0 do
    local rows = redis.call('ZRANGE', KEYS[1], from, math.min(from + 63, mine - 1))
    for n, at in ipairs(redis.call('ZMSCORE', KEYS[2], unpack(rows))) do
      if at and tonumber(at) >= tonumber(ARGV[4]) and not is_for_others(rows[n]) then passed = 1 end
    end
    from = from + 64
  end
end
if passed == 1 and ARGV[8] == '' then return {'older_waits', ''} end
if turn and passed == 0 then turn_over(KEYS[11], turn) end
local fence = redis.call('INCR', KEYS[6])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2] .. '|' .. fence)
redis.call('HDEL', KEYS[12], ARGV[1])
redis.call('SADD', KEYS[8], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[13], ARGV[1])
redis.call('ZADD', KEYS[4], ARGV[6], ARGV[1])
redis.call('ZADD', KEYS[5], ARGV[5], ARGV[1])
redis.call('PUBLISH', ARGV[7], 'q')
return {'yours', tostring(fence), passed}
"""
)

# KEYS leases, presence, ready, held:<staff>. ARGV staff id, lease until ms, here until ms.
RENEW: Final = Script(
    """
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
for _, conversation in ipairs(redis.call('SMEMBERS', KEYS[4])) do
  redis.call('ZADD', KEYS[1], 'XX', 'GT', ARGV[2], conversation)
end
for _, member in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
  if string.sub(member, 17) == ARGV[1] then redis.call('ZADD', KEYS[5], 'XX', 'GT', ARGV[2], member) end
end
return redis.call('SISMEMBER', KEYS[3], ARGV[1])
"""
)

# KEYS owners, leases, taking, lapsing, fence. ARGV conversation, now ms, half-done before ms.
# First step of giving back: only while the lease is over (or the take never finished) is the higher fence made.
BEGIN_LAPSE: Final = Script(
    """
local begun = redis.call('HGET', KEYS[4], ARGV[1])
if begun then return tonumber(begun) end
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  return 0
end
local lease = redis.call('ZSCORE', KEYS[2], ARGV[1])
local taking = redis.call('ZSCORE', KEYS[3], ARGV[1])
local lives = lease and tonumber(lease) >= tonumber(ARGV[2])
local stuck = taking and tonumber(taking) < tonumber(ARGV[3])
if lives and not stuck then return 0 end
local fence = redis.call('INCR', KEYS[5])
redis.call('HSET', KEYS[4], ARGV[1], fence)
return fence
"""
)

# KEYS waiting, owners, leases, taking, lapsing, alive, held:<old owner>, lately, held_off. ARGV conversation, rank,
# fence, channel, told until ms. Last step: out of the advocate's hands and to the front, unless it is held off; for a
# while she may ask who has it.
# Without a rank it is over: she keeps it until wrap-up ends.
FINISH_LAPSE: Final = Script(
    """
if redis.call('HGET', KEYS[5], ARGV[1]) ~= ARGV[3] then return 0 end
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
if ARGV[2] ~= '' then
  local owner = redis.call('HGET', KEYS[2], ARGV[1])
  if owner then redis.call('HSET', KEYS[8], ARGV[1], string.sub(owner, 1, 16) .. '|' .. ARGV[5]) end
  redis.call('HDEL', KEYS[2], ARGV[1])
  redis.call('SREM', KEYS[7], ARGV[1])
  local is_off = redis.call('ZSCORE', KEYS[9], ARGV[1])
  if not is_off and redis.call('ZSCORE', KEYS[6], ARGV[1]) then redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1]) end
end
redis.call('HDEL', KEYS[5], ARGV[1])
redis.call('PUBLISH', ARGV[4], 'q')
return 1
"""
)

# KEYS ending. ARGV conversation, how|fence. An advocate's wish never covers the visitor's.
BEGIN_ENDING: Final = Script(
    """
if string.sub(ARGV[2], -1) == '|' then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
else
  redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
end
return 1
"""
)

# KEYS ending. ARGV conversation, how|fence. Only one's own wish is taken back.
DROP_ENDING: Final = Script(
    """
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
"""
)

# KEYS waiting, alive, owners, leases, taking, ending, ends, held:<owner>, kept:<owner>, quiet, heaps,
# offered, heavy. ARGV conversation, ends at ms, channel, owner or ''. Out of the queue and out of her places, onto the
# wrap-up clock.
# Nothing where it is in other hands than those.
FINISH_ENDING: Final = Script(
    """
local owner = redis.call('HGET', KEYS[3], ARGV[1])
if string.sub(owner or '', 1, 16) ~= ARGV[4] then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
redis.call('SREM', KEYS[8], ARGV[1])
if owner then redis.call('SADD', KEYS[9], ARGV[1]) end
redis.call('ZADD', KEYS[7], 'NX', ARGV[2], ARGV[1])
redis.call('HDEL', KEYS[6], ARGV[1])
redis.call('ZREM', KEYS[10], ARGV[1])
redis.call('HDEL', KEYS[11], ARGV[1])
redis.call('ZREM', KEYS[12], ARGV[1])
redis.call('SREM', KEYS[13], ARGV[1])
redis.call('PUBLISH', ARGV[3], 'q')
return 1
"""
)

# KEYS waiting, alive, owners, leases, taking, lapsing, ending, ends, held:<owner>, kept:<owner>, lately, quiet, heaps,
# offers, held_off, offered, heavy. ARGV conversation.
FORGET: Final = Script(
    """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
redis.call('HDEL', KEYS[6], ARGV[1])
redis.call('HDEL', KEYS[7], ARGV[1])
redis.call('SREM', KEYS[9], ARGV[1])
redis.call('SREM', KEYS[10], ARGV[1])
redis.call('HDEL', KEYS[11], ARGV[1])
redis.call('ZREM', KEYS[12], ARGV[1])
redis.call('HDEL', KEYS[13], ARGV[1])
redis.call('HDEL', KEYS[14], ARGV[1])
redis.call('ZREM', KEYS[15], ARGV[1])
redis.call('ZREM', KEYS[16], ARGV[1])
redis.call('SREM', KEYS[17], ARGV[1])
redis.call('ZREM', KEYS[8], ARGV[1])
return 1
"""
)
