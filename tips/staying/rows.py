"""Reads and writes when tips are looked at, always inside the caller's transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tips import store
from tips.staying.clock import GOES, Look, Step
from tips.staying.tables import tip_rounds
from tips.tables import tip_keys, tip_parts, tip_tombstones, tips
from tips.tip import Status

_ROUND: Final = 1
_GOES: Final = sorted(status.value for status in GOES)

# Whose reporter let it go already stands for the desk alone, under a hold: no clock is its own.
_ERASED: Final = tips.c.id.in_(select(tip_tombstones.c.tip))

# Whatever is no note of the desk: what she told, what was answered.
_HERS: Final = tip_parts.c.kind != store.DESK


@dataclass(frozen=True)
class Standing:
    """What stands in clear of how long a tip stays. `is_left`: its reporter erased it and a hold keeps it."""

    tip: bytes
    status: Status
    step: Step
    look: str
    is_left: bool


async def last_round(connection: AsyncConnection) -> str:
    """The Monday of the last week that was looked through; empty before the first."""
    return await connection.scalar(select(tip_rounds.c.week).where(tip_rounds.c.id == _ROUND)) or ""


async def round_done(connection: AsyncConnection, week: date) -> None:
    """This week was looked through."""
    await connection.execute(delete(tip_rounds))
    await connection.execute(insert(tip_rounds).values(id=_ROUND, week=week.isoformat()))


async def fresh(connection: AsyncConnection, limit: int) -> dict[bytes, bool]:
    """Tips of which something was done since the last round, and whether each is empty: the number opens no words."""
    has_words = exists(select(tip_parts.c.tip).where(tip_parts.c.tip == tips.c.id, _HERS))
    rows = await connection.execute(select(tips.c.id, ~has_words).where(tips.c.look == "", ~_ERASED).limit(limit))
    return {tip: bool(is_empty) for tip, is_empty in rows}


async def to_warn(connection: AsyncConnection, week: date, limit: int) -> list[bytes]:
    """Tips of which it is now to be said that they would go."""
    return list(await connection.scalars(select(tips.c.id).where(*_due(week, Step.WARN)).limit(limit)))


async def to_go(connection: AsyncConnection, week: date, limit: int) -> list[bytes]:
    """Tips whose day has come, and that was said."""
    return list(await connection.scalars(select(tips.c.id).where(*_due(week, Step.GO)).limit(limit)))


async def half_gone(connection: AsyncConnection, stay: Collection[bytes], limit: int) -> list[bytes]:
    """Tips that were erased and are there still, though nothing holds them any more."""
    wanted = select(tips.c.id).where(_ERASED, tips.c.id.not_in(stay))
    return list(await connection.scalars(wanted.limit(limit)))


async def set_look(connection: AsyncConnection, tip_ids: Sequence[bytes], look: Look) -> None:
    """Say when these are looked at next, and what for."""
    changed = {"look": look.week.isoformat(), "step": look.step.value}
    await connection.execute(update(tips).where(tips.c.id.in_(tip_ids)).values(changed))


async def begins_anew(connection: AsyncConnection, tip_id: bytes) -> bool:
    """Somebody wants it kept: the clock begins anew. False where it is not there, or its reporter has erased it."""
    kept = await connection.execute(
        update(tips).where(tips.c.id == tip_id, ~_ERASED).values(look="", step=Step.FRESH.value)
    )
    return bool(kept.rowcount)


async def standing(connection: AsyncConnection, tip_id: bytes) -> Standing | None:
    """How long one tip stays, as far as it stands in clear; None where it is not there."""
    row = (await connection.execute(_standing().where(tips.c.id == tip_id))).one_or_none()
    return None if row is None else _read(row)


async def soon(connection: AsyncConnection, week: date, limit: int) -> list[Standing]:
    """Tips that were warned of, those that go first in front; and those that only stand because nobody answered."""
    unanswered = (tips.c.status.not_in(_GOES), tips.c.look != "", tips.c.look <= week.isoformat())
    found: list[Standing] = []
    for wanted in ((tips.c.step == Step.GO.value, tips.c.status.in_(_GOES)), unanswered):
        asked = _standing().where(*wanted, ~_ERASED).order_by(tips.c.look, tips.c.id)
        found += [_read(row) for row in await connection.execute(asked.limit(limit))]
    return found


async def going(connection: AsyncConnection, tip_ids: Collection[bytes]) -> dict[bytes, str]:
    """Which of these were warned of, and the day from which each would go."""
    # By their names alone: an index of the status would lead SQLite through every tip that is closed.
    goes = func.coalesce(tips.c.status, "").in_(_GOES)
    warned = (tips.c.step == Step.GO.value, goes, ~_ERASED)
    rows = await connection.execute(select(tips.c.id, tips.c.look).where(tips.c.id.in_(tip_ids), *warned))
    return {row.id: row.look for row in rows}


async def count_soon(connection: AsyncConnection) -> int:
    """How many were warned of."""
    warned = (tips.c.step == Step.GO.value, tips.c.look != "", tips.c.status.in_(_GOES))
    return await connection.scalar(select(func.count()).select_from(tips).where(*warned)) or 0


@dataclass(frozen=True)
class Number:
    """The way back of a tip: what is needed to let it open an empty thread."""

    find: bytes
    pepper: int
    channel: bytes


async def number_of(connection: AsyncConnection, tip_id: bytes) -> Number | None:
    """The number of a tip, if it can open an empty thread: it leaves a key, and there are words to be emptied."""
    has_words = exists(select(tip_parts.c.tip).where(tip_parts.c.tip == tip_id, _HERS))
    asked = select(tip_keys.c.find, tip_keys.c.pepper, tip_keys.c.channel).where(tip_keys.c.tip == tip_id, has_words)
    row = (await connection.execute(asked)).one_or_none()
    return None if row is None or row.find is None or row.channel is None else Number(*row)


def _due(week: date, step: Step) -> tuple[ColumnElement[bool], ...]:
    return (
        tips.c.look != "",
        tips.c.look <= week.isoformat(),
        tips.c.step == step.value,
        tips.c.status.in_(_GOES),
        ~_ERASED,
    )


def _standing() -> Any:  # Any: SQLAlchemy's Select is generic in its columns, which says nothing to a reader
    return select(tips.c.id, tips.c.status, tips.c.step, tips.c.look, _ERASED)


def _read(row: Any) -> Standing:  # Any: a row of the database, typed nowhere before this line
    return Standing(row[0], Status(row[1]), Step(row[2]), row[3], bool(row[4]))
