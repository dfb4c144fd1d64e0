"""Asks the person at the terminal: for sheets, names and passphrases, which stand in no argument and on no screen."""

import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from portal.vault.errors import SealBroken, SheetUnreadable, WrongKey
from portal.vault.keyfiles import locks_in
from portal.vault.recovery import RecoveryKeys, recovery_keys
from portal.vault.sheets import Sheet, open_with, proof_of, read_half, read_paper

FIRST = "A recovery sheet, all groups of letters (they are not shown): "
SECOND = "Another recovery sheet of the three (not shown): "
TRIES = 3


class NotTyped(Exception):
    """The sheets do not give the secret. The text is a sentence for the person at the terminal."""


def _hidden(question: str) -> str:
    # Never as an argument: those stand in lists of processes and in a shell's history.
    return getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline()


def _shown(question: str) -> str:
    if sys.stdin.isatty():
        return input(question)
    print(question, flush=True)
    return sys.stdin.readline().rstrip("\n")


@dataclass
class Asking:
    """How to ask: `hidden` shows nothing of the answer, `shown` does; `out` is where anything else is said."""

    hidden: Callable[[str], str] = _hidden
    shown: Callable[[str], str] = _shown
    out: TextIO | None = None

    def say(self, *lines: str) -> None:
        """Lines for the person at the terminal."""
        print(*lines, sep="\n", file=self.out, flush=True)

    def next_page(self) -> None:
        """Take what was shown off the terminal, its memory of lines too, where there is one."""
        if self.out is None and sys.stdin.isatty() and sys.stdout.isatty():
            print("\033[H\033[2J\033[3J", end="", flush=True)

    def hand_out(self, sheet: Sheet) -> str:
        """Show one new sheet, ask who keeps it, and go on when it is on paper. Raises NotTyped after three tries."""
        called = "DRILL SHEET" if sheet.is_drill else "Sheet"
        name = self.shown(f"Who will keep {called} {sheet.number} of 3? Name: ").strip()
        groups = sheet.groups()
        lines = ["  " + "  ".join(groups[at : at + 4]) for at in range(0, len(groups), 4)]
        self.say("", f"{called} {sheet.number} of 3, for {name}. Write it on a paper of its own:", "", *lines, "")
        for _ in range(TRIES):
            typed = self.shown("From the paper, the first two letters of each group: ")
            try:
                if proof_of(read_half(typed)) == sheet.proof():
                    self.next_page()
                    return name
            except SheetUnreadable:
                pass
            self.say("That is not what the sheet says. Look at each group.")
        raise NotTyped("The sheet is not on paper.")

    def recovery(self, box: bytes) -> RecoveryKeys:
        """The recovery keys: from two sheets and the Locks in `keys/recovery.box`, or from the one of an older house.

        Raises NotTyped.
        """
        return recovery_keys(self.secret(_locks(box)))

    def secret(self, locks: bytes | None, *, is_drill: bool = False) -> bytes:
        """The secret itself, 32 bytes. Raises NotTyped."""
        try:
            first = read_paper(self.hidden(FIRST))
            if isinstance(first, bytes):
                return first
            if locks is None:
                raise NotTyped("This house has one sheet, and that is one of three.")
            _check_drill(first, is_drill)
            second = read_paper(self.hidden(SECOND))
            if isinstance(second, bytes):
                raise NotTyped("The second is the single sheet of an older house.")
            _check_drill(second, is_drill)
            return open_with(locks, first, second)
        except SheetUnreadable as error:
            raise NotTyped(f"The sheet cannot be read: {error}.") from None
        except (WrongKey, SealBroken):
            raise NotTyped("These two sheets do not give the secret of this house.") from None


def _locks(box: bytes) -> bytes | None:
    try:
        return locks_in(box)
    except SealBroken:
        raise NotTyped("The recovery box is damaged.") from None


def _check_drill(sheet: Sheet, is_drill: bool) -> None:
    if sheet.is_drill != is_drill:
        raise NotTyped("That is a sheet of a drill." if sheet.is_drill else "That is a real sheet: put it away.")
