"""Says what is kept about a file, and seals it under the key to the words: no name of a file, no size, no device."""

from datetime import datetime

import msgspec

from portal.ids import to_text
from portal.vault import tips as vault
from tips.files.store import StoredFile


class FileCard(msgspec.Struct, frozen=True):
    """What staff may know of a file. `kind` is that of the original, empty until it was looked at.

    `salt` opens an original that an older house kept; now it stands in a row of its own (`tip_file_keys`).
    `is_withdrawn`: its sender erased it, and only a freezing keeps it here.
    `is_frozen`: somebody has frozen it, or asked to; a second place beside the row that says so.
    """

    at: datetime
    keeps_original: bool
    kind: str = ""
    salt: bytes = b""
    is_withdrawn: bool = False
    is_frozen: bool = False

    def __repr__(self) -> str:
        return "FileCard(...)"


def seal_card(words_key: bytes, tip_id: bytes, file_id: bytes, revision: int, card: FileCard) -> bytes:
    """The card as it stands in the picture's row."""
    return vault.seal_words(words_key, tip_id, _part(file_id), revision, msgspec.json.encode(card))


def open_card(words_key: bytes, file: StoredFile) -> FileCard:
    """Raises SealBroken, and msgspec.ValidationError when it holds something else."""
    opened = vault.open_words(words_key, file.tip, _part(file.id), file.revision, file.card)
    return msgspec.json.decode(opened, type=FileCard)


def _part(file_id: bytes) -> str:
    return f"file {to_text(file_id)}"
