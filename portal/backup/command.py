"""The three commands of the person at the terminal: `backup`, `restore`, and `verify`, which only tries a restore."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from portal.backup.restore import EraseAgain, Plan, Restore, Restored, cover_of
from portal.backup.take import BackupFailed, take
from portal.errors import PorchlightError
from portal.folder import FolderTaken, make_folder
from portal.paper.asking import Asking, NotTyped
from portal.settings import BadSetting, Settings
from portal.store.migrate import DatabaseNotReady

FAILED: Final = 2


@dataclass
class Commands:
    """`parser` makes one that knows the settings, `read` turns what it read into them, `claimed` locks a folder.

    `marks` and `erase_again` are the tip room's: the table of what was erased, and the act that erases it once more.
    """

    parser: Callable[[str, str], argparse.ArgumentParser]
    read: Callable[[dict[str, Any]], Settings]
    claimed: Callable[[Settings], AbstractContextManager[int]]
    marks: str
    erase_again: EraseAgain

    def run(self, asked: Sequence[str]) -> int:
        """0 when it is done; 2, with one sentence, when it cannot be."""
        acts = {"backup": self._back_up, "restore": self._restore, "verify": self._verify}
        try:
            acts[asked[0]](asked[1:])
        except (BadSetting, FolderTaken, BackupFailed, DatabaseNotReady) as error:
            print(error, file=sys.stderr)
            return FAILED
        except KeyboardInterrupt:
            print("Cut off: nothing was changed.", file=sys.stderr)
            return FAILED
        return 0

    def _back_up(self, arguments: Sequence[str]) -> None:
        parser = self.parser("server.py backup", "Writes the house into two files that only two recovery sheets open.")
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the files go")
        told = vars(parser.parse_args(arguments))
        folder = told.pop("to").absolute()
        settings = self.read(told)
        if isinstance(settings.database_place, Path) and not settings.database_path.exists():
            raise BackupFailed(f"There is no house in {settings.data_dir}: name its folder with --data or --settings.")
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            taken = asyncio.run(take(settings, folder, datetime.now(UTC).date()))
        except BackupFailed:
            raise
        except PorchlightError as error:
            raise BackupFailed(f"No backup was taken: {type(error).__name__} ({error}).") from None
        except OSError as error:
            raise BackupFailed(f"The folder {folder} cannot be used ({error.strerror}).") from None
        days = settings.key_backup_days
        print(f"{taken.house.name}: the house, without records and the keys of tips. Keep it as long as you like.")
        print(f"{taken.keys.name}: records and the keys of tips. Keep no copy of it longer than {days} days:")
        print("  for so long what was erased could be opened again, with two recovery sheets.")
        for path in taken.gone:
            print(f"{path.name}: older than {days} days, deleted.")
        print("Only two recovery sheets open them. Put copies where this machine cannot reach them.")

    def _restore(self, arguments: Sequence[str]) -> None:
        parser = self.parser("server.py restore", "Puts a backup back; asks for two recovery sheets.")
        parser.add_argument("house", type=Path, metavar="FILE.house", help="the backup of the house")
        parser.add_argument("--tip-keys", type=Path, metavar="FILE.keys", help="the newest beside it, if none is named")
        parser.add_argument("--replace", action="store_true", help="in the place of the house that stands there")
        told = vars(parser.parse_args(arguments))
        house, keys, replaces = (told.pop(name) for name in ("house", "tip_keys", "replace"))
        settings = self.read(told)
        make_folder(settings.data_dir)
        with self.claimed(settings):
            restore, plan = self._asked_for(settings, house, keys)
            _say(restore.put_back(plan, replaces=replaces), plan.keys)

    def _verify(self, arguments: Sequence[str]) -> None:
        parser = self.parser("server.py verify", "Tries a restore, and changes nothing; asks for two recovery sheets.")
        parser.add_argument("house", type=Path, metavar="FILE.house", help="the backup of the house")
        parser.add_argument("--tip-keys", type=Path, metavar="FILE.keys", help="the newest beside it, if none is named")
        told = vars(parser.parse_args(arguments))
        house, keys = (told.pop(name) for name in ("house", "tip_keys"))
        settings = self.read(told)
        restore, plan = self._asked_for(settings, house, keys)
        # Where the house's own rows lie, if there is one: not in a folder that others of this machine may look into.
        beside = settings.data_dir if settings.data_dir.is_dir() else None
        with tempfile.TemporaryDirectory(prefix="porchlight-verify-", dir=beside) as folder:
            tried = restore.tried(plan, Path(folder))
        print(f"{plan.house.name} is whole, and so is {plan.keys.name}: every byte is as it was written.")
        print(f"The house of {tried.day} comes back from them, with {len(tried.people)} who can sign in.")
        print(f"In it: {tried.holds}.")
        if not tried.is_audit_whole:
            print("Its audit does not hold: it broke before the backup. `server.py audit` says where.")
        print("Nothing was changed.")

    def _asked_for(self, settings: Settings, house: Path, keys: Path | None) -> tuple[Restore, Plan]:
        try:
            recovery = Asking().recovery(cover_of(house.absolute()).recovery_box)
        except NotTyped as error:
            raise BackupFailed(f"{error} Nothing was changed.") from None
        restore = Restore(settings, recovery, self.marks, self.erase_again)
        return restore, restore.plan(house.absolute(), keys and keys.absolute())


def _say(restored: Restored, keys: Path) -> None:
    print(f"The house is as it was on {restored.day}, with the tip keys of {restored.keys_day} ({keys.name}).")
    print(f"In it: {restored.holds}.")
    print(f"What was erased later was looked for in {restored.read_for_erased} other backups and in what stood here.")
    print(f"Tips of this backup that stay erased: {restored.erased}.")
    if not restored.is_audit_whole:
        print("The audit in this backup does not hold: `server.py audit` says where.")
    print("Before you open it: whoever lost a right after that day has it again. These can sign in:")
    for alias in restored.people:
        print(f"  {alias}")
    if restored.taken_back:
        print(f"Consents that were taken back later, and are not given again: {restored.taken_back}.")
    print("Whoever agreed to something in a tip and took it back after that day stands there with the yes: ask anew.")
    print("Talks are in no backup. Whoever was invited is to be invited again.")
