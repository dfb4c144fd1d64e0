"""Asks a Valkey Cluster: each command goes to the server that has its slot, on one packed connection to each."""

import asyncio
import contextlib
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from typing import Any, Final

from redis.exceptions import (
    AskError,
    ClusterDownError,
    ConnectionError as RedisConnectionError,
    MovedError,
    RedisError,
    TimeoutError as RedisTimeoutError,
    TryAgainError,
)

from portal.store.asked import Command
from portal.store.asking import NO_ANSWER, TOLD, TRIES_OF_MANY, WAIT_FOR_AN_ANSWER, Asker, ask_once, spent_on
from portal.store.copies import Copies
from portal.store.packed import Packed
from portal.store.placing import Node, Place
from portal.store.slots import mark_of, one_slot, slots_of, weighs, word_of

SLOTS: Final = 16384
LOOKS_WITHIN_S: Final = 1.0
"""For so long one server is asked who has which slot, before another one is."""

MOST_HOPS: Final = 5

Ranges = list[tuple[int, int, Node, tuple[Node, ...]]]
"""From slot, to slot, whose they are, who copies them."""


class NotThere(RedisConnectionError):
    """The slot is nobody's at this moment: another server is being chosen, or its keys are on their way."""


class Map:
    """Who has which slot, as the servers last said."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._ranges: Ranges = []
        self._begins: list[int] = []
        self._looking: asyncio.Task[None] | None = None
        self.is_stale = True

    def owner(self, slot: int) -> Node | None:
        """Whose the slot is, as far as is known."""
        at = bisect_right(self._begins, slot) - 1
        if at < 0 or slot > self._ranges[at][1]:
            return None
        return self._ranges[at][2]

    def owners(self) -> list[Node]:
        """Every server that has slots."""
        return list(dict.fromkeys(each[2] for each in self._ranges))

    def copies(self) -> list[Node]:
        """Every server that copies one of them."""
        return list(dict.fromkeys(node for each in self._ranges for node in each[3]))

    @property
    def is_whole(self) -> bool:
        """Whether every slot is somebody's."""
        return sum(last - first + 1 for first, last, _, _ in self._ranges) == SLOTS

    async def look(self) -> None:
        """Ask anew, once for everybody who waits. Raises redis' ConnectionError where nobody answers."""
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(self._has_looked)
        await asyncio.shield(self._looking)

    async def _look(self) -> None:
        for node in dict.fromkeys([*self.owners(), *self.copies(), *self._place.nodes]):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOKS_WITHIN_S):
                    if (found := ranges_of(await ask_once(self._place, node, ("CLUSTER", "SLOTS")), node)) is not None:
                        self._ranges, self._begins = found, [each[0] for each in found]
                        self.is_stale = False
                        return
        raise RedisConnectionError("no server says who has which slot")

    def _has_looked(self, task: asyncio.Task[None]) -> None:
        self._looking = None
        if not task.cancelled():
            task.exception()  # seen: whoever still waits is told


def ranges_of(answer: Any, asked: Node) -> Ranges | None:
    """What CLUSTER SLOTS says; None where it says nothing of use."""
    found: Ranges = []
    for each in answer or ():
        first, last, *servers = each
        nodes = [(_text(host) or asked[0], int(port)) for host, port, *_ in servers]
        found.append((int(first), int(last), nodes[0], tuple(nodes[1:])))
    return sorted(found, key=lambda each: each[0]) or None


def _text(host: bytes | str | None) -> str:
    return host.decode() if isinstance(host, bytes) else host or ""


class ClusterAsker(Asker):
    """The same questions, each at the server of its slot; what is about several slots is asked at each of them.

    A command over many keys is parted by their slots where its parts may be done one by one (DEL, MGET, EXISTS); a
    script or a transaction over two slots is a mistake in the house and raises CrossesSlots.
    """

    is_sharded = True
    tells_later = True

    def __init__(self, place: Place) -> None:
        self._place = place
        self._tries = TRIES_OF_MANY
        self._silent_until = 0.0
        self._map = Map(place)
        self._lines: dict[Node, Packed] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def ask(self, command: Command, *, tells: bool = False) -> Any:
        word = word_of(command)
        if word == "PUBLISH":
            command = ("SPUBLISH", *command[1:])
        if word in ("PING", "BGREWRITEAOF"):
            return await self._everywhere(command, word)
        slots = slots_of(command)
        if len(slots) > 1:
            return await self._parted(word, command)
        slot = next(iter(slots), 0)
        line = self._at_once(slot)
        late = self._late if tells else None
        spent = 0.0
        if line is not None:
            # The common case, without a timer of its own: the connection itself watches for silence.
            try:
                return await line.ask(command, late)
            except (RedisConnectionError, AskError, TryAgainError, ClusterDownError) as error:
                self._map.is_stale = True
                spent = spent_on(error)
            except NO_ANSWER as error:
                raise self._away(error) from None
        return await self._patiently(lambda: self._one(slot, command, late), spent)

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        """Each at its server, all at once; an error stands in its place."""
        answers = await asyncio.gather(*(self.ask(command) for command in commands), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, RedisError):
                raise answer
        return list(answers)

    async def ask_whole(self, commands: Sequence[Command]) -> list[Any]:
        slot = one_slot(commands) or 0
        told = [("SPUBLISH", *each[1:]) if word_of(each) == "PUBLISH" else each for each in commands]

        async def whole() -> list[Any]:
            line = await self._line(slot)
            try:
                answers = await line.ask_all([("MULTI",), *told, ("EXEC",)])
            except RedisConnectionError:
                self._map.is_stale = True
                raise
            for answer in answers:
                if isinstance(answer, (MovedError, AskError, TryAgainError, ClusterDownError)):
                    # None of it was done.
                    self._map.is_stale = True
                    raise NotThere
            return answers

        answers: list[Any] = await self._patiently(whole)
        return answers

    async def every_key(self) -> AsyncIterator[bytes]:
        await self._patiently(self._map.look)
        for node in self._map.owners():
            cursor: Any = b"0"
            while True:
                cursor, names = await self._patiently(partial(self._line_to(node).ask, ("SCAN", cursor, "COUNT", 1000)))
                for name in names:
                    yield name
                if cursor == b"0":
                    break

    async def aclose(self) -> None:
        self._is_closed = True
        lines, self._lines = self._lines, {}
        for line in lines.values():
            await line.aclose()
        await self._told()

    def _at_once(self, slot: int) -> Packed | None:
        """The open connection to the slot's server, where nothing speaks against asking on it."""
        if self._map.is_stale or self._silent_until or (owner := self._map.owner(slot)) is None:
            return None
        line = self._lines.get(owner)
        return line if line is not None and line.is_up else None

    async def _one(self, slot: int, command: Command, late: Callable[[Any], None] | None) -> Any:
        """One command at the server of its slot, wherever that is by now."""
        line, asks = await self._line(slot), False
        for _ in range(MOST_HOPS):
            try:
                return await line.ask(command, late, before=(("ASKING",),) if asks else ())
            except AskError as moved:
                # A MovedError is one too: then the slot is there for good.
                asks = not isinstance(moved, MovedError)
                self._map.is_stale = self._map.is_stale or not asks
                line = self._line_to((moved.host, int(moved.port)))
            except (TryAgainError, ClusterDownError):
                self._map.is_stale = True
                raise NotThere from None
            except RedisConnectionError:
                self._map.is_stale = True
                raise
        raise NotThere

    async def _parted(self, word: str, command: Command) -> Any:
        parts: dict[int, list[Any]] = {}
        if word not in ("DEL", "EXISTS", "MGET"):
            one_slot([command])  # raises
        for key in command[1:]:
            parts.setdefault(slots_of((word, key)).pop(), []).append(key)
        answers = await asyncio.gather(*(self.ask((command[0], *keys)) for keys in parts.values()))
        if word != "MGET":
            return sum(answers)
        held: dict[Any, Any] = {}
        for keys, its in zip(parts.values(), answers, strict=True):
            held |= zip(keys, its, strict=True)
        return [held[key] for key in command[1:]]

    async def _everywhere(self, command: Command, word: str) -> Any:
        async def all_of_them() -> list[Any]:
            if self._map.is_stale:
                await self._map.look()
            try:
                return await asyncio.gather(*(self._line_to(node).ask(command) for node in self._map.owners()))
            except RedisConnectionError:
                self._map.is_stale = True
                raise

        answers = await self._patiently(all_of_them)
        if word == "BGREWRITEAOF":
            for node in self._map.copies():
                await ask_once(self._place, node, command)
        return answers[0]

    async def _line(self, slot: int) -> Packed:
        if self._map.is_stale:
            await self._map.look()
            await self._let_go()
        owner = self._map.owner(slot)
        if owner is None:
            self._map.is_stale = True
            raise NotThere
        return self._line_to(owner)

    def _line_to(self, node: Node) -> Packed:
        line = self._lines.get(node)
        if line is None:
            if self._is_closed:
                raise RedisTimeoutError("closed")
            pool = self._place.pool(node, **TOLD)
            fewest = self._place.copies
            line = self._lines[node] = Packed(
                pool,
                WAIT_FOR_AN_ANSWER,
                copies=(lambda said: Copies(fewest, weighs, mark_of, said)) if fewest else None,
            )
        return line

    async def _let_go(self) -> None:
        """Of servers that have no slots any more nothing is asked, and nothing is held open.

        One that still owes an answer is let go another time: it may be new, its first slot on the way, and a word that
        was sent on to it done there and told to nobody yet.
        """
        owners = set(self._map.owners())
        for node in [each for each, line in self._lines.items() if each not in owners and not line.is_busy]:
            line = self._lines.get(node)  # another who asks may have done it meanwhile, or asked it something
            if line is not None and not line.is_busy:
                del self._lines[node]
                await line.aclose()
