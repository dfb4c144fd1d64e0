"""Writes a cell of a CSV file so that a table program shows it and never reckons with it.

A cell that begins with one of the signs of a formula is run by such a program, with whatever a stranger wrote in it.
OWASP, "CSV Injection": begin such a cell with an apostrophe, put every cell in quotation marks, double those inside.
Here also before signs that look or count as one of them (full width, small, superscript), behind spaces and signs
nobody sees, and at the beginning of each line of a cell, for programs that take a line for a row.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

GUARD: Final = "'"

_STARTS: Final = frozenset("=+-@")
_ALIKE: Final = frozenset("\N{MINUS SIGN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{HYPHEN BULLET}")
# A sign for a stranger's machine and not for a reader; what is written in its place says that there was one.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


def written(rows: Iterable[Sequence[str]]) -> str:
    """These rows, every cell in quotation marks, lines ended by CRLF (RFC 4180)."""
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [safe(cell) for cell in row] for row in rows
    )
    return out.getvalue()


def safe(cell: str) -> str:
    """The same words, so that no line of them begins a formula."""
    plain = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", cell.replace("\r\n", "\n").replace("\r", "\n"))
    guarded = "\n".join(GUARD + line if is_formula(line) else line for line in plain.split("\n"))
    return GUARD + guarded if guarded.startswith("\n") else guarded


def is_formula(line: str) -> bool:
    """Whether a table program might take this for something to reckon with."""
    if line.startswith("\t"):
        return True
    first = next((sign for sign in line if unicodedata.category(sign)[0] not in "ZCM"), "")
    return bool(first) and (first in _ALIKE or unicodedata.normalize("NFKC", first)[0] in _STARTS)
