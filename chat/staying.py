"""Keeps that a visitor is still there, after she was asked or before."""

from chat.conversation import VisitorTalk
from chat.message import NOBODY, Body, Entry, seal_words
from chat.refusals import ConversationOver
from chat.relay import Relay


async def stay(relay: Relay, talk: VisitorTalk, key: bytes) -> int:
    """She says that she is still there. Answers the number that says so in the conversation, 0 when nobody had asked.

    The same client key is the same answer. Raises ConversationOver; `ValkeyAway`.
    """
    entry = Entry("system", NOBODY, key, "stayed", 0, b"")
    seq = await relay.clocks.stay(talk.id, seal_words(talk.id, talk.talk_key, entry, Body("stayed")), relay.now_ms())
    if seq is None:
        raise ConversationOver
    return seq
