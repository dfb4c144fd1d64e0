"""Looks at a house with the eyes of a newer version, and changes nothing of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from sqlalchemy import LargeBinary, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.progress import Bar
from portal.settings import Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.tables import statements
from portal.store.database import Database, metadata
from portal.store.revisions import FOLDER, newest_revision
from portal.upgrade.copies import copies
from portal.upgrade.finding import Finding, Weight
from portal.upgrade.since import newer_than
from portal.vault.errors import ChainBroken, SealBroken
from portal.vault.sealing import HEADER
from portal.vault.statements import Ledger, Statement

ROOM_BESIDE: Final = 64 * 1024 * 1024
_LOCK: Final = Path(__file__).parents[2] / "requirements.lock"
_LOCKED: Final = re.compile(r"(?m)^([a-z0-9._-]+)==([^\s\\;]+)([^\\\n]*)")


class CannotLook(Exception):
    """There is no house where the settings say. The text is a sentence for the person at the terminal."""


async def look(settings: Settings, backups: Path | None, today: date) -> list[Finding]:
    """Everything there is to say, what matters first. Raises CannotLook, DatabaseAway, KeysFolderWrong."""
    found = [*packages()]
    if isinstance(settings.database_place, Path) and not settings.database_path.exists():
        raise CannotLook(f"there is none in {settings.data_dir}. Name its folder with --data, or its --settings.")
    keys = KeysFolder(settings.keys_dir, settings.data_dir)
    database = Database(settings.database_place)
    try:
        async with database.read() as connection:
            found += await _rows(connection)
            if all(each.weight < Weight.STOP for each in found[1:]):
                found.append(await _key_book(connection, keys))
    finally:
        await database.close()
    root = keys.root_public() if keys.is_made() else None
    return [*found, *room(settings), *copies(backups, today, root)]


async def _rows(connection: AsyncConnection) -> list[Finding]:
    tables = await connection.run_sync(
        lambda plain: {
            name: {each["name"] for each in inspect(plain).get_columns(name)}
            for name in inspect(plain).get_table_names()
        }
    )
    if "alembic_version" not in tables:
        return [Finding(Weight.STOP, "The database is not one of Porchlight's.")]
    present = str((await connection.exec_driver_sql("SELECT version_num FROM alembic_version")).scalar())
    newest = newest_revision()
    if present > newest:
        return [
            Finding(
                Weight.STOP,
                f"The house is newer ({present}) than this version ({newest}): there is no way back. Start the version "
                "it was last started with, or put back a backup from before that.",
            )
        ]
    return [*_steps(present, newest), *_settings_since(present), *await _formats(connection, tables)]


def _steps(present: str, newest: str) -> Iterator[Finding]:
    if present == newest:
        yield Finding(Weight.FINE, f"The tables are as this version wants them ({newest}).")
        return
    ahead = sorted(
        (found[1], path)
        for path in FOLDER.glob("versions/*.py")
        if (found := re.match(r"(\d{4})_", path.name)) and found[1] > present
    )
    yield Finding(
        Weight.READ, f"The first start changes the tables from {present} to {newest}, in {_steps_of(len(ahead))}:"
    )
    for number, path in ahead:
        says = re.match(r'"""(.*?)(\.\s|"""|\n)', path.read_text("utf-8"))
        yield Finding(Weight.FINE, f"  {number}: {says[1].rstrip('.') if says else path.stem}.")
    yield Finding(Weight.READ, "There is no way back but by a backup from before.")


def _steps_of(number: int) -> str:
    return "one step" if number == 1 else f"{number} steps"


def _settings_since(present: str) -> Iterator[Finding]:
    names = newer_than(present)
    if names:
        yield Finding(
            Weight.FINE, f"New settings, each with a value of its own (docs/settings.md): {', '.join(names)}."
        )


async def _formats(connection: AsyncConnection, tables: dict[str, set[str]]) -> list[Finding]:
    """Whether whatever is sealed to a key is in a form this version reads, by its first bytes: nothing is opened."""
    every = [(table, column) for table in metadata.sorted_tables for column in table.columns if "sealed" in column.info]
    found = [column for table, column in every if column.name in tables.get(table.name, ())]
    bar = Bar("Looking", len(found))
    try:
        for column in found:
            heads = select(func.substr(column, 1, len(HEADER), type_=LargeBinary)).where(func.length(column) > 0)
            strange = set((await connection.execute(heads.distinct())).scalars()) - {HEADER}
            if strange:
                forms = ", ".join(sorted(each.hex() for each in strange))
                return [Finding(Weight.STOP, f"{column} holds what this version cannot read: {forms}.")]
            bar.on(1)
    finally:
        bar.over()
    return [Finding(Weight.FINE, f"All {len(found)} kinds of sealed columns are in a form this version reads.")]


async def _key_book(connection: AsyncConnection, keys: KeysFolder) -> Finding:
    """Read anew from its first line by this version's rules; nothing of it is taken on trust, and no head is raised."""
    if not keys.is_made():
        if await connection.scalar(select(func.count()).select_from(statements)):
            return Finding(Weight.STOP, f"The house is set up, and its keys are not in {keys.path}: name it by --keys.")
        return Finding(Weight.READ, "The house is not set up yet.")
    try:
        lines = (await connection.execute(select(statements.c.line).order_by(statements.c.n))).scalars()
        ledger = Ledger.verify((Statement.from_row(line) for line in lines), keys.root_public(), keys.head())
    except (ChainBroken, SealBroken) as broken:
        return Finding(Weight.STOP, f"The key book does not hold ({type(broken).__name__}): {broken}.")
    return Finding(Weight.FINE, f"The key book holds, from its first statement to number {ledger.head}.")


def room(settings: Settings) -> Iterator[Finding]:
    """Whether the disk has room for a table written anew, the log beside it, and a backup."""
    if not isinstance(settings.database_place, Path):
        yield Finding(Weight.READ, "The rows are on a server: look there whether its disk is half empty.")
        return
    path = settings.database_path
    needed = 2 * path.stat().st_size + ROOM_BESIDE
    free = shutil.disk_usage(path.parent).free
    weight = Weight.FINE if free >= needed else Weight.STOP
    yield Finding(weight, f"The disk has {_mib(free)} free; changing the tables may take {_mib(needed)}.")


def _mib(size: int) -> str:
    return f"{size // (1024 * 1024):,} MiB"


def packages() -> Iterator[Finding]:
    """Whether what is installed is what this version is locked to."""
    # One name may stand there twice, for two kinds of Python; what is for another system alone need not be here.
    wanted: dict[str, set[str]] = {}
    elsewhere = set()
    for name, locked, marker in _LOCKED.findall(_LOCK.read_text("utf-8")):
        wanted.setdefault(name, set()).add(locked)
        if ";" in marker:
            elsewhere.add(name)
    wrong = []
    for name, fit in wanted.items():
        try:
            is_fit = version(name) in fit
        except PackageNotFoundError:
            is_fit = name in elsewhere
        if not is_fit:
            wrong.append(name)
    if wrong:
        yield Finding(Weight.STOP, f"Not as this version's lock says, install it first: {', '.join(sorted(wrong))}.")
    else:
        yield Finding(Weight.FINE, "Every package is installed as this version's lock says.")
