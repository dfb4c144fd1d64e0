"""Puts a backup back: onto a machine that has nothing, or in the place of a house that went wrong."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from portal.backup import rows
from portal.backup.audited import written_down
from portal.backup.counted import in_words
from portal.backup.halves import missing_halves
from portal.backup.take import BackupFailed, day_of
from portal.backup.taken_back import said_here, said_in, take_back_again
from portal.directory.indexing import index_again
from portal.progress import Bar
from portal.records.case_proving import erase_again as erase_cases_again
from portal.records.case_tables import case_tombstones
from portal.settings import Secret, Settings
from portal.staff.keys.keys_folder import KeysFolder, KeysFolderWrong
from portal.staff.tables import people, statements
from portal.store.building import building, count_on, erased_here, writing
from portal.store.migrate import bring_up_to_date
from portal.store.revisions import newest_revision, run_migrations
from portal.vault.backups import Cover, Kind, open_pieces, read_cover
from portal.vault.errors import ChainBroken, SealBroken
from portal.vault.keyfiles import open_peppers
from portal.vault.recovery import RecoveryKeys
from portal.vault.statements import Head, Ledger, Statement

T = TypeVar("T")
EraseAgain = Callable[[Connection, Iterable[tuple[bytes, str]]], int]


@dataclass
class Restored:
    """What was put back. `erased`: tips that stood in the backup and stay gone; `people`: who can sign in again;
    `holds`: how much of each kind there is, in words; `taken_back`: consents that were, since, and are not given again.
    """

    day: str
    keys_day: str
    erased: int
    read_for_erased: int
    people: list[str] = field(default_factory=list)
    is_audit_whole: bool = True
    holds: str = ""
    taken_back: int = 0


@dataclass
class Plan:
    """Which files are read: the house, the newest keys beside it, and every house whose erasures count."""

    house: Path
    keys: Path
    others: list[Path]


def cover_of(path: Path) -> Cover:
    """What stands in clear at the beginning of a file. Raises BackupFailed."""
    try:
        with path.open("rb") as source:
            return read_cover(source)
    except SealBroken:
        raise BackupFailed(f"{path.name} is no backup of this program.") from None
    except OSError as error:
        raise BackupFailed(f"{path} cannot be read ({error.strerror}).") from None


class Restore:
    """One restore of one house, by the recovery sheet's own keys. Every act raises BackupFailed with a sentence."""

    def __init__(self, settings: Settings, recovery: RecoveryKeys, marks: str, erase_again: EraseAgain) -> None:
        self._settings = settings
        self._recovery = recovery
        self._marks = marks
        self._erase_again = erase_again
        self._cases: list[tuple[bytes, str]] = []  # what of cases was erased, wherever it was read
        self._taken_back: set[bytes] = set()  # consents, likewise
        self._bar = Bar("Reading", 0)

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
        """Build the database, erase again what was erased since, check it, and let it be the house's.

        A file is built beside its place and moved in: killed anywhere, the old house stands or the new one. `replaces`
        says that the house that stands there may go; what it erased stays erased. On a server the rows come in one
        transaction, and only into a database that holds no house.
        """
        place = self._settings.database_place
        folder = KeysFolder(self._settings.keys_dir, self._settings.data_dir)
        try:
            # Asked before anything is written: the keys of another house must not be lost.
            if folder.is_begun() and folder.root_public() != self._recovery.root_public:
                raise BackupFailed(f"In {folder.path} lie the keys of another house.")
            cover = self._cover(plan.house, Kind.HOUSE)
            peppers = open_peppers(cover.recovery_box, self._recovery.open_private)
            with building(place, replaces=replaces, marks=self._marks) as (made, erased):
                if isinstance(place, Path) and place.exists():
                    self._cases = erased_here(place, case_tombstones.name, "id")
                    self._taken_back = said_here(place)
                restored, head, audit_head = self._build(plan, made, erased, peppers)
                # The keys first: with them the old house still opens, its book only is longer than its head.
                folder.put_back(peppers, self._recovery.root_public, cover.recovery_box, head, audit_head)
            return restored
        except SealBroken:
            raise BackupFailed(f"The peppers in {plan.house.name} do not open with these sheets.") from None
        except KeysFolderWrong as wrong:
            raise BackupFailed(f"The keys folder cannot be used ({wrong}).") from None
        except (SQLAlchemyError, OSError) as error:
            raise BackupFailed(f"The new database cannot be written ({type(error).__name__}).") from None
        finally:
            self._bar.over()

    def tried(self, plan: Plan, folder: Path) -> Restored:
        """Build the same database in a folder of its own, check it, and let it go: what a restore would say.

        Nothing of the house is read or changed, no key is written; what lies in the folder meanwhile is sealed.
        """
        try:
            peppers = open_peppers(self._cover(plan.house, Kind.HOUSE).recovery_box, self._recovery.open_private)
            return self._build(plan, folder / "tried.db", [], peppers)[0]
        except SealBroken:
            raise BackupFailed(f"The peppers in {plan.house.name} do not open with these sheets.") from None
        except (SQLAlchemyError, OSError) as error:
            raise BackupFailed(f"A database cannot be written in {folder} ({type(error).__name__}).") from None
        finally:
            self._bar.over()

    def _build(
        self, plan: Plan, made: Path | Secret, erased: list[tuple[bytes, str]], peppers: Mapping[int, bytes]
    ) -> tuple[Restored, Head, Head]:
        """The whole database, and how far its key book and its audit go."""
        self._bar = Bar("Reading", sum(path.stat().st_size for path in (plan.house, plan.keys, *plan.others)))
        for other in plan.others:
            erased += self._erased_in(other)
        with (
            closing(self._pieces(plan.house, Kind.HOUSE)) as house,
            closing(self._pieces(plan.keys, Kind.KEYS)) as keys,
        ):
            began, keys_began = rows.begins(next(house)), rows.begins(next(keys))
            if max(began.revision, keys_began.revision) > newest_revision():
                raise BackupFailed("This backup was taken by a newer version of Porchlight: use that one.")
            bring_up_to_date(made, began.revision)

            def fill(connection: Connection) -> int:
                for piece in house:
                    rows.write(connection, rows.batch(piece))
                if keys_began.revision > began.revision:
                    # Keys that were taken since may need a place the house of that day had not. Inside the same
                    # transaction: a house without its keys must not stand for a moment.
                    run_migrations(connection, keys_began.revision)
                for piece in keys:
                    rows.write(connection, rows.batch(piece))
                count_on(connection)
                return self._erase_again(connection, erased)

            gone = writing(made, fill)
        self._bar.over()
        self._bar = Bar("Checking", 6)
        bring_up_to_date(made)
        # Only now: a house of that day may not have had the tables of cases, or not all of them.
        gone += self._step(made, lambda connection: erase_cases_again(connection, self._cases))
        back = self._step(made, lambda connection: take_back_again(connection, self._taken_back))
        self._step(made, index_again)
        head, names = self._step(made, self._checked)
        audit_head, is_whole = self._step(made, partial(written_down, peppers=peppers))
        holds, others = self._step(made, in_words), len(plan.others)
        return Restored(began.day, keys_began.day, gone, others, names, is_whole, holds, back), head, audit_head

    def _step(self, made: Path | Secret, act: Callable[[Connection], T]) -> T:
        done = writing(made, act)
        self._bar.on(1)
        return done

    def _checked(self, connection: Connection) -> tuple[Head, list[str]]:
        """How far the key book goes, which is verified whole, and who can sign in."""
        lines = connection.execute(select(statements.c.line).order_by(statements.c.n)).scalars()
        try:
            ledger = Ledger.verify((Statement.from_row(line) for line in lines), self._recovery.root_public)
        except (ChainBroken, SealBroken):
            raise BackupFailed("The key book in this backup does not hold: its rows were changed.") from None
        if missing_halves(connection, ledger):
            raise BackupFailed(
                "A key was changed between the .house and the .keys file, so nobody could read what comes back: name "
                "the .keys file of the same moment with --tip-keys, or put back a newer .house file."
            )
        aliases = select(people.c.alias).where(people.c.is_active).order_by(people.c.alias)
        return ledger.latest, list(connection.execute(aliases).scalars())

    def _erased_in(self, path: Path) -> list[tuple[bytes, str]]:
        found: list[tuple[bytes, str]] = []
        with closing(self._pieces(path, Kind.HOUSE)) as pieces:
            next(pieces)
            for piece in pieces:
                batch = rows.batch(piece)
                self._taken_back |= said_in(batch)
                if batch.table == case_tombstones.name:
                    at, day = batch.columns.index("id"), batch.columns.index("day")
                    self._cases += [(row[at], row[day]) for row in batch.rows]
                if batch.table == self._marks:
                    at, day = batch.columns.index("tip"), batch.columns.index("day")
                    found += [(row[at], row[day]) for row in batch.rows]
        return found

    def _pieces(self, path: Path, kind: Kind) -> Generator[bytes]:
        try:
            with path.open("rb") as source:
                cover = read_cover(source)
                self._check(path, cover, kind)
                for piece in open_pieces(source, cover, self._recovery.open_private):
                    self._bar.on(len(piece))
                    yield piece
        except (SealBroken, msgspec.MsgspecError):
            raise BackupFailed(f"{path.name} is damaged, or was not written by this house.") from None
        except OSError as error:
            raise BackupFailed(f"{path} cannot be read ({error.strerror}).") from None

    def _cover(self, path: Path, kind: Kind) -> Cover:
        cover = cover_of(path)
        self._check(path, cover, kind)
        return cover

    def _check(self, path: Path, cover: Cover, kind: Kind) -> None:
        if cover.kind is not kind:
            raise BackupFailed(f"{path.name} is a {cover.kind.name.lower()} file, not a {kind.name.lower()} file.")
        if not hmac.compare_digest(cover.root_public, self._recovery.root_public):
            raise BackupFailed(f"The sheets are not those of the house that {path.name} was taken of.")

    def _is_ours(self, path: Path) -> bool:
        try:
            with path.open("rb") as source:
                return hmac.compare_digest(read_cover(source).root_public, self._recovery.root_public)
        except (SealBroken, OSError):
            return False
