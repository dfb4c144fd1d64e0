"""Looks for words of a talk wherever a running house could have left them in clear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from sqlalchemy import MetaData, select

from portal.services import Services
from portal.store.database import Database
from tests.support.disk_search import files_under, read


async def left_behind(words: Sequence[str], services: Services, *, folders: Iterable[Path], said: str) -> list[str]:
    """Where one of the words can be read. `said`: whatever the house told its log, its screen and its watchers."""
    found = [f"{word} in what was said" for word in words if word in said]
    for store, client in (("durable", services.durable), ("ember", services.ember_client)):
        async for place, content in _kept(client):
            found += [f"{word} in {store} {place}" for word in words if word.encode() in content]
    async for table, rows in _rows(services.database):
        found += [f"{word} in the table {table}" for word in words if word in rows]
    for path in files_under(folders):
        content = read(path)
        found += [f"{word} in {path}" for word in words if word.encode() in content or word in path.name]
    return found


async def told_to_watchers(ports: Iterable[int]) -> str:
    """What every face answers whoever watches over the house: headers and words."""
    answers = []
    for port in ports:
        for path in ("/health/live", "/health/ready", "/metrics", "/health/metrics"):
            answers.append(await _answer(port, path))
    return "\n".join(answers)


async def _answer(port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    try:
        return (await reader.read()).decode("utf-8", "replace")
    finally:
        writer.close()
        await writer.wait_closed()


async def _kept(client: Redis) -> AsyncIterator[tuple[str, bytes]]:
    """The name of each key, and all that is under it."""
    reading: dict[str, Any] = {
        "string": client.get,
        "hash": client.hgetall,
        "set": client.smembers,
        "stream": client.xrange,
        "zset": lambda name: client.zrange(name, 0, -1, withscores=True),
        "list": lambda name: client.lrange(name, 0, -1),
    }
    async for name in client.scan_iter(count=1000):
        kind = _flat(await client.type(name)).decode()
        yield repr(bytes(name)), bytes(name) + _flat(await reading[kind](name))


def _flat(value: object) -> bytes:
    """The bytes in an answer of a store, whatever they are in."""
    if isinstance(value, dict):
        return b"\0".join(_flat(key) + b"\0" + _flat(each) for key, each in value.items())
    if isinstance(value, list | tuple | set):
        return b"\0".join(map(_flat, value))
    return value if isinstance(value, bytes) else str(value).encode()


async def _rows(database: Database) -> AsyncIterator[tuple[str, str]]:
    """Each table with what its rows say."""
    async with database.read() as connection:
        tables = MetaData()
        await connection.run_sync(tables.reflect)
        for table in tables.sorted_tables:
            yield table.name, repr((await connection.execute(select(table))).all())
