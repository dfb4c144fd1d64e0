"""What is said and told where one advocate hands a conversation to another."""

from typing import Annotated, Literal

import msgspec

from chat.protocol.kinds import Asked, ConversationId, Frame, Key, Number, ShortText, Text
from chat.protocol.rows import Card

# A colleague: 16 bytes as base64url without padding.
Person = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}$")]
AnyPerson = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9_-]{22})?$")]
OfferState = Literal["", "offered", "reading", "declined", "phone"]


class AskColleagues(Asked, frozen=True, kw_only=True, tag=True):
    """Who takes conversations now, beside this advocate?"""

    key: Key
    conversation: ConversationId


class HandOff(Asked, frozen=True, kw_only=True, tag=True):
    """Offer a conversation she holds, with a note. `to` empty: to whoever is ready."""

    key: Key
    conversation: ConversationId
    to: AnyPerson
    note: Text


class KeepHere(Asked, frozen=True, kw_only=True, tag=True):
    """Offer it no more."""

    key: Key
    conversation: ConversationId


class Decline(Asked, frozen=True, kw_only=True, tag=True):
    """Say no to an offer."""

    key: Key
    conversation: ConversationId


class TakeOver(Asked, frozen=True, kw_only=True, tag=True):
    """Say yes to an offer: its history comes, and its owner still holds it."""

    key: Key
    conversation: ConversationId


class HistoryShown(Asked, frozen=True, kw_only=True, tag=True):
    """All of it up to this number stands on the page. If nothing more has been said, it is hers from here on."""

    key: Key
    conversation: ConversationId
    seq: Number


class PhoneWord(Asked, frozen=True, kw_only=True, tag=True):
    """A word for whoever answers the phone: said there, it hands the conversation on, with this note."""

    key: Key
    conversation: ConversationId
    note: Text


class UseWord(Asked, frozen=True, kw_only=True, tag=True):
    """This was heard on the phone."""

    key: Key
    word: ShortText


HandingAsked = AskColleagues | HandOff | KeepHere | Decline | TakeOver | HistoryShown | PhoneWord


class PhoneWordMade(Frame, frozen=True, kw_only=True, tag=True):
    """The word: six digits, told once, to the desk that asked. It works once, for so many seconds."""

    key: Key
    conversation: ConversationId
    word: str
    lasts_s: int

    def __repr__(self) -> str:
        return "PhoneWordMade(...)"


class Offer(Frame, frozen=True, kw_only=True):
    """An offer this advocate may say yes to, in a `QueueSnapshot`."""

    conversation: ConversationId
    by: str
    note: str
    named: bool  # made to her, not to whoever is ready
    card: Card


class Colleague(Frame, frozen=True, kw_only=True):
    """Somebody who takes conversations now, or one who only joins as a guest and is there."""

    person: Person
    name: str
    guest: bool = False  # only by AskGuest: nothing is handed on to her
    languages: tuple[str, ...] = ()  # the tags of what she speaks


class Colleagues(Frame, frozen=True, kw_only=True, tag=True):
    """Who takes conversations now, beside this advocate, and after them who can only be asked as a guest."""

    key: Key
    conversation: ConversationId
    ready: list[Colleague]
