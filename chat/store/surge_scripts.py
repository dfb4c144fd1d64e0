"""Holds the Lua of a surge: when there is one, whose turn it is, who is drawn, and what was said in it."""

from typing import Final

from chat.queue import TIER_WIDTH
from chat.surge import FEWEST, WAITING_EACH
from portal.store.valkey import Script

LASTS_MS: Final = 3_600_000  # after the last mark or take in turn; a surge that goes on keeps them

# As chat/surge.py says it; both are held to each other by a test. The turn is nil where the first tier by itself is no
# surge: a few who are in danger come first, the oldest before the others, whatever stands behind them.
SURGE: Final = f"""
local function is_surge(waiting, presence, ready, now)
  if waiting <= {FEWEST} then return false end
  local here = 0
  for _, staff in ipairs(redis.call('ZRANGEBYSCORE', presence, now, '+inf')) do
    here = here + redis.call('SISMEMBER', ready, staff)
  end
  return waiting > {WAITING_EACH} * here
end
local function turn_now(waiting, presence, ready, lottery, now)
  local first = redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES')
  if not first[2] then return nil end
  local tier = math.floor(tonumber(first[2]) / {TIER_WIDTH})
  local behind = string.format('(%.0f', (tier + 1) * {TIER_WIDTH})
  if not is_surge(redis.call('ZCOUNT', waiting, '-inf', behind), presence, ready, now) then return nil end
  return tonumber(redis.call('HGET', lottery, 'turn') or '0')
end
local function drawn_now(waiting, alive, lottery, turn, cut_off)
  local row = redis.call('HMGET', lottery, 'row', 'at')
  if not row[1] or tonumber(row[2]) ~= turn or not redis.call('ZSCORE', waiting, row[1]) then return nil end
  local seen = redis.call('ZSCORE', alive, row[1])
  if not seen or tonumber(seen) < tonumber(cut_off) then return nil end
  return row[1]
end
local function turn_over(lottery, turn)
  redis.call('HSET', lottery, 'turn', turn + 1)
  redis.call('HDEL', lottery, 'row', 'at')
  redis.call('PEXPIRE', lottery, {LASTS_MS})
end
"""

# KEYS waiting, alive, presence, ready, lottery, heaps. ARGV now ms, cut-off ms.
# Answers: is there a surge, the turn (-1: nobody is drawn now), who is drawn for it. What a surge left goes with it.
LOOK: Final = Script(
    SURGE
    + """
if not is_surge(redis.call('ZCARD', KEYS[1]), KEYS[3], KEYS[4], ARGV[1]) then
  redis.call('DEL', KEYS[5], KEYS[6])
  return {0, -1, ''}
end
local turn = turn_now(KEYS[1], KEYS[3], KEYS[4], KEYS[5], ARGV[1])
if not turn then return {1, -1, ''} end
return {1, turn, turn % 2 == 1 and drawn_now(KEYS[1], KEYS[2], KEYS[5], turn, ARGV[2]) or ''}
"""
)

# KEYS waiting, alive, presence, ready, lottery. ARGV now ms, cut-off ms, turn, conversation, lasts ms.
# Who is drawn for this turn from here on: the first that was found, unless its page is gone.
PIN: Final = Script(
    SURGE
    + """
local turn = turn_now(KEYS[1], KEYS[3], KEYS[4], KEYS[5], ARGV[1])
if turn ~= tonumber(ARGV[3]) then return '' end
local drawn = drawn_now(KEYS[1], KEYS[2], KEYS[5], turn, ARGV[2])
if drawn then return drawn end
redis.call('HSET', KEYS[5], 'turn', turn, 'row', ARGV[4], 'at', turn)
redis.call('PEXPIRE', KEYS[5], ARGV[5])
return ARGV[4]
"""
)

# KEYS waiting, heaps. ARGV conversation, mark, says much (1) or not (0), lasts ms. Only of one who waits; a greeting
# never takes the place of what said more.
MARK: Final = Script(
    """
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
redis.call(ARGV[3] == '1' and 'HSET' or 'HSETNX', KEYS[2], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return 1
"""
)
