"""Turns a message into the facts a visitor's page is told, whichever way it listens."""

from collections.abc import Sequence
from typing import Final

from chat.message import Kind, Message
from chat.protocol import server
from chat.protocol.kinds import Author
from portal.ids import to_text

# Whose text stands in the stream; of all others a page is told the kind.
_WITH_TEXT: Final[frozenset[Kind]] = frozenset({"words", "back"})


def facts_of(message: Message) -> Sequence[server.ToVisitor]:
    """The facts in their order; the one that carries the message's number comes last."""
    match message.kind:
        case "joined":
            return [server.AdvocateJoined(seq=message.seq, name=message.name)]
        case "closed":
            return [server.ConversationClosed(seq=message.seq, how=message.how)]
        case "withdrawn":
            # A page of an older house passes over what it does not know, but not over a number: that comes in a frame
            # it knows. Where the words stood and are no more, there is only the number.
            said = "" if message.of == message.seq else "withdrawn"
            return [server.MessageWithdrawn(seq=message.of), _posted(message, "system", said)]
    return [_posted(message, message.author, message.text if message.kind in _WITH_TEXT else message.kind)]


def _posted(message: Message, author: Author, text: str) -> server.MessagePosted:
    return server.MessagePosted(
        seq=message.seq,
        author=author,
        name=message.name,
        text=text,
        key="" if author == "system" else to_text(message.key),
    )
