"""Says what a file is by how it begins, never by its name, and how large one may be."""

from enum import StrEnum
from typing import Final

MIB: Final = 1024 * 1024

MOST_BYTES: Final = 12 * MIB
"""Of one picture as it is sent: what a phone's camera makes, twice over."""

MOST_DRAWN_BYTES: Final = 12 * MIB
"""Of one picture as it is drawn anew; more is not one of our drawing."""

MOST_PIXELS: Final = 50_000_000
"""Of one picture, by what its head says, before anything of it is decoded."""

LONGEST_SIDE: Final = 4096
"""Of one picture as it is drawn anew, in pixels: a number plate at the edge of it can still be read."""

MOST_OF_A_TIP: Final = 10


class Kind(StrEnum):
    """The kinds of picture that can be drawn anew here. Everything else is refused."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


ENOUGH_TO_TELL: Final = 12


def kind_of(beginning: bytes) -> Kind | None:
    """What begins like this, by the marks that the formats themselves prescribe; None for all that is not taken.

    JPEG: ISO 10918-1, B.1.1.3 (start of image, then a marker). PNG: ISO 15948, 5.2. WebP: RFC 9649, 2.3.
    """
    if beginning.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if beginning.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return Kind.WEBP
    return None


# What the drawing program says when it ends. Anything else, a signal too: it could not be drawn.
DRAWN: Final = 0
TOO_LARGE: Final = 3
MOVES: Final = 4
UNREADABLE: Final = 5
