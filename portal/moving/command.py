"""The command of the person at the terminal: `move`."""

import asyncio
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

from portal.errors import PorchlightError
from portal.folder import FolderTaken, claim
from portal.moving.digests import CannotStand
from portal.moving.move import AWAY, Move, NotMoved
from portal.settings import Secret, Settings
from portal.store.migrate import DatabaseNotReady, bring_up_to_date

MOVED: Final = 0
CANNOT: Final = 2
_WIDTH: Final = 30
_EVERY_S: Final = 0.2


def run(parser: ArgumentParser, read: Callable[[dict[str, Any]], Settings], arguments: Sequence[str]) -> int:
    """`server.py move`: the house's rows go from its file into the database that DATABASE_URL names.

    The house must not run. 0: all is there and the same; 2, with one sentence: it is not.
    """
    parser.add_argument("--from", dest="file", type=Path, metavar="FILE", help="the database file (in the data folder)")
    told = vars(parser.parse_args(arguments))
    file = told.pop("file")
    settings = read(told)
    place = settings.database_place
    file = (file or settings.data_dir / "porchlight.db").absolute()
    if not isinstance(place, Secret):
        return _cannot("Set DATABASE_URL to an empty PostgreSQL database first: the rows are moved into it.")
    if not file.exists() and not file.with_name(file.name + AWAY).exists():
        return _cannot(f"There is no database in {file}: name the data folder with --data, or the file with --from.")
    try:
        lock = claim(settings.data_dir)
    except FolderTaken as taken:
        return _cannot(f"{taken}")
    try:
        return _move(file, place)
    except (NotMoved, CannotStand, DatabaseNotReady) as error:
        return _cannot(f"\n{error}")
    except PorchlightError as error:
        return _cannot(f"\nThe move stopped: {type(error).__name__} ({error}). The same command goes on.")
    except KeyboardInterrupt:
        return _cannot("\nCut off: the house still stands in its file. The same command goes on where it was.")
    finally:
        os.close(lock)


def _move(file: Path, server: Secret) -> int:
    began = time.monotonic()
    if file.exists():
        bring_up_to_date(file)
    moved = asyncio.run(Move(file, server, Bar(sys.stdout)).run(partial(_in_a_thread, server)))
    seconds = time.monotonic() - began
    for each in moved:
        if each.rows:
            print(f"  {each.table:<24} {each.rows:>9,} rows  in {each.was[:16]}  out {each.now[:16]}")
    print(f"Moved {sum(each.rows for each in moved):,} rows of {len(moved)} tables in {seconds:.0f} s; none differs.")
    print(
        f"The file is put aside as {file.name}{AWAY}. Start the house with the same DATABASE_URL and look around; then"
    )
    print("delete it: what is erased from now on still stands in it.")
    return MOVED


def _in_a_thread(server: Secret) -> None:
    # It runs a loop of its own, as at every start.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:
        thread.submit(bring_up_to_date, server).result()


def _cannot(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return CANNOT


class Bar:
    """How far it is: a line that is written over on a terminal, one line for each step elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_terminal = out.isatty()
        self._step, self._rows, self._done, self._shown = "", 0, 0, 0.0

    def begins(self, step: str, rows: int) -> None:
        """A step of so many rows; 0: nobody knows yet."""
        if self._step and self._is_terminal:
            self._draw()
            self._out.write("\n")
        self._step, self._rows, self._done, self._shown = step, rows, 0, 0.0
        if not self._is_terminal:
            self._out.write(f"{step}{f': {rows:,} rows' if rows else ''} ...\n")
            self._out.flush()

    def row(self) -> None:
        """One more row of it."""
        self._done += 1
        if self._is_terminal and (self._done % 50 == 0 or self._done == self._rows):
            now = time.monotonic()
            if now - self._shown >= _EVERY_S or self._done == self._rows:
                self._shown = now
                self._draw()

    def _draw(self) -> None:
        if self._rows:
            full = _WIDTH * self._done // self._rows
            bar = f"[{'#' * full}{'.' * (_WIDTH - full)}] {100 * self._done // self._rows:3d} % "
        else:
            bar = ""
        self._out.write(f"\r{self._step:<22} {bar}{self._done:,}")
        self._out.flush()
