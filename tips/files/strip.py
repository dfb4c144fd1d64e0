"""The program that takes out of one recording or document whatever stands beside it, and ends.

It runs in a sandbox of its own, under the Python for which Debian's `mat2` is installed, and never in a process of the
house: it sees the programs of the machine, this code and a folder in memory, and no network. `mat2` does the work; what
it is known to leave is taken out afterwards by the library it stands on (`mutagen`): the name of the program that made
a recording, blocks that no player reads, and all that stands behind the end. Of a document nothing is left but how its
pages look: each is drawn as a picture, so there is no text, script, form, link or file in it any more.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from portal.lifeline import hide_memory, write_no_core
from tips.files.kinds import DRAWN, MOST_BYTES, MOST_PAGES, MOST_STRIPPED_BYTES, TOO_LARGE, UNREADABLE, Kind

MOST_MEMORY: Final = 1024 * 1024 * 1024
MOST_SECONDS: Final = 20
# Some megapixels at 200 dots an inch: a poster, no wall.
_LONGEST_SIDE_POINTS: Final = 2400.0
# Of a recording: what is no sound may be so much of it, such as a few broken frames. More, and it is something else.
_MOST_LEFT_OUT: Final = 0.1
_FOLDER: Final = Path("/memory")  # the sandbox's own
_MOST_FILES: Final = 64


class Refused(Exception):
    """It cannot be stripped; the exit code says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def strip(kind: Kind, data: bytes) -> bytes:
    """What is left of it. Raises Refused, and whatever a library says about a stranger's bytes."""
    path = _FOLDER / f"in.{kind.value}"
    path.write_bytes(data)
    return {Kind.PDF: _document, Kind.MP3: _mp3, Kind.OGG: _ogg}[kind](path)


def _document(path: Path) -> bytes:
    from gi.repository import Poppler  # type: ignore[import-not-found]
    from libmat2.pdf import PDFParser  # type: ignore[import-not-found]

    opened = Poppler.Document.new_from_file(path.as_uri(), None)
    if opened.get_n_pages() > MOST_PAGES:
        raise Refused(TOO_LARGE)
    for at in range(opened.get_n_pages()):
        if max(opened.get_page(at).get_size()) > _LONGEST_SIDE_POINTS:
            raise Refused(TOO_LARGE)
    cleaned = _cleaned(PDFParser(str(path)))
    made = Poppler.Document.new_from_file(cleaned.as_uri(), None)
    said = [made.get_title(), made.get_author(), made.get_subject(), made.get_keywords(), made.get_metadata()]
    if any(said) or made.get_n_attachments() or made.get_n_pages() != opened.get_n_pages():
        raise Refused(UNREADABLE)
    return cleaned.read_bytes()


def _mp3(path: Path) -> bytes:
    from libmat2.audio import MP3Parser  # type: ignore[import-not-found]
    from mutagen import apev2, id3  # type: ignore[import-not-found]
    from mutagen.mp3 import HeaderNotFoundError, MPEGFrame  # type: ignore[import-not-found]

    cleaned = _cleaned(MP3Parser(str(path)))
    apev2.delete(str(cleaned))
    id3.delete(str(cleaned))
    whole, frames = cleaned.stat().st_size, list[bytes]()
    with cleaned.open("rb") as sound:
        while sound.tell() < whole:
            began = sound.tell()
            try:
                frame = MPEGFrame(sound)
            except HeaderNotFoundError:
                break
            ended = min(sound.tell(), whole)
            if frame.layer != 3 or ended <= began:
                break
            sound.seek(began)
            taken = sound.read(ended - began)
            frames.append(taken if frames or frame.sketchy else _counts_alone(taken))
    return _judged(b"".join(frames), whole)


def _counts_alone(frame: bytes) -> bytes:
    """The first frame where it holds no sound: how many follow stays in it, which program made them does not."""
    at = max(frame.find(b"Xing", 0, 64), frame.find(b"Info", 0, 64))
    if at < 0:
        return b""
    flags = int.from_bytes(frame[at + 4 : at + 8], "big")
    ends = at + 8 + sum(size for bit, size in ((1, 4), (2, 4), (4, 100), (8, 4)) if flags & bit)
    return frame[:ends].ljust(len(frame), b"\0")[: len(frame)]


def _ogg(path: Path) -> bytes:
    from libmat2.audio import OGGParser
    from mutagen.ogg import OggPage  # type: ignore[import-not-found]

    cleaned = _cleaned(OGGParser(str(path)))
    whole, pages = cleaned.stat().st_size, list[Any]()
    with cleaned.open("rb") as sound:
        while sound.tell() < whole:
            try:
                page = OggPage(sound)
            except Exception:  # What stands behind the last page is no sound.
                break
            if pages and (page.first or page.serial != pages[0].serial):
                raise Refused(UNREADABLE)  # another recording behind it or beside it, with tags of its own
            pages.append(page)
    head = pages[0].packets[0]
    fresh = _FRESH.get(bytes(head[:7]))
    if fresh is None or len(pages[0].packets) != 1:
        raise Refused(UNREADABLE)
    comments, others = fresh
    ends = 2
    while not pages[ends - 1].complete or len(OggPage.to_packets(pages[1:ends])) < 1 + others:
        ends += 1
    said = OggPage.to_packets(pages[1:ends])
    if len(said) != 1 + others:  # Sound begins on a page of its own.
        raise Refused(UNREADABLE)
    heads = [pages[0], *OggPage.from_packets([comments, *said[1:]], sequence=1)]
    for page in heads[1:]:
        page.position = 0 if page.complete else -1
    made = [*heads, *pages[ends:]]
    for number, page in enumerate(made):
        page.serial, page.sequence = 1, number
    return _judged(b"".join(page.write() for page in made), whole)


# By how its first packet begins: an empty packet of comments in its place, and how many packets of set-up follow it.
# Vorbis I, 4.2.1 and 5.2.1; RFC 7845, 5.2.
_FRESH: Final[dict[bytes, tuple[bytes, int]]] = {
    b"\x01vorbis": (b"\x03vorbis" + bytes(8) + b"\x01", 1),
    b"OpusHea": (b"OpusTags" + bytes(8), 0),
}


def _cleaned(parser: Any) -> Path:  # Any: mat2 tells no types
    parser.sandbox = False  # it would start a second one for programs that are not used here
    if not parser.remove_all():
        raise Refused(UNREADABLE)
    return Path(parser.output_filename)


def _judged(sound: bytes, before: int) -> bytes:
    if not sound or len(sound) < before * (1 - _MOST_LEFT_OUT) - 4096:
        raise Refused(UNREADABLE)
    return sound


def _try_out() -> bytes:
    """A document of one page, made here and stripped: shows that all of it works on this machine."""
    import cairo  # type: ignore[import-not-found]
    import mutagen  # noqa: F401

    path = _FOLDER / "made.pdf"
    surface = cairo.PDFSurface(str(path), 72, 72)
    cairo.Context(surface).show_page()
    surface.finish()
    return strip(Kind.PDF, path.read_bytes())


def _give_up_what_it_does_not_need() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_STRIPPED_BYTES),
        (resource.RLIMIT_NOFILE, _MOST_FILES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))


def main() -> int:
    """Strip what comes in. The argument: its kind, or `try`."""
    write_no_core()
    hide_memory()
    os.nice(19)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    import gi  # type: ignore[import-not-found]

    gi.require_version("Poppler", "0.18")
    _give_up_what_it_does_not_need()
    asked: Callable[[], bytes]
    if sys.argv[1] == "try":
        asked = _try_out
    else:
        data = sys.stdin.buffer.read(MOST_BYTES)
        asked = lambda: strip(Kind(sys.argv[1]), data)  # noqa: E731
    try:
        stripped = asked()
    except Refused as refused:
        return refused.code
    except MemoryError:
        return TOO_LARGE
    except Exception:  # Whatever a library says about a stranger's bytes, it is nothing we can strip.
        return UNREADABLE
    sys.stdout.buffer.write(stripped)
    sys.stdout.buffer.flush()
    return DRAWN


if __name__ == "__main__":
    os._exit(main())
