"""Holds the drawing program to its promise: pixels alone come out, and nothing that is sent hurts the house."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import time
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from tests.support import photos
from tests.support.photos import CANARIES, chunk, png
from tips.files import draw
from tips.files.drawing import ROOT, Drawing
from tips.files.kinds import LONGEST_SIDE, MOST_BYTES, Kind, Sort, kind_of
from tips.files.refusing import DrawingBusy, PictureRefused
from tips.files.stripping import Stripping

pytestmark = pytest.mark.anyio


async def drawn(data: bytes) -> bytes:
    return (await Drawing(Stripping()).draw([data[at : at + 65_532] for at in range(0, len(data), 65_532)]))[1]


def segments(jpeg: bytes) -> set[int]:
    """The markers of a JPEG before its picture data (ISO 10918-1, B.1.1.3)."""
    found, at = set(), 2
    while jpeg[at + 1] != 0xDA:
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


@pytest.mark.asvs("14.2.8")
@pytest.mark.parametrize("sent", ["phone_photo", "screenshot", "web_picture"])
async def test_a_photo_with_a_place_goes_in_and_none_comes_out(sent: str) -> None:
    data = getattr(photos, sent)()
    with Image.open(io.BytesIO(data)) as before:
        assert before.getexif().get_ifd(0x8825), "the test sends no place"
    out = await drawn(data)
    with Image.open(io.BytesIO(out)) as after:
        assert (after.format, after.size) == ("JPEG", (320, 200))
        assert not after.getexif()
        assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    # Frame, tables and the head that every JPEG has: no room for anything else to stand in.
    assert segments(out) <= {0xE0, 0xDB, 0xC0, 0xC4}
    assert [word for word in CANARIES.values() if word.encode() in out or word.encode("utf-16-le") in out] == []
    assert b"Exif" not in out
    assert b"http" not in out


@pytest.mark.parametrize("turned", range(1, 9))
async def test_a_photo_comes_out_upright(turned: int) -> None:
    """Turned as a camera notes it, then turned back: the red corner is where it was."""
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    scene = photos.scene()
    if turned in back:
        scene = scene.transpose(Image.Transpose(back[turned]))
    with Image.open(io.BytesIO(await drawn(photos.phone_photo(turned=turned, picture=scene)))) as out:
        assert out.size == (320, 200)
        corners = [out.getpixel(at) for at in ((40, 40), (280, 40), (40, 160), (280, 160))]
    assert [max(range(3), key=lambda c: corner[c]) for corner in corners[:3]] == [0, 1, 2]  # type: ignore[index]
    assert min(corners[3]) > 200  # type: ignore[arg-type]


async def test_what_cannot_be_seen_through_comes_out_on_white() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(made, "PNG")
    with Image.open(io.BytesIO(await drawn(made.getvalue()))) as out:
        assert min(out.getpixel((10, 10))) > 250  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "kind"),
    [(photos.phone_photo(), Kind.JPEG), (photos.screenshot(), Kind.PNG), (photos.web_picture(), Kind.WEBP)],
    ids=["jpeg", "png", "webp"],
)
def test_a_kind_is_told_by_how_it_begins(data: bytes, kind: Kind) -> None:
    assert kind_of(data[:64]) is kind


@pytest.mark.parametrize(
    "begins",
    [
        *(b"", b"%PDF-1.7\n", b"GIF89a", b"BM", b"II*\0", b"PK\x03\x04", b"ID3\x04", b"<svg xmlns=", b"OggS", b"8BPS"),
        *(b"\0\0\0\x18ftypheic", b"RIFF\0\0\0\0WAVE", b"\x1f\x8b\x08", b"<html>", b"%!PS-Adobe", b"\xff\xd8"),
    ],
)
async def test_every_other_kind_is_refused_before_anything_reads_it(begins: bytes) -> None:
    kind = kind_of(begins[:64])
    assert kind is None or kind.sort is not Sort.PHOTO
    with pytest.raises(PictureRefused, match="kind"):
        await drawn(begins + bytes(100))


BROKEN = {
    "a beginning alone": b"\xff\xd8\xff\xe0" + b"x" * 4000,
    "cut short": photos.phone_photo()[:3000],
    "a JPEG's beginning on an archive": b"\xff\xd8\xffPK\x03\x04" + bytes(5000),
    "a PNG without a picture": b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
    "a WebP without one": b"RIFF\x10\0\0\0WEBPVP8 " + bytes(20),
    "another program's plan inside": b"\xff\xd8\xff%!PS-Adobe-3.0 EPSF-3.0\n" + bytes(400),
}


@pytest.mark.parametrize("sent", BROKEN)
async def test_what_cannot_be_drawn_is_refused(sent: str) -> None:
    with pytest.raises(PictureRefused, match="broken"):
        await drawn(BROKEN[sent])


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "dots": (lambda: png(40_000, 40_000, rows=zlib.compress(bytes(200_000_000), 9)), "pixels"),
    "dots that are said and not there": (lambda: png(2**31 - 1, 2**31 - 1, rows=b"x"), "pixels|broken"),
    "text": (lambda: png(8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000), 9))), "broken"),
    "a profile": (lambda: png(8, 8, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(200_000_000), 9))), "broken"),
    "a million chunks": (lambda: png(8, 8, chunk(b"tEXt", b"a\0b") * 600_000), ""),
}


@pytest.mark.parametrize("bomb", BOMBS)
async def test_a_bomb_is_refused_or_drawn_in_bounded_time_and_memory(bomb: str) -> None:
    made, why = BOMBS[bomb]
    data = made()
    assert len(data) <= MOST_BYTES
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    if why:
        with pytest.raises(PictureRefused, match=why):
            await drawn(data)
    else:
        assert len(await drawn(data)) < 10_000
    assert time.monotonic() - began < 20
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert after <= max(before, draw.MOST_MEMORY // 1024)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_a_picture_that_moves_is_refused(kind: str) -> None:
    with pytest.raises(PictureRefused, match="moves"):
        await drawn(photos.moving(kind))


async def test_a_photo_with_a_second_one_behind_it_is_a_photo() -> None:
    with Image.open(io.BytesIO(await drawn(photos.moving("MPO")))) as out:
        assert out.size == (320, 200)


async def test_a_photo_larger_than_is_kept_comes_out_smaller() -> None:
    made = io.BytesIO()
    Image.new("RGB", (LONGEST_SIDE + 904, 500)).save(made, "JPEG")
    with Image.open(io.BytesIO(await drawn(made.getvalue()))) as out:
        assert out.size[0] == LONGEST_SIDE


async def test_more_bytes_than_a_picture_may_have_are_refused() -> None:
    with pytest.raises(PictureRefused, match="large"):
        await drawn(photos.phone_photo() + bytes(MOST_BYTES))


async def test_when_many_wait_the_newest_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tips.files.drawing.MOST_WAITING", 0)
    with pytest.raises(DrawingBusy):
        await drawn(photos.phone_photo())


async def test_a_program_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tips.files.worker.WITHIN", 0.0)
    with pytest.raises(PictureRefused, match="broken"):
        await drawn(photos.phone_photo())


TRIES = """
import os, socket, sys
from tips.files import draw
draw._give_up_everything()
def tried(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__
    return "did it"
for what in (socket.socket, lambda: open("/etc/hostname"), lambda: open("x", "w"), os.pipe, lambda: os.dup(1)):
    print(tried(what))
try:
    bytearray(draw.MOST_MEMORY)
    print("did it")
except MemoryError:
    print("MemoryError")
"""


def test_the_program_can_open_nothing_and_take_no_more_memory() -> None:
    ran = subprocess.run([sys.executable, "-c", TRIES], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["OSError"] * 5 + ["MemoryError"]


def test_the_program_ends_with_whoever_asked_it() -> None:
    """Its parent is not the one it was told: it is gone before it reads anything."""
    ran = subprocess.run(
        [sys.executable, "-m", "tips.files.draw", "1"],
        input=photos.phone_photo(),
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert os.getpid() != 1
