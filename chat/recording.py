"""Writes the short record of a conversation with the one who held it: what fills itself, what she chose, one line."""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from chat.cards import CARDS
from chat.conversation import DeskTalk
from chat.desk_card import DeskCard
from chat.message import Message
from chat.refusals import NotThisDesk
from chat.relay import Relay
from chat.unrecorded import Unrecorded
from portal.records.contact import ContactRecord, filled
from portal.records.verbatim import is_verbatim
from portal.vault.sealing import sub

_AGES: Final = ("under16", "under18", "adult")


class HerOwnWords(ValueError):
    """The line repeats what the visitor said, word for word."""


class Recording:
    """The acts on the record of one conversation, for whoever held it to its end. Every act raises `ValkeyAway`."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._unrecorded: Unrecorded = relay.ending.unrecorded

    async def begin(self, talk: DeskTalk) -> None:
        """Seal what is known by now, once: it goes into the book if nobody finishes it. Raises PorchlightError."""
        if talk.role == "owner" and await self._unrecorded.store.read(talk.id) is None:
            await self._keep(talk, await self._filled(talk, await self._messages(talk)))

    async def offered(self, talk: DeskTalk, place: Callable[[str], str]) -> ContactRecord:
        """The record as the form shows it first: with what her card and taps say already. Raises NotThisDesk.

        `place`: the region that what she typed names, or an empty text.
        """
        messages = await self._messages(talk)
        record = await self._filled(talk, messages)
        answers, ours = await self._relay.answers(talk), await self._relay.marking.card(talk)
        said: dict[str, tuple[str, ...]] = {}
        for name, code in (
            ("who", {"self": "self", "other": "known"}.get(answers.get("about"), "")),
            ("region", place(answers.get("region"))),
            ("age", _age(messages, ours)),
            ("type", "crisis" if ours.danger and ours.outcome != "mistake" else ""),
            ("supervisor", "now" if ours.is_in_danger else ""),
            ("report", _reported(record)),
        ):
            if code:
                said[name] = (code,)
        return replace(record, said=said)

    async def draft(self, talk: DeskTalk, said: Mapping[str, tuple[str, ...]], line: str) -> None:
        """What she has chosen so far. Nothing of it is lost with her page. Raises PorchlightError."""
        messages = await self._messages(talk)
        if is_verbatim(line, _hers(messages)):
            line = ""
        await self._keep(talk, filled(await self._filled(talk, messages), said, line, is_whole=False))

    async def save(self, talk: DeskTalk, said: Mapping[str, tuple[str, ...]], line: str) -> bytes:
        """Put it into the book; said again it is written over, until a supervisor has read it. Answers its name there.

        Raises HerOwnWords, AnsweredAlready, and PorchlightError.
        """
        messages = await self._messages(talk)
        if is_verbatim(line, _hers(messages)):
            raise HerOwnWords
        record = filled(await self._filled(talk, messages), said, line, is_whole=True)
        contacts = self._unrecorded.contacts
        row = record_name(talk)
        await contacts.put(await contacts.seal(record, row=row), anew=True)
        await self._unrecorded.store.written(talk.id)
        await self._relay.marking.change(talk, lambda card: replace(card, recorded=True))
        return row

    async def _keep(self, talk: DeskTalk, record: ContactRecord) -> None:
        await self._unrecorded.keep(talk.id, record, row=record_name(talk))

    async def _filled(self, talk: DeskTalk, messages: list[Message]) -> ContactRecord:
        facts = await self._relay.talks.facts(talk.id)
        if facts is None or not facts.is_over:
            raise NotThisDesk
        sent = [each.text for each in messages if each.kind == "card" and each.text in CARDS]
        return replace(
            await self._unrecorded.counted(facts),
            language=(await self._relay.answers(talk)).language,
            cards=tuple(dict.fromkeys(sent)),
            reports=await self._reports(talk),
            by=talk.alias,
        )

    async def _reports(self, talk: DeskTalk) -> tuple[str, ...]:
        """What became of each danger, as the notes of the talk have it."""
        notes = (await self._relay.notes_since(talk, 0)).messages
        return tuple(dict.fromkeys(f"{note.about}.{note.outcome}" for note in notes if note.about and note.outcome))

    async def _messages(self, talk: DeskTalk) -> list[Message]:
        messages: list[Message] = []
        last = 0
        while True:
            words = await self._relay.since(talk, last)
            messages += words.messages
            if words.last == last:
                return messages
            last = words.last


def record_name(talk: DeskTalk) -> bytes:
    """The name its record has in the book.

    Named under the staff key: from the row nobody finds the conversation, while there still is one.
    """
    return sub(talk.keys.staff, "contact")[:16]


def _hers(messages: list[Message]) -> list[str]:
    return [each.text for each in messages if each.author == "visitor" and each.kind == "words"]


def _age(messages: list[Message], ours: DeskCard) -> str:
    """Her own tap, the last one; else what staff marked."""
    asked = {each.seq for each in messages if each.kind == "card" and each.text == "age"}
    taps = [each.text for each in messages if each.kind == "tap" and each.of in asked and each.text in _AGES]
    is_marked = ours.child or (ours.danger == "child" and ours.outcome != "mistake")
    return taps[-1] if taps else "under18" if is_marked else ""


def _reported(record: ContactRecord) -> str:
    became = [each.partition(".")[2] for each in record.reports]
    return "yes" if "reported" in became else "impossible" if "impossible" in became else ""
