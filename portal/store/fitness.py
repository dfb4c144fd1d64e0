"""Looks over stores that somebody else runs before anybody is served: each must keep, or forget, as it promises.

What an account may not ask (CONFIG) is not refused for that: INFO says the rest.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    BusyLoadingError,
    ConnectionError as RedisConnectionError,
    NoPermissionError,
    RedisError,
    ResponseError,
)

from portal.store.cluster import SLOTS, ranges_of
from portal.store.placing import Node, Place, read_place

LOADS_WITHIN_S: Final = 120.0
"""So long a start waits for a store that reads its file: ten million entries, and some."""

ANSWERS_WITHIN_S: Final = 15.0
LOOK_AGAIN_S: Final = 0.1
OLDEST: Final = 7
_TOLD: Final[Mapping[str, Any]] = {
    "protocol": 3,
    "decode_responses": True,
    "socket_timeout": 3.0,
    "socket_connect_timeout": 3.0,
}


class UnfitStore(Exception):
    """A store that must not be used. The text is a sentence for the person at the terminal."""


@dataclass(frozen=True)
class _Store:
    """One of the two, as a person knows it."""

    called: str
    place: Place
    forgets: bool


def look_over(durable_url: str, ember_url: str, *, are_ours: bool = False) -> None:
    """Look at every server of both. Raises UnfitStore for the first thing that is wrong.

    `are_ours`: this house starts them itself, by settings of its own, and there is nothing to look at.
    """
    if not are_ours:
        asyncio.run(_look_over(durable_url, ember_url))


async def _look_over(durable_url: str, ember_url: str) -> None:
    for store in (
        _Store("The durable store (REDIS_URL)", read_place(durable_url), forgets=False),
        _Store("The ember store (EMBER_URL)", read_place(ember_url), forgets=True),
    ):
        primaries, replicas = await _servers(store)
        for node in primaries:
            await _look_at(store, node, is_replica=False)
        for node in replicas:
            await _look_at(store, node, is_replica=True)


async def _servers(store: _Store) -> tuple[list[Node | None], list[Node | None]]:
    """Who writes, and who copies. A replica that does not answer now is no reason to stay closed."""
    place = store.place
    if place.kind == "one":
        return [None], []
    if place.kind == "sentinel":
        return await _named_by_sentinels(store)
    for node in place.nodes:
        answer = await _answered(place, node, "CLUSTER", "SLOTS")
        ranges = ranges_of(answer, node)
        if ranges is None:
            continue
        if sum(last - first + 1 for first, last, _, _ in ranges) < SLOTS:
            raise UnfitStore(f"{store.called} is a Cluster in which some slots are nobody's: give each to a server.")
        writing = dict.fromkeys(each[2] for each in ranges)
        return list(writing), list(dict.fromkeys(copy for each in ranges for copy in each[3]))
    raise UnfitStore(f"{store.called} does not answer, or is no Cluster: look at its address and account.")


async def _named_by_sentinels(store: _Store) -> tuple[list[Node | None], list[Node | None]]:
    sentinels = store.place.sentinels()
    try:
        ends = asyncio.get_running_loop().time() + ANSWERS_WITHIN_S
        while True:
            try:
                primary = await sentinels.discover_master(store.place.name)
                replicas = await sentinels.discover_slaves(store.place.name)
                return [(str(primary[0]), int(primary[1]))], [(str(host), int(port)) for host, port in replicas]
            except (RedisError, OSError, TimeoutError):
                if asyncio.get_running_loop().time() > ends:
                    raise UnfitStore(
                        f"{store.called}: no Sentinel names a primary called {store.place.name}."
                    ) from None
                await asyncio.sleep(LOOK_AGAIN_S)
    finally:
        for each in sentinels.sentinels:
            await each.aclose()


async def _answered(place: Place, node: Node, *command: str) -> Any:
    client = _client(place, node)
    try:
        return await client.execute_command(*command)  # type: ignore[no-untyped-call]
    except (RedisError, OSError, TimeoutError):
        return None
    finally:
        await client.aclose(close_connection_pool=True)


def _client(place: Place, node: Node | None) -> Redis:
    return Redis(connection_pool=place.pool(node, retry=Retry(NoBackoff(), 0), **_TOLD))


async def _look_at(store: _Store, node: Node | None, *, is_replica: bool) -> None:
    client = _client(store.place, node)
    called = store.called if node is None else f"{store.called}, at {node[0]}:{node[1]},"
    try:
        try:
            said = await _loaded(client, called)
        except UnfitStore:
            if is_replica:
                return
            raise
        configured = await _configured(client)
        _check_any(called, said)
        if store.forgets:
            _check_embers(called, said, configured, store.place, is_replica=is_replica)
        else:
            _check_durable(called, said, configured)
        if not is_replica:
            _say_copies(called, said, store.place)
            await _check_scripts(client, called)
            if not store.forgets or store.place.kind == "sentinel":
                await _check_channels(client, called, "SPUBLISH" if store.place.kind == "cluster" else "PUBLISH")
    except (RedisConnectionError, OSError, TimeoutError):
        raise UnfitStore(f"{called} does not answer any more.") from None
    finally:
        await client.aclose(close_connection_pool=True)


async def _loaded(client: Redis, called: str) -> dict[str, Any]:
    """What it says of itself, as soon as it has read its file."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        try:
            # INFO answers a server that still reads, too, with what is not so yet.
            await client.ping()
            said: dict[str, Any] = await client.info("everything")
        except BusyLoadingError:
            if loop.time() - began > LOADS_WITHIN_S:
                raise UnfitStore(
                    f"{called} still reads its file after {LOADS_WITHIN_S:.0f} s: start again later."
                ) from None
        except ResponseError as error:
            raise UnfitStore(
                f"{called} does not let this account ask INFO and PING ({type(error).__name__})."
            ) from None
        except (RedisError, OSError, TimeoutError) as error:
            if loop.time() - began > ANSWERS_WITHIN_S or "auth" in type(error).__name__.lower():
                raise UnfitStore(f"{called} does not answer ({type(error).__name__}).") from None
        else:
            return said
        await asyncio.sleep(LOOK_AGAIN_S)


async def _configured(client: Redis) -> dict[str, str]:
    try:
        found = await client.config_get("*")
    except ResponseError:
        return {}
    return {str(name): str(value) for name, value in found.items()}


def _check_any(called: str, said: Mapping[str, Any]) -> None:
    version = str(said.get("redis_version", "0"))
    if int(version.split(".")[0]) < OLDEST:
        raise UnfitStore(f"{called} is version {version}; Porchlight needs {OLDEST} or newer.")
    if said.get("maxmemory_policy", "noeviction") != "noeviction":
        raise UnfitStore(f"{called} throws keys away when it is full: set maxmemory-policy noeviction.")


def _check_durable(called: str, said: Mapping[str, Any], configured: Mapping[str, str]) -> None:
    if not said.get("aof_enabled"):
        raise UnfitStore(f"{called} keeps nothing on a disk: set appendonly yes and appendfsync always.")
    if configured.get("appendfsync", "always") != "always":
        raise UnfitStore(f"{called} answers before words are on the disk: set appendfsync always.")


def _check_embers(
    called: str, said: Mapping[str, Any], configured: Mapping[str, str], place: Place, *, is_replica: bool
) -> None:
    if said.get("aof_enabled") or configured.get("save"):
        raise UnfitStore(f'{called} writes to a disk what has to be forgotten: set appendonly no and save "".')
    if place.kind == "one" and said.get("connected_slaves"):
        raise UnfitStore(f"{called} has a replica nobody looks after: take it away, or name Sentinels or a Cluster.")
    by_disk = configured.get("repl-diskless-sync", "yes") != "yes"
    if by_disk or (is_replica and configured.get("repl-diskless-load") == "disabled"):
        raise UnfitStore(
            f"{called} copies itself by a file: set repl-diskless-sync yes and repl-diskless-load swapdb on each."
        )


def _say_copies(called: str, said: Mapping[str, Any], place: Place) -> None:
    """Told, not refused: a replica may be away for an hour, and a house that starts then still shows the phone line."""
    there = int(said.get("connected_slaves") or 0)
    if there < place.copies:
        print(
            f"{called} has {there} replicas now, and no word counts as kept before {place.copies} have it: add some, "
            "or end the address with ?copies=0.",
            file=sys.stderr,
            flush=True,
        )


async def _check_scripts(client: Redis, called: str) -> None:
    try:
        await client.eval("return 1", 0)
    except ResponseError:
        raise UnfitStore(f"{called} cannot run scripts (EVAL): install its Lua module, or let the account.") from None


async def _check_channels(client: Redis, called: str, word: str) -> None:
    """By what is heard there others learn of new words, and with Sentinels a replica of what was written."""
    try:
        await client.execute_command(word, "~", "")  # type: ignore[no-untyped-call]
    except NoPermissionError:
        raise UnfitStore(f"{called} lets this account publish nothing: give it the channels (&*).") from None
    except ResponseError:
        return  # a channel of another server's slot, for one
