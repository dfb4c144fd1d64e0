"""What is said and told about machine translation: of the words under a number, and of words before they are sent."""

from chat.protocol.kinds import Asked, ConversationId, Frame, Key, Number, Text


class MessageTranslated(Frame, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """What a machine made of the words under `seq`, for one who reads `language`. Carries no number of its own.

    Empty of text where it was withheld or failed: then `warn` says so. Both lines are in the page's language.
    """

    seq: Number
    text: str
    language: str
    label: str = ""  # that a machine made it
    warn: str = ""  # what is odd about it
    source: str = ""  # the language of the words it was made of


class TryWords(Asked, frozen=True, kw_only=True, tag=True):
    """Translate these words, which were not said, and translate them back: answered by `WordsTried`. Of `line.7`."""

    key: Key
    conversation: ConversationId
    text: Text


class DeskMessageTranslated(Frame, frozen=True, kw_only=True, tag="MessageTranslated", omit_defaults=True):
    """What a machine made of the words under `seq`. Carries no number of its own."""

    conversation: ConversationId
    seq: Number
    text: str
    language: str
    status: str  # done, failed, skipped
    flags: tuple[str, ...] = ()
    source: str = ""


class WordsTried(Frame, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """What she would read, and what that says in the desk's language. `card`: it is a sentence of the phrasebook.

    `status` other than done: there is none; `flags` are of either way.
    """

    key: Key
    conversation: ConversationId
    status: str
    there: str = ""
    back: str = ""
    card: str = ""
    flags: tuple[str, ...] = ()
