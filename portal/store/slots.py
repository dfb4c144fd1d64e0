"""Says where the keys of a command stand, and in which slot of a Cluster they are."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any, Final

from redis.crc import key_slot

from portal.store.asked import Command, Weight

# Where the keys of a command stand, for every command that the rooms send by themselves; scripts say it themselves.
FIRST: Final = frozenset(
    {"GET", "SET", "GETDEL", "INCR", "INCRBY", "DECRBY", "EXPIRE", "PEXPIRE", "PTTL", "DUMP"}
    | {"HGET", "HSET", "HDEL", "HMGET", "HGETALL", "HKEYS", "HEXISTS", "HLEN"}
    | {"SADD", "SREM", "SMEMBERS", "SISMEMBER", "SMISMEMBER", "SCARD", "PFADD"}
    | {"ZADD", "ZREM", "ZRANGE", "ZCARD", "ZSCORE", "ZMSCORE", "ZREMRANGEBYSCORE", "XRANGE", "XREVRANGE"}
)
ALL: Final = frozenset({"DEL", "MGET", "EXISTS", "PFCOUNT"})
SCRIPTS: Final = frozenset({"EVAL", "EVALSHA"})
PUBLISHING: Final = frozenset({"PUBLISH", "SPUBLISH"})
# The last two are about a server: of a Cluster one is asked.
KEYLESS: Final = frozenset({"MULTI", "EXEC", "ASKING", "PING", "BGREWRITEAOF", "INFO", "TIME"})
NAMED: Final = FIRST | ALL | SCRIPTS | PUBLISHING | KEYLESS

# What shows words: whoever sees her own there takes them for kept, so they are kept before they are shown.
SHOWING: Final = frozenset({"XRANGE", "XREVRANGE"})
# What changes nothing: no copy is waited for.
READING: Final = frozenset(
    {"GET", "MGET", "EXISTS", "PTTL", "DUMP", "HGET", "HMGET", "HGETALL", "HKEYS", "HEXISTS", "HLEN", "SMEMBERS"}
    | {"SISMEMBER", "SMISMEMBER", "SCARD", "PFCOUNT", "ZRANGE", "ZCARD", "ZSCORE", "ZMSCORE"}
    | {"PUBLISH", "SPUBLISH", "PING", "BGREWRITEAOF", "SCAN", "CLUSTER", "MULTI", "EXEC", "INFO"}
    | {"ASKING", "TIME"}
)


class NotNamed(Exception):
    """A command nobody has said of where its keys stand."""


class CrossesSlots(Exception):
    """A script or a transaction over keys of two hash tags: no Cluster can run it."""


def word_of(command: Command) -> str:
    """The name of a command."""
    name = command[0]
    return (name.decode() if isinstance(name, bytes) else str(name)).upper()


def keys_of(command: Command) -> Sequence[Any]:
    """The keys of a command; of one that publishes its channel. Raises NotNamed."""
    word = word_of(command)
    if word in FIRST or word in PUBLISHING:
        return command[1:2]
    if word in ALL:
        return command[1:]
    if word in SCRIPTS:
        return command[3 : 3 + int(command[2])]
    if word in KEYLESS:
        return ()
    raise NotNamed(word)


def slot_of(key: Any) -> int:
    """The slot of a key (Any: whatever a command takes for one)."""
    return int(key_slot(key if isinstance(key, bytes) else str(key).encode()))


def slots_of(command: Command) -> set[int]:
    """The slots of all keys of a command."""
    return {slot_of(key) for key in keys_of(command)}


def one_slot(commands: Sequence[Command]) -> int | None:
    """The one slot that these commands, which are to be done together, are about. Raises CrossesSlots."""
    found = {slot for command in commands for slot in slots_of(command)}
    if len(found) > 1:
        # Not the keys: they can be a person's.
        raise CrossesSlots(", ".join(word_of(command) for command in commands))
    return found.pop() if found else None


def weighs(command: Command) -> Weight:
    """Whether it may change something, shows words, or only looks."""
    word = word_of(command)
    if word in READING:
        return Weight.LOOKS
    return Weight.SHOWS if word in SHOWING else Weight.CHANGES


def mark_of(commands: Sequence[Command]) -> Sequence[Command]:
    """What is written and gone at once, in the slot of these commands; if they were sent on for once, so is that."""
    asks: tuple[Command, ...] = (("ASKING",),) if any(word_of(command) == "ASKING" for command in commands) else ()
    for command in commands:
        if weighs(command) is not Weight.LOOKS and (keys := keys_of(command)):
            name = b"{%b}~" % _in_each_slot()[slot_of(keys[0])]
            return (*asks, ("SET", name, b""), *asks, ("DEL", name))
    return ()


@cache
def _in_each_slot() -> Mapping[int, bytes]:
    """Two bytes that lie in it, for each slot; found once, in 30 ms.

    Not the key itself between braces: one key in eight that ends in 32 random bytes has a closing brace of its own,
    which would end the tag there.
    """
    found: dict[int, bytes] = {}
    for pair in product(range(256), repeat=2):
        tag = bytes(pair)
        if not set(b"{}") & set(tag):
            found.setdefault(slot_of(tag), tag)
    return found
