"""How a process talks to a Valkey: a bounded pool, bounded waits, and one error when it does not answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ConnectionError as RedisConnectionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    TimeoutError as RedisTimeoutError,
)

from portal.errors import Away

CONNECTIONS = 16
WAIT_FOR_A_CONNECTION = 2.0
WAIT_FOR_AN_ANSWER = 3.0
WAIT_TO_CONNECT = 1.0
# A killed server is back in some 100 ms; 7 tries with these pauses last about 1 s, so nobody sees it go.
TRIES = 7
FIRST_PAUSE = 0.02
LONGEST_PAUSE = 0.3
# All tries together. A server that is killed refuses at once, so its tries fit; one that hangs is silent through each.
WAIT_IN_ALL = 4.0
# After a silence the next commands wait only this long, for a while: a page that asks six things would wait six times.
WAIT_AFTER_SILENCE = 0.4
SILENCE_IS_REMEMBERED = 3.0

_NO_ANSWER = (
    RedisConnectionError,
    RedisTimeoutError,
    BusyLoadingError,
    AuthenticationError,
    ReadOnlyError,
    OutOfMemoryError,
    OSError,
    TimeoutError,
)


class ValkeyAway(Away):
    """A Valkey did not answer in time. What was asked may or may not have been done."""


class _Patience:
    """How long one more command may take; shared by a client and its pipelines."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    async def bear(self, asked: Awaitable[Any]) -> Any:
        """The answer, or ``ValkeyAway`` when it does not come in time."""
        loop = asyncio.get_running_loop()
        limit = WAIT_AFTER_SILENCE if loop.time() < self._silent_until else WAIT_IN_ALL
        try:
            async with asyncio.timeout(limit):
                return await asked
        except TimeoutError:
            self._silent_until = loop.time() + SILENCE_IS_REMEMBERED
            raise ValkeyAway("TimeoutError") from None
        except _NO_ANSWER as error:
            # The library's text can name an address; its type says enough.
            raise ValkeyAway(type(error).__name__) from None


class _Pipeline(Pipeline):
    patience: _Patience

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        answers: list[Any] = await self.patience.bear(super().execute(raise_on_error))
        return answers


class Valkey(Redis):
    """A redis client that speaks bytes and raises ``ValkeyAway`` where the library has many names for it."""

    patience: _Patience

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send one command; raises ``ValkeyAway`` when no answer comes within the bounds above."""
        return await self.patience.bear(super().execute_command(*args, **options))  # type: ignore[no-untyped-call]

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        """A pipeline with the same promise."""
        pipeline = _Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)
        pipeline.patience = self.patience
        return pipeline


def connect(url: str) -> Valkey:
    """A client for ``url`` (``redis://``, ``rediss://`` or ``unix://``). Nothing is opened until the first command.

    Retries repeat a command whose answer was lost: what is sent must be safe to do twice (a script that
    remembers its client key, a SET, a DEL).
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=WAIT_FOR_A_CONNECTION,
        protocol=3,
        decode_responses=False,
        socket_timeout=WAIT_FOR_AN_ANSWER,
        socket_connect_timeout=WAIT_TO_CONNECT,
        # Not after a silence: one wait is long enough for a person, and a frozen server would stretch it to seven.
        retry=Retry(ExponentialBackoff(cap=LONGEST_PAUSE, base=FIRST_PAUSE), TRIES, (RedisConnectionError,)),
        retry_on_error=[BusyLoadingError],
    )
    client = Valkey(connection_pool=pool)
    client.patience = _Patience()
    client.auto_close_connection_pool = True
    return client


class Script:
    """A Lua script that is sent once and named by its digest afterwards."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._digest: str | None = None

    async def __call__(
        self, client: Redis, *, keys: Sequence[bytes | str] = (), args: Sequence[bytes | str | int | float] = ()
    ) -> Any:
        """Run it on ``client``; a server that has forgotten it (restarted) is sent the source again."""
        if self._digest is not None:
            try:
                return await _answer(client.evalsha, self._digest, keys, args)
            except NoScriptError:
                pass
        result = await _answer(client.eval, self.source, keys, args)
        if self._digest is None:
            self._digest = _sha1(self.source)
        return result


async def _answer(
    call: Callable[..., Awaitable[Any]],
    script: str,
    keys: Sequence[bytes | str],
    args: Sequence[bytes | str | int | float],
) -> Any:
    return await call(script, len(keys), *keys, *args)


def _sha1(source: str) -> str:
    from hashlib import sha1

    # The name the server itself gives a script; nothing is protected by it.
    return sha1(source.encode(), usedforsecurity=False).hexdigest()
