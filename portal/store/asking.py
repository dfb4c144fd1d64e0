"""Asks a Valkey with bounded waits, again where that may help, and has one error for every way not to be answered."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ConnectionError as RedisConnectionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    TimeoutError as RedisTimeoutError,
)

from portal.errors import Away
from portal.store.asked import Command, NotCopied
from portal.store.copies import HELD_FOR_S, Copies
from portal.store.heirs import Heirs
from portal.store.packed import Packed
from portal.store.placing import Node, Place, let_go, put_away
from portal.store.slots import weighs, word_of

# That a connection stands is an answer too: with less patience for it, a process that stood still for a second (a busy
# machine, a great collection of garbage) took a store for gone that had answered at once.
WAIT_FOR_AN_ANSWER = 3.0
# A killed server is back in some 100 ms; 7 tries with these pauses last about 1 s, so nobody sees it go.
TRIES = 7
# Where another server takes the place of a killed one, it is not there before it was chosen: then the time ends them.
TRIES_OF_MANY = 30
FIRST_PAUSE = 0.02
LONGEST_PAUSE = 0.3
# All tries together. A server that is killed refuses at once, so its tries fit; one that hangs is silent through each.
WAIT_IN_ALL = 4.0
# After a silence the next commands wait only this long, for a while: a page that asks six things would wait six times.
WAIT_AFTER_SILENCE = 0.5
SILENCE_IS_REMEMBERED = 3.0

NO_ANSWER = (
    RedisConnectionError,
    RedisTimeoutError,
    BusyLoadingError,
    AuthenticationError,
    ReadOnlyError,
    OutOfMemoryError,
    OSError,
    TimeoutError,
)

# What another try may mend: a connection that broke, and one to a server that writes no more.
_AGAIN = (RedisConnectionError, ReadOnlyError)


class ValkeyAway(Away):
    """A Valkey did not answer in time. What was asked may or may not have been done."""


class Asker:
    """Asks the packed connection, again where it broke, and gives up in time. Shared by a client and its pipelines."""

    is_sharded = False  # whether each key has a server of its own
    tells_later = False  # whether what a script did counts only once a replica has it, and is told then

    def __init__(self, pool: ConnectionPool) -> None:
        self._packed = Packed(pool, WAIT_FOR_AN_ANSWER)
        self._tries = TRIES
        self._silent_until = 0.0
        self._telling: set[asyncio.Task[None]] = set()

    async def ask(self, command: Command, *, tells: bool = False) -> Any:
        """The answer to one command. Raises ``ValkeyAway`` when none comes, else what the server says is wrong.

        `tells`: it answers two things, and the second is what others are to be told (channel, words, channel, ...).
        Whoever asks tells them; where it was given up, they are told once a replica has what was done.
        """
        late = self._late if tells else None
        spent = 0.0
        if self._packed.is_up and not self._silent_until:
            # The common case, without a timer of its own: the connection itself watches for silence.
            try:
                return await self._packed.ask(command, late)
            except RedisConnectionError as error:
                spent = spent_on(error)
            except NO_ANSWER as error:
                raise self._away(error) from None
        return await self._patiently(lambda: self._packed.ask(command, late), spent)

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to several, asked together; an error stands in its place. Raises ``ValkeyAway``."""
        answers: list[Any] = await self._patiently(lambda: self._packed.ask_all(commands))
        return answers

    async def ask_whole(self, commands: Sequence[Command]) -> list[Any]:
        """What MULTI, these and EXEC are answered: all are done in one breath or none. Raises ``ValkeyAway``."""
        return await self.ask_all([("MULTI",), *commands, ("EXEC",)])

    async def every_key(self) -> AsyncIterator[bytes]:
        """Every key there is, some perhaps twice. Raises ``ValkeyAway``."""
        cursor = b"0"
        while True:
            cursor, names = await self.ask(("SCAN", cursor, "COUNT", 1000))
            for name in names:
                yield name
            if cursor == b"0":
                return

    async def aclose(self) -> None:
        """Close the connection."""
        await self._packed.aclose()
        await self._told()

    async def tell(self, told: Sequence[Any]) -> None:
        """Tell others what a command answered is for them. They are told, also where whoever asked is cancelled now."""
        task = self._telling_of(told)
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()

    def _late(self, told: Sequence[Any]) -> None:
        self._telling_of(told)

    def _telling_of(self, told: Sequence[Any]) -> asyncio.Task[None]:
        task = asyncio.create_task(self._tell(told))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)
        return task

    async def _tell(self, told: Sequence[Any]) -> None:
        # Kept it is; who misses this finds it by the number before the next.
        with contextlib.suppress(ValkeyAway):
            await self.ask_all(published(told))

    async def _told(self) -> None:
        """After the connection is closed: nobody is told anything any more."""
        for task in self._telling:
            task.cancel()
        if self._telling:
            await asyncio.wait(self._telling)

    async def _patiently(self, ask: Callable[[], Awaitable[Any]], spent: float = 0.0) -> Any:
        retry = Retry(ExponentialBackoff(cap=LONGEST_PAUSE, base=FIRST_PAUSE), self._tries, _AGAIN)
        left = self._limit() - spent
        if left <= 0:
            raise ValkeyAway(NotCopied.__name__)
        try:
            async with asyncio.timeout(left):
                answer = await retry.call_with_retry(ask, _go_on)
        except NO_ANSWER as error:
            raise self._away(error) from None
        self._silent_until = 0.0
        return answer

    def _limit(self) -> float:
        is_silent = asyncio.get_running_loop().time() < self._silent_until
        return WAIT_AFTER_SILENCE if is_silent else WAIT_IN_ALL

    def _away(self, error: BaseException) -> ValkeyAway:
        if isinstance(error, TimeoutError | RedisTimeoutError):
            self._silent_until = asyncio.get_running_loop().time() + SILENCE_IS_REMEMBERED
        # The library's text can name an address; its type says enough.
        return ValkeyAway(type(error).__name__)


async def _go_on(_: Exception) -> None:
    """The packed connection has given itself up already; the next try makes another."""


def published(told: Sequence[Any]) -> list[Command]:
    """The commands by which others are told it: a channel, its words, another channel, ..."""
    return [("PUBLISH", told[at], told[at + 1]) for at in range(0, len(told), 2)]


def spent_on(error: Exception) -> float:
    """So long whoever asks has waited already."""
    return HELD_FOR_S if isinstance(error, NotCopied) else 0.0


class SentinelAsker(Asker):
    """Asks the primary of the moment. What was erased is asked out of its replicas' files as well."""

    tells_later = True

    def __init__(self, place: Place) -> None:
        self._place = place
        self._pool: Any = place.pool(**TOLD)
        super().__init__(self._pool)
        self._tries = TRIES_OF_MANY
        self._heirs: Heirs | None = None
        if place.copies:
            self._heirs = heirs = Heirs(place)
            self._packed = Packed(
                self._pool,
                WAIT_FOR_AN_ANSWER,
                copies=lambda said: Copies(place.copies, weighs, _published, said, heirs),
                heirs=heirs,
            )

    async def ask(self, command: Command, *, tells: bool = False) -> Any:
        if word_of(command) == "BGREWRITEAOF":
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(WAIT_FOR_AN_ANSWER):
                    for node in await self._pool.sentinel_manager.discover_slaves(self._place.name):
                        await ask_once(self._place, node, command)
        return await super().ask(command, tells=tells)

    async def aclose(self) -> None:
        await super().aclose()
        if self._heirs is not None:
            await self._heirs.aclose()
        await let_go(self._pool)


def _published(_: Sequence[Command]) -> Sequence[Command]:
    """Something that every replica is told, heard by nobody and kept nowhere."""
    return (("PUBLISH", "~", ""),)


async def ask_once(place: Place, node: Node, command: Command) -> Any:
    """What one server answers, on a connection of its own; None where it gives no answer."""
    client = Redis(connection_pool=place.pool(node, **TOLD))
    try:
        return await client.execute_command(*command)  # type: ignore[no-untyped-call]
    except (RedisError, OSError, TimeoutError):
        return None
    finally:
        await put_away(client.connection_pool)


# Not after a silence: one wait is long enough for a person, and a frozen server would stretch it to seven.
TOLD: Mapping[str, Any] = {
    "protocol": 3,
    "socket_timeout": WAIT_FOR_AN_ANSWER,
    "socket_connect_timeout": WAIT_FOR_AN_ANSWER,
}
