"""Keeps what the staff wrote: versions that never change, and which of them is shown; by whom and on which day."""

from __future__ import annotations

import contextlib
import logging
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import and_, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from i18n.languages import LANGUAGES
from portal.clock import Clock
from portal.errors import PorchlightError
from portal.library import shipped
from portal.library.stock import AWAY, SHIPPED, Shown, Stock
from portal.library.tables import shown, versions
from portal.library.text import Text
from portal.staff.desk import StaffRoom
from portal.staff.keys.keys_folder import KeysFolderWrong
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.database import Database
from portal.vault.marks import is_marked, mark

KEPT_SECONDS: Final = 3.0
"""How old what a public page shows may be: so long after a change another process still shows the words before."""

MOST_PIECES: Final = 200
MOST_VERSIONS: Final = 500
_VERSION: Final = "library version"
_SHOWN: Final = "library shown"

_log = logging.getLogger("porchlight.library")


class LibraryFull(PorchlightError):
    """There are as many pieces, or versions of one, as a house keeps."""

    phrase = "libdesk.wrong.full"
    status = 409


@dataclass(frozen=True, slots=True)
class Version:
    """One version as the desk lists it; `by` is the id of whoever wrote it."""

    number: int
    text: Text
    day: str = ""
    by: bytes = b""


class Library:
    """The pieces. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, database: Database, staff: StaffRoom, clock: Clock) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock
        self._known = Stock()
        self._read_at: float | None = None

    async def known(self) -> Stock:
        """What everybody reads, seconds old; what was known before while the database is away, and first what ships."""
        now = time.monotonic()
        if self._read_at is None or now - self._read_at > KEPT_SECONDS:
            self._read_at = now
            with contextlib.suppress(PorchlightError):
                self._known = await self.now()
        return self._known

    async def now(self) -> Stock:
        """The same as the database holds it at this moment. A row that is none of ours is left out, loudly."""
        await self._staff.accounts.ready()
        pair = and_(versions.c.name == shown.c.name, versions.c.language == shown.c.language)
        async with self._database.read() as connection:
            chosen = (await connection.execute(select(shown).order_by(shown.c.day, shown.c.name))).all()
            wanted = select(versions).join(shown, and_(pair, versions.c.number == shown.c.number))
            written = {(row.name, row.language): row for row in (await connection.execute(wanted)).all()}
        found: dict[str, dict[str, Shown]] = defaultdict(dict)
        for row in chosen:
            if not self._is_ours(row, *said_of_shown(row)):
                continue
            text = self._text(row.name, row.language, row.number, written.get((row.name, row.language)))
            if text is not None or row.number == AWAY:
                found[row.name][row.language] = Shown(row.number, text, row.reader, row.read_on)
        return Stock(found)

    async def history(self, name: str, tag: str) -> tuple[Version, ...]:
        """Every version of a piece in a language, the newest first; at the end what ships."""
        await self._staff.accounts.ready()
        here = select(versions).where(versions.c.name == name, versions.c.language == tag)
        async with self._database.read() as connection:
            rows = (await connection.execute(here.order_by(versions.c.number.desc()))).all()
        found = [Version(row.number, _read(row), row.day, row.by) for row in rows if self._is_version(row)]
        original = shipped.texts().get(name, {}).get(tag)
        return (*found, *([Version(SHIPPED, original)] if original is not None else []))

    async def drafted(self) -> dict[tuple[str, str], int]:
        """The newest version of each piece and language: what may be shown, and perhaps is not yet."""
        newest = select(versions.c.name, versions.c.language, func.max(versions.c.number))
        async with self._database.read() as connection:
            rows = (await connection.execute(newest.group_by(versions.c.name, versions.c.language))).all()
        return {(name, tag): number for name, tag, number in rows}

    async def begin(self, signed: Signed, tag: str, text: Text) -> str:
        """A new piece with its first version; answers its name, which says nothing. Raises LibraryFull."""
        await self._staff.accounts.ready()
        async with self._database.write() as connection:
            names = set((await connection.execute(select(versions.c.name).distinct())).scalars())
            if len(names) >= MOST_PIECES:
                raise LibraryFull
            name = next(f"p{n}" for n in range(1, MOST_PIECES + 2) if f"p{n}" not in names)
            await self._write(connection, signed, name, tag, 1, text)
        return name

    async def write(self, signed: Signed, name: str, tag: str, text: Text) -> int:
        """Another version of a piece in a language; answers its number. Nothing is shown by it. Raises LibraryFull."""
        await self._staff.accounts.ready()
        here = (versions.c.name == name, versions.c.language == tag)
        async with self._database.write() as connection:
            last = (await connection.execute(select(func.max(versions.c.number)).where(*here))).scalar() or 0
            if last >= MOST_VERSIONS:
                raise LibraryFull
            await self._write(connection, signed, name, tag, last + 1, text)
        return last + 1

    async def show(self, signed: Signed, name: str, tag: str, number: int, reader: str = "") -> bool:
        """Show this version to everybody; `reader` has read it through in this language. False where there is none."""
        await self._staff.accounts.ready()
        async with self._database.write() as connection:
            if number != AWAY and not await self._is_there(connection, name, tag, number):
                return False
            await self._choose(connection, signed, name, tag, number, reader)
            at, by = self._clock.now(), signed.staff_id
            if number == AWAY:
                await audit.line(connection, at=at, act=f"library.away.{name}-{tag}", staff_id=by)
            else:
                await audit.line(connection, at=at, act=f"library.shown.{name}-{tag}", staff_id=by)
        self._read_at = None
        return True

    async def _write(
        self, connection: AsyncConnection, signed: Signed, name: str, tag: str, number: int, text: Text
    ) -> None:
        words, day = msgspec.json.encode(text).decode(), self._clock.now().date().isoformat()
        parts = name, tag, str(number), words, day, signed.staff_id
        columns = {"name": name, "language": tag, "number": number, "words": words, "day": day, "by": signed.staff_id}
        await connection.execute(insert(versions).values(**columns, **self._marked(_VERSION, *parts)))
        at, by = self._clock.now(), signed.staff_id
        await audit.line(connection, at=at, act=f"library.written.{name}-{tag}", staff_id=by)

    async def _choose(
        self, connection: AsyncConnection, signed: Signed, name: str, tag: str, number: int, reader: str
    ) -> None:
        day = self._clock.now().date().isoformat()
        read_on = day if reader else ""
        parts = name, tag, str(number), reader, read_on, day, signed.staff_id
        keys = ("name", "language", "number", "reader", "read_on", "day", "by")
        columns = {**dict(zip(keys, parts, strict=True)), "number": number}
        await connection.execute(delete(shown).where(shown.c.name == name, shown.c.language == tag))
        await connection.execute(insert(shown).values(**columns, **self._marked(_SHOWN, *parts)))

    async def _is_there(self, connection: AsyncConnection, name: str, tag: str, number: int) -> bool:
        if number == SHIPPED:
            return tag in shipped.texts().get(name, {})
        here = (versions.c.name == name, versions.c.language == tag, versions.c.number == number)
        row = (await connection.execute(select(versions).where(*here))).one_or_none()
        return row is not None and self._is_version(row)

    def _text(self, name: str, tag: str, number: int, row: Any) -> Text | None:  # Any: a row of the database
        if tag not in LANGUAGES or number == AWAY:
            return None
        if number == SHIPPED:
            return shipped.texts().get(name, {}).get(tag)
        return _read(row) if row is not None and self._is_version(row) else None

    def _marked(self, purpose: str, *parts: str | bytes) -> dict[str, object]:
        number = self._staff.accounts.newest_pepper()
        return {"pepper": number, "mark": mark(self._staff.accounts.pepper(number), purpose, *parts)}

    def _is_version(self, row: Any) -> bool:  # Any: as above
        return self._is_ours(row, *said_of_version(row))

    def _is_ours(self, row: Any, purpose: str, *parts: str | bytes) -> bool:  # Any: as above
        # A row that names a pepper nobody has is not ours either; it must not keep the others from being read.
        with contextlib.suppress(KeysFolderWrong):
            if is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, purpose, *parts):
                return True
        _log.error("library_row_refused")
        return False


def _read(row: Any) -> Text:  # Any: as above
    return msgspec.json.decode(row.words, type=Text)


def said_of_shown(row: Any) -> tuple[str, *tuple[str | bytes, ...]]:  # Any: as above
    """What the mark of a row is made of: its purpose, then its parts."""
    return _SHOWN, row.name, row.language, str(row.number), row.reader, row.read_on, row.day, row.by


def said_of_version(row: Any) -> tuple[str, *tuple[str | bytes, ...]]:  # Any: as above
    """The same of a version."""
    return _VERSION, row.name, row.language, str(row.number), row.words, row.day, row.by
