"""Prints, at the terminal, whether the chain of the audit holds, and in a sentence where it breaks."""

import asyncio
import hmac
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from portal.errors import PorchlightError
from portal.progress import Bar
from portal.settings import Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.tables import audit, statements
from portal.staff.trail.audit_chain import BROKEN, lines_from
from portal.staff.trail.audit_taken import NoSuchFile, Taken, read_taken
from portal.store.database import Database
from portal.vault.audit_lines import Break, Line, Walk
from portal.vault.errors import ChainBroken
from portal.vault.statement import DIGEST_BYTES, NOTHING_SAID, Head, Kind, Statement
from portal.vault.statements import Ledger

HOLDS: Final = 0
BREAKS: Final = 1
CANNOT: Final = 2
MOST_NAMED: Final = 20


@dataclass
class Looked:
    """What a walk along the whole chain found. `asked`: whether a head somebody named stands in it."""

    walk: Walk
    first_day: str = ""
    last_day: str = ""
    lines: int = 0
    noted: list[str] | None = None
    asked: bool | None = None
    differ: list[int] = field(default_factory=list)
    """Lines of a file that was taken away which are not so in the house."""


def verify(parser: ArgumentParser, read: Callable[[dict[str, Any]], Settings], arguments: Sequence[str]) -> int:
    """`server.py audit [--seen HEAD] [--check FILE]`. May run beside the house, and changes nothing.

    0: the chain holds, and goes as far as this house has seen it go. 1: it does not. 2: it could not be looked at.
    """
    parser.add_argument("--seen", type=_head, metavar="NUMBER:DIGEST", help="a head that was written down before")
    parser.add_argument("--check", type=Path, metavar="FILE", help="a table of the audit that somebody took away")
    told = vars(parser.parse_args(arguments))
    seen: Head | None = told.pop("seen")
    check: Path | None = told.pop("check")
    settings = read(told)
    if check is not None:
        return _check(settings, check)
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


async def look(settings: Settings, seen: Head | None = None, taken: Sequence[Line] = ()) -> Looked:
    """Walk along the whole chain, beside lines that were `taken` away. Raises DatabaseAway, KeysFolderWrong."""
    database = Database(settings.database_place)
    folder = KeysFolder(settings.keys_dir, settings.data_dir)
    bar = Bar("Walking", 0)
    try:
        # Before the rows: a head that is raised meanwhile is then not ahead of them.
        kept = await asyncio.to_thread(folder.audit_head)
        peppers = await asyncio.to_thread(folder.peppers)
        looked = Looked(Walk(NOTHING_SAID, kept, peppers.values()), noted=[], asked=None if seen is None else False)
        outside = {line.number: line for line in taken}
        async with database.read() as connection:
            bar = Bar("Walking", await connection.scalar(select(func.count()).select_from(audit)) or 0)
            async for line in lines_from(connection, 1):
                bar.on(1)
                looked.walk.step(line)
                looked.lines += 1
                if outside.get(line.number, line) not in (line, replace(line, mark=None)):
                    looked.differ.append(line.number)
                outside.pop(line.number, None)
                looked.first_day, looked.last_day = looked.first_day or line.day, line.day
                if line.act.startswith(BROKEN) and looked.noted is not None:
                    looked.noted.append(f"{line.number} of {line.day}")
                if seen is not None and looked.walk.head.number == seen.number:
                    looked.asked = hmac.compare_digest(looked.walk.head.digest, seen.digest)
        looked.walk.end()
        looked.differ += sorted(outside)
        return looked
    finally:
        bar.over()
        await database.close()


def _check(settings: Settings, path: Path) -> int:
    """Say of a file that was taken away whether it is as it was given: by itself, and beside the house it came from."""
    try:
        taken = read_taken(path)
        if isinstance(settings.database_place, Path) and not settings.database_path.exists():
            told, holds = alone(taken)
        else:
            looked = asyncio.run(look(settings, taken.head, taken.lines))
            told, holds = beside(taken, looked, is_hers=asyncio.run(is_named(settings, taken.staff, taken.public)))
    except NoSuchFile as wrong:
        print(f"{path} is no table of an audit: {wrong}.")
        return CANNOT
    except (PorchlightError, ChainBroken) as error:
        print(f"Nothing can be said: {type(error).__name__} ({error}).")
        return CANNOT
    print("\n".join(told))
    return HOLDS if holds else BREAKS


async def is_named(settings: Settings, person: bytes, public: bytes) -> bool:
    """Whether the key book, read whole from its root, names this key for her, or did before a newer one.

    Raises ChainBroken, DatabaseAway, KeysFolderWrong.
    """
    database = Database(settings.database_place)
    folder = KeysFolder(settings.keys_dir, settings.data_dir)
    try:
        async with database.read() as connection:
            rows = await connection.scalars(select(statements.c.line).order_by(statements.c.n))
            book = [Statement.from_row(row) for row in rows]
        Ledger.verify(book, await asyncio.to_thread(folder.root_public))
        return any(said.kind is Kind.STAFF and said.subject == person and public in said.keys for said in book)
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


def alone(taken: Taken) -> tuple[list[str], bool]:
    """What can be said of a file where there is no house, and whether nothing speaks against it."""
    told, breaks = [_signature(taken)], taken.breaks() if taken.is_whole else []
    told += [f"  {broken(each)}" for each in breaks]
    if not taken.is_whole:
        many = f"{len(taken.lines)} of {taken.head.number} lines"
        told.append(f"It holds {many}: whether these are as they were, the house alone can say.")
    elif not breaks:
        told.append(f"All {len(taken.lines)} lines lead to that head: none is missing, none was changed.")
    told.append(f"Whose key it is, the key book of the house says: {taken.public.hex()}.")
    return told, taken.is_signed and not breaks


def beside(taken: Taken, looked: Looked, *, is_hers: bool) -> tuple[list[str], bool]:
    """What can be said of a file beside the house it came from, and whether it is as it was given away."""
    whose = "is that of the person it names" if is_hers else "is not one the book names for that person"
    told = [_signature(taken), f"The key {whose}."]
    told.append(f"The head {'stands' if looked.asked else 'does not stand'} in the audit of this house.")
    if looked.differ:
        told.append(f"Not as in this house: line {', '.join(map(str, looked.differ[:MOST_NAMED]))}.")
    else:
        told.append(f"Its {len(taken.lines)} lines are as they stand here.")
    told += said(looked)[:1]
    return told, taken.is_signed and is_hers and bool(looked.asked) and not looked.differ and not looked.walk.breaks


def _signature(taken: Taken) -> str:
    fits = "is that of the key in the file" if taken.is_signed else "is not that of the key in the file"
    return f"The signature under line {taken.head.number}, of {taken.day}, {fits}."


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
