"""Judges what was read of the house: what is wrong now, how much, and by which words it is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Final, Literal

from portal.operation.certificate import Life
from portal.operation.steps import FLOOR

Matter = Literal[
    "disk",
    "writing",
    "clock",
    "certificate",
    "backup",
    "database",
    "durable",
    "ember",
    "persistence",
    "engine",
    "pools",
    "own_chat",
    "keys",
    "workers",
    "audit",
    "calls",
    "swap",
]
MATTERS: Final[tuple[Matter, ...]] = (
    "database",
    "durable",
    "ember",
    "persistence",
    "disk",
    "writing",
    "workers",
    "certificate",
    "clock",
    "own_chat",
    "calls",
    "backup",
    "keys",
    "audit",
    "pools",
    "engine",
    "swap",
)


class Grade(IntEnum):
    """How things stand. UNKNOWN: it could not be looked at; SOON: in the daytime; BAD: today; NOW: whoever sleeps."""

    WELL = 0
    UNKNOWN = 1
    SOON = 2
    BAD = 3
    NOW = 4


Values = Mapping[str, str | int | date]
Answer = Literal["answers", "loading", "silent"]
Keeping = Literal["right", "no_file", "write_fails", "keeps_file", "evicts", "full"]

FULL, LOW, LESS = 0.02, 0.05, 0.15  # of a disk, free
FULL_BYTES: Final = 64 * 1024 * 1024
SLOW_MS: Final = 50.0
APART_S, FAR_APART_S = 5.0, 30.0
LONG_JUMP_S: Final = 60.0
# Of a certificate's life: those who renew do it with a third left, so with a quarter left it was tried in vain.
LATE, VERY_LATE = 0.25, 0.1
BACKUP_LATE, BACKUP_VERY_LATE = 2, 7  # days
AWAY_LONG: Final = timedelta(hours=1)
BREAK_SHOWN_DAYS: Final = 30
OFTEN_FULL: Final = 100


@dataclass(frozen=True, slots=True)
class Disk:
    """One place the house writes to. `free` is a part of it; `writes`: a small file could be written there just now."""

    place: str
    free: float
    free_bytes: int
    writes: bool = True


@dataclass(frozen=True, slots=True)
class Served:
    """One address of the house, and how long its certificate is good; None: it could not be read."""

    name: str
    life: Life | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read. None, or an empty place, is what could not be read; what does not apply says so itself."""

    now: datetime
    disks: tuple[Disk, ...] = ()
    write_ms: float | None = None
    jump_s: float | None = None
    apart_s: float | None = None
    certificates: tuple[Served, ...] | None = None
    backup: date | Literal["never"] | None = None
    begun: date | None = None
    is_open: bool = False
    database: Answer = "answers"
    takes_rows: bool = True
    durable: Answer = "answers"
    ember: Answer = "answers"
    keeping: Mapping[str, Keeping] | None = None
    engine: Literal["off", "ready", "slow", "away"] = "off"
    engine_since: datetime | None = None
    full: Mapping[str, int] = field(default_factory=dict)
    own_chat: Literal["off", "heard", "lost"] | None = None
    keys_late: date | Literal["none"] | None = None
    workers: tuple[int, int] | None = None
    broken: date | Literal["whole"] | None = None
    reaches: bool | None = None
    swap: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """How one matter stands: `word` names the sentences that say so, `values` stand in them."""

    matter: Matter
    grade: Grade
    word: str
    values: Values = field(default_factory=dict)


def judge(seen: Seen) -> list[Finding]:
    """Every matter once, the worst first, and else in the order of `MATTERS`."""
    worst: dict[Matter, Finding] = {}
    for found in _all(seen):
        if found.matter not in worst or found.grade > worst[found.matter].grade:
            worst[found.matter] = found
    whole = [worst.get(name, Finding(name, Grade.WELL, "well")) for name in MATTERS]
    return sorted(whole, key=lambda each: -each.grade)


def is_all_well(findings: list[Finding]) -> bool:
    """Whether nothing is to be done. What could not be looked at is not well."""
    return all(each.grade is Grade.WELL for each in findings)


def _all(seen: Seen) -> Iterator[Finding]:
    yield from _stores(seen)
    yield from _keeping(seen)
    yield from _disk(seen)
    yield from _clock(seen)
    yield from _certificates(seen)
    yield from _backup(seen)
    yield from _engine(seen)
    yield from _house(seen)


def _stores(seen: Seen) -> Iterator[Finding]:
    stores: tuple[tuple[Matter, Answer], ...] = (
        ("database", seen.database),
        ("durable", seen.durable),
        ("ember", seen.ember),
    )
    for matter, answer in stores:
        if answer != "answers":
            yield Finding(matter, Grade.BAD if answer == "loading" else Grade.NOW, f"{matter}.{answer}")

    if seen.database == "answers" and not seen.takes_rows:
        yield Finding("database", Grade.NOW, "database.takes_nothing")


def _keeping(seen: Seen) -> Iterator[Finding]:
    if seen.keeping is None:
        yield _unknown("persistence")
        return
    for store, how in seen.keeping.items():
        if how != "right":
            yield Finding("persistence", Grade.BAD if how in ("evicts", "full") else Grade.NOW, f"{store}.{how}")


def _disk(seen: Seen) -> Iterator[Finding]:
    if not seen.disks:
        yield _unknown("disk")
    for disk in seen.disks:
        values: Values = {"place": disk.place, "percent": int(disk.free * 100)}
        if not disk.writes or disk.free < FULL or disk.free_bytes < FULL_BYTES:
            yield Finding("disk", Grade.NOW, "disk_full", values)
        elif disk.free < LESS:
            is_low = disk.free < LOW
            yield Finding("disk", Grade.BAD if is_low else Grade.SOON, "disk_low" if is_low else "disk_less", values)
    if seen.write_ms is None:
        # It was begun and is not over, or the disk refused it: the line about the disk says which.
        yield Finding("writing", Grade.BAD, "write_stuck")
    elif seen.write_ms > SLOW_MS:
        yield Finding("writing", Grade.SOON, "write_slow")


def _clock(seen: Seen) -> Iterator[Finding]:
    if seen.jump_s is not None:
        is_long = abs(seen.jump_s) >= LONG_JUMP_S
        yield Finding("clock", Grade.BAD if is_long else Grade.SOON, "clock_jumped")
    if seen.apart_s is not None and abs(seen.apart_s) >= APART_S:
        is_far = abs(seen.apart_s) >= FAR_APART_S
        yield Finding("clock", Grade.BAD if is_far else Grade.SOON, "clock_apart")


def _certificates(seen: Seen) -> Iterator[Finding]:
    for served in seen.certificates or ():
        if served.life is None:
            yield Finding("certificate", Grade.UNKNOWN, "cert_not_read", {"name": served.name})
            continue
        left = served.life.left(seen.now)
        values: Values = {"name": served.name, "day": served.life.ends.date()}
        if left <= 0 or seen.now < served.life.begins:
            yield Finding("certificate", Grade.NOW, "cert_over", values)
        elif left < LATE:
            yield Finding("certificate", Grade.BAD if left < VERY_LATE else Grade.SOON, "cert_ends", values)


def _backup(seen: Seen) -> Iterator[Finding]:
    if seen.backup is None:
        yield _unknown("backup")
    elif seen.backup == "never":
        is_old = seen.begun is not None and (seen.now.date() - seen.begun).days > BACKUP_VERY_LATE
        yield Finding("backup", Grade.BAD if is_old and seen.is_open else Grade.SOON, "backup_never")
    elif (days := (seen.now.date() - seen.backup).days) > BACKUP_LATE:
        grade = Grade.BAD if days > BACKUP_VERY_LATE else Grade.SOON
        yield Finding("backup", grade, "backup_old", {"day": seen.backup})


def _engine(seen: Seen) -> Iterator[Finding]:
    if seen.engine == "away":
        is_long = seen.engine_since is not None and seen.now - seen.engine_since > AWAY_LONG
        yield Finding("engine", Grade.BAD if is_long else Grade.SOON, "engine_away")
    elif seen.engine == "slow":
        yield Finding("engine", Grade.SOON, "engine_slow")
    most = max(seen.full.values(), default=0)
    if most >= FLOOR:
        yield Finding("pools", Grade.BAD if most >= OFTEN_FULL else Grade.SOON, "pools_full")


def _house(seen: Seen) -> Iterator[Finding]:
    if seen.own_chat is None:
        yield _unknown("own_chat")
    elif seen.own_chat == "lost":
        yield Finding("own_chat", Grade.BAD, "own_chat_lost")
    if seen.keys_late is None:
        yield _unknown("keys")
    elif seen.keys_late != "none":
        yield Finding("keys", Grade.BAD, "keys_late", {"day": seen.keys_late})
    if seen.workers is not None and seen.workers[0] < seen.workers[1]:
        yield Finding("workers", Grade.BAD, "workers_few", {"living": seen.workers[0], "wanted": seen.workers[1]})
    if seen.broken is None:
        yield _unknown("audit")
    elif seen.broken != "whole" and (seen.now.date() - seen.broken).days <= BREAK_SHOWN_DAYS:
        yield Finding("audit", Grade.BAD, "audit_broken", {"day": seen.broken})
    if seen.reaches is None:
        yield _unknown("calls")
    elif not seen.reaches:
        yield Finding("calls", Grade.BAD if seen.is_open else Grade.SOON, "calls_nobody")
    if seen.swap:
        yield Finding("swap", Grade.SOON, "swap_on")


def _unknown(matter: Matter) -> Finding:
    return Finding(matter, Grade.UNKNOWN, "not_known")
