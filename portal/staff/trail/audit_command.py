"""Prints, at the terminal, whether the chain of the audit holds, and in a sentence where it breaks."""

import asyncio
import hmac
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from portal.errors import PorchlightError
from portal.settings import Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.trail.audit_chain import BROKEN, lines_from
from portal.store.database import Database
from portal.vault.audit_lines import Break, Walk
from portal.vault.statement import DIGEST_BYTES, NOTHING_SAID, Head

HOLDS: Final = 0
BREAKS: Final = 1
CANNOT: Final = 2


@dataclass
class Looked:
    """What a walk along the whole chain found. `asked`: whether a head somebody named stands in it."""

    walk: Walk
    first_day: str = ""
    last_day: str = ""
    lines: int = 0
    noted: list[str] | None = None
    asked: bool | None = None


def verify(parser: ArgumentParser, read: Callable[[dict[str, Any]], Settings], arguments: Sequence[str]) -> int:
    """`server.py audit [--seen HEAD]`. May run beside the house, and changes nothing.

    0: the chain holds, and goes as far as this house has seen it go. 1: it does not. 2: it could not be looked at.
    """
    parser.add_argument("--seen", type=_head, metavar="NUMBER:DIGEST", help="a head that was written down before")
    told = vars(parser.parse_args(arguments))
    seen: Head | None = told.pop("seen")
    settings = read(told)
    if isinstance(settings.database_place, Path) and not settings.database_path.exists():
        print(f"There is no house in {settings.data_dir}: name its folder with --data or --settings.")
        return CANNOT
    try:
        looked = asyncio.run(look(settings, seen))
    except PorchlightError as error:
        print(f"Nothing can be said: {type(error).__name__} ({error}).")
        return CANNOT
    print("\n".join(said(looked)))
    return BREAKS if looked.walk.breaks or looked.asked is False else HOLDS


async def look(settings: Settings, seen: Head | None = None) -> Looked:
    """Walk along the whole chain. Raises DatabaseAway, KeysFolderWrong."""
    database = Database(settings.database_place)
    folder = KeysFolder(settings.keys_dir, settings.data_dir)
    try:
        # Before the rows: a head that is raised meanwhile is then not ahead of them.
        kept = await asyncio.to_thread(folder.audit_head)
        peppers = await asyncio.to_thread(folder.peppers)
        looked = Looked(Walk(NOTHING_SAID, kept, peppers.values()), noted=[], asked=None if seen is None else False)
        async with database.read() as connection:
            async for line in lines_from(connection, 1):
                looked.walk.step(line)
                looked.lines += 1
                looked.first_day, looked.last_day = looked.first_day or line.day, line.day
                if line.act.startswith(BROKEN) and looked.noted is not None:
                    looked.noted.append(f"{line.number} of {line.day}")
                if seen is not None and looked.walk.head.number == seen.number:
                    looked.asked = hmac.compare_digest(looked.walk.head.digest, seen.digest)
        looked.walk.end()
        return looked
    finally:
        await database.close()


def said(looked: Looked) -> list[str]:
    """What was found, a sentence a line."""
    walk = looked.walk
    if not looked.lines and not walk.breaks:
        return ["There is no line yet."]
    days = f"{looked.lines} lines, from {looked.first_day} to {looked.last_day}"
    if walk.breaks:
        told = [f"The audit does not hold ({days}).", *(f"  {broken(each)}" for each in walk.breaks)]
    else:
        told = [f"The audit holds: {days}, none missing, none changed."]
    for first, last in walk.taken_in:
        told.append(
            f"  {lines(first, last)} came without a chain, from an older version or from somebody else; line "
            f"{last + 1} took {'it' if first == last else 'them'} in. Was there an update?"
        )
    if walk.loose:
        told.append(f"  The last {walk.loose} came without a chain; the next line takes them in.")
    if looked.noted:
        told.append(f"  The house noticed a break itself: line {', '.join(looked.noted)}.")
    if looked.asked is not None:
        told.append(f"  The head you named {'stands in it' if looked.asked else 'does not stand in it'}.")
    head = f"{walk.head.number}:{walk.head.digest.hex()}"
    told.append(f"  Its head: {head}")
    told.append("  Write it down where this machine cannot reach it: named with --seen, it shows later what was cut.")
    return told


def broken(found: Break) -> str:
    """Where, and how, in a sentence."""
    which = lines(found.first, found.last)
    is_one = found.first == found.last
    match found.kind:
        case "missing":
            return f"{which} {'is' if is_one else 'are'} missing."
        case "cut":
            return f"{which} {'was' if is_one else 'were'} cut off at the end: this house has seen the audit go so far."
        case "changed" if is_one:
            return f"{which} was changed, or the digest in line {found.last + 1}: the two do not fit."
        case "changed":
            return f"One of {which.lower()} was changed: line {found.last + 1} does not follow them."
        case "not_ours":
            return f"{which} was not written by this house as it stands: its mark is not ours."
        case "rewritten":
            return f"{which} {'is' if is_one else 'are'} not what this house has seen: the chain was written anew."


def lines(first: int, last: int) -> str:
    """`Line 4`, `Lines 4 to 9`."""
    return f"Line {first}" if first == last else f"Lines {first} to {last}"


def _head(written: str) -> Head:
    number, _, digest = written.strip().partition(":")
    try:
        found = Head(int(number), bytes.fromhex(digest))
    except ValueError:
        raise ArgumentTypeError("a head is written NUMBER:DIGEST") from None
    if len(found.digest) != DIGEST_BYTES or found.number < 1:
        raise ArgumentTypeError("a head is written NUMBER:DIGEST")
    return found
