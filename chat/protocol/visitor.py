"""What a visitor's page may say; nothing of the desk can even be expressed here."""

from typing import Annotated

import msgspec

from chat.protocol.kinds import Asked, Key, LeaveHow, Number, Question, Screen as ScreenState, Text, Token

# An answer is one tap (a short word) or, for name and region, a few typed words.
Choice = Annotated[str, msgspec.Meta(max_length=60)]


class Resume(Asked, frozen=True, kw_only=True, tag=True):
    """The first frame: proves whose conversation this is, and says the last number already shown (0: none)."""

    token: Token
    last: Number = 0
    light: bool = False  # bytes are dear where she is: no signs of typing


class Say(Asked, frozen=True, kw_only=True, tag=True):
    """Words for the advocate; sent again with the same key it is the same message."""

    key: Key
    text: Text


class Typing(Asked, frozen=True, kw_only=True, tag=True):
    """She is typing now; never what."""


class Seen(Asked, frozen=True, kw_only=True, tag=True):
    """Everything up to this number stands on her page."""

    seq: Number


class Screen(Asked, frozen=True, kw_only=True, tag=True):
    """Her page went out of view, or came back into it. Of `line.2`."""

    state: ScreenState


class Answer(Asked, frozen=True, kw_only=True, tag=True):
    """One answer of the waiting room; the latest answer to a question counts, an empty one takes it back."""

    key: Key
    question: Question
    choice: Choice


class Tap(Asked, frozen=True, kw_only=True, tag=True):
    """The answer to the card under this number; the latest counts."""

    key: Key
    seq: Number
    choice: Choice


class AskComeback(Asked, frozen=True, kw_only=True, tag=True):
    """She wants a number to come back with, should this page be lost. It takes the place of an earlier one."""

    key: Key


class Stay(Asked, frozen=True, kw_only=True, tag=True):
    """She is still there. Of `line.2`."""

    key: Key


class Cover(Asked, frozen=True, kw_only=True, tag=True):
    """Somebody is near: the page shows something else now, and is to be told nothing but the end.

    `word`: the one she chose to come back with; empty where she has chosen none on this page.
    """

    key: Key
    word: Choice = ""

    def __repr__(self) -> str:
        return "Cover(...)"


class Uncover(Asked, frozen=True, kw_only=True, tag=True):
    """She is back; `word`: the one she typed, empty where she came without."""

    key: Key
    word: Choice = ""

    def __repr__(self) -> str:
        return "Uncover(...)"


class Here(Asked, frozen=True, kw_only=True, tag=True):
    """The page lives; sent every 15 seconds and at once when a sleeping page wakes."""


class Leave(Asked, frozen=True, kw_only=True, tag=True):
    """She ends the conversation ("end") or leaves the site in a hurry ("exit"); her side is destroyed at once."""

    how: LeaveHow


Spoken = Resume | Say | Typing | Seen | Screen | Answer | Tap | AskComeback | Cover | Uncover | Stay | Here | Leave
