"""Ties a talk to the note it began from: for staff by the note's name, for her page by a token only that page opens."""

from contextlib import suppress
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from chat.card import Answers, write_answers
from portal.errors import PorchlightError
from portal.handover import NoteName
from portal.ids import ID_SIZE, from_text, to_text
from portal.services import Services
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.vault.conversations import ConversationKeys, seal_card
from portal.vault.errors import SealBroken
from portal.vault.note_names import (
    NAME_BOX_BYTES,
    find_note,
    open_note_name,
    open_note_token,
    seal_note_name,
    seal_note_token,
)

LASTS: Final = timedelta(hours=12)


class Behind:
    """What a talk knows of the note behind it. Every method but `left` raises `ValkeyAway` when no store answers."""

    def __init__(self, services: Services) -> None:
        self._embers = services.embers
        self._between = services.between

    async def name(self, note: str) -> NoteName | None:
        """The note this token of a page leads to; None where it leads to none any more, or there never was one."""
        return await self._between.name_of(note) if note else None

    async def keep(self, token: bytes, note: str) -> None:
        """Remember the note's token for whoever holds this tab token; the store's memory alone opens neither."""
        await self._embers.put(_place(token), seal_note_token(token, note.encode()), LASTS)

    async def of(self, token: bytes) -> str:
        """The note's token; empty for a talk that began from no note, or came back by a number on another page."""
        box = await self._embers.get(_place(token))
        if box is None:
            return ""
        try:
            return open_note_token(token, box).decode()
        except SealBroken:
            return ""

    async def left(self, token: bytes) -> None:
        """Her page goes: with it what could still open the note. What fails here dies by its own time."""
        with suppress(PorchlightError):
            note = await self.of(token)
            if note:
                await self._embers.delete(_place(token))
                await self._between.forget(note)

    async def talked(self, signed: Signed, name: NoteName, conversation: bytes) -> None:
        """Write down at the note that this person talked with her; said again it stands once."""
        await self._between.talked(signed, name, conversation)


def may_open_notes(signed: Signed) -> bool:
    """Whether this person may open the notes people send; who may not is told that there is one, and no more."""
    return signed.may(Right.READ_TIPS) and bool(signed.compartment_keys("tips"))


def first_card(both: ConversationKeys, conversation: bytes, language: str, name: NoteName | None) -> bytes:
    """The sealed card of a talk that begins, with the name of the note it comes from, if it comes from one."""
    answers = Answers(language=language, note=seal_name(both.staff, conversation, name))
    return seal_card(both.talk, conversation, write_answers(answers))


def seal_name(staff_key: bytes, conversation: bytes, name: NoteName | None) -> str:
    """The note's name as it stands on the sealed card: under the staff key besides, which her token never opens."""
    if name is None:
        return ""
    return to_text(seal_note_name(staff_key, conversation, name.id + name.day.isoformat().encode()))


def open_name(staff_key: bytes, conversation: bytes, sealed: str) -> NoteName | None:
    """The note's name; None where there is none, and where the staff key went in a power cut."""
    if not sealed:
        return None
    try:
        body = open_note_name(staff_key, conversation, from_text(sealed, NAME_BOX_BYTES))
        return NoteName(body[:ID_SIZE], date.fromisoformat(body[ID_SIZE:].decode()))
    except (SealBroken, ValueError):
        return None


def _place(token: bytes) -> bytes:
    return b"nb:" + sha256(find_note(token)).digest()
