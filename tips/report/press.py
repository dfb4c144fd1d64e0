"""The program that prints one report: it reads what is to stand in it from its input, writes a PDF, and ends.

It runs in a process of its own, so that what it remembers of a report goes with it, and because what shapes the
letters of every script is large and fed by strangers. Before it reads the first byte it gives up what it does not need:
it may open nothing any more, no file and no socket, start nothing, write to no disk, take only so much memory and time.
"""

import importlib.util
import json
import os
import re
import resource
import signal
import sys
import unicodedata
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
import typst
import uharfbuzz

from portal.lifeline import die_with_parent, hide_memory, write_no_core
from tips.report.paper import DONE, FAILED, MOST_WORDS, Paper, Part, Row

MOST_MEMORY: Final = 2 * 1024 * 1024 * 1024  # of addresses, most of them of fonts that are only looked into
MOST_SECONDS: Final = 20
HERE: Final = Path(__file__).parent

# The first that has a letter draws it. Chinese, Japanese and Korean share one file, in the shapes of mainland China.
CJK: Final = "Noto Sans CJK SC"
_FIRST: Final = "Noto Sans"
_LAST: Final = (CJK, "Noto Sans Symbols", "Noto Emoji")
_PACKAGES: Final = ("manimgx_fonts", "manimgx_fonts_cjk")

_BREAK_AFTER: Final = 60
_BREAK_EACH: Final = 30
_LONG: Final = re.compile(rf"\S{{{_BREAK_AFTER},}}")
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_JOINS: Final = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


def folders() -> list[Path]:
    """Where the letters are: two packages of them, and what they lack beside this file."""
    found = [importlib.util.find_spec(name) for name in _PACKAGES]
    return [*(Path(spec.origin).parent for spec in found if spec and spec.origin), HERE / "fonts"]


def drawable(where: Iterable[Path]) -> frozenset[int]:
    """Every sign that some font of ours can draw, by its number."""
    found: set[int] = set()
    for file in (file for folder in where for file in sorted(folder.iterdir())):
        if file.suffix in (".ttf", ".ttc"):
            found |= set(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file)), 0).unicodes)
    return frozenset(found)


class Press:
    """Fonts, opened once, and the sheet they are put on."""

    def __init__(self) -> None:
        where = folders()
        self._drawable = drawable(where)
        fonts = typst.Fonts(False, False, [str(folder) for folder in where])
        # The CJK file names its five national shapes; only one is asked for.
        families = sorted(name for name in fonts.families() if "CJK" not in name and name not in (_FIRST, *_LAST))
        self._fonts = [_FIRST, *families, *_LAST]
        self._sheet = (HERE / "sheet.typ").read_bytes()
        self._compiler = typst.Compiler(root=str(HERE), font_paths=fonts, ignore_system_fonts=True)

    def print(self, paper: Paper) -> bytes:
        """The PDF. A sign that no font has is written as its number, and a line at the top says so."""
        missing = 0

        def written(text: str) -> list[dict[str, Any]]:
            nonlocal missing
            lines = [self._line(line) for line in re.split(r"\r\n|[\n\r\u2028\u2029]", text)]
            missing += sum(count for _, count in lines)
            return [{"text": drawn, "rtl": is_rtl(drawn)} for drawn, _ in lines]

        data = self._data(paper, written)
        if missing:
            data["notes"] += written(paper.undrawn)
        words = {"data": json.dumps(data, ensure_ascii=False)}
        compiled = self._compiler.compile(self._sheet, format="pdf", sys_inputs=words)
        if not isinstance(compiled, bytes):
            raise TypeError("not one document")
        return compiled

    def warm(self) -> None:
        """Print a letter of every font, so that nothing has to be fetched once that is forbidden."""
        letters = "".join(sorted({chr(number) for number in self._drawable if number in _SAMPLES}))
        self.print(Paper("en", "", "", (letters,), (Part(letters, (Row(letters, (letters,)),)),)))

    def _data(self, paper: Paper, written: Callable[[str], list[dict[str, Any]]]) -> dict[str, Any]:
        return {
            "lang": paper.language,
            "fonts": self._fonts,
            "title": written(paper.title),
            "notes": [line for note in paper.notes for line in written(note)],
            "parts": [
                {
                    "head": written(part.head),
                    "rows": [
                        {"label": written(row.label), "answers": [written(answer) for answer in row.answers]}
                        for row in part.rows
                    ],
                }
                for part in paper.parts
            ],
        }

    def _line(self, line: str) -> tuple[str, int]:
        drawn = [sign if self._draws(sign) else f"[U+{ord(sign):04X}]" for sign in line]
        return broken("".join(drawn)), sum(not self._draws(sign) for sign in line)

    def _draws(self, sign: str) -> bool:
        # What has no shape of its own (a joiner, a mark of direction) is for the letters beside it.
        return ord(sign) in self._drawable or unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f"


def is_rtl(line: str) -> bool:
    """Whether a line runs from right to left: by its first letter that runs either way (UAX 9, rules P2 and P3)."""
    ways = (unicodedata.bidirectional(sign) for sign in line)
    return next((way in ("R", "AL") for way in ways if way in ("L", "R", "AL")), False)


def broken(line: str) -> str:
    """The line with places at which a very long run of letters may break, or it would leave the page."""
    return _LONG.sub(lambda run: _broken_run(run[0]), line)


def _broken_run(run: str) -> str:
    written, since = [run[0]], 1
    for before, sign in pairwise(run):
        is_whole = unicodedata.category(sign)[0] != "M" and unicodedata.category(before)[0] != "M"
        if since >= _BREAK_EACH and is_whole and before not in _JOINS and sign not in _JOINS:
            written.append(_BREAK)
            since = 0
        written.append(sign)
        since += 1
    return "".join(written)


def _give_up_everything() -> None:
    """From here on this process can compute, read its input and write its output; nothing else."""
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def main() -> int:
    """Print what comes in. The argument is the process that asked; this one ends with it."""
    die_with_parent(int(sys.argv[1]), signal.SIGKILL)
    write_no_core()
    hide_memory()
    os.nice(10)
    press = Press()
    press.warm()
    _give_up_everything()
    try:
        paper = msgspec.json.decode(sys.stdin.buffer.read(MOST_WORDS), type=Paper)
        printed = press.print(paper)
    except Exception:  # Whatever is said about it may quote it: the code alone goes out.
        return FAILED
    sys.stdout.buffer.write(printed)
    sys.stdout.buffer.flush()
    return DONE


# One letter of each font.
_SAMPLES: Final = frozenset(ord(letter) for letter in "aبաবअአაગਅאಅកກഅမଅඅஅఅกᐃ中☀😀")

if __name__ == "__main__":
    # At once: an orderly end would still look for things on the disk.
    os._exit(main())
