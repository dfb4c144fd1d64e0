"""What is looked for is found in the rows of a server, and its files are never called looked at when they were not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from portal.proof.needles import Haystack, name, words
from portal.proof.rows import search_rows
from portal.settings import Secret
from portal.store.database import Database
from tests.support.server_rows import keep

CANARY = "canary words of a talk"
KEY = b"\x00\x01 a random key \xff of a talk!"


@pytest.fixture
async def database(empty_rows: Secret) -> AsyncIterator[Database]:
    database = Database(empty_rows)
    yield database
    await database.close()


async def test_words_and_keys_in_any_row_are_found_and_the_table_is_named(database: Database) -> None:
    haystack = Haystack([words("her words", CANARY), name("a key", KEY)])
    await keep(database, b"t", copy=b"nothing")
    clean = await search_rows("the rows", database, haystack, [])
    assert clean.found == []
    assert clean.many >= 2

    await keep(database, b"u", copy=b"before " + CANARY.encode() + b" after " + KEY.hex().encode())
    found = (await search_rows("the rows", database, haystack, [])).found
    assert {(each.needle.name, each.where) for each in found} == {
        ("her words", "the rows, table tip_keys"),
        ("a key", "the rows, table tip_keys"),
    }


async def test_the_servers_files_are_called_unread_unless_they_are_among_the_folders(
    database: Database, tmp_path: Path
) -> None:
    assert (await search_rows("the rows", database, Haystack([]), [tmp_path])).unread != []

    (tmp_path / "PG_VERSION").write_text("15\n")
    assert (await search_rows("the rows", database, Haystack([]), [tmp_path])).unread == []
