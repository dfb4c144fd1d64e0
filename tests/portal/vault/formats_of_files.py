"""The formats that came with the work on tips: a piece of a file, the key of a frozen one, what staff write."""

from __future__ import annotations

from portal.vault import tip_files
from tests.portal.vault.a_format import Format
from tests.portal.vault.fixed import fixed_id, fixed_key, fixed_public
from tests.portal.vault.formats_of_channels import CHANNELS
from tests.portal.vault.formats_of_desk import DESK
from tests.portal.vault.formats_of_notes import NOTES

KEY, OTHER = fixed_key("one"), fixed_key("other")
ID, OTHER_ID = fixed_id("one"), fixed_id("other")
PRIVATE, PUBLIC = fixed_key("private"), fixed_public("private")
SALT = fixed_key("salt")
BYTES = "a piece of a picture. صورة".encode()


def _read_piece(
    sealed: bytes,
    words: bytes = KEY,
    tip: bytes = ID,
    file: bytes = OTHER_ID,
    which: str = "original",
    at: int = 3,
    is_last: bool = True,
    salt: bytes = SALT,
) -> bytes:
    key = tip_files.original_key(words, file, salt)
    return tip_files.open_piece(key, tip, file, which, at, sealed, is_last=is_last)


FILES = (
    Format(
        "tip-file-piece",
        # At a smaller size than a house seals at: the reader takes any, and the golden bytes stay short.
        lambda: tip_files.seal_piece(
            tip_files.original_key(KEY, OTHER_ID, SALT), ID, OTHER_ID, "original", 3, BYTES, is_last=True, steps=(256,)
        ),
        _read_piece,
        BYTES,
        {"words": OTHER, "tip": OTHER_ID, "file": ID, "which": "drawn", "at": 2, "is_last": False, "salt": KEY},
    ),
    Format(
        "tip-file-keys",
        lambda: tip_files.seal_file_keys(PUBLIC, 2, ID, OTHER_ID, drawn=OTHER, original=KEY),
        lambda sealed, privates={2: PRIVATE}, tip=ID, file=OTHER_ID: tip_files.open_file_keys(
            privates, tip, file, sealed
        ),
        (OTHER, KEY),
        {"privates": {2: OTHER}, "tip": OTHER_ID, "file": ID},
    ),
    *DESK,
    *CHANNELS,
    *NOTES,
)
