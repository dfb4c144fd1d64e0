"""Prints, at the terminal, what can be shown of erased tips."""

import asyncio
import logging
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from portal.errors import PorchlightError
from portal.ids import ID_SIZE, from_text, to_text
from portal.settings import Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.store.database import Database
from portal.store.sought import Found
from tips.staying.proof import MOST_SHOWN, Proof, Proving

SHOWN: Final = 0
NOT_SHOWN: Final = 1
"""Something of it is left, or was not looked at."""

CANNOT: Final = 2

_SEARCHED: Final = {
    Found.NOTHING: "the database's files were searched for its sealed keys on {day}: nothing",
    Found.SOMETHING: "its sealed keys still stood in a file on {day}; the house searches again within minutes",
    Found.SERVER: "a server keeps the files: not ours to search; its tables of keys were written anew on {day}",
    None: "the files were not searched",
}


def prove(parser: ArgumentParser, read: Callable[[dict[str, Any]], Settings], arguments: Sequence[str]) -> int:
    """`server.py proof --day DAY` or `--tip NAME`. May run beside the house.

    0: all of them are gone, and everything this house can look at was looked at. 1: not so. 2: it could not begin.
    """
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="everything erased on this day")
    which.add_argument("--tip", type=_name, metavar="NAME", help="one tip, by the name in its address at the desk")
    told = vars(parser.parse_args(_joined(arguments)))
    day, tip = told.pop("day"), told.pop("tip")
    settings = read(told)
    logging.getLogger("porchlight").setLevel(logging.CRITICAL)  # What matters is printed, and by its own words.
    if isinstance(settings.database_place, Path) and not settings.database_path.exists():
        print(f"There is no house in {settings.data_dir}: name its folder with --data or --settings.")
        return CANNOT
    try:
        proofs = asyncio.run(_proofs(settings, day, tip))
    except PorchlightError as error:
        print(f"Nothing is shown: {type(error).__name__} ({error}).")
        return CANNOT
    if not proofs:
        print("Nothing was erased on that day.")
    for proof in proofs:
        print("\n".join(_lines(proof)))
    if len(proofs) == MOST_SHOWN:
        print(f"Only the first {MOST_SHOWN} are shown.")
    print("Nobody here can know of copies of the disk, or of what somebody wrote down.")
    return SHOWN if all(proof.is_shown for proof in proofs) else NOT_SHOWN


def _joined(arguments: Sequence[str]) -> list[str]:
    """A name may begin with a dash, which would be read as another option."""
    asked = list(arguments)
    if "--tip" in asked[:-1]:
        at = asked.index("--tip")
        asked[at : at + 2] = [f"--tip={asked[at + 1]}"]
    return asked


async def _proofs(settings: Settings, day: date | None, tip: bytes | None) -> list[Proof]:
    database = Database(settings.database_place)
    try:
        proving = Proving(settings, database, KeysFolder(settings.keys_dir, settings.data_dir))
        return await proving.of_day(day) if day is not None else await proving.of([tip or b""])
    finally:
        await database.close()


def _lines(proof: Proof) -> list[str]:
    name = to_text(proof.tip)
    if proof.erased_on is None:
        return [f"{name}: nothing of this name was ever erased here."]
    if not proof.is_gone:
        return [f"{name}: its sender reaches it no more since {proof.erased_on}; a hold keeps it for the desk."]
    log = {True: "empty", False: "not empty yet: somebody reads, ask again", None: "a server's"}[proof.log_is_empty]
    lines = [
        f"{name}: erased on {proof.erased_on}.",
        "  no key, no word and no row of it is left in the tables",
        f"  the log of the database: {log}",
        f"  {_SEARCHED[proof.found].format(day=proof.searched_on)}",
        f"  until {proof.copies_open_until} a backup's key file could open it, with the recovery sheet; later none",
    ]
    if proof.frozen:
        lines.append(f"  {proof.frozen} photos of it are frozen by two people and stay")
    return lines


def _name(typed: str) -> bytes:
    return from_text(typed, ID_SIZE)
