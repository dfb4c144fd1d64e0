"""Prints, at the terminal, what still names an old pepper, and retires it when nothing does."""

import asyncio
import logging
import os
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from portal import folder
from portal.errors import PorchlightError
from portal.peppers.places import PLACES as PORTALS
from portal.peppers.retiring import Naming, Retiring
from portal.settings import Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.tables import anew_codes, people
from portal.staff.trail.audit_chain import AuditChain
from portal.store.database import Database
from tips.peppering import PLACES as TIPS

PLACES: Final = (*PORTALS, *TIPS)

RETIRED: Final = 0
NAMED: Final = 1
"""Something still names an old one."""

CANNOT: Final = 2


def run(parser: ArgumentParser, read: Callable[[dict[str, Any]], Settings], arguments: Sequence[str]) -> int:
    """`server.py peppers [--retire]`. Without it nothing is changed, and it may run beside the house.

    0: no old pepper is believed (any more). 1: something still names one. 2: it could not begin.
    """
    parser.add_argument("--retire", action="store_true", help="move what can be moved, then believe old ones no more")
    told = vars(parser.parse_args(arguments))
    retires = told.pop("retire")
    settings = read(told)
    logging.getLogger("porchlight").setLevel(logging.CRITICAL)  # What matters is printed, and by its own words.
    if isinstance(settings.database_place, Path) and not settings.database_path.exists():
        print(f"There is no house in {settings.data_dir}: name its folder with --data or --settings.")
        return CANNOT
    # Tables are named as they are read, and every one that numbers a pepper is counted.
    import portal.assembly  # noqa: F401
    import tips.routes  # noqa: F401

    try:
        lock = folder.claim(settings.data_dir) if retires else None
        try:
            naming, moved = asyncio.run(_done(settings, retires=retires))
        finally:
            if lock is not None:
                os.close(lock)
    except folder.FolderTaken:
        print("The house runs: end every server of it first. Each knows the peppers from its start.")
        return CANNOT
    except PorchlightError as error:
        print(f"Nothing was done: {type(error).__name__} ({error}).")
        return CANNOT
    print("\n".join(said(naming, moved, retires=retires)))
    return NAMED if naming.older else RETIRED


async def _done(settings: Settings, *, retires: bool) -> tuple[Naming, int]:
    database = Database(settings.database_place)
    keys = KeysFolder(settings.keys_dir, settings.data_dir)
    database.beside = chain = AuditChain(keys)
    try:
        retiring = Retiring(database, keys, PLACES)
        if not retires:
            return await retiring.naming(), 0
        moved = await retiring.move()
        naming = await retiring.retire(datetime.now(UTC))
        await chain.keep()
        return naming, moved
    finally:
        await database.close()


def said(naming: Naming, moved: int, *, retires: bool) -> list[str]:
    """What is printed."""
    lines = [f"New rows are made with pepper {naming.newest}."]
    if moved:
        lines.append(f"{moved} rows were put under it.")
    for name, rows in sorted(naming.older.items()):
        lines.append(f"  {rows} rows of {name} name an older one: {_what_to_do(name, naming)}")
    for name, rows in sorted(naming.nobodys.items()):
        lines.append(f"  {rows} rows of {name} were made by none of these: the house refuses them.")
    older = sum(n for number, n in naming.receipts.items() if number < naming.newest)
    if older:
        lines.append(f"{older} receipts are found by an older one, as long as their tips live; it is kept for them.")
    if naming.older:
        lines.append("Nothing is retired while something above names an old pepper.")
    elif retires:
        lines.append("No mark and no passphrase of an older pepper is believed from the next start on.")
    return lines


def _what_to_do(name: str, naming: Naming) -> str:
    if name == people.name:
        return f"{', '.join(naming.waiting)} must sign in once, or be let in anew, or be sent away."
    if name == anew_codes.name:
        return "codes that let somebody in anew; unused ones end within a day."
    if name in naming.sealed:
        return "they are sealed; change the keys at the desk, page Keys of the house, and they follow."
    return "--retire puts them under the newest."
