"""Tells which key opens a file: its own salt with the key to the words, or an older house's way."""

from typing import Final

from portal.vault import tip_files as vault
from portal.vault.sealing import HeldKey
from tips.files.card import FileCard
from tips.files.store import Salts

NO_SALT: Final = b""


def key_of_copy(words_key: bytes, file_id: bytes, salts: Salts | None) -> HeldKey:
    """The key of what staff see."""
    if salts is None:
        return vault.drawn_key(words_key, file_id)
    return vault.copy_key(words_key, file_id, salts.copy)


def key_of_original(words_key: bytes, file_id: bytes, card: FileCard, salts: Salts | None) -> HeldKey:
    """The key of what was sent; only for a file whose card says that it was kept."""
    salt = card.salt if salts is None or not salts.original else salts.original
    return vault.original_key(words_key, file_id, salt)
