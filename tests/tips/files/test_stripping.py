"""Holds the stripping to its promise: what stood beside a recording or a document goes in, and none comes out."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest

from tests.support import papers, photos
from tests.support.papers import CANARIES, DOES, TAGS, TAIL
from tips.files import stripping
from tips.files.drawing import Drawing
from tips.files.kinds import ENOUGH_TO_TELL, MOST_PAGES, Kind, Sort, kind_of
from tips.files.refusing import PictureRefused
from tips.files.stripping import MOST_OF_THE_FOLDER, PYTHON, Stripping

pytestmark = pytest.mark.anyio

ALL = frozenset(Sort)
SAMPLES = {"voice.mp3": Kind.MP3, "opus.ogg": Kind.OGG, "vorbis.ogg": Kind.OGG}


async def stripped(data: bytes) -> bytes:
    return (await Drawing(Stripping()).draw([data[at : at + 65_532] for at in range(0, len(data), 65_532)], ALL))[1]


@pytest.fixture(scope="module", autouse=True)
def sandbox() -> None:
    """Without user namespaces there is no sandbox, and the house takes no such files: nothing to look at."""
    tried = subprocess.run(["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], check=False, capture_output=True)
    if tried.returncode:
        pytest.skip("this machine lets nobody make a sandbox")


@pytest.mark.parametrize("name", SAMPLES)
async def test_tags_of_a_recording_go_in_and_none_come_out(name: str) -> None:
    sent = papers.recording(name)
    if name.endswith("mp3"):
        sent = papers.id3_tag("CANARYHEAD75") + sent[:-128] + papers.ape_tag() + sent[-128:]
    else:
        sent += TAIL * 9
    said = [word for word in (*TAGS, TAIL.decode(), "CANARYHEAD75") if word.encode() in sent]
    assert len(said) > 3, "the test sends no tags"
    out = await stripped(sent)
    assert kind_of(out[:ENOUGH_TO_TELL]) is SAMPLES[name]
    assert [word for word in said if word.encode() in out] == []
    assert not out.startswith(b"ID3")
    # The sound itself is as it was.
    sound = papers.recording(name)
    assert [sound[at : at + 32] in out for at in (len(sound) // 2, len(sound) - 600)] == [True, True]
    assert len(out) > 0.8 * len(sound)


async def test_a_document_goes_in_with_a_name_a_script_and_a_file_and_comes_out_as_pictures_of_its_pages() -> None:
    sent = papers.paper()
    before = papers.unpacked(sent)
    assert [word for word in CANARIES if word.encode() not in before] == [], "the test sends no such things"
    out = papers.unpacked(await stripped(sent))
    assert [word for word in CANARIES if word.encode() in out] == []
    assert [word for word in DOES if word in out] == []
    assert out.count(b"/Type /Page\n") + out.count(b"/Type /Page ") + out.count(b"/Type/Page/") == 2
    assert b"/Subtype /Image" in out
    assert b"/Font" not in out.replace(b"/Font <<", b"").replace(b"/Font<<>>", b"") or b"BaseFont" not in out


REFUSED = {
    "too many pages": (papers.paper(MOST_PAGES + 1), "pages"),
    "a wall": (papers.paper(1, 9000), "pages"),
    "a beginning alone": (b"%PDF-1.7\n" + bytes(900), "broken"),
    "an archive behind it": (b"%PDF-1.7\nPK\x03\x04" + bytes(900), "broken"),
    "a tag and no sound": (b"ID3\x04\0\0\0\0\0\x05TIT2\0" + bytes(9000), "broken"),
    "a frame and no sound": (b"\xff\xfb\x90\x00" + b"PK\x03\x04" * 3000, "broken"),
    "a head and no sound": (papers.recording("opus.ogg")[:60], "broken"),
    "two recordings in one": (papers.recording("opus.ogg") + papers.recording("vorbis.ogg"), "broken"),
    "one recording twice": (papers.recording("opus.ogg") * 2, "broken"),
    "a film": (papers.recording("vorbis.ogg").replace(b"\x01vorbis", b"\x80theora", 1), "kind"),
    "an archive": (b"PK\x03\x04" + bytes(500), "kind"),
    "a page": (b"<html><script>", "kind"),
    "another sound": (b"\xff\xf1\x50\x80" + bytes(500), "kind"),
    "a telephone's own": (b"\0\0\0\x1cftypM4A " + bytes(500), "kind"),
}


@pytest.mark.parametrize("sent", REFUSED)
async def test_what_cannot_be_stripped_is_refused(sent: str) -> None:
    data, why = REFUSED[sent]
    with pytest.raises(PictureRefused, match=why):
        await stripped(data)


async def test_a_sort_that_is_not_taken_is_refused_before_anything_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripping, "PYTHON", Path("/nowhere"))
    for data in (papers.paper(), papers.recording("opus.ogg")):
        with pytest.raises(PictureRefused, match="kind"):
            await Drawing(Stripping()).draw([data], {Sort.PHOTO})
    assert (await Drawing(Stripping()).draw([photos.phone_photo()], {Sort.PHOTO}))[0] is Kind.JPEG


async def test_where_there_is_no_sandbox_it_does_not_work_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await Stripping().works()
    with monkeypatch.context() as without:
        without.setattr(stripping, "PYTHON", Path("/nowhere"))
        assert not await Stripping().works()
    with monkeypatch.context() as without:
        without.setattr("shutil.which", lambda _name: None)
        assert not await Stripping().works()
    with monkeypatch.context() as without:
        without.setattr(stripping, "PROGRAM", "tips.files.nowhere")
        assert not await Stripping().works()


TRIES = """
import os, socket
def tried(what):
    try:
        what()
    except Exception as error:
        return type(error).__name__
    return "did-it"
for what in (
    lambda: socket.create_connection(("127.0.0.1", {port}), 2),
    lambda: open("/etc/hostname"),
    lambda: open({secret!r}),
    lambda: open("/house/tips/x", "w"),
    lambda: open("/usr/x", "w"),
    lambda: open("/memory/x", "wb").write(bytes({most} + 9_000_000)),
    lambda: open("/memory/y", "w"),
):
    print(tried(what))
print([line.split()[2] for line in open("/proc/mounts") if line.split()[1] == "/memory"])
"""


def test_the_program_sees_no_network_no_folder_of_the_house_and_one_bounded_folder_in_memory(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "porchlight.db"
    secret.write_text("rows")
    with socket.create_server(("127.0.0.1", 0)) as listens:
        code = TRIES.format(port=listens.getsockname()[1], secret=str(secret), most=MOST_OF_THE_FOLDER)
        command = stripping._command("bwrap", "try")
        command = [*command[: command.index(str(PYTHON))], str(PYTHON), "-c", code]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
    refused = ["ConnectionRefusedError", "FileNotFoundError", "FileNotFoundError", "OSError", "OSError", "OSError"]
    assert ran.stdout.splitlines() == [*refused, "did-it", "['tmpfs']"]
