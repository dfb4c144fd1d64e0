"""Puts a backup back: onto a machine that has nothing, or in the place of a house that went wrong."""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection, create_engine, event, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from portal.backup import rows
from portal.backup.take import BackupFailed, day_of
from portal.settings import Settings
from portal.staff.keys_folder import KeysFolder, KeysFolderWrong
from portal.staff.tables import people, statements
from portal.store.database import PRAGMAS
from portal.store.migrate import bring_up_to_date
from portal.vault.backups import Cover, Kind, open_pieces, read_cover
from portal.vault.errors import ChainBroken, SealBroken
from portal.vault.keyfiles import open_peppers
from portal.vault.recovery import RecoveryKeys
from portal.vault.statements import Head, Ledger, Statement

EraseAgain = Callable[[Connection, Iterable[tuple[bytes, str]]], int]

_SIDE_FILES: Final = ("-wal", "-shm", "-journal")


@dataclass
class Restored:
    """What was put back. `erased`: tips that stood in the backup and stay gone; `people`: who can sign in again."""

    day: str
    keys_day: str
    erased: int
    read_for_erased: int
    people: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """Which files are read: the house, the newest keys beside it, and every house whose erasures count."""

    house: Path
    keys: Path
    others: list[Path]


class Restore:
    """One restore of one house, by the recovery sheet's own keys. Every act raises BackupFailed with a sentence."""

    def __init__(self, settings: Settings, recovery: RecoveryKeys, marks: str, erase_again: EraseAgain) -> None:
        self._settings = settings
        self._recovery = recovery
        self._marks = marks
        self._erase_again = erase_again

    def plan(self, house: Path, keys: Path | None) -> Plan:
        """Find what belongs to this backup. The newest keys count: an older file would open what was erased since."""
        self._cover(house, Kind.HOUSE)
        beside = sorted(house.parent.glob("porchlight-*"), key=lambda path: (day_of(path) or date.min, path.name))
        ours = [path for path in beside if day_of(path) is not None and self._is_ours(path)]
        if keys is None:
            found = [path for path in ours if path.suffix == ".keys"]
            if not found:
                raise BackupFailed(f"No key file of this house lies beside {house.name}: name one with --tip-keys.")
            keys = found[-1]
        self._cover(keys, Kind.KEYS)
        return Plan(house, keys, [path for path in ours if path.suffix == ".house" and path != house])

    def put_back(self, plan: Plan, *, replaces: bool) -> Restored:
        """Build the database beside its place, erase again what was erased since, check it, and move it in.

        Killed anywhere, the old house stands or the new one. `replaces` says that the house that stands there may go;
        what it erased stays erased.
        """
        path = self._settings.database_path
        if path.exists() and not replaces:
            raise BackupFailed(f"There is a house in {path.parent}: add --replace to put the backup in its place.")
        # Asked before anything is written: the keys of another house must not be lost.
        folder = KeysFolder(self._settings.keys_dir, self._settings.data_dir)
        if folder.is_begun() and folder.root_public() != self._recovery.root_public:
            raise BackupFailed(f"In {folder.path} lie the keys of another house.")
        made = path.with_name(f"{path.name}.restoring")
        _forget(made)
        try:
            restored, head = self._build(plan, made, _erased_here(path, self._marks) if path.exists() else [])
            cover = self._cover(plan.house, Kind.HOUSE)
            peppers = open_peppers(cover.recovery_box, self._recovery.open_private)
            # The keys first: with them the old house still opens, except that its book may be longer than its head.
            folder.put_back(peppers, self._recovery.root_public, cover.recovery_box, head)
            for end in _SIDE_FILES:
                path.with_name(path.name + end).unlink(missing_ok=True)
            made.replace(path)
            return restored
        except SealBroken:
            raise BackupFailed(f"The peppers in {plan.house.name} do not open with this sheet.") from None
        except KeysFolderWrong as wrong:
            raise BackupFailed(f"The keys folder cannot be used ({wrong}).") from None
        finally:
            _forget(made)

    def _build(self, plan: Plan, made: Path, erased: list[tuple[bytes, str]]) -> tuple[Restored, Head]:
        """The whole database in a file of its own, and how far its key book goes."""
        for other in plan.others:
            erased += self._erased_in(other)
        with (
            closing(self._pieces(plan.house, Kind.HOUSE)) as house,
            closing(self._pieces(plan.keys, Kind.KEYS)) as keys,
        ):
            began, keys_began = rows.begins(next(house)), rows.begins(next(keys))
            bring_up_to_date(made, began.revision)
            with _writing(made) as connection:
                for piece in chain(house, keys):
                    rows.write(connection, rows.batch(piece))
                gone = self._erase_again(connection, erased)
        bring_up_to_date(made)
        with _writing(made) as connection:
            if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                raise BackupFailed(f"{plan.house.name} does not hold together: rows point at rows that are missing.")
            head = self._head(connection)
            aliases = select(people.c.alias).where(people.c.is_active).order_by(people.c.alias)
            names = list(connection.execute(aliases).scalars())
        return Restored(began.day, keys_began.day, gone, len(plan.others), names), head

    def _head(self, connection: Connection) -> Head:
        lines = connection.execute(select(statements.c.line).order_by(statements.c.n)).scalars()
        try:
            return Ledger.verify((Statement.from_row(line) for line in lines), self._recovery.root_public).latest
        except (ChainBroken, SealBroken):
            raise BackupFailed("The key book in this backup does not hold: its rows were changed.") from None

    def _erased_in(self, path: Path) -> list[tuple[bytes, str]]:
        found: list[tuple[bytes, str]] = []
        with closing(self._pieces(path, Kind.HOUSE)) as pieces:
            next(pieces)
            for piece in pieces:
                batch = rows.batch(piece)
                if batch.table == self._marks:
                    at, day = batch.columns.index("tip"), batch.columns.index("day")
                    found += [(row[at], row[day]) for row in batch.rows]
        return found

    def _pieces(self, path: Path, kind: Kind) -> Generator[bytes]:
        try:
            with path.open("rb") as source:
                cover = read_cover(source)
                self._check(path, cover, kind)
                yield from open_pieces(source, cover, self._recovery.open_private)
        except (SealBroken, msgspec.MsgspecError):
            raise BackupFailed(f"{path.name} is damaged, or was not written by this house.") from None
        except OSError as error:
            raise BackupFailed(f"{path} cannot be read ({error.strerror}).") from None

    def _cover(self, path: Path, kind: Kind) -> Cover:
        try:
            with path.open("rb") as source:
                cover = read_cover(source)
        except SealBroken:
            raise BackupFailed(f"{path.name} is no backup of this program.") from None
        except OSError as error:
            raise BackupFailed(f"{path} cannot be read ({error.strerror}).") from None
        self._check(path, cover, kind)
        return cover

    def _check(self, path: Path, cover: Cover, kind: Kind) -> None:
        if cover.kind is not kind:
            raise BackupFailed(f"{path.name} is a {cover.kind.name.lower()} file, not a {kind.name.lower()} file.")
        if not hmac.compare_digest(cover.root_public, self._recovery.root_public):
            raise BackupFailed(f"The sheet is not the one of the house that {path.name} was taken of.")

    def _is_ours(self, path: Path) -> bool:
        try:
            with path.open("rb") as source:
                return hmac.compare_digest(read_cover(source).root_public, self._recovery.root_public)
        except (SealBroken, OSError):
            return False


def _erased_here(path: Path, marks: str) -> list[tuple[bytes, str]]:
    """What the house that stands here has erased. Empties its write-ahead log, which must not meet another file."""
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (marks,)).fetchone()
            # The name of a table is the tip room's own, never typed by anybody.
            return connection.execute(f"SELECT tip, day FROM {marks}").fetchall() if there else []  # noqa: S608
    except sqlite3.DatabaseError:
        raise BackupFailed(
            f"What {path} has erased cannot be read: the file is damaged. Move it away to go on without it."
        ) from None


@contextmanager
def _writing(path: Path) -> Iterator[Connection]:
    """The new file, without its rules about what points where: rows come in the order of the backup."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute("PRAGMA foreign_keys=OFF")

    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise BackupFailed(f"The new database cannot be written ({type(error).__name__}).") from None
    finally:
        engine.dispose()


def _forget(path: Path) -> None:
    for end in ("", *_SIDE_FILES):
        path.with_name(path.name + end).unlink(missing_ok=True)
