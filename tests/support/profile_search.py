"""Looks for given words in everything a browser kept in its profile folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from tests.support.disk_search import Found, files_under, search


def search_profile(words: Iterable[str], profile: Path) -> list[Found]:
    """Every trace of the words in the profile: raw bytes, packed bytes, and each text cell of each SQLite file."""
    wanted = list(words)
    found = set(search(wanted, [profile]))
    for path in files_under([profile]):
        for cell in cells(path):
            found |= {Found(word, "database cell", path) for word in wanted if word in cell}
    return sorted(found, key=str)


def cells(path: Path) -> Iterable[str]:
    """The text of every cell of an SQLite file; nothing for any other file."""
    with path.open("rb") as opened:
        if opened.read(16) != b"SQLite format 3\x00":
            return
    reader = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        tables = [name for (name,) in reader.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            try:
                for row in reader.execute(f'select * from "{table}"'):
                    for value in row:
                        if isinstance(value, str):
                            yield value
                        elif isinstance(value, bytes):
                            yield value.decode("utf-8", "replace")
            except sqlite3.DatabaseError:
                continue  # a virtual table whose module is not here holds its words in shadow tables, read as bytes
    except sqlite3.DatabaseError:
        return
    finally:
        reader.close()
