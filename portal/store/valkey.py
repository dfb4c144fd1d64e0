"""How a process talks to a Valkey: one client, however many servers there are, and scripts named by their digest."""

from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import NoScriptError

from portal.store.asking import TOLD, Asker, SentinelAsker, ValkeyAway
from portal.store.cluster import ClusterAsker
from portal.store.placing import Place, read_place

__all__ = ["Script", "Valkey", "ValkeyAway", "connect"]


class _Pipeline(Pipeline):
    """Collects commands and asks them together: between MULTI and EXEC when it is a transaction. It cannot WATCH."""

    asker: Asker

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        stack = [(args, options) for args, options in self.command_stack]
        self.command_stack = []
        if not stack:
            return []
        asked = [args for args, _ in stack]
        if self.is_transaction:
            *queued, answers = await self.asker.ask_whole(asked)
            if isinstance(answers, Exception):
                # What was wrong with a command says more than that therefore none was done.
                raise next((each for each in queued if isinstance(each, Exception)), answers)
        else:
            answers = await self.asker.ask_all(asked)
        shaped: list[Any] = []
        for (args, options), answer in zip(stack, answers, strict=True):
            if isinstance(answer, Exception) and raise_on_error:
                raise answer
            is_broken = isinstance(answer, Exception)
            shaped.append(answer if is_broken else _shaped(self.response_callbacks, args, options, answer))
        return shaped


class Valkey(Redis):
    """A redis client that speaks bytes and raises ``ValkeyAway`` where the library has many names for it."""

    asker: Asker

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send one command; raises ``ValkeyAway`` when no answer comes within the bounds above."""
        return _shaped(self.response_callbacks, args, options, await self.asker.ask(args))

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        """A pipeline with the same promise."""
        pipeline = _Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)
        pipeline.asker = self.asker
        return pipeline

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Close the connection; nothing is asked afterwards."""
        await self.asker.aclose()
        await super().aclose(close_connection_pool)


def _shaped(callbacks: Any, args: Sequence[Any], options: Mapping[str, Any], answer: Any) -> Any:
    """The answer as the library gives it for this command."""
    callback = callbacks.get(args[0])
    if callback is None:
        return answer
    # "keys" are named for the library's cache, which is not used.
    return callback(answer, **{name: value for name, value in options.items() if name != "keys"})


def connect(url: str) -> Valkey:
    """A client for ``url``, as ``read_place`` reads it. Nothing is opened until the first command.

    Retries repeat a command whose answer was lost: what is sent must be safe to do twice (a script that
    remembers its client key, a SET, a DEL). Nothing that blocks may be sent: all share one connection.
    """
    place = read_place(url)
    pool = place.pool(place.nodes[0] if place.kind == "cluster" else None, **TOLD)
    client = Valkey(connection_pool=pool)
    client.asker = _asker(place, pool)
    client.auto_close_connection_pool = True
    return client


def _asker(place: Place, pool: ConnectionPool) -> Asker:
    if place.kind == "one":
        return Asker(pool)
    if place.kind == "sentinel":
        return SentinelAsker(place)
    return ClusterAsker(place)


_LATER = """
local told = {}
local function tell(channel, words)
  told[#told + 1] = channel
  told[#told + 1] = words
end
local function act()
%s
end
local answer = act()
if answer == nil then answer = false end
return {answer, told}
"""


class Script:
    """A Lua script that is sent once and named by its digest afterwards."""

    def __init__(self, source: str) -> None:
        # Where another server may take this one's place, nobody hears of what no replica has: whoever hears her own
        # words takes them for kept. So the script answers what is to be told, and that is told behind its answer.
        self.wordings = source, _LATER % source.replace("redis.call('PUBLISH', ", "tell(")
        self._digests: list[str | None] = [None, None]

    async def __call__(
        self, client: Valkey, *, keys: Sequence[bytes | str] = (), args: Sequence[bytes | str | int | float] = ()
    ) -> Any:
        """Run it on ``client``; a server that has forgotten it (restarted) is sent the source again."""
        # Named as it goes to the server: the library's own methods look at all of it once more, there and back.
        asker = client.asker
        if asker.tells_later:
            return await self._told(asker, await self._run(asker, 1, (len(keys), *keys, *args)))
        return await self._run(asker, 0, (len(keys), *keys, *args))

    async def _run(self, asker: Asker, which: int, told: Sequence[Any]) -> Any:
        if (digest := self._digests[which]) is not None:
            try:
                return await asker.ask(("EVALSHA", digest, *told), tells=asker.tells_later)
            except NoScriptError:
                pass
        source = self.wordings[which]
        result = await asker.ask(("EVAL", source, *told), tells=asker.tells_later)
        if digest is None:
            self._digests[which] = _sha1(source)
        return result

    async def _told(self, asker: Asker, answered: Any) -> Any:
        answer, told = answered
        if told:
            await asker.tell(told)
        return answer


def _sha1(source: str) -> str:
    from hashlib import sha1

    # The name the server itself gives a script; nothing is protected by it.
    return sha1(source.encode(), usedforsecurity=False).hexdigest()
