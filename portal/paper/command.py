"""The two commands of the person with the papers: `recover` and `drill`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from portal.backup.restore import EraseAgain
from portal.errors import PorchlightError
from portal.folder import FolderTaken
from portal.paper.asking import Asking, NotTyped
from portal.paper.drill import Drill, DrillFailed
from portal.paper.recovering import LetIn, NewPaper, NotThisHouse, Recovered, Recovering
from portal.settings import BadSetting, Settings
from portal.staff.keys.keys_folder import KeysFolder, KeysFolderWrong
from portal.staff.keys.ledger import NotSetUp
from portal.staff.passphrase import NameWrong, PassphraseWeak
from portal.store.database import Database
from portal.store.migrate import DatabaseNotReady, bring_up_to_date
from portal.vault.errors import ChainBroken
from portal.vault.passwords import Pools

T = TypeVar("T")
FAILED: Final = 2


class CannotRecover(Exception):
    """It cannot go on, and nothing was changed. The text is a sentence for the person at the terminal."""


@dataclass
class PaperCommands:
    """`parser` makes one that knows the settings, `read` turns what it read into them, `claimed` locks a folder.

    `marks` and `erase_again` are the tip room's, as for a restore: a drill puts a small house back.
    """

    parser: Callable[[str, str], argparse.ArgumentParser]
    read: Callable[[dict[str, Any]], Settings]
    claimed: Callable[[Settings], AbstractContextManager[int]]
    marks: str
    erase_again: EraseAgain
    asking: Asking = field(default_factory=Asking)

    def run(self, asked: Sequence[str]) -> int:
        """0 when it is done; 2, with one sentence, when it cannot be."""
        act = self._recover if asked[0] == "recover" else self._drill
        try:
            act(asked[1:])
        except (BadSetting, FolderTaken, CannotRecover, DatabaseNotReady) as error:
            print(error, file=sys.stderr)
            return FAILED
        except NotTyped as error:
            print(f"{error} Nothing was changed.", file=sys.stderr)
            return FAILED
        except (KeyboardInterrupt, EOFError):
            print("Cut off. If it was not said that it is done, nothing was changed.", file=sys.stderr)
            return FAILED
        return 0

    def _recover(self, arguments: Sequence[str]) -> None:
        parser = self.parser("server.py recover", "Makes new recovery sheets from two of the old ones.")
        parser.add_argument("--let-in", action="store_true", help="let a person in who then holds every key")
        told = vars(parser.parse_args(arguments))
        lets_in = told.pop("let_in")
        settings = self.read(told)
        if isinstance(settings.database_place, Path) and not settings.database_path.exists():
            raise CannotRecover(f"There is no house in {settings.data_dir}: restore a backup first.")
        with self.claimed(settings):
            bring_up_to_date(settings.database_place)
            try:
                recovered = self._in_house(settings, lets_in=lets_in)
            except NotThisHouse:
                raise CannotRecover("These are not the sheets of this house, or they were replaced.") from None
            except NotSetUp:
                raise CannotRecover("There is no house here yet: restore a backup, or set it up.") from None
            except (NameWrong, PassphraseWeak):
                raise CannotRecover("A name has 2 to 60 letters; a passphrase 15 or more, nothing common.") from None
            except ChainBroken:
                raise CannotRecover("The key book does not hold: its rows were changed. Restore a backup.") from None
            except (KeysFolderWrong, PorchlightError) as error:
                raise CannotRecover(f"It cannot be done: {type(error).__name__} ({error}).") from None
        self._say(recovered)

    def _in_house(self, settings: Settings, *, lets_in: bool) -> Recovered:
        folder = KeysFolder(settings.keys_dir, settings.data_dir)
        # Read, and settled where an earlier one was cut off, before anything of the folder is believed.
        replaced = _in_a_loop(settings, folder, lambda recovering: recovering.look())
        old = self.asking.recovery(folder.recovery_box(), replaced.__contains__)
        _in_a_loop(settings, folder, lambda recovering: recovering.check(old))
        let_in = self._who_comes(settings, folder) if lets_in else None
        new = NewPaper.made()
        names = [self.asking.hand_out(sheet) for sheet in new.sheets.sheets]
        return _in_a_loop(
            settings, folder, lambda recovering: recovering.recover(old, new, names, datetime.now(UTC), let_in)
        )

    def _who_comes(self, settings: Settings, folder: KeysFolder) -> LetIn:
        name = self.asking.shown("Her name at the sign-in: ")
        is_known = _in_a_loop(settings, folder, lambda recovering: recovering.knows(name))
        self.asking.say(
            "She is known: her old keys go, new ones come." if is_known else "Nobody has it: a new account."
        )
        alias = "" if is_known else self.asking.shown("The name visitors and colleagues see: ")
        passphrase = self.asking.hidden("Her new passphrase (not shown): ").rstrip("\n")
        if passphrase != self.asking.hidden("Once more: ").rstrip("\n"):
            raise CannotRecover("The two passphrases are not the same. Nothing was changed.")
        return LetIn(name, passphrase, alias.strip())

    def _say(self, recovered: Recovered) -> None:
        self.asking.say(
            "Done. From now on only the new sheets count.",
            "Start the house. The desk shows a red line until each of the three has shown her sheet there.",
            "Take a backup now: those of before open with the old sheets only.",
            "Destroy the old sheets when no backup of before is kept any more.",
        )
        if recovered.alias:
            self.asking.say(f"{recovered.alias} signs in with the new passphrase and holds every key.")

    def _drill(self, arguments: Sequence[str]) -> None:
        parser = self.parser("server.py drill", "Rehearses a recovery with sheets and keys of its own.")
        parser.add_argument("--anew", action="store_true", help="print three other sheets: those of before are lost")
        told = vars(parser.parse_args(arguments))
        is_anew = told.pop("anew")
        try:
            Drill(self.read(told), self.asking, self.marks, self.erase_again).run(is_anew=is_anew)
        except DrillFailed as failed:
            raise CannotRecover(f"The drill failed: {failed}") from None


def _in_a_loop(settings: Settings, folder: KeysFolder, act: Callable[[Recovering], Awaitable[T]]) -> T:
    """Run one act with a database and pools of its own."""

    async def run() -> T:
        database, pools = Database(settings.database_place), Pools()
        try:
            return await act(Recovering(database, folder, pools))
        finally:
            await pools.close()
            await database.close()

    return asyncio.run(run())
