"""The database on a server: what is asked of every line, and what a line may and may not do."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from portal.settings import Secret
from portal.staff.tables import audit as audit_lines, invitations
from portal.staff.trail import audit
from portal.store.away import judged
from portal.store.database import Database, DatabaseAway
from portal.store.postgres import THE_PEN
from tests.support.chained import chained, keys_at
from tests.support.postgres import Postgres
from tests.support.server_rows import count, database, keep
from tips.tables import tips

__all__ = ["database"]


@pytest.mark.parametrize(
    ("way", "isolation", "is_readonly"), [("read", "repeatable read", "on"), ("write", "read committed", "off")]
)
async def test_every_line_is_set_to_be_safe(database: Database, way: str, isolation: str, is_readonly: str) -> None:
    expected = {
        "transaction_isolation": isolation,
        "transaction_read_only": is_readonly,
        "synchronous_commit": "on",
        "lock_timeout": "5s",
        "statement_timeout": "6s",
        "idle_in_transaction_session_timeout": "10s",
    }
    async with getattr(database, way)() as connection:
        for name, value in expected.items():
            assert (await connection.execute(text(f"SHOW {name}"))).scalar() == value


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseAway):
        async with database.read() as connection:
            await connection.execute(insert(tips).values(id=b"t", day="", status="", receipt="", card=b""))


async def test_what_only_grows_is_neither_changed_nor_taken_away(database: Database, tmp_path: Path) -> None:
    chained(database, keys_at(tmp_path / "keys"))
    async with database.write() as connection:
        await audit.line(connection, at=datetime(2026, 3, 4, tzinfo=UTC), act="tip.opened", staff_id=b"s")
    for statement in ("UPDATE audit_lines SET act = 'x'", "DELETE FROM audit_lines", "TRUNCATE audit_lines"):
        with pytest.raises(IntegrityError, match="append-only"):
            async with database.write() as connection:
                await connection.execute(text(statement))


async def test_lines_of_the_audit_have_no_gap_where_an_act_was_rolled_back(database: Database, tmp_path: Path) -> None:
    chained(database, keys_at(tmp_path / "keys"))

    async def note(act: str) -> None:
        async with database.write() as connection:
            await audit.line(connection, at=datetime(2026, 3, 4, tzinfo=UTC), act=act, staff_id=b"s")
            if act == "tip.kept":
                raise RuntimeError

    await note("tip.opened")
    with pytest.raises(RuntimeError):
        await note("tip.kept")
    await note("tip.closed")

    async with database.read() as connection:
        assert (await connection.execute(select(audit_lines.c.n).order_by(audit_lines.c.n))).scalars().all() == [1, 2]


async def test_a_day_after_2038_is_kept(database: Database) -> None:
    ends = int(datetime(2041, 1, 1, tzinfo=UTC).timestamp())
    row = {"find": b"f", "role": "", "alias": "", "languages": "", "tongue": "", "invited_by": b"", "mark": b""}
    async with database.write() as connection:
        await connection.execute(insert(invitations).values(**row, ends=ends))

    async with database.read() as connection:
        assert (await connection.execute(select(invitations.c.ends))).scalar() == ends


async def test_a_writer_that_waits_too_long_gives_up_and_the_next_one_writes(
    database: Database, empty_rows: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.store.postgres.BUSY_SECONDS", 1)
    other = Database(empty_rows)
    async with other.write():
        began = time.monotonic()
        with pytest.raises(DatabaseAway, match="55P03"):
            await keep(database, b"t")
        assert 0.9 < time.monotonic() - began < 4
    await other.close()

    await keep(database, b"t")
    assert await count(database) == 1


async def test_a_broken_rule_is_told_without_what_it_is_about(database: Database) -> None:
    await keep(database, b"t")
    with pytest.raises(IntegrityError) as broken:
        await keep(database, b"t", copy=b"canary")

    assert "canary" not in str(broken.value)
    assert "canary" not in str(judged(broken.value))


async def test_a_password_that_is_wrong_is_told_to_nobody(postgres: Postgres, tmp_path: Path) -> None:
    wrong = Secret(postgres.url("template1").replace(postgres.password, "canary-wrong"))
    with pytest.raises(DatabaseAway) as refused:
        await count(Database(wrong))

    assert "canary" not in str(refused.value)


def test_the_pen_is_a_number_the_server_can_hold() -> None:
    assert 0 < THE_PEN < 2**63
