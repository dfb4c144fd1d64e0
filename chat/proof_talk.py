"""Says known words in a talk of the house with itself, and knows everything of it that must be gone afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from chat.comeback import Comebacks
from chat.practice import Both, Practice
from chat.relay import Relay
from chat.store import keys
from portal.ids import to_text
from portal.proof.needles import Needle, name, sealed, words
from portal.proof.own_line import LineSilent, OwnLine
from portal.services import Services
from portal.vault.conversations import find_visitor
from portal.vault.sealing import sub

# Whatever becomes of the one who asks for the proof, the house erases it then.
LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Seed:
    """What one proof's names and words are made of. Random, of no worth to anybody, and known again after a kill."""

    raw: bytes
    began: float  # seconds since 1970

    def part(self, label: str, size: int = 32) -> bytes:
        """One name or key."""
        return sub(self.raw, "proof", label)[:size]

    def text(self, label: str) -> str:
        """Words that stand nowhere else in the world."""
        return f"proof-{to_text(self.part(label)[:24])}"

    @property
    def conversation(self) -> bytes:
        """The conversation's id."""
        return self.part("conversation", 16)

    @property
    def token(self) -> bytes:
        """The tab token of its page."""
        return self.part("token")

    def needles(self, of: str = "") -> list[Needle]:
        """What can be looked for without having seen the talk. `of`: whose it was, for a person to read."""
        found = [words(f"{of}{label}", self.text(label)) for label in TEXTS]
        found += [name(f"{of}the key of {label}", self.part(f"key {label}", 16)) for label in TEXTS[:3]]
        return [
            *found,
            name(f"{of}the conversation's name", self.conversation),
            name(f"{of}the visitor's token", self.token),
            name(f"{of}where the visitor's key lay", find_visitor(self.token)),
        ]


TEXTS: Final = ("the visitor's words", "the advocate's words", "the note between staff", "the answer while waiting")
LONG: Final = 64  # an entry that is shorter carries no seal


class ProofTalk:
    """One proof's talk. Every method raises `ValkeyAway` when a store does not answer."""

    def __init__(self, services: Services, relay: Relay, line: OwnLine | None) -> None:
        self._relay = relay
        self._practice = Practice(relay, services)
        self._comebacks = Comebacks(relay)
        self._passes = services.passes
        self._embers = services.embers
        self._line = line

    async def hold(self, seed: Seed) -> list[Needle]:
        """Begin it and say everything once, both ways; what must be gone afterwards, keys and seals included."""
        both = await self._practice.begin(seed.conversation, seed.token, LASTS)
        ours, theirs, note, answer = TEXTS
        await self._visitor(both, seed, ours, answer)
        await self._relay.advocate_says(both.desk, seed.text(theirs), seed.part(f"key {theirs}", 16), 2)
        await self._relay.note(both.desk, seed.text(note), seed.part(f"key {note}", 16), 3)
        number = await self._comebacks.make(both.visitor)
        await self._passes.issue("talk", seed.token, group=seed.conversation)
        return [
            words("the come-back number", number.code),
            name("the key of the words", both.desk.keys.talk),
            name("the key of the notes", both.desk.keys.staff),
            name("the ember", both.desk.ember),
            *await self.seals(seed),
        ]

    async def seals(self, seed: Seed, of: str = "") -> list[Needle]:
        """What of it is sealed and still there."""
        conversation = seed.conversation
        found = [
            sealed(f"{of}message {number}, sealed", entry.body)
            for number, entry in await self._relay.talks.since(conversation, 0)
            if len(entry.body) > LONG
        ]
        found += [
            sealed(f"{of}note {number}, sealed", entry.body)
            for number, entry in await self._relay.talks.notes_since(conversation, 0)
        ]
        boxes = await self._relay.talks.sealed(conversation)
        if boxes is not None:
            found += [sealed(f"{of}the staff's key, sealed", boxes.staff_copy), sealed(f"{of}the card", boxes.card)]
        way_in = await self._relay.talks.visitor(find_visitor(seed.token))
        if way_in is not None:
            found.append(sealed(f"{of}the visitor's key, sealed", way_in[1]))
        ember = await self._embers.get(keys.ember(conversation))
        return found if ember is None else [*found, name(f"{of}the ember", ember)]

    async def end(self, seed: Seed) -> None:
        """End it as its visitor would, through the house where one runs, and hurry its wrap-up clock."""
        if self._line is not None:
            await _through(self._line, seed, {"type": "Leave", "how": "end"})
        await self._practice.end(seed.conversation)
        await self._practice.hurry(seed.conversation)

    async def is_there(self, seed: Seed) -> bool:
        """Whether the house still knows that there was such a talk."""
        return await self._relay.talks.facts(seed.conversation) is not None

    async def _visitor(self, both: Both, seed: Seed, ours: str, answer: str) -> None:
        key = seed.part(f"key {ours}", 16)
        if self._line is None:
            await self._relay.visitor_says(both.visitor, seed.text(ours), key, 1)
            await self._relay.visitor_answers(both.visitor, "name", seed.text(answer))
            return
        said = {"type": "Say", "key": to_text(key), "text": seed.text(ours)}
        told = await _through(self._line, seed, said)
        answered = {"type": "Answer", "key": to_text(key), "question": "name", "choice": seed.text(answer)}
        told += await _through(self._line, seed, answered)
        if [each["type"] for each in told] != ["MessageAccepted", "AnswerKept"]:
            raise LineSilent("the house did not take the words")


async def _through(line: OwnLine, seed: Seed, frame: Mapping[str, object]) -> list[dict[str, Any]]:
    return await asyncio.to_thread(line.says, to_text(seed.token), frame)
