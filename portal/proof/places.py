"""Searches files, and the two stores, and counts what was searched."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from portal.proof.needles import Haystack, Needle
from portal.proof.packed import layers
from portal.store.valkey import Valkey

# A larger file is read in windows that overlap, so that nothing falls between two.
WINDOW: Final = 64 * 1024 * 1024
OVERLAP: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """One thing, and where it stands."""

    needle: Needle
    where: str


@dataclass
class Searched:
    """One place: what it is called, how much of it was read, what could not be, and what stood there."""

    called: str
    kind: str = "files"
    many: int = 0
    size: int = 0
    unread: list[str] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)


def search_folder(called: str, folder: Path, haystack: Haystack, *, since: float | None = None) -> Searched:
    """Every file under `folder`, hidden ones too; links are not followed.

    `since`: only those of our own account that were written after this moment, for a folder many programs share.
    """
    searched = Searched(called)
    for path in files_under(folder, searched.unread, quietly=since is not None):
        try:
            known = path.lstat()
            if not stat.S_ISREG(known.st_mode):
                continue
            if since is not None and (known.st_uid != os.getuid() or max(known.st_mtime, known.st_ctime) < since):
                continue
            names = haystack.found_in(os.fsencode(path.name))
            for window in _windows(path):
                names |= {each for layer in layers(window) for each in haystack.found_in(layer)}
        except FileNotFoundError:
            continue  # gone meanwhile: there is nothing to read any more
        except OSError as error:
            searched.unread.append(f"{path} ({error.strerror})")
            continue
        searched.many += 1
        searched.size += known.st_size
        searched.found += [Found(each, str(path)) for each in names]
    return searched


def files_under(folder: Path, unread: list[str], *, quietly: bool) -> Iterator[Path]:
    """Every name below `folder` that is none of a folder; what may not be entered is noted, unless `quietly`."""

    def refused(error: OSError) -> None:
        if not quietly and not isinstance(error, FileNotFoundError):
            unread.append(f"{error.filename} ({error.strerror})")

    if folder.is_file():
        yield folder
    for base, _, names in os.walk(folder, onerror=refused):
        for each in names:
            yield Path(base) / each


def _windows(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        before = b""
        while part := file.read(WINDOW):
            yield before + part
            before = part[-OVERLAP:]


async def search_store(called: str, client: Valkey, haystack: Haystack) -> Searched:
    """Every name and every value, as the store itself would write it to a file: what was taken out of a list or a
    stream without being overwritten is seen too. Raises `ValkeyAway`.
    """
    searched = Searched(called, kind="keys")
    async for key in client.asker.every_key():
        content = await _value(client, key)
        searched.many += 1
        searched.size += len(key) + len(content)
        names = haystack.found_in(key) | {each for layer in layers(content) for each in haystack.found_in(layer)}
        # Which key is not told: its name can be that of a conversation.
        searched.found += [Found(each, called) for each in names]
    return searched


async def _value(client: Valkey, key: bytes) -> bytes:
    value: Any = await client.dump(key)
    return value or b""  # None: it has run out meanwhile


def what_stood(searched: Iterable[Searched]) -> list[Found]:
    """Everything that was found, in all places."""
    return [found for place in searched for found in place.found]
