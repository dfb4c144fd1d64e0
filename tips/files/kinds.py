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


MOST_PAGES: Final = 20
"""Of one document: each becomes a picture."""

MOST_STRIPPED_BYTES: Final = 32 * MIB
"""Of one document once its pages are pictures; a recording does not grow."""


class Sort(StrEnum):
    """What a house can take, each by a switch of its own; photos are the first, and the others need them."""

    PHOTO = "photo"
    SOUND = "sound"
    PAPER = "paper"


class Kind(StrEnum):
    """The kinds that can be drawn anew or stripped here. Everything else is refused."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    MP3 = "mp3"
    OGG = "ogg"
    PDF = "pdf"

    @property
    def sort(self) -> Sort:
        """Which switch takes it."""
        return _SORTS.get(self, Sort.PHOTO)


_SORTS: Final = {Kind.MP3: Sort.SOUND, Kind.OGG: Sort.SOUND, Kind.PDF: Sort.PAPER}

ENOUGH_TO_TELL: Final = 64


def kind_of(beginning: bytes) -> Kind | None:
    """What begins like this, by the marks that the formats themselves prescribe; None for all that is not taken.

    JPEG: ISO 10918-1, B.1.1.3 (start of image, then a marker). PNG: ISO 15948, 5.2. WebP: RFC 9649, 2.3. PDF: ISO
    32000-1, 7.5.2, at the very beginning. Ogg: RFC 3533, 6, with one stream of Opus (RFC 7845, 5.1) or Vorbis (Vorbis
    I, 4.2.1), no film. MP3: ISO 11172-3, 2.4.2.3 (layer III), or an ID3 tag, behind which the stripping looks.
    """
    if beginning.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if beginning.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return Kind.WEBP
    if beginning.startswith(b"%PDF-1."):
        return Kind.PDF
    if beginning.startswith(b"OggS") and beginning[28:36].startswith((b"OpusHead", b"\x01vorbis")):
        return Kind.OGG
    if beginning.startswith(b"ID3") or _is_layer_three(beginning[:3]):
        return Kind.MP3
    return None


def _is_layer_three(head: bytes) -> bool:
    """Sync, a version, layer III, a bit rate that is told, a sample rate."""
    if len(head) < 3 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or head[1] & 0x18 == 0x08:
        return False
    return head[2] >> 4 not in (0x0, 0xF) and head[2] & 0x0C != 0x0C


# What the drawing program says when it ends. Anything else, a signal too: it could not be drawn.
DRAWN: Final = 0
TOO_LARGE: Final = 3
MOVES: Final = 4
UNREADABLE: Final = 5
