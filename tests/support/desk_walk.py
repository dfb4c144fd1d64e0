"""Walks along the links of the desk, one page of each kind, in a house in which one of each thing stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page

from portal.ids import random_id, to_text
from tests.support.desk_people import DeskPerson
from tests.support.open_house import OpenHouse
from tests.support.records_of_a_day import RECORDS, write_records
from tests.support.reporters import LineReporter

# Papers to take along are no pages; a talk's desk is drawn by its own stories.
NO_PAGE = re.compile(r"/(file|original|copy|frame)(/|$)|/desk/(chats|guest|practice/desk)$")
WHERE = "main a[href], nav a[href], aside a[href], .desk-self a[href]"
LINKS = "where => [...document.querySelectorAll(where)].map(link => link.href)"


def fills(ready: OpenHouse, supervisor: DeskPerson) -> None:
    """A service, cases with all that belongs to them, a request, a tip, a call's record, a person on call."""
    admin, row = ready.admin, to_text(random_id())
    owner = _made(admin, "/desk/directory/add", name="Heron House", kind="ngo", sub="direct")
    words = {"name": "Night beds", "is_always": "yes", "original": "en", "needs": "bed", "regions": "ca-on"}
    service = _made(admin, f"{owner}/add", **words, phone0="+14165550188", kind0="phone")
    write_records(admin, RECORDS)
    said = {"channel": "phone", "minutes": "7", "language": "es", "type": "crisis", "case": "yes", "supervisor": "now"}
    assert supervisor.posts("/desk/record", row=row, **said, region="ca-on", line="Asked for a bed.").status_code == 303
    reporter = LineReporter(ready.house)
    reporter.sends_note("Four people live above the laundry.")
    reporter.close()
    case = next(
        link for link in admin.reader.opens("/desk/cases").links if re.fullmatch(r"/desk/cases/[\w-]{22}", link)
    )
    admin.reader.opens(f"{service}?for=case.{case.rpartition('/')[2]}")
    admin.reader.sends(admin.reader.page.form(action="/send"), {})
    assert admin.posts("/desk/protocols", region="ca-on", words="Call the house first.").status_code == 303


def _made(admin: DeskPerson, path: str, **fields: str | list[str]) -> str:
    return urlsplit(admin.posts(path, **fields).headers["location"]).path


def shape(address: str) -> str:
    """What two addresses of one kind of page share: no names of rows, no passes, no answers of a form."""
    parts = urlsplit(address)
    path = re.sub(r"/([\w-]{20,}|[0-9-]{10})(?=/|$)", "/*", parts.path)
    path = re.sub(r"^(/desk/library)/[\w-]+(/(ar)|/[\w-]+)?$", _of_library, path)
    kinds = [(name, value.partition(".")[0] if "." in value else "") for name, value in parse_qsl(parts.query)]
    return path + "".join(f"?{name}={kind}" for name, kind in sorted(kinds) if name not in ("in", "to", "mine"))


def _of_library(found: re.Match[str]) -> str:
    """A piece, its words in a language, and its words in one that is written from the right."""
    return f"{found[1]}/*" + (f"/{found[3] or '*'}" if found[2] else "")


def pages(page: Page, desk: str, look: Callable[[Page], list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Each kind of page that can be reached by links from the first one, and what `look` says of it."""
    ahead, seen = [f"{desk}/desk"], {"/desk"}
    while ahead:
        address = ahead.pop(0)
        answer = page.goto(address)
        assert answer is not None
        yield shape(address), [f"answers {answer.status}"] if answer.status >= 400 else look(page)
        for link in page.evaluate(LINKS, WHERE):
            kind = shape(link)
            if link.startswith(f"{desk}/desk") and kind not in seen and not NO_PAGE.search(urlsplit(link).path):
                seen.add(kind)
                ahead.append(link.partition("#")[0])
