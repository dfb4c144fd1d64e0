"""Reads the form of one text of the library into its typed value, or says which fields to mend."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from portal.library.facts import unknown_numbers
from portal.library.links import BadLink, checked_link
from portal.library.markdown import bad_links
from portal.library.text import LONGEST, PAGES, Section, Text
from portal.numbers import numbers
from portal.staff.forms import FormWrong
from portal.web.forms import Form
from portal.web.sanitise import tidy_text

FIELDS: Final = ("title", "summary", "body", "link", "checked", "sources", "of", "section", "place")
LIMIT: Final = 256 * 1024
"""Bytes of a posted form: 8,000 letters of three bytes each, each byte written as three."""

_DIGEST: Final = re.compile(r"[0-9a-f]{16}|")


def typed(form: Form) -> dict[str, str]:
    """What stood in the form, cut to what a page can show again."""
    return {name: form.get(name, "")[: LONGEST.get(name, 400) + 200] for name in FIELDS}


def read_text(told: dict[str, str], section: Section, place: str) -> Text:
    """The text. Raises FormWrong.

    A page needs words, an entry a link that may stand; both a title, and the day their facts were checked if one is
    told.
    """
    wrongs: dict[str, str] = {}
    line = {name: " ".join(unicodedata.normalize("NFC", told.get(name, "")).split()) for name in FIELDS}
    body = tidy_text(told.get("body", ""))
    if not line["title"]:
        wrongs["title"] = "libdesk.wrong.title"
    for name, longest in LONGEST.items():
        if len(body if name == "body" else line[name]) > longest:
            wrongs[name] = "libdesk.wrong.long"
    if section in PAGES:
        if not body:
            wrongs["body"] = "libdesk.wrong.body"
        elif bad_links(body):
            wrongs["body"] = "libdesk.wrong.body_link"
    elif not _is_link(line["link"]):
        wrongs["link"] = "libdesk.wrong.link"
    if line["checked"] and not _is_day(line["checked"]):
        wrongs["checked"] = "libdesk.wrong.day"
    if wrongs:
        raise FormWrong(wrongs)
    return Text(
        title=line["title"],
        section=section,
        summary=line["summary"],
        body=f"{body}\n" if section in PAGES else "",
        link="" if section in PAGES else line["link"],
        place=place,
        checked=line["checked"],
        sources=line["sources"],
        of=line["of"] if _DIGEST.fullmatch(line["of"]) else "",
    )


def read_section(told: dict[str, str]) -> tuple[Section, str]:
    """Where a new piece is to stand: its section, and the country it is for. Raises FormWrong."""
    countries = {country.id for country in numbers().countries}
    section, place = told.get("section", ""), told.get("place", "")
    if section not in set(Section) or (place and place not in countries):
        raise FormWrong({"section": "libdesk.wrong.section"})
    return Section(section), place


def strange_numbers(text: Text) -> list[str]:
    """Phone numbers in it that are on no list: somebody should look at them twice."""
    return unknown_numbers(f"{text.title}\n{text.summary}\n{text.body}")


def _is_link(url: str) -> bool:
    """An entry may have none: of some things no address could be checked."""
    try:
        return not url or bool(checked_link(url))
    except BadLink:
        return False


def _is_day(day: str) -> bool:
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False
