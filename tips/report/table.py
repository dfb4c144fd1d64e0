"""Writes a sheet as CSV that a table program shows and never reckons with.

A cell that begins with one of the signs of a formula is run by such a program, with whatever a stranger wrote in it.
OWASP, "CSV Injection": begin such a cell with an apostrophe, put every cell in quotation marks, double those inside.
Here also before signs that look or count as one of them (full width, small, superscript), behind spaces and signs
nobody sees, and at the beginning of each line of a cell, for programs that take a line for a row.
"""

import csv
import io
import re
import unicodedata
from typing import Final

from tips.report.sheet import Line, Sheet

HEAD: Final = ("field", "label", "answer", "code")
GUARD: Final = "'"

_STARTS: Final = frozenset("=+-@")
_ALIKE: Final = frozenset("\N{MINUS SIGN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{HYPHEN BULLET}")
# A sign for a stranger's machine and not for a reader; what is written in its place says that there was one.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


def as_csv(sheet: Sheet) -> bytes:
    """One row an answer, in UTF-8 with the mark by which table programs know it, lines ended by CRLF (RFC 4180)."""
    written = io.StringIO(newline="")
    rows = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(HEAD)
    for line in (*sheet.about, *sheet.told):
        rows.writerows(_rows(line))
    return written.getvalue().encode("utf-8-sig")


def _rows(line: Line) -> list[tuple[str, ...]]:
    return [
        tuple(safe(cell) for cell in (line.field, line.label, answer.value, answer.code)) for answer in line.answers
    ]


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
