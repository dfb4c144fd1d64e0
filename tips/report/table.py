"""Writes a sheet as CSV that a table program shows and never reckons with."""

from typing import Final

from portal.web.csv_cells import written
from tips.report.sheet import Line, Sheet

HEAD: Final = ("field", "label", "answer", "code")


def as_csv(sheet: Sheet) -> bytes:
    """One row an answer, in UTF-8 with the mark by which table programs know it, lines ended by CRLF (RFC 4180)."""
    rows = [row for line in (*sheet.about, *sheet.told) for row in _rows(line)]
    return written([HEAD, *rows]).encode("utf-8-sig")


def _rows(line: Line) -> list[tuple[str, ...]]:
    return [(line.field, line.label, answer.value, answer.code) for answer in line.answers]
