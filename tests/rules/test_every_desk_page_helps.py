"""Holds every page of the desk to one sentence that says what it is for, and every list to words where it is empty."""

from __future__ import annotations

import re
from collections import Counter

from i18n.languages import DESK_TAGS
from tests.support.catalogues import domains, phrases
from tests.support.source import REPOSITORY

DESK = REPOSITORY / "templates" / "desk"
# It stands there in place of a page that failed, and says what went wrong.
NO_PAGE = {"sorry"}
PLACE = re.compile(r'{%-? *set (here|helped) = "([a-z_.]+)" *-?%}')
IN_BODY = re.compile(r'class="desk-help">\{\{ t\((.+?)\) \}\}')
IS_WIDE = re.compile(r"{%-? *set wide = true *-?%}")
LONGEST = 200
TEACHES_ITSELF = {"deskshift.none", "records.none"}
NO_LIST = {"desktips.reach.none", "deskwork.entered.none"}


def pages() -> dict[str, str]:
    """The source of each template that is a page of its own."""
    told = {path.stem: path.read_text("utf-8") for path in sorted(DESK.glob("*.html"))}
    return {name: text for name, text in told.items() if 'extends "layouts/desk.html"' in text and name not in NO_PAGE}


def sentences(text: str) -> list[str]:
    """The phrases of which one is this page's sentence. See `layouts/desk.html`."""
    if found := IN_BODY.search(text):
        return re.findall(r'"([a-z_.]+)"', found[1])
    said = dict(PLACE.findall(text))
    if "helped" in said:
        return [said["helped"]]
    return [f"help.{said['here']}"] if "here" in said and not IS_WIDE.search(text) else []


def test_every_page_of_the_desk_says_what_it_is_for() -> None:
    """Else: give it a `here` of its own with a phrase `help.<here>`, or name its phrase as `helped`."""
    known = {key for domain in domains("en") for key in phrases(domain, "en")}

    silent = [name for name, text in pages().items() if not sentences(text)]
    unknown = {name: key for name, text in pages().items() for key in sentences(text) if key not in known}

    assert (silent, unknown) == ([], {})


def test_no_two_pages_say_the_same() -> None:
    """A sentence of another page's was left where a template was copied, or a page took its neighbour's `here`."""
    said = Counter(key for text in pages().values() for key in sentences(text))

    assert [key for key, times in said.items() if times > 1] == []


def test_a_sentence_of_help_is_short_in_both_languages() -> None:
    keys = {key for text in pages().values() for key in sentences(text) if key.startswith("help.")}
    long = [
        (tag, key)
        for tag in DESK_TAGS
        for key, wordings in phrases("help", tag).items()
        if key in keys and len(wordings[0]) > LONGEST
    ]
    assert long == []


def test_every_lesson_of_an_empty_list_is_taught_somewhere() -> None:
    source = "".join(path.read_text("utf-8") for path in DESK.glob("*.html"))
    lessons = {key.removeprefix("empty.") for key in phrases("help", "en") if key.startswith("empty.")}

    assert {name for name in lessons if f'"{name}"' not in source and f'"empty.{name}"' not in source} == set()


def test_no_list_is_empty_without_teaching() -> None:
    """A bare "nothing here" leaves whoever is new with nothing to do."""
    bare = re.compile(
        r'<p(?: class="(?:quiet-text|hint)")?>\{\{ t\("([a-z_.]*\.(?:none|nobody)(?:_[a-z]+)?)"\) \}\}</p>'
    )
    found = {key for text in pages().values() for key in bare.findall(text)}

    assert found - TEACHES_ITSELF - NO_LIST == set()
