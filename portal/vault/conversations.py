"""Who can open a conversation: the visitor's page by its token, the desk by its compartment and an ember.

Two keys are made for each conversation. `talk` opens the words; `staff` opens what only the desk may read, so that
the visitor's token cannot open a note even by a mistake in the code. The staff copy of both is sealed to the chat
compartment and wrapped by the ember, 32 bytes kept in a store without a disk: when the ember is gone the copy opens
for nobody, whatever passwords come to light later.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from portal.vault.errors import SealBroken
from portal.vault.padding import MESSAGE_STEPS
from portal.vault.sealing import KEY_BYTES, HeldKey, open_box, open_seal_with, seal_box, seal_to, sub
from portal.vault.secret import Dotted

ID_BYTES = 16
"""Conversation ids and client keys: 16 random bytes."""


@dataclass(frozen=True, slots=True, repr=False)
class ConversationKeys(Dotted):
    """The two 32-byte keys of a conversation: `talk` for the words, `staff` for notes and whispers."""

    talk: bytes
    staff: bytes

    @classmethod
    def new(cls) -> ConversationKeys:
        """Fresh random keys."""
        return cls(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))

    @classmethod
    def regrown(cls, talk: bytes) -> ConversationKeys:
        """Keys after a power cut: the visitor's token gave back `talk`; the notes went with the ember."""
        return cls(talk, secrets.token_bytes(KEY_BYTES))


def staff_copy(
    keys: ConversationKeys, ember: bytes, chat_public: bytes, chat_version: int, conversation_id: bytes
) -> bytes:
    """Both keys, sealed to the chat compartment and wrapped by the 32-byte ember; 150 bytes."""
    sealed = seal_to(chat_public, chat_version, keys.talk + keys.staff, "conv", conversation_id)
    return seal_box(ember, "staff-copy", sealed, conversation_id)


def open_staff_copy(
    copy: bytes, ember: bytes, chat_privates: Mapping[int, bytes], conversation_id: bytes
) -> ConversationKeys:
    """Open a staff copy with its ember and the chat compartment's private keys by version.

    Raises `SealBroken` when ember, conversation or copy is another one, `KeyMissing` without the version's key.
    """
    sealed = open_box(ember, "staff-copy", copy, conversation_id)
    both = open_seal_with(chat_privates, sealed, "conv", conversation_id)
    if len(both) != 2 * KEY_BYTES:
        raise SealBroken("staff copy holds something else")
    return ConversationKeys(HeldKey(both[:KEY_BYTES]), HeldKey(both[KEY_BYTES:]))


def visitor_copy(talk_key: bytes, token: bytes) -> bytes:
    """The talk key under the visitor's 32-byte tab token; 66 bytes. Notes are not in it."""
    return seal_box(token, "visitor-copy", talk_key)


def open_visitor_copy(copy: bytes, token: bytes) -> bytes:
    """The 32-byte talk key, for the page that holds the token. Raises `SealBroken`."""
    key = open_box(token, "visitor-copy", copy)
    if len(key) != KEY_BYTES:
        raise SealBroken("visitor copy holds something else")
    return HeldKey(key)


def leaving_of(token: bytes) -> str:
    """Names the one time a visitor's words are left as a note. Made from the 32-byte tab token; opens nothing of it."""
    return sub(token, "words-left").hex()


def find_visitor(token: bytes) -> bytes:
    """The 32-byte name under which the visitor copy is stored.

    A hash of a derived key: whoever reads the store's key names learns nothing he could show as a token.
    """
    return sha256(sub(token, "find")).digest()


class MessageHead(msgspec.Struct, frozen=True):
    """What stands in clear beside a sealed message and is bound to it.

    `conversation` and the client's `key` are 16 bytes each; `role` says on which side ("visitor", "advocate",
    "system"), `author` which person there (a staff id, or empty); `kind` what it is ("words", "joined", ...). `after`
    is the last number that had been delivered to the author, filled in by the server: it shows what the author had
    seen, and a message moved to another point of the conversation no longer opens.
    """

    conversation: bytes
    role: str
    author: bytes
    key: bytes
    kind: str
    after: int

    def _aad(self) -> tuple[bytes | str, ...]:
        after = self.after.to_bytes(8, "big")
        return ("msg", self.conversation, self.role, self.author, self.key, self.kind, after)


def seal_message(talk_key: bytes, head: MessageHead, body: bytes) -> bytes:
    """Seal one message, padded to `MESSAGE_STEPS`. Raises `TooLong` over 16,380 bytes."""
    return seal_box(talk_key, "message", body, *head._aad(), steps=MESSAGE_STEPS)


def open_message(talk_key: bytes, head: MessageHead, sealed: bytes) -> bytes:
    """Open one message at exactly this head. Raises `SealBroken`."""
    return open_box(talk_key, "message", sealed, *head._aad())


def seal_note(staff_key: bytes, head: MessageHead, body: bytes) -> bytes:
    """Seal a note or whisper under the staff key, which no visitor's token leads to. Raises `TooLong`."""
    return seal_box(staff_key, "note", body, *head._aad(), steps=MESSAGE_STEPS)


def open_note(staff_key: bytes, head: MessageHead, sealed: bytes) -> bytes:
    """Open a note or whisper at exactly this head. Raises `SealBroken`."""
    return open_box(staff_key, "note", sealed, *head._aad())


def seal_card(talk_key: bytes, conversation_id: bytes, body: bytes) -> bytes:
    """Seal the waiting-room answers, the visitor's language among them, padded to `MESSAGE_STEPS`."""
    return seal_box(talk_key, "card", body, "card", conversation_id, steps=MESSAGE_STEPS)


def open_card(talk_key: bytes, conversation_id: bytes, sealed: bytes) -> bytes:
    """Open the waiting-room answers of this conversation. Raises `SealBroken`."""
    return open_box(talk_key, "card", sealed, "card", conversation_id)
