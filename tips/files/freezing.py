"""Freezes a picture by two people's word, and lets it go by two people's word; each word stands in the audit chain."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere
from portal.services import Services
from portal.staff import audit
from portal.staff.session import Signed
from portal.vault import tip_files as vault
from portal.vault.marks import is_marked, mark
from tips.access import Doors
from tips.files import card as cards, store
from tips.files.holds import Act, Held, Hold, after
from tips.files.keys import key_of_copy, key_of_original
from tips.files.store import Salts, State, StoredFile
from tips.files.tables import tip_file_holds
from tips.parts import day_of

_PURPOSE: Final = "tip file hold"
_log = logging.getLogger("porchlight.tips")


@dataclass(frozen=True)
class HeldFile:
    """One picture that is held, for the list of all."""

    file: bytes
    tip: bytes
    day: date
    held: Held


class Freezing:
    """The acts of those who may answer tips. A row that this house did not write holds its picture all the same."""

    def __init__(self, services: Services, doors: Doors) -> None:
        self._services = services
        self._doors = doors

    async def say(self, signed: Signed, tip_id: bytes, file_id: bytes, act: Act) -> None:
        """One person's word. Raises NotThere, SecondPersonNeeded, DatabaseAway."""
        version, public = (await self._services.staff.ledger.current()).compartment("tips")
        now = self._services.clock.now()
        peppers = await asyncio.to_thread(self._services.staff.folder.peppers)
        async with self._services.database.write() as connection:
            file = await store.read_file(connection, file_id)
            if file is None or file.tip != tip_id or file.state is not State.READY:
                raise NotThere("no such picture")
            row = await _row(connection, file_id)
            held = after(None if row is None else _believed(row, peppers.values()), act, signed.staff_id)
            if row is not None:
                key_copy = row.key_copy
            else:
                tip = await self._doors.tip_for_advocate(connection, signed, tip_id)
                if tip is None:
                    raise NotThere("no such tip")
                salts = await store.read_salts(connection, file_id)
                key_copy = _key_copy(public, version, tip.words_key, file, salts)
            await connection.execute(delete(tip_file_holds).where(tip_file_holds.c.file == file_id))
            if held is None and row is not None:
                await self._let_go(connection, signed, file, day_of(now))
            if held is not None:
                said = {"file": file_id, "tip": tip_id, "day": day_of(now), **_said(held), "key_copy": key_copy}
                made = mark(peppers[max(peppers)], _PURPOSE, *said.values())
                await connection.execute(insert(tip_file_holds).values(**said, mark=made))
            await audit.line(connection, at=now, act=f"file.{act}", staff_id=signed.staff_id, subject=file_id)

    async def _let_go(self, connection: AsyncConnection, signed: Signed, file: StoredFile, today: str) -> None:
        """What its sender erased while it was frozen goes now; where she erased the tip, the sweep takes it."""
        tip = await self._doors.tip_for_advocate(connection, signed, file.tip)
        if tip is not None and cards.open_card(tip.words_key, file).is_withdrawn:
            await store.erase_for_good(connection, file.id, today)

    async def of_tip(self, connection: AsyncConnection, tip_id: bytes) -> dict[bytes, Held]:
        """Which of a tip's pictures are held."""
        rows = await connection.execute(select(tip_file_holds).where(tip_file_holds.c.tip == tip_id))
        return {row.file: _held(row) for row in rows}

    async def everything(self) -> list[HeldFile]:
        """Every picture that is held, those of erased tips too."""
        peppers = (await asyncio.to_thread(self._services.staff.folder.peppers)).values()
        async with self._services.database.read() as connection:
            rows = (await connection.execute(select(tip_file_holds).order_by(tip_file_holds.c.day))).all()
        return [HeldFile(row.file, row.tip, date.fromisoformat(row.day), _believed(row, peppers)) for row in rows]


def _key_copy(public: bytes, version: int, words_key: bytes, file: StoredFile, salts: Salts | None) -> bytes:
    card = cards.open_card(words_key, file)
    return vault.seal_file_keys(
        public,
        version,
        file.tip,
        file.id,
        drawn=key_of_copy(words_key, file.id, salts),
        original=key_of_original(words_key, file.id, card, salts) if card.keeps_original else b"",
    )


async def _row(connection: AsyncConnection, file_id: bytes) -> Any:  # Any: a row of the database
    return (await connection.execute(select(tip_file_holds).where(tip_file_holds.c.file == file_id))).one_or_none()


def _believed(row: Any, peppers: Iterable[bytes]) -> Held:  # Any: as above
    """What the row says, if this house wrote it. If not, somebody wants it let go: then it takes two people again."""
    said = [value for name, value in row._mapping.items() if name != "mark"]
    if is_marked(peppers, row.mark, _PURPOSE, *said):
        return _held(row)
    _log.error("file_hold_refused")
    return Held(Hold.FROZEN, b"", b"")


def _held(row: Any) -> Held:  # Any: as above
    return Held(Hold(row.hold), row.first, row.second, row.third)


def _said(held: Held) -> dict[str, Any]:
    return {"hold": held.hold.value, "first": held.first, "second": held.second, "third": held.third}
