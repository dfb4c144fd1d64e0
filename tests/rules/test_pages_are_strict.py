"""Holds templates, styles and scripts to a strict page: nothing inline, nothing unescaped, nothing stored."""

from __future__ import annotations

import re
from functools import cache
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


@cache
def uncommented(path: Path) -> str:
    """The file's text, line for line, without its comments."""
    text = path.read_text("utf-8")
    for comment in (r"\{#.*?#\}", r"/\*.*?\*/", r"(?m)^[ \t]*//[^\n]*$"):
        text = re.sub(comment, lambda found: re.sub(r"[^\n]", " ", found.group()), text, flags=re.DOTALL)
    return text


def lines(paths: list[Path], pattern: str, *, but_for: str = r"(?!)") -> list[str]:
    """Where the pattern stands in the files, comments and what may stand there left out."""
    return [
        f"{short(path)}:{n}: {line.strip()}"
        for path in paths
        for n, line in enumerate(uncommented(path).splitlines(), 1)
        if re.search(pattern, re.sub(but_for, "", line))
    ]


def standing(paths: list[Path], pattern: str) -> list[str]:
    """Where the pattern stands in the files as they are, comments and line breaks included."""
    return [
        f"{short(path)}: {found.group()}" for path in paths for found in re.finditer(pattern, path.read_text("utf-8"))
    ]


def test_there_is_something_to_hold() -> None:
    assert TEMPLATES
    assert SCRIPTS
    assert STYLES


def test_a_template_escapes_everything() -> None:
    assert lines(TEMPLATES, r"\|\s*safe\b|autoescape\s+false|Markup\(") == []


def test_a_template_holds_no_inline_script_style_or_handler() -> None:
    assert standing(TEMPLATES, r"<style\b") == []
    assert standing(TEMPLATES, r"\sstyle\s*=") == []
    assert standing(TEMPLATES, r"\son[a-z]+\s*=\s*[\"'{]") == []
    assert [tag for tag in standing(TEMPLATES, r"<script\b[^>]*>") if "src=" not in tag] == []
    assert standing(TEMPLATES, r"javascript:") == []


@pytest.mark.asvs("3.6.1")
def test_a_template_names_no_other_place() -> None:
    assert lines(TEMPLATES, r"""(?:src|action)\s*=\s*["']?(?:https?:)?//""") == []
    assert lines(TEMPLATES, r"rel=[\"']?(?:preconnect|prefetch|dns-prefetch|prerender|manifest|apple-touch-icon)") == []
    assert lines(TEMPLATES, r"property=[\"']og:|application/ld\+json|theme-color|speculationrules") == []


def test_words_come_from_the_catalogue_and_never_from_the_template() -> None:
    """What stands between two tags is a call, a number or a sign, never a word somebody would have to translate."""
    assert {short(path): words for path in TEMPLATES if (words := own_words(path))} == {}


def own_words(path: Path) -> list[str]:
    """The words of a template that no catalogue gave it."""
    text = path.read_text("utf-8")
    # The block named `look` stands inside an attribute: it holds class names.
    text = re.sub(r"\{% block look %\}.*?\{% endblock %\}", "", text)
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->|<[^>]*>|&[a-z#0-9]+;", " ", text, flags=re.DOTALL)
    return [word for word in re.findall(r"[^\W\d_]{3,}", text) if word not in {"Porchlight", "doctype", "html"}]


@pytest.mark.asvs("3.2.2")
def test_a_script_writes_text_and_never_markup() -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(.on"

    assert lines(SCRIPTS, markup) == []


@pytest.mark.asvs("14.3.3")
def test_a_script_stores_nothing() -> None:
    pattern = (
        r"localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\b|serviceWorker|cookieStore"
        r"|navigator\.storage|Notification\b|showSaveFilePicker"
    )
    # The desk's alarm alone may show a notice, without a word of what was said; an advocate switches it on.
    found = [line for line in lines(SCRIPTS, pattern) if not re.match(r"static/js/desk/alarm\.js:.*Notification", line)]

    assert found == []


def test_a_script_says_nothing_of_its_own() -> None:
    """Words reach a script through `data-` attributes, already translated; the console stays empty."""
    assert lines(SCRIPTS, r"console\.|\balert\(|\bconfirm\(|\bprompt\(") == []


@pytest.mark.asvs("3.6.1")
def test_a_script_names_no_other_place() -> None:
    assert lines(SCRIPTS, r"https?://") == []


def test_a_style_is_drawn_alike_in_both_directions_and_asks_nobody() -> None:
    physical = (
        r"(?:margin|padding|border)-(?:left|right)\b|(?<![-\w])(?:left|right)\s*:"
        r"|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)"
    )

    # What is the same on both sides may be said of both: phones of 2018 know no shorter way.
    both = r"((?:margin-|padding-|border-)?)left: ([^;}]+); \1right: \2(?=[;} ])"

    assert lines(STYLES, physical, but_for=both) == []
    assert lines(STYLES, r"@import|@font-face|url\(\s*[\"']?(?:https?:)?//") == []


def test_a_public_field_asks_the_browser_to_remember_nothing() -> None:
    forms = standing(PUBLIC_TEMPLATES, r"<form\b[^>]*>")
    chosen = re.compile(r"type=[\"']?(?:hidden|radio|checkbox|submit|\{\{ kind)")
    fields = [field for field in standing(PUBLIC_TEMPLATES, r"<(?:textarea|input)\b[^>]*>") if not chosen.search(field)]

    assert forms
    assert fields
    assert standing(PUBLIC_TEMPLATES, r"type=[\"'](?:email|tel|password)[\"']") == []
    assert [form for form in forms if 'method="post"' not in form.lower() or 'autocomplete="off"' not in form] == []
    assert [each for each in fields if 'autocomplete="off"' not in each or 'spellcheck="false"' not in each] == []
