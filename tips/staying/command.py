"""Prints, at the terminal, what can be shown of what was erased, and that nothing is past its day."""

import asyncio
import logging
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from i18n.catalogue import Catalogue
from portal.assembly import make_services
from portal.errors import PorchlightError
from portal.ids import ID_SIZE, from_text, to_text
from portal.records.case_proving import Proof as RecordsProof
from portal.retention.standing import Looking, Standing
from portal.settings import Settings
from portal.settings_table import BY_FIELD
from portal.store.sought import Found
from portal.web.assets import Assets
from portal.web.page import Pages
from tips.retention import Retention
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
_LOG: Final = {True: "empty", False: "not empty yet: somebody reads, ask again", None: "a server's"}
# Nothing is asked of a store here: an address where none is.
_NO_STORE: Final = "redis://127.0.0.1:1/0"


@dataclass
class Asked:
    """What a house answered, and the settings that counted."""

    settings: Settings
    tips: list[Proof] = field(default_factory=list)
    records: list[RecordsProof] = field(default_factory=list)
    kinds: list[Standing] = field(default_factory=list)

    @property
    def is_shown(self) -> bool:
        """Whether all of it is gone, and everything this house can look at was looked at."""
        of_things = [each.is_shown for each in self.tips] + [each.is_shown for each in self.records]
        return all(of_things + [each.is_shown for each in self.kinds])


def prove(parser: ArgumentParser, read: Callable[[dict[str, Any]], Settings], arguments: Sequence[str]) -> int:
    """`server.py proof --kinds`, `--day DAY` or `--tip NAME`. May run beside the house.

    0: all of them are gone, and everything this house can look at was looked at. 1: not so. 2: it could not begin.
    """
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--kinds", action="store_true", help="every kind of row: how many are past their day")
    which.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="everything erased on this day")
    which.add_argument("--tip", type=_name, metavar="NAME", help="one tip, by the name in its address at the desk")
    told = vars(parser.parse_args(_joined(arguments)))
    kinds, day, tip = told.pop("kinds"), told.pop("day"), told.pop("tip")
    settings = read(told)
    logging.getLogger("porchlight").setLevel(logging.CRITICAL)  # What matters is printed, and by its own words.
    if isinstance(settings.database_place, Path) and not settings.database_path.exists():
        print(f"There is no house in {settings.data_dir}: name its folder with --data or --settings.")
        return CANNOT
    try:
        asked = asyncio.run(_asked(settings, day, tip, kinds=kinds))
    except PorchlightError as error:
        print(f"Nothing is shown: {type(error).__name__} ({error}).")
        return CANNOT
    _tell(asked)
    return SHOWN if asked.is_shown else NOT_SHOWN


def _tell(asked: Asked) -> None:
    if not (asked.tips or asked.records or asked.kinds):
        print("Nothing was erased on that day.")
    for proof in asked.tips:
        print("\n".join(_lines(proof)))
    if len(asked.tips) == MOST_SHOWN:
        print(f"Only the first {MOST_SHOWN} are shown.")
    for one in asked.records:
        print("\n".join(_record_lines(one)))
    for kind in asked.kinds:
        print(_kind_line(kind, asked.settings))
    print("Nobody here can know of copies of the disk, or of what somebody wrote down.")


def _joined(arguments: Sequence[str]) -> list[str]:
    """A name may begin with a dash, which would be read as another option."""
    asked = list(arguments)
    if "--tip" in asked[:-1]:
        at = asked.index("--tip")
        asked[at : at + 2] = [f"--tip={asked[at + 1]}"]
    return asked


async def _asked(settings: Settings, day: date | None, tip: bytes | None, *, kinds: bool) -> Asked:
    # Nothing is drawn here: reading every phrase would take longer than all else.
    pages = Pages(settings, Catalogue({}, strict=False), Assets({}))
    services = make_services(settings, durable_url=_NO_STORE, ember_url=_NO_STORE, pages=pages)
    database = services.database
    try:
        proving = Proving(settings, database, services.staff.folder)
        if kinds:
            Retention(services)  # says which tips a hold keeps
            await services.desk_settings.look()
            return Asked(services.now, kinds=await Looking(services).kinds())
        if day is None:
            return Asked(settings, tips=await proving.of([tip or b""]))
        records = [each for each in await services.case_staying.proving.proofs() if each.day == day]
        return Asked(settings, tips=await proving.of_day(day), records=records)
    finally:
        await database.close()


def _lines(proof: Proof) -> list[str]:
    name = to_text(proof.tip)
    if proof.erased_on is None:
        return [f"{name}: nothing of this name was ever erased here."]
    if not proof.is_gone:
        return [f"{name}: its sender reaches it no more since {proof.erased_on}; a hold keeps it for the desk."]
    lines = [
        f"{name}: erased on {proof.erased_on}.",
        "  no key, no word and no row of it is left in the tables",
        f"  the log of the database: {_LOG[proof.log_is_empty]}",
        f"  {_SEARCHED[proof.found].format(day=proof.searched_on)}",
        f"  until {proof.copies_open_until} a backup's key file could open it, with the recovery sheet; later none",
    ]
    if proof.frozen:
        lines.append(f"  {proof.frozen} photos of it are frozen by two people and stay")
    return lines


def _record_lines(proof: RecordsProof) -> list[str]:
    looked = f"{proof.searched} of them were looked for in the database's files"
    if proof.on_server:
        looked += f", {proof.on_server} by a server whose files are not ours to search"
    return [
        f"Cases, their people, what went along with these or with a tip: {proof.erased} erased on {proof.day}.",
        f"  rows left in the tables: {proof.rows_left}",
        f"  the log of the database: {_LOG[proof.log_is_empty]}",
        f"  {looked}; something was found of {proof.left}",
        f"  until {proof.copies_open_until} a backup's key file could open them, with the recovery sheets; later none",
    ]


def _kind_line(kind: Standing, settings: Settings) -> str:
    names = [f"{BY_FIELD[each].name}={getattr(settings, each)}" for each in kind.rule.settings]
    how = f" ({', '.join(names)})" if names else ""
    past = f"{kind.past} past their day" if kind.past else "none past its day"
    held = f", {kind.held} of them kept by a legal hold" if kind.held else ""
    late = "" if kind.is_shown else "; the house deletes every ten minutes while it runs: ask again"
    return f"{kind.rule.kind}: {kind.stands} stand, {past}{held}{late}{how}"


def _name(typed: str) -> bytes:
    return from_text(typed, ID_SIZE)
