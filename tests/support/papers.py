"""Makes the documents and gives the recordings that tests send, each with something in every place beside what it says.

The recordings are one second of a tone of our own making, tagged with the words below.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path

RECORDINGS = Path(__file__).parent / "recordings"
TAGS = ("CANARYTITLE71", "CANARYARTIST72", "CANARYCOMMENT73", "libopus", "Lavc", "Xiph")
TAIL = b"CANARYTAIL74"
CANARIES = ("CANARYINFO81", "CANARYXMP82", "CANARYSCRIPT83", "CANARYNAME84", "CANARYINSIDE85", "CANARYTEXT86")
DOES = (b"JavaScript", b"/JS", b"EmbeddedFile", b"/OpenAction", b"/AA", b"/Metadata", b"/Producer", b"/CreationDate")


def recording(name: str) -> bytes:
    """One of `voice.mp3`, `opus.ogg`, `vorbis.ogg`."""
    return (RECORDINGS / name).read_bytes()


def ape_tag() -> bytes:
    """Another kind of tag (APEv2), as some programs put behind the last frame of an MP3."""
    item = len(TAIL).to_bytes(4, "little") + bytes(4) + b"Title\0" + TAIL
    foot = b"APETAGEX" + (2000).to_bytes(4, "little") + (len(item) + 32).to_bytes(4, "little")
    return item + foot + (1).to_bytes(4, "little") + bytes(12)


def id3_tag(word: str) -> bytes:
    """The tag that stands before an MP3 (ID3v2.3), with a title and a device's own field."""
    said = b"\0" + word.encode()
    frames = b"".join(name + len(said).to_bytes(4, "big") + b"\0\0" + said for name in (b"TIT2", b"TENC"))
    size = len(frames)
    return b"ID3\x03\0\0" + bytes((size >> at) & 0x7F for at in (21, 14, 7, 0)) + frames


def paper(pages: int = 2, size: int = 300) -> bytes:
    """A PDF with words on each page, a name and a date beside them, a script that runs when it is opened, a file."""
    info, xmp, script, name, inside, text = CANARIES
    words = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode()
    kids = " ".join(f"{9 + at} 0 R" for at in range(pages))
    parts = [
        b"<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R/OpenAction 5 0 R"
        b"/Names<</EmbeddedFiles<</Names[(" + name.encode() + b") 6 0 R]>>>>>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        f"<</Title({info})/Author({info})/CreationDate(D:20260304050607Z)>>".encode(),
        _stream(f"<x:xmpmeta>{xmp}</x:xmpmeta>".encode(), "/Type/Metadata/Subtype/XML"),
        f"<</S/JavaScript/JS(app.alert\\('{script}'\\))>>".encode(),
        f"<</Type/Filespec/F({name})/EF<</F 7 0 R>>>>".encode(),
        _stream(inside.encode(), "/Type/EmbeddedFile"),
        _stream(words),
        *(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size} {size}]/Contents 8 0 R/AA<</O 5 0 R>>"
            "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>".encode()
            for _ in range(pages)
        ),
    ]
    made, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    end = b"trailer<</Size %d/Root 1 0 R/Info 3 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, len(made))
    return made + head + table + end


def unpacked(pdf: bytes) -> bytes:
    """A PDF with all that stands packed in it beside it, so that words in it can be found."""
    packed = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompressobj().decompress(each) for each in packed if each[:1] == b"x")


def _stream(content: bytes, about: str = "") -> bytes:
    return f"<<{about}/Length {len(content)}>>".encode() + b"stream\n" + content + b"\nendstream"
