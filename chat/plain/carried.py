"""What the pages of the talk without script carry to each other under a pass, sealed."""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

# Kinds of passes: a pass of one is none of another.
TALK: Final = "talk"
WORDS: Final = "talk-words"
WRITE: Final = "talk-write"
KITCHEN: Final = "measures"

# A talk's thread is marked `open` while it may be: an aged address then says so instead of leading away. `ended` stands
# for a moment after the end: a frame that asks just then says that it is over.
OPEN: Final = "open"
ENDED: Final = "ended"
# Somebody is near: an aged address of the talk shows the innocent page.
COVERED: Final = "covered"

# The names of the frames to write in. One stands alone, or two post into each other, so that the one that holds the
# words is never left by a post that fails.
Stands = Literal["", "write", "write2"]
WRITE_FRAME: Final = "write"
ACROSS: Final[Mapping[str, Stands]] = {"write": "write2", "write2": "write"}


class _Carried(msgspec.Struct, frozen=True, tag=True, array_like=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Outer(_Carried, frozen=True, tag=True, array_like=True):
    """The outer page. `hides`: the number of the last message that a page that came back keeps behind a tap.

    `draft`: what stands in the field to begin with.
    """

    token: bytes
    hides: int = 0
    draft: str = ""


class Moved(_Carried, frozen=True, tag=True, array_like=True):
    """The page with script, in another language: it takes the talk up where the one before left it.

    `word`: the one that brings her back from behind a cover.
    """

    token: bytes
    draft: str = ""
    word: str = ""


class Over(_Carried, frozen=True, tag=True, array_like=True):
    """The page, or the frame, after the end; `unsent`: what was typed and can go nowhere any more."""

    unsent: str = ""


class Listen(_Carried, frozen=True, tag=True, array_like=True):
    """The frame of words, streamed. `hides` as in the outer page."""

    token: bytes
    hides: int = 0


class Whole(_Carried, frozen=True, tag=True, array_like=True):
    """The frame of words with all of them, from the first; it stands still."""

    token: bytes


class Number(_Carried, frozen=True, tag=True, array_like=True):
    """The frame of a number to come back with; `code` is empty when none could be made.

    `minutes`: for how long the talk stays after an exit, because she said that the number outlives it; 0: it does not.
    """

    token: bytes
    code: str
    minutes: int = 0


class Digits(_Carried, frozen=True, tag=True, array_like=True):
    """The frame of her digits for the phone; `word` is empty when none could be made."""

    token: bytes
    word: str


class Chosen(_Carried, frozen=True, tag=True, array_like=True):
    """The frame that says whether a word to come back with was taken."""

    token: bytes
    is_kept: bool


class Write(_Carried, frozen=True, tag=True, array_like=True):
    """The frame to write in.

    `page` is the random key of this page: with the text it names a message. `draft` is what stands in the field, `said`
    the phrase that says what became of the last post, `hides` as in the outer page, `is_first` before any post.
    `stands` names the frame it stands in where there are two, and is empty where there is one. `guess`: the language
    her words look like, where that is to be said now; `is_hinted`: it was said before.
    """

    token: bytes
    page: bytes
    draft: str = ""
    said: str = ""
    hides: int = 0
    is_first: bool = False
    stands: Stands = ""
    guess: str = ""
    is_hinted: bool = False


class Measures(_Carried, frozen=True, tag=True, array_like=True):
    """The innocent page; `name` leads back behind it, `rows` are what was found."""

    name: bytes
    rows: tuple[str, ...] = ()


class AskSafe(_Carried, frozen=True, tag=True, array_like=True):
    """The question before the way back."""

    name: bytes


TalkPage = Outer | Moved | Over
KitchenPage = Measures | AskSafe
WordsPage = Listen | Whole | Number | Digits | Chosen | Over
WritePage = Write | Over

_talk: Final[msgspec.msgpack.Decoder[TalkPage]] = msgspec.msgpack.Decoder(TalkPage)
_words: Final[msgspec.msgpack.Decoder[WordsPage]] = msgspec.msgpack.Decoder(WordsPage)
_kitchen: Final[msgspec.msgpack.Decoder[KitchenPage]] = msgspec.msgpack.Decoder(KitchenPage)
_write: Final[msgspec.msgpack.Decoder[WritePage]] = msgspec.msgpack.Decoder(WritePage)


def encode(page: TalkPage | WordsPage | WritePage | KitchenPage) -> bytes:
    """The bytes to put under a pass."""
    return msgspec.msgpack.encode(page)


def decode_talk(carried: bytes) -> TalkPage:
    """The outer page."""
    return _talk.decode(carried)


def decode_kitchen(carried: bytes) -> KitchenPage:
    """The innocent page, or what stands behind its "More"."""
    return _kitchen.decode(carried)


def decode_words(carried: bytes) -> WordsPage:
    """A page of the frame of words."""
    return _words.decode(carried)


def decode_write(carried: bytes) -> WritePage:
    """A page of the frame to write in."""
    return _write.decode(carried)
