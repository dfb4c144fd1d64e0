"""The acts of handing a shift over: leave a note for the next one, read what was left, say that it was read."""

import logging
from dataclasses import dataclass, field
from typing import Final

import msgspec

from chat.message import read_text
from chat.store.shift_notes import (
    AFTER as AFTER,
    UNREAD as UNREAD,
    KeptNote,
    ShiftNoteStore,
    TooManyNotes as TooManyNotes,
)
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.rewraps import Turn
from portal.vault.sealing import seal_version
from portal.vault.shift_notes import open_shift_note, seal_shift_note

_log = logging.getLogger("porchlight.chat")
LONGEST: Final = 2_000  # letters: a handover is points, not an account


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed."""

    text: str
    by: str  # the alias of whoever left it
    at_ms: int

    def __repr__(self) -> str:
        return "Body(...)"


@dataclass(frozen=True, slots=True)
class Left:
    """One note as it is read; no `body` for whoever's keys do not open it any more."""

    id: bytes
    is_read: bool  # by this person, or written by her
    is_seen: bool  # by anybody but its writer: then it goes within a day
    until_ms: int
    body: Body | None = field(repr=False)


class ShiftNotes:
    """Every act raises `ValkeyAway` when the store does not answer."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.store = ShiftNoteStore(services.durable)

    async def leave(self, signed: Signed, text: str, note: bytes) -> None:
        """Leave a note. Raises NothingSaid, TextTooLong (of `read_text`), TooManyNotes."""
        version, public = (await self._services.staff.ledger.current()).compartment("chat")
        now_ms = self._now_ms()
        body = Body(text=read_text(text), by=signed.alias, at_ms=now_ms)
        sealed = seal_shift_note(public, version, note, msgspec.json.encode(body))
        await self.store.write(note, sealed, signed.staff_id, now_ms)

    async def left(self, signed: Signed) -> list[Left]:
        """What was left, the newest first; opened with her keys."""
        notes = [self._open(signed, kept) for kept in await self.store.all(self._now_ms())]
        return sorted(notes, key=lambda note: note.body.at_ms if note.body else 0, reverse=True)

    async def read(self, signed: Signed, note: bytes) -> None:
        """She has read it: a day later it is gone."""
        await self.store.read(note, signed.staff_id, self._now_ms())

    async def unread(self, signed: Signed) -> int:
        """How many of them she has not read."""
        return await self.store.unread(signed.staff_id, self._now_ms())

    async def seal_again(self, turn: Turn) -> int:
        """Seal what was left to the newest key of the chats; how many notes stay as they are, for they do not open."""
        stay = 0
        for kept in await self.store.all(self._now_ms()):
            if seal_version(kept.sealed) >= turn.version:
                continue
            try:
                body = open_shift_note(turn.privates, kept.id, kept.sealed)
            except (SealBroken, KeyMissing) as error:
                _log.error("not_sealed_again source=shift_notes error=%s", type(error).__name__)
                stay += 1
                continue
            again = seal_shift_note(turn.public, turn.version, kept.id, body)
            await self.store.seal_again(kept.id, kept.sealed, again)
        return stay

    def _open(self, signed: Signed, kept: KeptNote) -> Left:
        try:
            opened = open_shift_note(signed.compartment_keys("chat"), kept.id, kept.sealed)
            body = msgspec.json.decode(opened, type=Body)
        except (SealBroken, KeyMissing):
            body = None
        return Left(kept.id, signed.staff_id in kept.readers, len(kept.readers) > 1, kept.until_ms, body)

    def _now_ms(self) -> int:
        return int(self._services.clock.now().timestamp() * 1000)
