"""Holds the paper to drawing every script, to losing no word at its edge, and its program to reaching for nothing."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings, strategies as st

from tips.report.paper import DONE, FAILED, Paper, Part, Row
from tips.report.press import Press, broken, is_rtl
from tips.report.printing import PROGRAM, ROOT, NotPrinted, Printing

SCRIPTS = {
    "Latin": "Nhà hàng, café, ăşțđ",
    "Cyrillic": "Фургон каждый день",
    "Greek": "Κάθε μέρα",
    "Arabic": "سيارة بيضاء كل يوم",
    "Persian": "چهار نفر گرفتند",
    "Urdu": "ہر روز ٹرک آتا ہے",
    "Hebrew": "כל יום",
    "Hindi": "हर दिन क्षत्रिय ज्ञान",
    "Punjabi": "ਹਰ ਰੋਜ਼",
    "Bengali": "প্রতিদিন",
    "Gujarati": "દરરોજ",
    "Tamil": "ஒவ்வொரு நாளும்",
    "Thai": "ทุกวันไม่มีวันหยุด",
    "Amharic": "በየቀኑ",
    "Chinese": "他们每天拿走我的护照",
    "Cantonese": "佢哋攞走咗我本護照",
    "Korean": "매일 여권을 가져갔다",
    "Inuktitut": "ᐃᓄᒃᑎᑐᑦ",
    "Cree": "ᓀᐦᐃᔭᐍᐏᐣ",
    "faces": "😀 🚚",
}
UNDRAWN = "Some signs stand here by their numbers."


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def paper(*words: str) -> Paper:
    return Paper("en", "Report", UNDRAWN, (), (Part("What was told", (Row("Words", words),)),))


def pages(body: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(body)).pages)


def signs(text: str) -> Counter[str]:
    """The letters, in no order: a reader of such files gives letters of the other direction in the order drawn."""
    plain = unicodedata.normalize("NFKC", text)
    return Counter(sign for sign in plain if unicodedata.category(sign)[0] in "LN")


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_drawn(press: Press, script: str) -> None:
    body = press.print(paper(SCRIPTS[script]))
    text = "".join(page.extract_text() for page in pages(body))
    assert "[U+" not in text
    assert UNDRAWN not in text


@pytest.mark.parametrize("script", ["Latin", "Cyrillic", "Greek", "Amharic", "Chinese", "Korean"])
def test_what_is_drawn_can_be_copied_out_again(press: Press, script: str) -> None:
    """Of scripts whose letters keep their shapes; the others are looked at by eye."""
    text = "".join(page.extract_text() for page in pages(press.print(paper(SCRIPTS[script]))))
    assert signs(SCRIPTS[script]) - signs(text) == Counter()


def test_a_sign_no_font_has_stands_by_its_number_and_the_paper_says_so(press: Press) -> None:
    text = pages(press.print(paper("a \U00013000 b")))[0].extract_text()
    assert "a [U+13000] b" in text
    assert UNDRAWN in text


def test_nothing_that_looks_like_an_instruction_is_read_as_one(press: Press) -> None:
    words = '#read("/etc/passwd") $x^2$ *bold* = Head\n- item @ref <label> https://example.invalid /* c */ // d'
    text = " ".join(pages(press.print(paper(words)))[0].extract_text().split())
    assert " ".join(words.split()) in text


def test_a_run_of_letters_without_end_stays_on_the_page(press: Press) -> None:
    found = pages(press.print(paper("x" * 3000, "http://" + "long/" * 200)))
    width = float(found[0].mediabox.width)
    rights: list[float] = []

    def seen(text: str, _cm: object, tm: list[float], _font: object, size: float) -> None:
        # By half of the size a letter: more than these are wide would be off the page.
        rights.append(tm[4] + 0.4 * size * len(text.strip()))

    for page in found:
        page.extract_text(visitor_text=seen)
    assert sum(page.extract_text().count("x") for page in found) == 3000
    assert max(rights) < width


@given(st.text(st.characters(codec="utf-8"), max_size=200))
@settings(max_examples=60, deadline=None)
def test_breaking_a_long_run_adds_places_to_break_and_takes_nothing(words: str) -> None:
    assert broken(words * 3).replace("\u200b", "") == (words * 3).replace("\u200b", "")


@pytest.mark.parametrize(("line", "rtl"), [("abc عرب", False), ("+1 عرب abc", True), ("12", False), ("«שלום", True)])
def test_a_line_runs_the_way_its_first_letter_does(line: str, rtl: bool) -> None:
    assert is_rtl(line) is rtl


@pytest.mark.anyio
async def test_the_program_prints_and_what_is_no_paper_is_not_printed() -> None:
    assert (await Printing().print(paper("a van"))).startswith(b"%PDF-")
    with pytest.raises(NotPrinted):
        await Printing().print(paper("x" * (4 * 1024 * 1024)))


def test_the_program_says_nothing_but_a_number_where_it_fails() -> None:
    ran = run(b'{"language": "en", "title": "canary-of-a-title"')
    assert (ran.returncode, ran.stdout, ran.stderr) == (FAILED, b"", b"")


def test_the_program_has_given_up_files_sockets_and_children_before_it_reads_a_word() -> None:
    """As the kernel says of it, while it waits for its first letter."""
    program = [sys.executable, "-B", "-m", PROGRAM, str(os.getpid())]
    pipe = subprocess.PIPE
    with subprocess.Popen(program, cwd=ROOT, env={}, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as waiting:
        try:
            ends = time.monotonic() + 30
            limits: dict[str, str] = {}
            while limits.get("Max open files") != "0" and time.monotonic() < ends:
                time.sleep(0.02)
                limits = limits_of(waiting.pid)
            assert [limits[name] for name in ("Max open files", "Max processes", "Max file size")] == ["0", "0", "0"]
            words = b'{"language": "en", "title": "x", "undrawn": "u", "notes": [], "parts": []}'
            printed, _ = waiting.communicate(words, timeout=30)
            assert (waiting.returncode, printed[:5]) == (DONE, b"%PDF-")
        finally:
            waiting.kill()


def limits_of(process: int) -> dict[str, str]:
    lines = Path(f"/proc/{process}/limits").read_text("ascii").splitlines()[1:]
    return {line[:26].strip(): line[26:].split()[0] for line in lines}


def run(words: bytes) -> subprocess.CompletedProcess[bytes]:
    program = [sys.executable, "-B", "-m", PROGRAM, str(os.getpid())]
    return subprocess.run(program, input=words, cwd=ROOT, env={}, capture_output=True, check=False, timeout=60)
