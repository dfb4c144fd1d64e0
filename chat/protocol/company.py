"""What is said and told where somebody reads along, joins, or is a guest."""

from typing import Literal

from chat.protocol.handing import Person
from chat.protocol.kinds import Asked, ConversationId, Frame, Key, Number, Text


class Watch(Asked, frozen=True, kw_only=True, tag=True):
    """Read along in a conversation that a colleague holds; the visitor is told."""

    key: Key
    conversation: ConversationId


class StopWatching(Asked, frozen=True, kw_only=True, tag=True):
    """Read along no more; the visitor is told."""

    key: Key
    conversation: ConversationId


class Join(Asked, frozen=True, kw_only=True, tag=True):
    """One who reads along writes as well from here on, by Say; the visitor is told. Of `line.5`."""

    key: Key
    conversation: ConversationId


class Whisper(Asked, frozen=True, kw_only=True, tag=True):
    """A note to the colleague who holds it, from one who reads along."""

    key: Key
    conversation: ConversationId
    text: Text


class AskGuest(Asked, frozen=True, kw_only=True, tag=True):
    """Ask the visitor whether this colleague may join; she is shown a card. Of `line.5`."""

    key: Key
    conversation: ConversationId
    person: Person
    come_as: Literal["interpreter", "colleague"]


class SendAway(Asked, frozen=True, kw_only=True, tag=True):
    """The guest reads no more, or is not asked for any more. Of `line.5`."""

    key: Key
    conversation: ConversationId


class ComeIn(Asked, frozen=True, kw_only=True, tag=True):
    """Open a conversation whose visitor said yes to this person. Of `line.5`."""

    key: Key
    conversation: ConversationId


class Looked(Asked, frozen=True, kw_only=True, tag=True):
    """This advocate has read a conversation she holds up to here: her other windows count nothing before it as new.

    Answered by nothing but a `QueueSnapshot`. Of `line.8`.
    """

    key: Key
    conversation: ConversationId
    seq: Number


CompanyAsked = Looked | AskGuest | SendAway | ComeIn | Watch | Join | StopWatching | Whisper


class Watchable(Frame, frozen=True, kw_only=True):
    """A conversation that a colleague holds."""

    conversation: ConversationId
    by: str
    watched: bool  # by this desk's own person
    danger: bool = False  # marked by its advocate, and not over
    help: bool = False  # its advocate called a supervisor
    unanswered: bool = False  # her words stood unanswered for so long that people are called for it
    guest: bool = False  # to be opened by ComeIn: the visitor said yes to this person
