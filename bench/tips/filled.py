"""Fills two databases with the same tips, sealed as the house seals them, without waiting for a commit each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import insert

from portal.ids import random_id
from portal.store.database import Database
from portal.vault.tips import TipKeys
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import FORM
from tips.consents import How
from tips.form import TipForm
from tips.intake import Filing
from tips.store import SealedPart, SealedTip
from tips.tables import tip_keys, tip_parts, tips
from tips.tip import Status

AT_ONCE: Final = 500
# Three years of tips; one in twenty is still open, and those are the newest.
YEARS_DAYS: Final = 3 * 365
OPEN_SHARE: Final = 0.05


async def fill(
    house: TipHouse, databases: Sequence[Database], count: int, told: Callable[[], TipForm] = lambda: FORM
) -> list[bytes]:
    """Put `count` tips into every database, each as `told` says; their ids, the oldest first."""
    ids: list[bytes] = []
    async for some in _sealed(house, count, told):
        for database in databases:
            await _keep(database, some)
        ids += [tip.id for tip, _ in some]
    return ids


async def _sealed(
    house: TipHouse, count: int, told: Callable[[], TipForm]
) -> AsyncIterator[list[tuple[SealedTip, list[SealedPart]]]]:
    # The book is asked for each tip; here it is the same from the first to the last.
    book = await house.services.staff.ledger.current()

    async def current() -> Any:  # Any: stands in the place of a method
        return book

    ledger = house.services.staff.ledger
    as_it_was, ledger.current = ledger.current, current  # type: ignore[method-assign]
    try:
        for first in range(0, count, AT_ONCE):
            yield [await _one(house, number, count, told()) for number in range(first, min(first + AT_ONCE, count))]
    finally:
        ledger.current = as_it_was  # type: ignore[method-assign]


async def _one(house: TipHouse, number: int, count: int, form: TipForm) -> tuple[SealedTip, list[SealedPart]]:
    at = house.clock.now() - timedelta(days=YEARS_DAYS * (count - number) / count)
    keys = TipKeys.new()
    filing = Filing(
        tip=random_id(), words_key=keys.words, names_key=keys.names, code="", wants_number=False, is_urgent=False, at=at
    )
    tip, parts = await house.intake._seal(form, filing, "es", at, How.FORM)
    is_open = number >= count * (1 - OPEN_SHARE)
    return replace(tip, status=_OPEN[number % len(_OPEN)] if is_open else Status.CLOSED), parts


_OPEN: Final = [status for status in Status if status is not Status.CLOSED]


async def _keep(database: Database, some: Sequence[tuple[SealedTip, list[SealedPart]]]) -> None:
    rows = [_row(tip) for tip, _ in some]
    copies = [_copies(tip) for tip, _ in some]
    boxes = [_part(tip, part) for tip, parts in some for part in parts]
    async with database.write() as connection:
        for table, each in ((tips, rows), (tip_keys, copies), (tip_parts, boxes)):
            await connection.execute(insert(table), each)


def _copies(tip: SealedTip) -> dict[str, Any]:
    own = {"words_copy": tip.words_copy, "names_copy": tip.names_copy, "desk_copy": tip.desk_copy}
    return {"tip": tip.id, **own}


def _row(tip: SealedTip) -> dict[str, Any]:
    return {"id": tip.id, "day": tip.day, "status": tip.status.value, "receipt": tip.receipt.value, "card": tip.card}


def _part(tip: SealedTip, part: SealedPart) -> dict[str, Any]:
    told = {"part": part.part, "kind": part.kind, "revision": part.revision, "day": part.day, "box": part.box}
    return {"tip": tip.id, **told}
