"""A store within a store: the same server, and every key under a name that nobody else's keys have."""

from collections.abc import Sequence
from typing import Any, Final

from portal.store.packed import Command
from portal.store.valkey import Asker, Valkey

# Where the keys of a command stand, for every command that the chat sends by itself; scripts say it themselves.
_FIRST: Final = frozenset(
    {"GET", "SET", "GETDEL", "INCR", "EXPIRE", "PEXPIRE", "PTTL", "EXISTS"}
    | {"HGET", "HSET", "HDEL", "HMGET", "HGETALL", "HKEYS", "HEXISTS", "SADD", "SREM", "SMEMBERS", "SISMEMBER", "SCARD"}
    | {"SMISMEMBER", "INCRBY"}
    | {"ZADD", "ZREM", "ZRANGE", "ZCARD", "ZSCORE", "ZMSCORE", "ZREMRANGEBYSCORE", "XRANGE", "XREVRANGE"}
)
_ALL: Final = frozenset({"DEL", "MGET"})
_NONE: Final = frozenset({"MULTI", "EXEC", "PUBLISH", "BGREWRITEAOF"})
_SCRIPTS: Final = frozenset({"EVAL", "EVALSHA"})
NAMED: Final = _FIRST | _ALL | _NONE | _SCRIPTS


class NotApart(Exception):
    """A command nobody has said of where its keys stand: it would reach everybody's."""


class _ApartAsker(Asker):
    """Asks the same connection as everybody, and names no key of theirs."""

    def __init__(self, asker: Asker, prefix: bytes) -> None:
        self._asker = asker
        self._prefix = prefix

    async def ask(self, command: Command) -> Any:
        return await self._asker.ask(self._renamed(command))

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        return await self._asker.ask_all([self._renamed(command) for command in commands])

    async def aclose(self) -> None:
        """Nothing: the connection is everybody's."""

    def _renamed(self, command: Command) -> Command:
        name, *rest = command
        word = (name.decode() if isinstance(name, bytes) else str(name)).upper()
        if word in _NONE:
            return command
        if word in _FIRST:
            return (name, self._named(rest[0]), *rest[1:])
        if word in _ALL:
            return (name, *(self._named(key) for key in rest))
        if word in _SCRIPTS:
            many = int(rest[1])
            return (name, *rest[:2], *(self._named(key) for key in rest[2 : 2 + many]), *rest[2 + many :])
        raise NotApart(word)

    def _named(self, key: Any) -> bytes:  # Any: whatever a command takes for a key
        return self._prefix + (key if isinstance(key, bytes) else str(key).encode())


def apart(client: Valkey, prefix: bytes) -> Valkey:
    """A client whose every key begins with `prefix`. Channels keep their names: what is heard there is a nudge, or is
    named by a random id. A hash tag in a key stays one, so no script crosses tags that did not before.
    """
    made = Valkey(connection_pool=client.connection_pool)
    made.asker = _ApartAsker(client.asker, prefix)
    made.auto_close_connection_pool = False
    return made
