"""Holds templates, styles and scripts to a strict page: nothing inline, nothing unescaped, nothing stored."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.source import REPOSITORY

TEMPLATES = sorted((REPOSITORY / "templates").rglob("*.html"))
SCRIPTS = sorted((REPOSITORY / "static" / "js").rglob("*.js"))
STYLES = sorted((REPOSITORY / "static" / "css").rglob("*.css"))
PUBLIC_TEMPLATES = [
    path
    for path in TEMPLATES
    if not path.relative_to(REPOSITORY / "templates").as_posix().startswith(("desk/", "layouts/desk"))
]


def short(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def lines(path: Path, pattern: str, *, but_for: str = r"(?!)") -> list[str]:
    """Where the pattern stands in the file, comments and what may stand there left out."""
    text = path.read_text("utf-8")
    for comment in (r"\{#.*?#\}", r"/\*.*?\*/", r"(?m)^\s*//.*$"):
        text = re.sub(comment, lambda found: re.sub(r"[^\n]", " ", found.group()), text, flags=re.DOTALL)
    return [
        f"{short(path)}:{n}: {line.strip()}"
        for n, line in enumerate(text.splitlines(), 1)
        if re.search(pattern, re.sub(but_for, "", line))
    ]


def test_there_is_something_to_hold() -> None:
    assert TEMPLATES
    assert SCRIPTS
    assert STYLES


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_escapes_everything(path: Path) -> None:
    assert lines(path, r"\|\s*safe\b|autoescape\s+false|Markup\(") == []


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_holds_no_inline_script_style_or_handler(path: Path) -> None:
    text = path.read_text("utf-8")

    assert re.findall(r"<style\b", text) == []
    assert re.findall(r"\sstyle\s*=", text) == []
    assert re.findall(r"\son[a-z]+\s*=\s*[\"'{]", text) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag] == []
    assert re.findall(r"javascript:", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_names_no_other_place(path: Path) -> None:
    assert lines(path, r"""(?:src|action)\s*=\s*["']?(?:https?:)?//""") == []
    assert lines(path, r"rel=[\"']?(?:preconnect|prefetch|dns-prefetch|prerender|manifest|apple-touch-icon)") == []
    assert lines(path, r"property=[\"']og:|application/ld\+json|theme-color|speculationrules") == []


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_words_come_from_the_catalogue_and_never_from_the_template(path: Path) -> None:
    """What stands between two tags is a call, a number or a sign, never a word somebody would have to translate."""
    text = path.read_text("utf-8")
    # The block named `look` stands inside an attribute: it holds class names.
    text = re.sub(r"\{% block look %\}.*?\{% endblock %\}", "", text)
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->|<[^>]*>|&[a-z#0-9]+;", " ", text, flags=re.DOTALL)
    left = [word for word in re.findall(r"[^\W\d_]{3,}", text) if word not in {"Porchlight", "doctype", "html"}]

    assert left == []


@pytest.mark.parametrize("path", SCRIPTS, ids=short)
def test_a_script_writes_text_and_never_markup(path: Path) -> None:
    assert (
        lines(path, r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(.on")
        == []
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=short)
def test_a_script_stores_nothing(path: Path) -> None:
    pattern = (
        r"localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\b|serviceWorker|cookieStore"
        r"|navigator\.storage|Notification\b|showSaveFilePicker"
    )

    assert lines(path, pattern) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=short)
def test_a_script_says_nothing_of_its_own(path: Path) -> None:
    """Words reach a script through `data-` attributes, already translated; the console stays empty."""
    assert lines(path, r"console\.|\balert\(|\bconfirm\(|\bprompt\(") == []


@pytest.mark.parametrize("path", SCRIPTS, ids=short)
def test_a_script_names_no_other_place(path: Path) -> None:
    assert lines(path, r"https?://") == []


@pytest.mark.parametrize("path", STYLES, ids=short)
def test_a_style_is_drawn_alike_in_both_directions_and_asks_nobody(path: Path) -> None:
    physical = (
        r"(?:margin|padding|border)-(?:left|right)\b|(?<![-\w])(?:left|right)\s*:"
        r"|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)"
    )

    # What is the same on both sides may be said of both: phones of 2018 know no shorter way.
    both = r"((?:margin-|padding-|border-)?)left: ([^;}]+); \1right: \2(?=[;} ])"

    assert lines(path, physical, but_for=both) == []
    assert lines(path, r"@import|@font-face|url\(\s*[\"']?(?:https?:)?//") == []


@pytest.mark.parametrize("path", PUBLIC_TEMPLATES, ids=short)
def test_a_public_field_asks_the_browser_to_remember_nothing(path: Path) -> None:
    text = path.read_text("utf-8")

    assert re.findall(r"type=[\"'](?:email|tel|password|file)[\"']", text) == []
    for form in re.findall(r"<form\b[^>]*>", text, re.DOTALL):
        assert 'method="post"' in form.lower(), form
        assert 'autocomplete="off"' in form, form
    for field in re.findall(r"<(?:textarea|input)\b[^>]*>", text, re.DOTALL):
        if re.search(r"type=[\"']?(?:hidden|radio|checkbox|submit|\{\{ kind)", field):
            continue
        assert 'autocomplete="off"' in field, field
        assert 'spellcheck="false"' in field, field
