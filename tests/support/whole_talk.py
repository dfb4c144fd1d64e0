"""Plays a talk in which every kind of words is said that a conversation can hold, each one told to this module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from redis import Redis

from portal.proof.needles import Needle, sealed
from tests.support.desk_people import DeskLine
from tests.support.line_people import LineVisitor
from tests.support.server_process import House
from tests.support.spoken import new_key
from tests.support.web import HERE

# What is said, by the name of its kind: every one of these is a key of the words that are handed in.
KINDS: Final = (
    "waiting room, name",
    "waiting room, region",
    "chat, visitor",
    "chat, advocate",
    "chat, taken back",
    "chat, note",
    "chat, whisper",
    "chat, joined",
    "chat, guest",
    "chat, handed on with",
    "chat, phone note",
    "danger, who",
    "danger, what was done",
    "cover, word",
    "kept by her yes",
    "not kept by her no",
)
CARD: Final = "sleep"
CHOICE: Final = "unsure"
SHORTEST_SEAL: Final = 50


@dataclass
class WholeTalk:
    """One talk: who is in it, what is said, and what the durable store held of it, sealed, while it was open."""

    house: House
    visitor: LineVisitor
    desk: DeskLine  # of the advocate who takes her, and to whom she comes back in the end
    supervisor: DeskLine
    words: Mapping[str, str]
    conversation: str = ""
    number: str = ""  # to come back with
    digits: list[str] = field(default_factory=list)  # for the phone: hers, and those her advocate makes
    card: str = ""  # as it was read to her
    standing: dict[bytes, Needle] = field(default_factory=dict)  # sealed values, when they were last looked at
    ever: dict[bytes, Needle] = field(default_factory=dict)  # and those that stood there before

    def goes_on(self) -> None:
        """From the first word to the last; it is open afterwards."""
        self.says_hello()
        self.is_asked_and_taps()
        self.is_told_what_is_taken_back()
        self.is_watched()
        self.is_in_danger()
        self.is_covered()
        self.is_asked_what_to_keep()
        self.is_handed_on()
        self.goes_to_the_phone()
        self.has_a_guest()
        self.looks_at_what_is_sealed()

    def says_hello(self) -> None:
        """The waiting room, the first words, a note of the desk's."""
        for question in ("name", "region"):
            self.visitor.answers(question, self.words[f"waiting room, {question}"])
        self.visitor.says(self.words["chat, visitor"])
        self.conversation = self.desk.takes_next()
        self.desk.hears(self.words["chat, visitor"])
        self.desk.says(self.conversation, self.words["chat, advocate"])
        self.visitor.hears(self.words["chat, advocate"])
        self.desk.notes(self.conversation, self.words["chat, note"])

    def is_asked_and_taps(self) -> None:
        """A question card, answered by one tap."""
        seq = self._does(self.desk, "Ask", card=CARD)["seq"]
        self.card = str(self.visitor.line.hear("MessagePosted", card=CARD)["text"])
        self._taps(seq, CHOICE)

    def is_told_what_is_taken_back(self) -> None:
        """Words for somebody else, gone again within their seconds."""
        seq = self.desk.says(self.conversation, self.words["chat, taken back"])
        self.visitor.hears(self.words["chat, taken back"])
        self.looks_at_what_is_sealed()
        self._does(self.desk, "Withdraw", seq=seq)
        self.visitor.line.hear("MessageWithdrawn", seq=seq)

    def is_watched(self) -> None:
        """A supervisor reads along, whispers, and joins."""
        self._does(self.supervisor, "Watch", answered="TalkOpened")
        self._does(self.supervisor, "Whisper", text=self.words["chat, whisper"])
        self.desk.line.hear("NotePosted", text=self.words["chat, whisper"])
        self._does(self.supervisor, "Join", answered="TalkOpened")
        self._does(self.supervisor, "Say", text=self.words["chat, joined"])
        self.visitor.hears(self.words["chat, joined"])
        self.supervisor.line.say("StopWatching", key=new_key(), conversation=self.conversation)
        self.supervisor.line.hear("ConversationErased", conversation=self.conversation)

    def is_in_danger(self) -> None:
        """Marked, and over: what was done is for the records."""
        self._does(self.desk, "MarkDanger", danger="coming", who=self.words["danger, who"])
        done = self.words["danger, what was done"]
        self._does(self.desk, "EndDanger", outcome="passed", text=done, done=["near"])

    def is_covered(self) -> None:
        """A number to come back with, and a cover with a word."""
        self.number = str(self._says("AskComeback", "ComebackMade")["code"])
        self._says("Cover", "Covered", word=self.words["cover, word"])
        self._says("Uncover", "Uncovered", word=self.words["cover, word"])
        self.visitor.comes_back()

    def is_asked_what_to_keep(self) -> None:
        """Twice: she says yes to the one and no to the other."""
        for what, choice in (("kept by her yes", "keep"), ("not kept by her no", "keepnot")):
            self._taps(self._does(self.desk, "AskKeep", text=self.words[what])["seq"], choice)

    def is_handed_on(self) -> None:
        """With a note, to the supervisor."""
        self._does(self.desk, "HandOff", to="", note=self.words["chat, handed on with"])
        self.supervisor.takes_over(self.conversation)

    def goes_to_the_phone(self) -> None:
        """Digits of hers that nobody uses, and others for whoever answers: the first advocate has her again by them."""
        public = self.house.public
        posted = httpx.post(
            f"{public}/en/talk/phone",
            json={"t": self.visitor.token, "make": True},
            headers={"Origin": public, "Sec-Fetch-Site": "same-origin"},
            **HERE,
        )
        note = self.words["chat, phone note"]
        made = self._does(self.supervisor, "PhoneWord", answered="PhoneWordMade", note=note)
        self.digits = [str(posted.json()["word"]), str(made["word"])]
        key = new_key()
        self.desk.line.say("UseWord", key=key, word=made["word"])
        self.desk.reads_all(self.desk.line.hear("TalkOpened", key=key))

    def has_a_guest(self) -> None:
        """By her yes, and still in it when all of this is over."""
        (ready,) = self._does(self.desk, "AskColleagues", answered="Colleagues")["ready"]
        card = self._does(self.desk, "AskGuest", person=ready["person"], come_as="interpreter")["seq"]
        self._taps(card, "guestyes")
        self._does(self.supervisor, "ComeIn", answered="TalkOpened")
        self._does(self.supervisor, "Say", text=self.words["chat, guest"])
        self.visitor.hears(self.words["chat, guest"])

    def looks_at_what_is_sealed(self) -> None:
        """Every sealed value that the durable store holds of it now, but what she agreed to keep, and the slip by which
        the figures count that somebody asked: both go into the records, and neither opens with a key of the chat.
        """
        self.standing = {}
        with closing(Redis.from_url(self.house.valkey_url("durable"), protocol=3)) as client:
            for key in client.scan_iter(match=f"{{c:{self.conversation}}}*".encode()):
                where = key.decode().rpartition("}")[2] or ":state"
                if where not in (":kept", ":asked"):
                    self.standing |= {each: sealed(f"{where} {each[-4:].hex()}", each) for each in _values(client, key)}
        self.ever |= self.standing

    @property
    def embers(self) -> list[bytes]:
        """What the store without a disk holds for open conversations, at this moment."""
        with closing(Redis.from_url(self.house.valkey_url("ember"), protocol=3)) as client:
            return [value for key in client.scan_iter(match=b"e:*") if isinstance(value := client.get(key), bytes)]

    def _does(self, desk: DeskLine, act: str, *, answered: str = "MessageAccepted", **more: Any) -> dict[str, Any]:
        return desk.does(act, self.conversation, answered=answered, **more)

    def _says(self, act: str, answered: str, **more: Any) -> dict[str, Any]:
        key = new_key()
        self.visitor.line.say(act, key=key, **more)
        told = self.visitor.line.hear(answered, "Refused", key=key)
        assert told["type"] == answered, told
        return told

    def _taps(self, seq: int, choice: str) -> None:
        self._says("Tap", "MessageAccepted", seq=seq, choice=choice)


def _values(client: Any, key: bytes) -> list[bytes]:  # Any: redis-py types its answers as whatever they may be
    """Long enough to be sealed: what of a key is no number, no time and no word of the queue."""
    reading: dict[bytes, Callable[[], list[bytes]]] = {
        b"hash": lambda: list(client.hvals(key)),
        b"stream": lambda: [entry[b"e"] for _, entry in client.xrange(key)],
        b"string": lambda: [client.get(key) or b""],
    }
    return [each for each in reading[client.type(key)]() if len(each) >= SHORTEST_SEAL]
