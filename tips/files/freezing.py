"""Freezes a file by two people's word, and decides by two people's word what becomes of it; each word is kept."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere
from portal.ids import random_id, to_text
from portal.records.entries import Account
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.vault import tip_files as vault
from portal.vault.marks import mark
from tips.access import Doors, OpenTip
from tips.files import card as cards, holding, store
from tips.files.holding import PURPOSE, judged, marked_values
from tips.files.holds import DECISIONS, FEWEST, Act, Held, Hold, WordsNeeded, after
from tips.files.keys import key_of_copy, key_of_original
from tips.files.store import State, StoredFile
from tips.files.tables import tip_file_holds, tip_file_keys, tip_files
from tips.parts import day_of
from tips.retention import Retention
from tips.work.book import Book

ENTRY: Final = "hold"


@dataclass(frozen=True)
class HeldFile:
    """One file that is held, for the list of all. No `tip`: the file itself is gone, and nobody decided that."""

    file: bytes
    tip: bytes
    day: date | None
    held: Held


class Freezing:
    """The acts of those who may answer tips. A row that this house did not write holds its file all the same."""

    def __init__(self, services: Services, doors: Doors, retention: Retention) -> None:
        self._services = services
        self._doors = doors
        self._retention = retention
        self._book = Book(services, doors)

    async def say(self, signed: Signed, tip_id: bytes, file_id: bytes, act: Act, words: str = "") -> None:
        """One person's word; `words`: to whom a frozen file was reported and under which number, or whose order it is.

        Raises NotThere, SecondPersonNeeded, WordsNeeded, DatabaseAway.
        """
        peppers = await asyncio.to_thread(self._services.staff.folder.peppers)
        async with self._services.database.read() as connection:
            file = await _file(connection, tip_id, file_id)
            was = await self._state(connection, signed, file, peppers.values())
        became, entry = after(was, act, signed.staff_id), b""
        if was is not None and was.hold in (Hold.FROZEN, Hold.FREEING) and act in DECISIONS:
            if was.hold is Hold.FROZEN and act != "free" and len(words) < FEWEST:
                raise WordsNeeded("nothing was written down")
            # First what was said, then what follows: a kill between the two leaves an entry that nothing points at.
            entry = await self._write_down(signed, file_id, act, words, was)
        async with self._services.database.write() as connection:
            file = await _file(connection, tip_id, file_id)
            held = await self._state(connection, signed, file, peppers.values())
            if held != was:
                raise NotThere("somebody else spoke meanwhile")
            became = after(held, act, signed.staff_id, entry)
            await self._keep(connection, signed, file, became, peppers)
            now = self._services.clock.now()
            # That something was taken away stands in the chain before the word that was said then.
            for line in (*((holding.LOST,) if held is not None and held.is_lost else ()), f"file.{act}"):
                await audit.line(connection, at=now, act=line, staff_id=signed.staff_id, subject=file_id)
            await self._tell_the_tip(connection, signed, file, act, words)
        if became is None or not became.stays:
            await self._retention.empty_the_log(tip_file_holds, tip_file_keys)

    async def of_tip(self, connection: AsyncConnection, tip_id: bytes) -> dict[bytes, Held]:
        """Which of a tip's files are held, those too whose row of a freezing was taken away."""
        files = [file.id for file in await store.of_tip(connection, tip_id)]
        if not files:
            return {}
        peppers = await asyncio.to_thread(self._services.staff.folder.peppers)
        rows = await connection.execute(select(tip_file_holds).where(tip_file_holds.c.file.in_(files)))
        found = {row.file: row for row in rows}
        said = await holding.said_to_be_held(connection, files)
        states = {name: judged(found.get(name), said.get(name), peppers.values()) for name in {*found, *said}}
        return {name: held for name, held in states.items() if held is not None}

    async def everything(self) -> list[HeldFile]:
        """Every file that is held, those of erased tips too, and those of which something was taken away."""
        peppers = (await asyncio.to_thread(self._services.staff.folder.peppers)).values()
        async with self._services.database.read() as connection:
            rows = {row.file: row for row in (await connection.execute(select(tip_file_holds))).all()}
            said = await holding.said_to_be_held(connection)
            names = {*rows, *said}
            tips = {
                row.id: row.tip
                for row in await connection.execute(
                    select(tip_files.c.id, tip_files.c.tip).where(tip_files.c.id.in_(names))
                )
            }
        found = []
        for name in names:
            held, row = judged(rows.get(name), said.get(name), peppers), rows.get(name)
            if held is not None:
                day = None if row is None else date.fromisoformat(row.day)
                found.append(HeldFile(name, tips.get(name, b""), day, held))
        return sorted(found, key=lambda one: (one.day or date.min, one.file))

    async def _state(
        self, connection: AsyncConnection, signed: Signed, file: StoredFile, peppers: Collection[bytes]
    ) -> Held | None:
        said = await holding.said_to_be_held(connection, [file.id])
        held = judged(await _row(connection, file.id), said.get(file.id), peppers)
        tip = await self._doors.tip_for_advocate(connection, signed, file.tip)
        if held is None and tip is not None and cards.open_card(tip.words_key, file).is_frozen:
            return replace(holding.as_frozen(None), is_lost=True)
        return held

    async def _write_down(self, signed: Signed, file_id: bytes, act: Act, words: str, was: Held) -> bytes:
        """Among the records, sealed: they outlive the tip."""
        done = ("second",) if was.hold is Hold.FREEING else ()
        account = Account(about=act, outcome=to_text(file_id), words=words, by=signed.alias, done=done, ref=was.entry)
        written = await self._services.entries.write(ENTRY, account, signed.staff_id, row=random_id())
        # What stands in the row names the first word, which says to whom and under which number.
        return was.entry if was.hold is Hold.FREEING and was.entry else written

    async def _keep(
        self,
        connection: AsyncConnection,
        signed: Signed,
        file: StoredFile,
        held: Held | None,
        peppers: Mapping[int, bytes],
    ) -> None:
        today = day_of(self._services.clock.now())
        row, tip = await _row(connection, file.id), await self._doors.tip_for_advocate(connection, signed, file.tip)
        if row is None and tip is None:
            raise NotThere("no such tip")
        key_copy = await self._key_copy(connection, tip, file) if row is None and tip is not None else row.key_copy
        await connection.execute(delete(tip_file_holds).where(tip_file_holds.c.file == file.id))
        if held is None:
            await self._let_go(connection, tip, file, today)
        elif not held.stays:
            await store.erase_for_good(connection, file.id, today)
        else:
            held = replace(held, is_lost=False)
            said = marked_values({"file": file.id, "tip": file.tip, "day": today}, held, key_copy)
            made = mark(peppers[max(peppers)], PURPOSE, *said.values())
            await connection.execute(insert(tip_file_holds).values(**said, mark=made))
            await _note_on_card(connection, tip, file, is_frozen=True)

    async def _let_go(self, connection: AsyncConnection, tip: OpenTip | None, file: StoredFile, today: str) -> None:
        """What its sender erased meanwhile goes now, but for a hold on its tip; of an erased tip the sweep takes it."""
        stay = (await self._retention.holds.read(connection)).stay
        if tip is not None and file.tip not in stay and cards.open_card(tip.words_key, file).is_withdrawn:
            await store.erase_for_good(connection, file.id, today)
        else:
            await _note_on_card(connection, tip, file, is_frozen=False)

    async def _key_copy(self, connection: AsyncConnection, tip: OpenTip, file: StoredFile) -> bytes:
        version, public = (await self._services.staff.ledger.current()).compartment("tips")
        card, salts = cards.open_card(tip.words_key, file), await store.read_salts(connection, file.id)
        return vault.seal_file_keys(
            public,
            version,
            file.tip,
            file.id,
            drawn=key_of_copy(tip.words_key, file.id, salts),
            original=key_of_original(tip.words_key, file.id, card, salts) if card.keeps_original else b"",
        )

    async def _tell_the_tip(
        self, connection: AsyncConnection, signed: Signed, file: StoredFile, act: Act, words: str
    ) -> None:
        """An entry of the desk, where the tip still stands: a third place that would have to be changed."""
        tip = await self._doors.tip_for_advocate(connection, signed, file.tip)
        if tip is not None:
            said = {"file": to_text(file.id), "what": act}
            await self._book.write(
                connection, signed, tip, "file_hold", part=random_id(), said=said, text=words, line="tip.file_hold"
            )


async def _file(connection: AsyncConnection, tip_id: bytes, file_id: bytes) -> StoredFile:
    file = await store.read_file(connection, file_id)
    if file is None or file.tip != tip_id or file.state is not State.READY:
        raise NotThere("no such file")
    return file


async def _row(connection: AsyncConnection, file_id: bytes) -> Any:  # Any: a row of the database
    return (await connection.execute(select(tip_file_holds).where(tip_file_holds.c.file == file_id))).one_or_none()


async def _note_on_card(connection: AsyncConnection, tip: OpenTip | None, file: StoredFile, *, is_frozen: bool) -> None:
    """Say so on the sealed card as well: whoever takes the row away cannot write that."""
    card = None if tip is None else cards.open_card(tip.words_key, file)
    if tip is None or card is None or card.is_frozen is is_frozen:
        return
    fresh = msgspec.structs.replace(card, is_frozen=is_frozen)
    sealed = cards.seal_card(tip.words_key, file.tip, file.id, file.revision + 1, fresh)
    await store.settle(connection, file.settled(sealed))
