"""Knows what a message is: its words, its head that stays clear, its sealed form, and its place in the order."""

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import msgspec

from chat.protocol.kinds import TEXT_LIMIT, Author, How, WasShown
from chat.refusals import NothingSaid, TooMuchSaid
from portal.vault.conversations import MessageHead, open_message, open_note, seal_message, seal_note
from portal.web.sanitise import strip_markup, tidy_text

# `unknown`: written by a newer house. It takes its number and shows nothing.
Kind = Literal[
    "words",
    "joined",
    "returned",
    "back",
    "closed",
    "withdrawn",
    "asked",
    "stayed",
    "card",
    "tap",
    "here",
    "taken_down",
    "danger",
    "handed",
    "kept",
    "unkept",
    "held_off",
    "let_in",
    "watched",
    "unwatched",
    "entered",
    "went",
    "guest",
    "guest_gone",
    "may_translate",
    "translated",
    "unknown",
]

# What a person said, in whatever form; all else is something that happened.
SAID: Final[frozenset[Kind]] = frozenset({"words", "card", "tap"})

NOBODY: Final = bytes(16)
NO_KEY: Final = bytes(16)

_ROLES: Final[dict[Author, bytes]] = {"visitor": b"v", "advocate": b"a", "system": b"s"}
_KINDS: Final[dict[Kind, bytes]] = {
    "words": b"w",
    "joined": b"j",
    "returned": b"r",
    "back": b"b",
    "closed": b"c",
    "withdrawn": b"x",
    "asked": b"q",
    "stayed": b"y",
    "card": b"k",
    "tap": b"t",
    "here": b"h",
    "taken_down": b"d",
    "danger": b"D",
    "handed": b"o",
    "kept": b"K",
    "unkept": b"U",
    "held_off": b"f",
    "let_in": b"l",
    "watched": b"v",
    "unwatched": b"u",
    "entered": b"e",
    "went": b"E",
    "guest": b"g",
    "guest_gone": b"G",
    "may_translate": b"m",
    "translated": b"T",
}
_ROLE_OF: Final = {mark: role for role, mark in _ROLES.items()}
_KIND_OF: Final = {mark: kind for kind, mark in _KINDS.items()}
# Written by a sweeper that holds no key, or by an exit that must not wait for one: they say only that it happened.
_CLEAR: Final = frozenset({"returned", "closed", "asked", "held_off", "let_in"})
_HEAD_SIZE: Final = 1 + 1 + 16 + 16 + 4
# Of it, what no two words have in common: who said them, and under which key.
HEAD_OF_WORDS: Final = _HEAD_SIZE - 4


class Machine(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which engine, from which language into which, and how it went: of a translation, and of the question for it."""

    engine: str = ""
    whose: str = ""  # words: of chat.consent.Direction
    source: str = ""
    target: str = ""
    is_third_party: bool = False
    status: str = ""  # of i18n.translator.Status
    flags: tuple[str, ...] = ()  # of i18n.translator.Flag


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed: the words, and the alias of the one who wrote them.

    Of a card the text is its name, of a tap the choice, of a handing on the alias of the one who held it before.
    `of` is the number of the entry that this one speaks of.
    `shown`: whether words that were taken back had stood on her screen. `about`, `outcome`: of a note on danger.
    `said`, `days`: the words a question asks to keep, and for how long; of one about a guest, his alias.
    """

    text: str
    name: str = ""
    of: int = 0
    shown: WasShown = ""
    about: str = ""
    outcome: str = ""
    said: str = ""
    days: int = 0
    machine: Machine | None = None

    def __repr__(self) -> str:
        return "Body(...)"


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a person reads it."""

    seq: int
    author: Author
    kind: Kind
    name: str = field(repr=False)
    text: str = field(repr=False)
    key: bytes
    of: int = 0
    shown: WasShown = ""
    about: str = ""
    outcome: str = ""
    said: str = field(default="", repr=False)
    days: int = 0
    machine: Machine | None = None
    # Whose words these are, of staff: from the head in clear, and told to nobody.
    person: bytes = field(default=b"", compare=False, repr=False)

    @property
    def how(self) -> How:
        """How it ended, of a closing."""
        return next((how for how in get_args(How) if how == self.text), "closed")


class Entry(msgspec.Struct, frozen=True):
    """One line of the stream as it is stored and published: the head in clear, the body sealed.

    Stored as role 1 byte | kind 1 | author 16 | client key 16 | after 4, big-endian | body.
    """

    author: Author
    person: bytes  # 16 bytes, a staff id; zeros for the visitor and the system
    key: bytes  # 16 bytes
    kind: Kind
    after: int
    body: bytes

    def pack(self) -> bytes:
        """The bytes of the stream entry."""
        return b"".join(
            (
                _ROLES[self.author],
                _KINDS[self.kind],
                self.person,
                self.key,
                self.after.to_bytes(4, "big"),
                self.body,
            )
        )

    @classmethod
    def unpack(cls, packed: bytes) -> "Entry":
        """The entry from its bytes, `unknown` where a newer house wrote it. Raises ValueError for what is none."""
        if len(packed) < _HEAD_SIZE:
            raise ValueError("not an entry of the stream")
        role, kind = _ROLE_OF.get(packed[0:1]), _KIND_OF.get(packed[1:2])
        if role is None or kind is None:
            role, kind = "system", "unknown"
        after = int.from_bytes(packed[34:38], "big")
        return cls(role, packed[2:18], packed[18:34], kind, after, packed[_HEAD_SIZE:])

    def head(self, conversation: bytes) -> MessageHead:
        """What the seal is bound to."""
        return MessageHead(conversation, self.author, self.person, self.key, self.kind, self.after)


def head_of_words(author: Author, person: bytes, key: bytes) -> bytes:
    """How words of this person under this key begin, packed."""
    return b"".join((_ROLES[author], _KINDS["words"], person, key))


def read_text(typed: str) -> str:
    """What was typed as it is kept: plain text, markup of a pasted page gone. Raises NothingSaid, TooMuchSaid."""
    if len(typed) > TEXT_LIMIT:
        raise TooMuchSaid
    text = tidy_text(strip_markup(typed))
    if not text:
        raise NothingSaid
    return text


def seal_words(conversation: bytes, talk_key: bytes, entry: Entry, body: Body) -> Entry:
    """The entry with its body sealed under the talk key."""
    return _with_body(entry, seal_message(talk_key, entry.head(conversation), msgspec.json.encode(body)))


def seal_staff_note(conversation: bytes, staff_key: bytes, entry: Entry, body: Body) -> Entry:
    """The entry with its body sealed under the staff key, which no visitor's token leads to."""
    return _with_body(entry, seal_note(staff_key, entry.head(conversation), msgspec.json.encode(body)))


def open_words(conversation: bytes, talk_key: bytes, seq: int, entry: Entry) -> Message:
    """Read one entry of the conversation. Raises SealBroken when it is not what its head says."""
    if entry.kind == "unknown":
        return Message(seq, "system", "unknown", "", "", entry.key)
    if entry.kind in _CLEAR:
        return Message(seq, "system", entry.kind, "", entry.body.decode("ascii", "replace"), entry.key)
    body = _bodies.decode(open_message(talk_key, entry.head(conversation), entry.body))
    said = (body.name, body.text, entry.key, body.of, body.shown)
    more = (body.said, body.days, body.machine)
    return Message(seq, entry.author, entry.kind, *said, "", "", *more, person=entry.person)


def as_told(message: Message, to: object) -> Message:
    """What is told of it to a guest, who is handed no number before `since`: of a translation of words from before, its
    number alone. That number is later than theirs, and what they say it says too.
    """
    since = getattr(to, "since", 0)
    if since and message.kind == "translated" and message.of <= since:
        return Message(message.seq, "system", "translated", "", "", NO_KEY)
    return message


def hole_at(seq: int) -> Message:
    """What stands at a number whose words were taken back: a number that is not missing, and nothing else."""
    return Message(seq, "system", "withdrawn", "", "", NO_KEY, of=seq)


def open_staff_note(conversation: bytes, staff_key: bytes, seq: int, entry: Entry) -> Message:
    """Read one note. Raises SealBroken when it is not what its head says."""
    body = _bodies.decode(open_note(staff_key, entry.head(conversation), entry.body))
    told = (body.of, body.shown, body.about, body.outcome)
    return Message(seq, entry.author, entry.kind, body.name, body.text, entry.key, *told)


def _with_body(entry: Entry, body: bytes) -> Entry:
    return Entry(entry.author, entry.person, entry.key, entry.kind, entry.after, body)


_bodies = msgspec.json.Decoder(Body)
