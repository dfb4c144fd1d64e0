"""Asks the person at the terminal: for sheets, names and passphrases, which stand in no argument and on no screen."""

import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from portal.vault.errors import SealBroken, SheetUnreadable, WrongKey
from portal.vault.keyfiles import locks_in
from portal.vault.recovery import RecoveryKeys, recovery_keys
from portal.vault.sheets import Sheet, open_with, proof_of, read_half, read_paper, set_of_locks

FIRST = "A recovery sheet, all groups of letters (they are not shown): "
SECOND = "Another recovery sheet of the three (not shown): "
TRIES = 3


class NotTyped(Exception):
    """The sheets do not give the secret. The text is a sentence for the person at the terminal."""


def _hidden(question: str) -> str:
    # Never as an argument: those stand in lists of processes and in a shell's history.
    if sys.stdin.isatty():
        return getpass.getpass(question)
    if not (line := sys.stdin.readline()):
        raise EOFError
    return line


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

    def recovery(self, box: bytes, is_replaced: Callable[[bytes], bool] = lambda _set: False) -> RecoveryKeys:
        """The recovery keys: from two sheets and the Locks in `keys/recovery.box`, or from the one of an older house.

        `is_replaced` says whether a set of sheets was this house's once. Raises NotTyped.
        """
        return recovery_keys(self.secret(_locks(box), is_replaced=is_replaced))

    def secret(
        self, locks: bytes | None, *, is_drill: bool = False, is_replaced: Callable[[bytes], bool] = lambda _set: False
    ) -> bytes:
        """The secret itself, 32 bytes. What is misread is asked for once more, three times at most. Raises NotTyped."""
        rule = _Rule(locks, is_drill, is_replaced)
        first = self._typed(FIRST, rule)
        if isinstance(first, bytes):
            return first
        if locks is None:
            raise NotTyped("This house has one sheet, and that is one of three.")
        second = self._typed(SECOND, rule, first)
        if isinstance(second, bytes):
            raise NotTyped("The second is the single sheet of an older house.")
        try:
            return open_with(locks, first, second)
        except SealBroken:
            raise NotTyped("The recovery box is damaged.") from None
        except (WrongKey, SheetUnreadable):
            raise NotTyped(
                "Both sheets say that they are of this house, and together they open nothing: one of them was made up, "
                "or printed before a set-up that was cut off. Try the third."
            ) from None

    def _typed(self, question: str, rule: "_Rule", before: Sheet | None = None) -> Sheet | bytes:
        problem = "No sheet was typed."
        for left in reversed(range(TRIES)):
            try:
                paper = read_paper(self.hidden(question))
                rule.check(paper, before)
            except SheetUnreadable as error:
                problem = f"{error}"
            except EOFError:
                break
            else:
                if isinstance(paper, Sheet):
                    self.say(f"Sheet {paper.number} is read.")
                return paper
            if left:
                self.say(f"{problem} Once more.")
        raise NotTyped(problem)


@dataclass(frozen=True)
class _Rule:
    """Which sheets are taken here, as far as a sheet says it by itself."""

    locks: bytes | None
    is_drill: bool
    is_replaced: Callable[[bytes], bool]

    def check(self, paper: Sheet | bytes, before: Sheet | None) -> None:
        """Raises SheetUnreadable for one that another can be tried for, NotTyped for one that is to be put away."""
        if isinstance(paper, bytes) or self.locks is None:
            return
        if paper.is_drill != self.is_drill:
            raise NotTyped("That is a sheet of a drill." if paper.is_drill else "That is a real sheet: put it away.")
        if before is not None and paper.number == before.number:
            raise SheetUnreadable(f"That is sheet {paper.number} again: two different ones are needed.")
        if paper.of == _set_of(self.locks):
            return
        if self.is_replaced(paper.of):
            raise SheetUnreadable(
                f"Sheet {paper.number} is of this house, but of a set that was replaced: the newer ones count. Backups "
                "from before open with it."
            )
        raise SheetUnreadable(
            f"Sheet {paper.number} is not of the set that opens this: it is another house's, or an older or newer set."
        )


def _set_of(locks: bytes) -> bytes:
    try:
        return set_of_locks(locks)
    except SealBroken:
        raise NotTyped("The recovery box is damaged.") from None


def _locks(box: bytes) -> bytes | None:
    try:
        return locks_in(box)
    except SealBroken:
        raise NotTyped("The recovery box is damaged.") from None
