"""The program that draws one picture anew: it reads it from its input, writes pixels alone to its output, and ends.

It runs in a process of its own, because what decodes pictures is large, old and fed by strangers. Before it reads the
first byte it gives up all it does not need: it may open nothing any more, no file and no socket, start nothing, write
to no disk, and take only so much memory and time. What comes out was made from pixels alone, so nothing that stood
beside them (place, time, device, comments, colour profile, a small copy of the picture) can come along.
"""

import io
import os
import resource
import signal
import sys
from typing import Final

from PIL import ExifTags, Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from portal.lifeline import die_with_parent, hide_memory, write_no_core
from tips.files.kinds import DRAWN, LONGEST_SIDE, MOST_BYTES, MOST_PIXELS, MOVES, TOO_LARGE, UNREADABLE

MOST_MEMORY: Final = 768 * 1024 * 1024
MOST_SECONDS: Final = 10
QUALITY: Final = 88
_KINDS: Final = ("JPEG", "PNG", "WEBP")
# How each orientation a camera may note (Exif 2.32, tag 274) is brought upright.
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Named, so that nothing has to be looked for on the disk once that is forbidden.
_LOADED: Final = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)


class Refused(Exception):
    """It will not be drawn; the exit code says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def draw(data: bytes) -> bytes:
    """The picture as a JPEG made of its pixels, upright and at most `LONGEST_SIDE` wide and high. Raises Refused."""
    try:
        with Image.open(io.BytesIO(data), formats=_KINDS) as picture:
            _judge(picture)
            return _as_jpeg(_pixels(picture))
    except (Refused, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise Refused(TOO_LARGE) from None
    except Exception:  # Whatever a decoder says about a stranger's bytes, it is not a picture to us.
        raise Refused(UNREADABLE) from None


def _judge(picture: Image.Image) -> None:
    """By the head alone; nothing is decoded yet."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Refused(TOO_LARGE)
    # Phones put a second, smaller picture behind a photo: that is a photo still, and only the first is drawn.
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise Refused(MOVES)


def _pixels(picture: Image.Image) -> Image.Image:
    turn = _turn(picture)
    # Of a JPEG: decode no more than is needed.
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    # Converting copies, and of the largest pictures there is room for one.
    seen = picture if picture.mode == mode else picture.convert(mode)
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if turn is not None:
        seen = seen.transpose(turn)
    fresh = Image.new("RGB", seen.size, "white")
    fresh.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    return fresh


def _turn(picture: Image.Image) -> Image.Transpose | None:
    try:
        return _UPRIGHT.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # What stands beside the picture is broken; the picture need not be.
        return None


def _as_jpeg(fresh: Image.Image) -> bytes:
    drawn = io.BytesIO()
    fresh.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def _give_up_everything() -> None:
    """From here on this process can compute, read its input and write its output; nothing else."""
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),  # no file may grow
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),  # whatever is opened from here on, a socket too, would be one too many
    ):
        resource.setrlimit(limit, (most, most))


def main() -> int:
    """Draw what comes in. The argument is the process that asked; this one ends with it."""
    die_with_parent(int(sys.argv[1]), signal.SIGKILL)
    write_no_core()
    hide_memory()
    # Somebody's words never wait for somebody's picture.
    os.nice(19)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    Image.preinit()
    # Once through everything, so that each part that is fetched at its first use is here before fetching ends.
    draw(_as_jpeg(Image.new("RGB", (2, 1))))
    _give_up_everything()
    try:
        drawn = draw(sys.stdin.buffer.read(MOST_BYTES))
    except Refused as refused:
        return refused.code
    except MemoryError:
        return TOO_LARGE
    sys.stdout.buffer.write(drawn)
    sys.stdout.buffer.flush()
    return DRAWN


if __name__ == "__main__":
    # At once: an orderly end would still look for things on the disk.
    os._exit(main())
