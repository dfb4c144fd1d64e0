"""Takes a backup of a house while it runs: one moment of the database, in two files nobody here can open again."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from sqlalchemy import Table, inspect
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.backup import rows
from portal.errors import PorchlightError
from portal.progress import Bar
from portal.settings import Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.keys.ledger import NotSetUp, StatementBook
from portal.staff.trail import audit
from portal.staff.trail.audit_chain import NOBODY, AuditChain
from portal.store.database import INDEX, Database, metadata
from portal.store.migrate import newest_revision
from portal.vault.backups import Kind, SealedBackup

_NAME: Final = re.compile(r"porchlight-(\d{4}-\d{2}-\d{2})-[0-9a-f]{8}\.(house|keys)")


class BackupFailed(PorchlightError):
    """A backup cannot be taken or put back. The text is a sentence for the person at the terminal."""

    phrase: ClassVar[str] = "error.unknown"
    status: ClassVar[int] = 500


@dataclass(frozen=True)
class Taken:
    """What was written, and which older key files went."""

    house: Path
    keys: Path
    gone: list[Path]


def tables_of(kind: Kind) -> list[Table]:
    """Whose rows stand in a file of this kind, those others point at first.

    A table says so itself by `info["backup"]`: "apart" for what is kept for days only (the keys of the tips, without
    which their words open for nobody, also out of an old backup; the records, of which some were promised to go on a
    day), "never" for what must not come back. All else is the house.
    """
    wanted = "house" if kind is Kind.HOUSE else "apart"
    return [each for each in metadata.sorted_tables if each.info.get("backup", "house") == wanted]


async def take(settings: Settings, folder: Path, today: date) -> Taken:
    """Write `porchlight-DAY-ID.house` and `.keys` into `folder`, and delete key files older than `key_backup_days`.

    The house may run; nobody waits for it. Both files show the same moment. Raises BackupFailed for a house that is
    not set up or a folder that cannot be written, BookBroken, KeysFolderWrong, DatabaseAway; then no file is left.
    """
    database = Database(settings.database_place)
    keys = KeysFolder(settings.keys_dir, settings.data_dir)
    database.beside = chain = AuditChain(keys)
    bar = Bar("Writing", 0)
    try:
        ledger = await StatementBook(database, keys).current()
        if ledger.recovery is None:
            raise BackupFailed("The key book names no recovery pair: nothing could be sealed.")
        async with database.write() as connection:
            # Before there is a file, so that no file is without its line; and so that the file holds it too.
            at = datetime.combine(today, time(), UTC)
            await audit.line(connection, at=at, act="house.backed_up", staff_id=NOBODY)
        await chain.keep()
        name = f"porchlight-{today.isoformat()}-{secrets.token_hex(4)}"
        paths = [folder / f"{name}.{kind.name.lower()}" for kind in Kind]
        with _beside(paths) as files:
            async with database.read() as connection:
                await _check_all_is_known(connection)
                bar = Bar("Writing", await rows.count(connection, metadata.sorted_tables))
                for kind, out in zip(Kind, files, strict=True):
                    sealed = SealedBackup(
                        out,
                        kind,
                        root_public=keys.root_public(),
                        recovery_box=keys.recovery_box(),
                        recovery_public=ledger.recovery,
                    )
                    sealed.write(rows.encode(rows.Begins(newest_revision(), today.isoformat())))
                    async for piece, of_rows in rows.read(connection, tables_of(kind)):
                        sealed.write(piece)
                        bar.on(of_rows)
                    sealed.finish()
        return Taken(paths[0], paths[1], _forget_old_keys(folder, today, settings.key_backup_days))
    except NotSetUp:
        raise BackupFailed("There is no house here yet: set it up first.") from None
    except OSError as error:
        raise BackupFailed(f"The folder {folder} cannot be written ({error.strerror}).") from None
    finally:
        bar.over()
        await database.close()


def day_of(path: Path) -> date | None:
    """The day a file of ours was taken, or None for any other file."""
    found = _NAME.fullmatch(path.name)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


async def _check_all_is_known(connection: AsyncConnection) -> None:
    """A table nobody knows would be missing from every backup until the day one is needed."""
    there = await connection.run_sync(lambda plain: set(inspect(plain).get_table_names()))
    there = {name for name in there if not name.startswith(INDEX)}  # made again from `directory_words`
    unknown = there - set(metadata.tables) - {"alembic_version"}
    if unknown:
        raise BackupFailed(f"This version does not know the tables {', '.join(sorted(unknown))}: update it first.")


def _forget_old_keys(folder: Path, today: date, days: int) -> list[Path]:
    gone = []
    for path in sorted(folder.glob("porchlight-*.keys")):
        taken = day_of(path)
        if taken is not None and today - taken > timedelta(days=days):
            path.unlink(missing_ok=True)
            gone.append(path)
    return gone


@contextmanager
def _beside(paths: list[Path]) -> Iterator[list[BinaryIO]]:
    """Files that stand under their names only when all of them are whole and on the disk."""
    parts = [path.with_name(f"{path.name}.part") for path in paths]
    files: list[BinaryIO] = []
    try:
        for part in parts:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            files.append(os.fdopen(handle, "wb"))
        yield files
        for file in files:
            file.flush()
            os.fsync(file.fileno())
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
        _sync(paths[0].parent)
    finally:
        for file in files:
            # On a full disk what it still holds does not fit either; it is closed all the same.
            with suppress(OSError):
                file.close()
        for part in parts:
            part.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
