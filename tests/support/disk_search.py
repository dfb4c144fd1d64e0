"""Looks for given words in every byte under given folders, in every form a program might have written them."""

from __future__ import annotations

import base64
import bz2
import json
import lzma
import os
import stat
import urllib.parse
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Found:
    """One word in one file, in one form."""

    word: str
    form: str
    where: Path

    def __str__(self) -> str:
        return f"{self.word!r} as {self.form} in {self.where}"


def forms(word: str) -> dict[str, bytes]:
    """The byte strings that give the word away: plain, wide, escaped, and inside base64 at any of three offsets."""
    plain = word.encode("utf-8")
    found = {
        "utf-8": plain,
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "utf-32-le": word.encode("utf-32-le"),
        "hex": plain.hex().encode(),
        "percent": urllib.parse.quote(word, safe="").encode(),
        "plus": urllib.parse.quote_plus(word).encode(),
        "json": json.dumps(word)[1:-1].encode(),
        "json with letters": json.dumps(word, ensure_ascii=False)[1:-1].encode(),
    }
    for offset in range(3):
        for name, alphabet in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            # The first and last groups depend on the neighbours; what lies between is the word's own.
            coded = alphabet(b"\0" * offset + plain)
            found[f"{name}+{offset}"] = coded[4 if offset else 0 : len(coded) // 4 * 4 - 4]
    return {name: sought for name, sought in found.items() if len(sought) >= 6}


def search(words: Iterable[str], folders: Iterable[Path]) -> list[Found]:
    """Every place where one of the words can be read; sockets and pipes hold no bytes and are passed over."""
    sought = [(word, form, pattern) for word in words for form, pattern in forms(word).items()]
    assert sought, "nothing to look for"
    found: set[Found] = set()
    for path in files_under(folders):
        for layer in layers(read(path)):
            found |= {Found(word, form, path) for word, form, pattern in sought if pattern in layer}
        found |= {
            Found(word, "file name", path) for word, form, pattern in sought if form == "utf-8" and word in path.name
        }
    return sorted(found, key=str)


def files_under(folders: Iterable[Path]) -> Iterator[Path]:
    """Every regular file, hidden ones too; links are not followed."""
    for folder in folders:
        if folder.is_file():
            yield folder
            continue
        for base, _, names in os.walk(folder):
            for name in names:
                path = Path(base) / name
                try:
                    kind = path.lstat().st_mode
                except FileNotFoundError:
                    continue
                if stat.S_ISREG(kind):
                    yield path


def read(path: Path) -> bytes:
    """All bytes of a file; a file that went away meanwhile holds none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def layers(content: bytes) -> Iterator[bytes]:
    """The bytes as they are, and what is packed inside them."""
    yield content
    yield from unpacked(content)


def unpacked(content: bytes) -> Iterator[bytes]:
    """What gzip, deflate, bzip2 and xz streams hold, wherever in the file they begin."""
    openers: list[tuple[bytes, Callable[[bytes], bytes]]] = [
        (b"\x1f\x8b\x08", gzip_prefix),
        (b"BZh", lambda part: bz2.BZ2Decompressor().decompress(part)),
        (b"\xfd7zXZ\x00", lambda part: lzma.LZMADecompressor().decompress(part)),
        (b"\x78\x9c", lambda part: zlib.decompressobj().decompress(part)),
        (b"\x78\xda", lambda part: zlib.decompressobj().decompress(part)),
        (b"\x78\x01", lambda part: zlib.decompressobj().decompress(part)),
    ]
    for mark, opened in openers:
        start = content.find(mark)
        while start != -1:
            # Two bytes may only look like a beginning.
            with suppress(OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
                yield opened(content[start:])
            start = content.find(mark, start + 1)


def gzip_prefix(part: bytes) -> bytes:
    """The first gzip member of `part`, whatever follows it."""
    return zlib.decompressobj(wbits=31).decompress(part)
