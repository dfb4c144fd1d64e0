"""The Lua scripts that touch one conversation: each checks and acts in one breath."""

from typing import Final

from portal.store.valkey import Script

# KEYS state, log. ARGV client key, role, fence, entry, channel, lasts ms, now ms.
# An already kept key is answered before anything is refused: the sender only missed the answer.
APPEND: Final = Script(
    """
local k = 'k' .. ARGV[2] .. ARGV[1]
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'seq', 'words', k, 'off')
if not s[1] then return {'gone', 0, ''} end
if s[5] then return {'kept', tonumber(s[5]), s[1]} end
if s[1] == 'ended' or s[1] == 'erased' then return {'over', 0, ''} end
if s[6] and s[1] == 'waiting' and ARGV[2] == 'v' then return {'off', 0, ''} end
local seq = tonumber(s[3]) + 1
if ARGV[2] == 'a' then
  if s[1] ~= 'talking' or s[2] ~= ARGV[3] then return {'fenced', 0, ''} end
  redis.call('HSET', KEYS[1], 'seq', seq, k, seq, 'told', ARGV[7])
else
  redis.call('HSET', KEYS[1], 'seq', seq, k, seq, 'words', tonumber(s[4]) + 1, 'spoken', 1, 'spoke', ARGV[7])
end
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[4])
if seq == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[6]) end
redis.call('PUBLISH', ARGV[5], 'm' .. seq .. ' ' .. ARGV[4])
return {'kept', seq, s[1]}
"""
)

# KEYS state, notes. ARGV client key, fence, entry, channel, lasts ms. An ended talk takes notes until it is erased.
APPEND_NOTE: Final = Script(
    """
local k = 'kn' .. ARGV[1]
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'notes', k)
if not s[1] or s[1] == 'erased' then return {'gone', 0, ''} end
if s[4] then return {'kept', tonumber(s[4]), s[1]} end
if s[1] == 'waiting' or s[2] ~= ARGV[2] then return {'fenced', 0, ''} end
local seq = tonumber(s[3]) + 1
redis.call('HSET', KEYS[1], 'notes', seq, k, seq)
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[3])
if seq == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[5]) end
redis.call('PUBLISH', ARGV[4], 'n' .. seq .. ' ' .. ARGV[3])
return {'kept', seq, s[1]}
"""
)

# KEYS state, keys. ARGV arrived ms, tier, staff copy, find, card, lasts ms, over ('1': in place of one with no way in).
OPEN: Final = Script(
    """
if ARGV[7] == '0' and redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'waiting', 'owner', '', 'fence', 0, 'seq', 0, 'notes', 0, 'arrived', ARGV[1],
  'tier', ARGV[2], 'spoken', 0, 'words', 0, 'how', '', 'ended', 0, 'joined', 0)
redis.call('HSET', KEYS[2], 'staff', ARGV[3], 'find', ARGV[4], 'card', ARGV[5], 'round', 0)
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return 1
"""
)

# KEYS state, keys. ARGV card, round, tier, staff channel, a word of hers (1) or not (0), wish in minutes, now ms. The
# round makes two answers at once follow each other. The wish stands in clear too: no sweeper holds a key.
KEEP_CARD: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'tier')
if not s[1] then return 'gone' end
if s[1] == 'ended' or s[1] == 'erased' then return 'over' end
if redis.call('HGET', KEYS[2], 'round') ~= ARGV[2] then return 'again' end
redis.call('HSET', KEYS[2], 'card', ARGV[1], 'round', ARGV[2] + 1)
if ARGV[5] == '1' then
  local tier = s[2]
  if tonumber(ARGV[3]) < tonumber(tier) then tier = ARGV[3] end
  redis.call('HSET', KEYS[1], 'spoken', 1, 'tier', tier, 'wish', ARGV[6], 'sign', ARGV[7])
end
redis.call('PUBLISH', ARGV[4], 'c')
return s[1]
"""
)

# KEYS state, log, people, guests. ARGV staff id, fence, entry, channel, lasts ms, now. The second half of a take. One
# who read along before, or was asked about as a guest or let in as one, has it now, and does not go on reading once it
# has left her hands: that the visitor was told long ago.
JOIN: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'owner', 'fence', 'seq')
if not s[1] then return 'gone' end
if s[1] == 'ended' or s[1] == 'erased' then return 'over' end
if s[1] == 'talking' and s[2] == ARGV[1] and s[3] == ARGV[2] then return 'joined' end
if tonumber(s[3]) >= tonumber(ARGV[2]) then return 'fenced' end
local seq = tonumber(s[4]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[3])
if seq == 1 then redis.call('PEXPIRE', KEYS[2], ARGV[5]) end
redis.call('HSET', KEYS[1], 'state', 'talking', 'owner', ARGV[1], 'fence', ARGV[2], 'seq', seq, 'joined', seq)
redis.call('HSETNX', KEYS[1], 'took', ARGV[6])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('PUBLISH', ARGV[4], 'm' .. seq .. ' ' .. ARGV[3])
return 'joined'
"""
)

# KEYS state, log. ARGV fence, entry, channel, tier of the returned. Ends an advocate's hold; a waiting one keeps still.
GIVE_BACK: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'seq')
if not s[1] then return 'gone' end
if s[1] == 'ended' or s[1] == 'erased' then return 'over' end
if tonumber(s[2]) >= tonumber(ARGV[1]) then return 'done' end
if s[1] == 'waiting' then
  redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'tier', ARGV[4])
  return 'done'
end
local seq = tonumber(s[3]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[2])
redis.call('HSET', KEYS[1], 'state', 'waiting', 'owner', '', 'fence', ARGV[1], 'seq', seq, 'tier', ARGV[4])
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
return 'done'
"""
)

# KEYS state, log. ARGV how, fence ('' for a visitor), entry, channel, now ms. Ended twice is ended once.
END: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'fence', 'seq')
if not s[1] then return {'gone', 0} end
if s[1] == 'ended' or s[1] == 'erased' then return {'ended', tonumber(s[3])} end
if ARGV[2] ~= '' and (s[1] ~= 'talking' or s[2] ~= ARGV[2]) then return {'fenced', 0} end
local seq = tonumber(s[3]) + 1
redis.call('XADD', KEYS[2], seq .. '-0', 'e', ARGV[3])
redis.call('HSET', KEYS[1], 'state', 'ended', 'seq', seq, 'how', ARGV[1], 'ended', ARGV[5])
redis.call('PUBLISH', ARGV[4], 'm' .. seq .. ' ' .. ARGV[3])
return {'ended', seq}
"""
)

# KEYS state, keys, log. ARGV find, entry, channel, lasts ms. The visitor's way in is another one from here on. Earlier
# ones stay listed, so that an end deletes whatever copy a kill left. Done twice it is done once.
MOVE_IN: Final = Script(
    """
local s = redis.call('HMGET', KEYS[1], 'state', 'seq', 'left')
local k = redis.call('HMGET', KEYS[2], 'find', 'was')
if not s[1] or not k[1] then return 'gone' end
if s[1] == 'ended' or s[1] == 'erased' or s[3] == '-1' then return 'over' end
if k[1] == ARGV[1] then return 'there' end
local seq = tonumber(s[2]) + 1
redis.call('HSET', KEYS[2], 'find', ARGV[1], 'was', (k[2] or '') .. k[1])
redis.call('HSET', KEYS[1], 'seq', seq)
redis.call('HDEL', KEYS[1], 'left')
redis.call('XADD', KEYS[3], seq .. '-0', 'e', ARGV[2])
if seq == 1 then redis.call('PEXPIRE', KEYS[3], ARGV[4]) end
redis.call('PUBLISH', ARGV[3], 'm' .. seq .. ' ' .. ARGV[2])
redis.call('PUBLISH', ARGV[3], 'b')
return 'moved'
"""
)

# KEYS state. ARGV nothing. From here on nobody plants an ember or a copy for it again.
MARK_ERASED: Final = Script(
    """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'erased')
return 1
"""
)

# KEYS state, keys. ARGV staff copy. Only while somebody may still read it.
PLANT_COPY: Final = Script(
    """
local s = redis.call('HGET', KEYS[1], 'state')
if not s or s == 'erased' then return 0 end
redis.call('HSET', KEYS[2], 'staff', ARGV[1])
return 1
"""
)
