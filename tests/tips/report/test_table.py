"""Holds that no cell of the CSV begins a formula, whatever a stranger wrote, and that no word is lost by it."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import example, given, settings, strategies as st

from portal.web.csv_cells import safe
from tips.report.sheet import Answer, Line, Sheet, as_json, read_json
from tips.report.table import HEAD, as_csv

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    "﹦1",
    "﹢1",
    "﹣1",
    "﹫A1",
    "⁼1",
    "⁺1",
)
NASTY = st.text(st.sampled_from("=+-@＝＋－＠﹦−‐\t\r\n \u00a0\u200b\ufeff\u0301\x00\x1f;,\"'aé中ع"), max_size=12)


def sheet(*answers: str) -> Sheet:
    return Sheet(language="en", about=(), told=(Line("text", "What", tuple(Answer(each) for each in answers)),))


def cells(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def starts_a_formula(cell: str) -> bool:
    """Told anew, from the list of the source and not from our own function."""
    for line in cell.splitlines() or [""]:
        bare = "".join(sign for sign in line if unicodedata.category(sign) not in ("Zs", "Cf", "Mn", "Cc"))
        if line[:1] in ("\t", "\r", "\n") or unicodedata.normalize("NFKC", bare)[:1] in tuple("=+-@"):
            return True
    return cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\ufeff", "\u0301", "said:\n"])
def test_each_beginning_of_a_formula_gets_an_apostrophe(formula: str, before: str) -> None:
    assert starts_a_formula(before + formula)
    assert not starts_a_formula(safe(before + formula))


@settings(max_examples=150, deadline=None)
@given(st.one_of(NASTY, st.text(max_size=40)))
@example("=cmd|' /C calc'!A0")
@example('"\n=HYPERLINK("x")')
def test_no_cell_begins_a_formula_and_each_stays_one_cell(words: str) -> None:
    rows = cells(as_csv(sheet(words)))
    assert rows[0] == list(HEAD)
    assert [len(row) for row in rows] == [4, 4]
    assert not any(starts_a_formula(cell) for row in rows for cell in row)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_what_was_written_is_still_there(words: str) -> None:
    """But for the apostrophe, and signs nobody can see, which stand as one that says so."""
    found = cells(as_csv(sheet(words)))[1][2]
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = found.replace("'", "").replace("\ufffd", "")
    unseen = {sign for sign in plain if unicodedata.category(sign) in ("Cc", "Zl", "Zp") and sign not in "\n\t"}
    assert kept == "".join(sign for sign in plain if sign not in unseen | {"'", "\ufffd"})


def test_a_quotation_mark_is_doubled_and_every_cell_stands_in_two() -> None:
    assert as_csv(sheet('a "b", c')).decode("utf-8-sig").split("\r\n")[1] == '"text","What","a ""b"", c",""'


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=4))
def test_the_json_says_what_it_was_given(answers: list[str]) -> None:
    given_sheet = sheet(*answers)
    assert read_json(as_json(given_sheet)) == given_sheet


@pytest.mark.parametrize("change", [b'"version": 2', b'"version": 0'])
def test_a_version_we_do_not_know_is_not_guessed_at(change: bytes) -> None:
    with pytest.raises(ValueError, match="version"):
        read_json(as_json(sheet("x")).replace(b'"version": 1', change))
