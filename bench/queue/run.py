"""Writes the tables of docs/capacity.md: the stories as they play, and what a machine needs by what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.queue.machine import Measured, Needed, measured, needed
from bench.queue.play import play
from bench.queue.stories import SEED, TOLD

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "capacity.md"
BEGIN: Final = "<!-- reckoned: begin. Written by `python -m bench queue`. -->"
END: Final = "<!-- reckoned: end -->"


def main() -> int:
    """Play, reckon, write. 0."""
    text = PAGE.read_text("utf-8")
    before, after = text[: text.index(BEGIN)], text[text.index(END) :]
    PAGE.write_text(f"{before}{BEGIN}\n\n{tables()}\n{after}", "utf-8")
    return 0


def tables() -> str:
    """Both tables, as they stand in the page; the same on every machine."""
    return f"{people()}\n\n{machines(measured())}\n"


def people() -> str:
    """The table of who waits how long."""
    lines = ["| story | answered within a minute | half waited at most | one in twenty waited longer than | gave up |"]
    lines.append("|---|---|---|---|---|")
    for name, story in TOLD.items():
        told = play(story, SEED)
        gave_up = told.left / max(told.came, 1)
        lines.append(
            f"| {name} | {told.answered_within(1):.0%} | {_minutes(told.waits_at(0.5))} | "
            f"{_minutes(told.waits_at(0.95))} | {gave_up:.0%} |"
        )
    return "\n".join(lines)


def machines(cost: Measured) -> str:
    """The table of what a machine needs."""
    sizes = [needed(a_minute, cost) for a_minute in (1, 10, 1000)]
    rows: list[tuple[str, list[str]]] = [
        ("open at once", [f"{each.open_at_once:,.0f}" for each in sizes]),
        ("advocates at their desks, three places each", [f"{each.advocates:,}" for each in sizes]),
        ("messages a second", [f"{each.messages_a_second:,.0f}" for each in sizes]),
        ("cores for the messages", [_cores(each.server_cores) for each in sizes]),
        ("cores for telling the desks of the queue", [_cores(each.desk_cores) for each in sizes]),
        ("cores of the durable Valkey (it has one)", [_cores(each.store_cores) for each in sizes]),
        ("memory for the lines", [f"{each.talk_mib:,.0f} MiB" for each in sizes]),
        ("the one writer of rows is busy", [_share(each) for each in sizes]),
        ("cores for passphrases when a shift begins", [_cores(each.sign_in_cores) for each in sizes]),
    ]
    head = "| conversations begun a minute | 1 | 10 | 1,000 |\n|---|---|---|---|"
    return "\n".join([head, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows)])


def _minutes(minutes: float) -> str:
    return f"{minutes:.0f} min" if minutes >= 1 else f"{minutes * 60:.0f} s"


def _cores(cores: float) -> str:
    return f"{cores:.1f}" if cores >= 0.1 else f"{cores:.3f}"


def _share(each: Needed) -> str:
    return f"{each.writer_busy:.1%} of the time"
