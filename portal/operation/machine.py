"""Looks at this machine's part of the house: its disks, how long a write takes, its certificates, its stores."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from portal.folder import milliseconds_to_disk
from portal.operation.certificate import NoCertificate, of_file, of_port
from portal.operation.judging import Disk, Keeping, Served
from portal.readings import THIS_MACHINE

if TYPE_CHECKING:
    from portal.settings import Settings

WITHIN_S: Final = 3.0
ALMOST_FULL: Final = 0.9
HTTPS: Final = 443


class Machine:
    """One in each process. What blocks is done beside the event loop, one at a time: a disk that hangs holds one up."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._writing: asyncio.Task[float] | None = None

    async def disks(self) -> tuple[Disk, ...]:
        """Every place the house writes to, the fullest first. A place that cannot be asked is one nothing fits in."""
        rows = self._settings.database_place
        places = {"data": self._settings.data_dir, "keys": self._settings.keys_dir}
        if isinstance(rows, Path):
            places["rows"] = rows.parent
        found = [_disk(name, path) for name, path in places.items()]
        return tuple(sorted(found, key=lambda each: (each.writes, each.free)))

    async def write_ms(self) -> float | None:
        """How long one small write takes to be on the disk; None where it is refused or does not end."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(asyncio.to_thread(milliseconds_to_disk, self._settings.data_dir, 1))
        done, _ = await asyncio.wait({self._writing}, timeout=WITHIN_S)
        if not done or self._writing.cancelled() or self._writing.exception() is not None:
            return None
        return self._writing.result()

    async def certificates(self) -> tuple[Served, ...] | None:
        """Of each of the two addresses that is reached by TLS. None where none is, and none was named."""
        named = self._settings.certificate
        if isinstance(named, Path):
            return (await asyncio.to_thread(_served, named.name, lambda: of_file(named)),)
        origins = [urlsplit(each) for each in (self._settings.public_origin, self._settings.desk_origin)]
        names = [each.hostname for each in origins if each.scheme == "https" and each.hostname]
        if not names:
            return None
        host, port = named or (THIS_MACHINE[0], HTTPS)
        asked = [asyncio.to_thread(_served, name, lambda name=name: of_port(host, port, name)) for name in names]
        return tuple(await asyncio.gather(*asked))


def keeping_of(store: str, told: Mapping[str, Any]) -> Keeping:
    """What a store's own word (INFO) says of how it keeps what it holds. `store`: `durable` or `ember`."""
    has_file = bool(int(told.get("aof_enabled", 0)))
    if store == "ember" and has_file:
        return "keeps_file"
    if store == "durable" and not has_file:
        return "no_file"
    if store == "durable" and told.get("aof_last_write_status", "ok") != "ok":
        return "write_fails"
    most, used = int(told.get("maxmemory", 0)), int(told.get("used_memory", 0))
    if most and told.get("maxmemory_policy") != "noeviction":
        return "evicts"
    return "full" if most and used > ALMOST_FULL * most else "right"


def _disk(name: str, path: Path) -> Disk:
    try:
        told = os.statvfs(path)
    except OSError:
        return Disk(name, 0.0, 0, writes=False)
    is_writable = not told.f_flag & os.ST_RDONLY
    has_names = not told.f_files or told.f_favail > 0  # a disk can run out of files before it runs out of room
    free = told.f_bavail / told.f_blocks if told.f_blocks else 1.0
    return Disk(name, free, told.f_bavail * told.f_frsize, writes=is_writable and has_names)


def _served(name: str, read: Any) -> Served:
    try:
        return Served(name, read())
    except NoCertificate:
        return Served(name, None)
