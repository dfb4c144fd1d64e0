"""Takes a directory in at the terminal, and hands ours on: `server.py directory import FILE` and `export FILE`."""

import asyncio
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from portal.clock import SystemClock
from portal.directory.book import Directory
from portal.directory.hsds.coming import Coming, Looked, Refusal, look_through
from portal.directory.hsds.going import Going
from portal.directory.hsds.package import NotHsds, read_package
from portal.directory.phones import country_of
from portal.errors import PorchlightError
from portal.opening import Opening
from portal.settings import Settings
from portal.staff.accounts import Accounts
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.trail.audit_chain import NOBODY, AuditChain
from portal.store.database import Database

DONE: Final = 0
SOME_REFUSED: Final = 1
CANNOT: Final = 2
MOST_NAMED: Final = 200
_WIDTH: Final = 40


@dataclass(frozen=True)
class Asked:
    """What was asked for at the terminal."""

    act: str
    file: Path
    dry: bool
    with_addresses: bool


def run(parser: ArgumentParser, read: Callable[[dict[str, Any]], Settings], arguments: Sequence[str]) -> int:
    """May run beside the house. 0: done; 1: done, and some lines were refused; 2: nothing was done."""
    parser.add_argument("act", choices=("import", "export"), help="take a directory in, or hand ours on")
    parser.add_argument("file", type=Path, help="a JSON file, or a zip (import: or a folder) of CSV tables")
    parser.add_argument("--dry-run", action="store_true", help="only say what an import would do")
    parser.add_argument("--with-addresses", action="store_true", help="export addresses that are kept to staff as well")
    told = vars(parser.parse_args(arguments))
    asked = Asked(told.pop("act"), told.pop("file"), told.pop("dry_run"), told.pop("with_addresses"))
    settings = read(told)
    if isinstance(settings.database_place, Path) and not settings.database_path.exists():
        print(f"There is no house in {settings.data_dir}: name its folder with --data or --settings.", file=sys.stderr)
        return CANNOT
    try:
        return asyncio.run(_run(settings, asked))
    except (NotHsds, OSError) as error:
        print(f"Nothing was done: {error}", file=sys.stderr)
    except PorchlightError as error:
        print(f"Cut off: {type(error).__name__} ({error}). Told again, it goes on.", file=sys.stderr)
    return CANNOT


async def _run(settings: Settings, asked: Asked) -> int:
    clock, database = SystemClock(), Database(settings.database_place)
    keys = KeysFolder(settings.keys_dir, settings.data_dir)
    database.beside = chain = AuditChain(keys)
    book = Directory(database, Accounts(database, keys), clock, days=settings.directory_days)
    try:
        async with database.read() as connection:
            country = country_of((await Opening(database, keys).read(connection)).region)
        if asked.act == "export":
            going = Going(database, book, clock, country)
            as_form = going.as_tables if asked.file.suffix == ".zip" else going.as_json
            asked.file.write_bytes(await as_form(NOBODY, with_addresses=asked.with_addresses))
            await chain.keep()
            print(f"Written: {asked.file}")
            return DONE
        looked = look_through(read_package(asked.file), country, clock.now().date())
        print("\n".join(said(looked.refused)))
        if not asked.dry:
            await Coming(database, book, clock).take_in(looked, NOBODY, _bar)
            await chain.keep()
        print(summed_up(looked, dry=asked.dry))
        return SOME_REFUSED if any(not each.is_part for each in looked.refused) else DONE
    finally:
        await database.close()


def said(refused: Sequence[Refusal]) -> list[str]:
    """A line for each refusal, with the line of the file and the reason; the first of them, where there are many."""
    lines = [f"line {each.line}: {'without this: ' if each.is_part else 'refused: '}{each.why}" for each in refused]
    more = len(lines) - MOST_NAMED
    return [*lines[:MOST_NAMED], *([f"and {more} more"] if more > 0 else [])]


def summed_up(looked: Looked, *, dry: bool) -> str:
    """What was done, or would be, in one sentence."""
    whole = sum(not each.is_part for each in looked.refused)
    return f"{len(looked.taken)} services {'would be' if dry else 'were'} taken in, {whole} refused."


def _bar(done: int, of: int) -> None:
    filled = _WIDTH * done // max(of, 1)
    end = "\n" if done == of else ""
    print(f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {done} of {of}", end=end, file=sys.stderr, flush=True)
