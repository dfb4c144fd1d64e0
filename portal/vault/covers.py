"""What brings a visitor back from behind a cover: the word she chose, and the name an innocent page holds."""

from __future__ import annotations

import hmac
import re
import unicodedata
from hashlib import sha256
from typing import Final

from portal.vault.errors import SealBroken
from portal.vault.sealing import KEY_BYTES, ctx, open_box, seal_box, sub

WORD_LIMIT: Final = 60
_SHORTEST: Final = 3
# Kana, Chinese characters, Hangul: one of them says as much as two letters, and most words are two of them. There are
# thousands of each, so two are no easier to guess than three letters.
_COUNTS_TWICE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")


def read_word(typed: str) -> str:
    """A word as it is compared: one spelling for capitals, wide letters, spaces. Empty when it is too short for one."""
    word = " ".join(unicodedata.normalize("NFKC", typed[: 4 * WORD_LIMIT]).casefold().split())[:WORD_LIMIT].rstrip()
    return word if len(word) + len(_COUNTS_TWICE.findall(word)) >= _SHORTEST else ""


def word_mark(talk_key: bytes, conversation_id: bytes, word: str) -> bytes:
    """What is kept of a word: 32 bytes under the conversation's own key. Without that key nobody can try words."""
    return hmac.digest(sub(talk_key, "cover-word"), ctx("word", conversation_id, word), "sha256")


def is_word(mark: bytes | None, talk_key: bytes, conversation_id: bytes, typed: str) -> bool:
    """Whether this is her word; it takes as long for a right one as for a wrong one, and where she chose none."""
    tried = word_mark(talk_key, conversation_id, read_word(typed))
    return hmac.compare_digest(mark or bytes(KEY_BYTES), tried)


def find_cover(name: bytes) -> bytes:
    """The 32-byte name under which what a page's random name opens is kept: a hash of something made from it."""
    return sha256(sub(name, "find-cover")).digest()


def cover_box(name: bytes, token: bytes) -> bytes:
    """The tab token under the 32 random bytes that stand in the innocent page; 66 bytes."""
    return seal_box(name, "cover", token)


def open_cover(name: bytes, box: bytes) -> bytes:
    """The tab token. Raises `SealBroken`."""
    token = open_box(name, "cover", box)
    if len(token) != KEY_BYTES:
        raise SealBroken("cover box holds something else")
    return token
