"""What is said and told where a supervisor reads along, or joins."""

from chat.protocol.kinds import Asked, ConversationId, Frame, Key, Text


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


CompanyAsked = Watch | Join | StopWatching | Whisper


class Watchable(Frame, frozen=True, kw_only=True):
    """A conversation that a colleague holds."""

    conversation: ConversationId
    by: str
    watched: bool  # by this desk's own person
    danger: bool = False  # marked by its advocate, and not over
