"""Holds the search that proves "nothing on the disk" to finding a word in every form we know."""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import zlib
from pathlib import Path

import pytest

from tests.support.disk_search import search

WORD = "kestrel over the وادي at dawn"


@pytest.mark.parametrize(
    "written",
    [
        WORD.encode(),
        WORD.encode("utf-16-le"),
        WORD.encode("utf-16-be"),
        b"x" + base64.b64encode(WORD.encode()) + b"x",
        base64.b64encode(b"a" + WORD.encode() + b"tail"),
        base64.urlsafe_b64encode(b"ab" + WORD.encode() + b"tail"),
        json.dumps({"text": WORD}).encode(),
        b"head" + gzip.compress(b"before " + WORD.encode() + b" after", mtime=0) + b"tail",
        b"head" + zlib.compress(WORD.encode()) + b"tail",
        WORD.encode().hex().encode(),
    ],
)
def test_a_word_is_found_in_every_form_it_may_be_written_in(tmp_path: Path, written: bytes) -> None:
    (tmp_path / ".hidden").write_bytes(b"\0\1" * 40 + written + b"\0" * 9)

    assert search([WORD], [tmp_path])


def test_a_word_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"kestrel over the hills at noon" * 50)

    assert search([WORD], [tmp_path]) == []


def test_a_word_in_a_deleted_row_is_found_until_it_is_overwritten(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "rows.db") as rows:
        rows.execute("pragma secure_delete = off")
        rows.execute("create table words (word text)")
        rows.execute("insert into words values (?)", (WORD,))
        rows.commit()
        rows.execute("delete from words")
        rows.commit()
    rows.close()

    assert search([WORD], [tmp_path])
