"""A store within a store: the same server, and every key under a name that nobody else's keys have."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from portal.store.asked import Command
from portal.store.asking import Asker
from portal.store.slots import ALL, FIRST, KEYLESS, NAMED as NAMED, PUBLISHING, SCRIPTS, word_of
from portal.store.valkey import Valkey, connect

EMBERS: Final = b"{embers}"
"""The one hash tag of an ember store in a Cluster."""


class NotApart(Exception):
    """A command nobody has said of where its keys stand: it would reach everybody's."""


class _ApartAsker(Asker):
    """Asks the same connection as everybody, and names no key of theirs."""

    def __init__(self, asker: Asker, prefix: bytes) -> None:
        self._asker = asker
        self._prefix = prefix
        self.is_sharded, self.tells_later = asker.is_sharded, asker.tells_later

    async def ask(self, command: Command, *, tells: bool = False) -> Any:
        return await self._asker.ask(self._renamed(command), tells=tells)

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        return await self._asker.ask_all([self._renamed(command) for command in commands])

    async def ask_whole(self, commands: Sequence[Command]) -> list[Any]:
        return await self._asker.ask_whole([self._renamed(command) for command in commands])

    async def tell(self, told: Sequence[Any]) -> None:
        await self._asker.tell(told)

    def every_key(self) -> AsyncIterator[bytes]:
        return self._asker.every_key()

    async def aclose(self) -> None:
        """Nothing: the connection is everybody's."""

    def _renamed(self, command: Command) -> Command:
        name, *rest = command
        word = word_of(command)
        if word in KEYLESS or word in PUBLISHING:
            return command
        if word in FIRST:
            return (name, self._named(rest[0]), *rest[1:])
        if word in ALL:
            return (name, *(self._named(key) for key in rest))
        if word in SCRIPTS:
            many = int(rest[1])
            return (name, *rest[:2], *(self._named(key) for key in rest[2 : 2 + many]), *rest[2 + many :])
        raise NotApart(word)

    def _named(self, key: Any) -> bytes:  # Any: whatever a command takes for a key
        return self._prefix + (key if isinstance(key, bytes) else str(key).encode())


class _TaggedAsker(_ApartAsker):
    """The same for a whole store: a key that was read out of it bears the tag already."""

    async def aclose(self) -> None:
        await self._asker.aclose()

    def _named(self, key: Any) -> bytes:
        name = key if isinstance(key, bytes) else str(key).encode()
        return name if name.startswith(self._prefix) else self._prefix + name


def apart(client: Valkey, prefix: bytes) -> Valkey:
    """A client whose every key begins with `prefix`. Channels keep their names: what is heard there is a nudge, or is
    named by a random id. A hash tag in a key stays one, so no script crosses tags that did not before.
    """
    made = Valkey(connection_pool=client.connection_pool)
    made.asker = _ApartAsker(client.asker, prefix)
    made.auto_close_connection_pool = False
    return made


def connect_embers(url: str) -> Valkey:
    """A client for the ember store. In a Cluster all of it has one hash tag: one thing in it is found by another, in
    one breath, so all of it stands on one server and those that copy it. There is little of it.
    """
    client = connect(url)
    if client.asker.is_sharded:
        client.asker = _TaggedAsker(client.asker, EMBERS)
    return client
