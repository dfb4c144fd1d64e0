"""How a process talks to a Valkey: a bounded pool, bounded waits, and one error when it does not answer."""

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


class _Pipeline(Pipeline):
    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        try:
            return await super().execute(raise_on_error)
        except _NO_ANSWER as error:
            raise ValkeyAway(type(error).__name__) from None


class Valkey(Redis):
    """A redis client that speaks bytes and raises ``ValkeyAway`` where the library has many names for it."""

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send one command; raises ``ValkeyAway`` when no answer comes within the bounds above."""
        try:
            return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        except _NO_ANSWER as error:
            # The library's text can name an address; its type says enough.
            raise ValkeyAway(type(error).__name__) from None

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        """A pipeline with the same promise."""
        return _Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


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
        retry=Retry(ExponentialBackoff(cap=LONGEST_PAUSE, base=FIRST_PAUSE), TRIES),
        retry_on_error=[BusyLoadingError],
    )
    client = Valkey(connection_pool=pool)
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
