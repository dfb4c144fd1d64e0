"""Looks through the database's own files for pieces of what was erased: "gone" is something that was looked for."""

import contextlib
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from portal.breathing import breathing

# A piece out of the middle of a sealed body. It opens nothing: the seal needs every byte of itself, and the key.
PIECE: Final = slice(40, 64)
PIECE_BYTES: Final = 24
CHUNK: Final = 1024 * 1024
SIDE_FILES: Final = ("", "-wal", "-journal")


class Found(StrEnum):
    """What a search came to."""

    NOTHING = "nothing"
    SOMETHING = "something"
    SERVER = "server"  # the files are a server's and not ours to read; its tables were written anew


def search(sought: Mapping[bytes, bytes], files: Collection[Path]) -> set[bytes]:
    """Those names (name -> pieces of 24 bytes, in one row) of which a piece stands anywhere in these files."""
    pieces = {
        one[at : at + PIECE_BYTES]: name for name, one in sought.items() for at in range(0, len(one), PIECE_BYTES)
    }
    left: set[bytes] = set()
    for path in files:
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            tail = b""
            while chunk := file.read(CHUNK):
                held = tail + chunk
                left |= {name for piece, name in breathing(pieces.items()) if piece in held}
                tail = held[-PIECE_BYTES + 1 :]
    return left
