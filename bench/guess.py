"""Measures the guess at a language on short lines, and what it costs, and writes docs/language-guess.md."""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psutil

from bench.relay.page import written_into
from i18n.guess import Guesses
from i18n.languages import KNOWN
from tests.support.server_process import REPOSITORY
from tests.support.short_lines import AFTER, SEEN, Judged, judged, lines_of

PAGE: Final = REPOSITORY / "docs" / "language-guess.md"
BEGINS: Final = "<!-- measured: begin. Written by `python -m bench guess`. -->"

TAGS: Final = [language.tag for language in KNOWN]
TICK_S: Final = 0.001
MIB: Final = 2**20


def main(arguments: Sequence[str]) -> int:
    """All of it; printed, and written down."""
    parser = argparse.ArgumentParser(prog="python -m bench guess", description=__doc__)
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write into")
    told = parser.parse_args(arguments)
    guesses = Guesses(TAGS)
    cost = asyncio.run(_cost(guesses))
    said = "\n\n".join([cost, _served(guesses), _outside(guesses)])
    print(said)
    written_into(told.page, said, BEGINS)
    return 0


async def _cost(guesses: Guesses) -> str:
    """What the first look costs, what every other does, and how long the event loop waits meanwhile."""
    process = psutil.Process()
    before, began = process.memory_info().rss, time.monotonic()
    late = asyncio.create_task(_latest())
    await guesses.language_of("mi jefe me quito el pasaporte")
    first_s = time.monotonic() - began
    late.cancel()
    loaded = process.memory_info().rss
    texts = [line.text for line in lines_of(SEEN)]
    began = time.monotonic()
    for text in texts:
        guesses.look(text)
    each_us = (time.monotonic() - began) / len(texts) * 1e6
    return (
        f"The first text of a process takes {first_s:.1f} s in a thread beside everything else (loading), every other"
        f" {each_us:.0f} µs; from then on it weighs {(loaded - before) / MIB:.0f} MiB a process. While it loads, the"
        f" event loop waits at most {await late:.0f} ms at a time."
    )


async def _latest() -> float:
    """By how many milliseconds the loop was late at the worst, until this is cancelled."""
    worst = 0.0
    try:
        while True:
            asked = time.monotonic()
            await asyncio.sleep(TICK_S)
            worst = max(worst, time.monotonic() - asked - TICK_S)
    except asyncio.CancelledError:
        return worst * 1000


def _served(guesses: Guesses) -> str:
    before, after = (judged(lines_of(file), guesses.look, served=True) for file in (SEEN, AFTER))
    rows = ["| language | right | says nothing | wrong | right of the lines written afterwards |", "|---" * 5 + "|"]
    for tag in TAGS:
        one, other = before[tag], after[tag]
        rows.append(f"| {tag} | {_of(one.right, one)} | {one.silent} | {_wrong(one)} | {_of(other.right, other)} |")
    every, later = _all(before), _all(after)
    seen, new = f"**{_of(every.right, every)}** | {every.silent} | **{_wrong(every)}**", _of(later.right, later)
    rows.append(f"| **all** | {seen} | **{new}**, wrong {_wrong(later)} |")
    return "\n".join(rows)


def _outside(guesses: Guesses) -> str:
    rows = ["| not served | lines | says nothing | taken for |", "|---" * 4 + "|"]
    lines = [*lines_of(SEEN), *lines_of(AFTER)]
    for of, row in judged(lines, guesses.look, served=False).items():
        taken = ", ".join(f"{tag} {times}" for tag, times in row.taken_for.items()) or "–"
        rows.append(f"| {of} | {row.lines} | {row.silent} | {taken} |")
    return "\n".join(rows)


def _all(rows: dict[str, Judged]) -> Judged:
    return Judged(*(sum(getattr(row, name) for row in rows.values()) for name in ("lines", "right", "silent")))


def _of(right: int, row: Judged) -> str:
    return f"{right} of {row.lines}"


def _wrong(row: Judged) -> int:
    return row.lines - row.right - row.silent
