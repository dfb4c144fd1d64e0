"""Reckons from what was measured what a machine needs for so many conversations a minute."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.queue.erlang import places_for
from bench.queue.play import HOUSE

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
TALK_MINUTES: Final = 40
MESSAGES_A_TALK: Final = 60
WRITES_A_TALK: Final = 4
"""Of rows: the record of the contact begun, changed, finished, and a line of the audit."""
SHIFT_BEGINS_MINUTES: Final = 15
DESKS_MEASURED: Final = 50
"""In the last column of docs/desk.md, with a thousand waiting."""


@dataclass(frozen=True)
class Measured:
    """What other benches wrote into their pages."""

    server_us: float
    store_us: float
    idle_kib: float
    write_ms: float
    tips_a_second: float
    tip_kib: float
    desk_core: float
    """The share of a core that one open desk takes while the queue changes all the time."""


def measured() -> Measured:
    """Read from the pages, so that no figure stands twice."""
    relay = _found("relay.md", r"\| Porchlight, everything on \| [\d ()to]+ \| (\d+) \(.*?\| (\d+) \(.*\| ([\d.]+) \(")
    store = _found("tips-store.md", r"\| file one: sealed, committed \| ([\d.]+) \|")
    file = _found("tips-store.md", r"([\d,]+) tips, one in twenty open; the file has ([\d,]+) MiB")
    flood = _found("spam.md", r"\| 200 \| (\d+) \|")
    desk = _found("desk.md", r"\| processor with five changes a second \|.*\| (\d+) % of one core \|")
    tips, mib = (float(each.replace(",", "")) for each in file)
    return Measured(
        server_us=float(relay[0]),
        store_us=float(relay[1]),
        idle_kib=float(relay[2]),
        write_ms=float(store[0]),
        tips_a_second=float(flood[0]),
        tip_kib=mib * 1024 / tips,
        desk_core=float(desk[0]) / 100 / DESKS_MEASURED,
    )


def _found(page: str, pattern: str) -> tuple[str, ...]:
    found = re.search(pattern, (DOCS / page).read_text("utf-8"))
    if found is None:
        raise LookupError(f"docs/{page} says nothing of {pattern}")
    return found.groups()


@dataclass(frozen=True)
class Needed:
    """What so many conversations a minute ask for, in people and in machines."""

    a_minute: float
    open_at_once: float
    advocates: int
    messages_a_second: float
    server_cores: float
    store_cores: float
    desk_cores: float
    talk_mib: float
    writer_busy: float
    sign_in_cores: float


ARGON2_SECONDS: Final = 0.15
"""One run for a passphrase (64 MiB, three passes): a sign-in that lets nobody in took 0.147 s whole (docs/asvs.md)."""


def needed(a_minute: float, cost: Measured) -> Needed:
    """By the costs alone: twice as much of each is what one would buy."""
    open_at_once = a_minute * TALK_MINUTES
    places = places_for(open_at_once, TALK_MINUTES, within=1, share=0.9)
    advocates = -(-places // HOUSE.chat_capacity)
    messages = a_minute / 60 * MESSAGES_A_TALK
    return Needed(
        a_minute=a_minute,
        open_at_once=open_at_once,
        advocates=advocates,
        messages_a_second=messages,
        server_cores=messages * cost.server_us / 1e6,
        store_cores=messages * cost.store_us / 1e6,
        desk_cores=advocates * cost.desk_core,
        talk_mib=open_at_once * cost.idle_kib / 1024,
        writer_busy=a_minute / 60 * WRITES_A_TALK * cost.write_ms / 1000,
        sign_in_cores=advocates * ARGON2_SECONDS / (SHIFT_BEGINS_MINUTES * 60),
    )
