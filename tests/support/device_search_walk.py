"""Walks a phone through the house, ends the visit in one way, and searches every file for what was left."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from portal.web.page import TITLE
from tests.support.device_search_cells import rows
from tests.support.device_search_house import ListenedHouse
from tests.support.device_search_journeys import Visit, Walked
from tests.support.device_search_phone import Phone
from tests.support.device_search_table import WAYS
from tests.support.disk_search import files_under, read
from tests.support.html import Document
from tests.support.line_people import HAND_S
from tests.support.neutral import PAGE
from tests.support.profile_search import addresses, search_profile
from tests.support.words import sensitive_in

# How the visit ends.
EXIT: Final = "exit"
CLOSED: Final = "browser closed"
CUT: Final = "line broken"
TAB: Final = "tab closed"
KILLED: Final = "browser killed"
ENDINGS: Final = (EXIT, CLOSED, CUT, TAB, KILLED)

# What is looked for.
TYPED: Final = "typed"
RECEIVED: Final = "received"
TOKENS: Final = "tokens"
NAMES: Final = "titles and paths"
STORES: Final = "cookies and stores"
KINDS: Final = (TYPED, RECEIVED, TOKENS, NAMES, STORES)

# Chromium writes its session 2.5 seconds after a change and its history after ten; a kill before would find less.
SETTLES_S: Final = 1.0
WRITES_SESSION_S: Final = 3.0
WRITES_ALL_S: Final = 11.0

HISTORIES: Final = {
    "History": "select url, title from urls",
    "places.sqlite": "select url, title from moz_places",
}
JARS: Final = {"Cookies": "select * from cookies", "cookies.sqlite": "select * from moz_cookies"}
# Where either browser keeps what a page stores with it.
STORE_FOLDERS: Final = frozenset({"Local Storage", "Session Storage", "IndexedDB", "Service Worker", "default"})

# PNG with its width; JPEG; WebP. Icons, the browser's own among them, are narrower than any picture of a page.
PICTURES: Final = re.compile(
    rb"\x89PNG\r\n\x1a\n.{4}IHDR(.{4})|\xff\xd8\xff[\xe0\xe1]..(?:JFIF|Exif)|RIFF.{4}WEBP", re.DOTALL
)
WIDEST_ICON: Final = 128


@dataclass(frozen=True)
class Trace:
    """One word or name that a visit left in one file; `kind` is one of KINDS."""

    kind: str
    what: str
    where: str


@dataclass
class Left:
    """What one visit left behind; the addresses that opened a page for a minute are counted apart."""

    traces: set[Trace]
    passes: set[str]
    being_sent: set[str]
    sought: int
    files: int

    def count(self, kind: str) -> int:
        """How many different words or names of a kind were found, in however many files."""
        return len({trace.what for trace in self.traces if trace.kind == kind})


def walk(
    house: ListenedHouse, phone: Phone, journeys: Sequence[str], ending: str, *, waits_s: float = WRITES_ALL_S
) -> Left:
    """Every journey in a tab of its own, side by side; then the ending for all of them; then the search."""
    house.tap.empties()
    phone.starts()
    try:
        walked = _walked(house, phone, journeys, ending, waits_s)
    except BaseException:
        with suppress(Exception):  # why the walk failed is what matters; no browser may outlive it
            phone.is_killed()
        raise
    finally:
        house.line.mend()
    return _left(house, phone.folder, walked)


def _walked(house: ListenedHouse, phone: Phone, journeys: Sequence[str], ending: str, waits_s: float) -> list[Walked]:
    colleague = house.colleague if any(WAYS[way].needs_colleague for way in journeys) else None
    desk = house.admin.signs_in().opens_the_line()
    try:
        visit = Visit(house.origin, desk, house.neutral.url, colleague=colleague, keeper=house.admin, line=house.line)
        walked = [WAYS[way](visit, phone.opens_tab(), house.earlier) for way in journeys]
        for journey in walked:
            journey.begins()
        time.sleep(HAND_S)  # the last form has to be as old as a hand is slow
        for journey in walked:
            journey.goes_on()
        _ends(house, phone, walked, ending, waits_s)
        for conversation in visit.conversations if ending != EXIT else []:
            desk.ends(conversation)
        for line, conversation in visit.elsewhere:
            if ending != EXIT:
                line.ends(conversation)
            line.close()
    finally:
        desk.close()
    return walked


def _ends(house: ListenedHouse, phone: Phone, walked: list[Walked], ending: str, waits_s: float) -> None:
    match ending:
        case "exit":
            for journey in walked:
                journey.tab.taps("[data-leave]")
                journey.tab.is_at(house.neutral.url)
        case "line broken":
            house.line.cut()
            for journey in walked:
                journey.tries_again()
        case "tab closed":
            phone.opens_tab()
            for journey in walked:
                phone.closes(journey.tab)
        case "browser killed":
            time.sleep(waits_s)
            phone.is_killed()
            return
    time.sleep(SETTLES_S)
    phone.quits()


def _left(house: ListenedHouse, folder: Path, walked: list[Walked]) -> Left:
    kinds = dict.fromkeys(house.tap.sentences(), RECEIVED) | dict.fromkeys(house.tap.tokens(), TOKENS)
    for journey in walked:
        kinds |= dict.fromkeys(journey.received, RECEIVED) | dict.fromkeys(journey.tokens, TOKENS)
        kinds |= dict.fromkeys(journey.typed, TYPED)
    passes = house.tap.passes()
    found = search_profile([*kinds, *passes, house.origin], folder)
    traces = {Trace(kinds[each.word], each.word, str(each)) for each in found if each.word in kinds}
    ours = {each.where for each in found if each.word == house.origin}
    assert ours, "not even the host's name was found: this phone was never here, or the search did not see it"
    return Left(
        traces | set(_telling(house, ours, passes)) | set(_stored(house, folder)) | set(_pictured(folder)),
        {each.word for each in found if each.word in passes},
        {word for journey in walked for word in journey.being_sent},
        len(kinds) + len(passes),
        len(list(files_under([folder]))),
    )


def _telling(house: ListenedHouse, ours: set[Path], passes: set[str]) -> Iterator[Trace]:
    """Addresses of ours that tell what they lead to, anywhere; titles in the history other than the one dull word."""
    for named in addresses(house.origin, ours):
        dull = named.removeprefix(house.origin)
        for spent in passes:
            dull = dull.replace(spent, "")
        if sensitive_in(dull):
            yield Trace(NAMES, named, "an address")
    # A page that could not be reached, or was left by replacing it, takes the title of what stands there instead.
    titles = {TITLE, Document(PAGE.decode()).title, "127.0.0.1", "", None}
    for path in ours:
        for address, title in rows(path, HISTORIES[path.name]) if path.name in HISTORIES else ():
            if str(address).startswith(house.origin) and title not in titles:
                yield Trace(NAMES, str(title), str(path))


def _stored(house: ListenedHouse, folder: Path) -> Iterator[Trace]:
    """Any cookie at all, and anything of ours where a browser keeps what a page stores."""
    port = house.line.port
    names = [f"127.0.0.1{mark}{port}" for mark in ":+_"]  # as an address, as a folder of either browser
    for path in files_under([folder]):
        if path.name in JARS:
            yield from (Trace(STORES, f"the cookie {row}", str(path)) for row in rows(path, JARS[path.name]))
            continue
        inside = path.relative_to(folder)
        is_ours = any(name in str(inside) for name in names)
        if is_ours or (STORE_FOLDERS & set(inside.parts) and search_profile(names, path)):
            yield Trace(STORES, path.name, str(path))


def _pictured(folder: Path) -> Iterator[Trace]:
    """A picture of a page, anywhere in a file: no search reads the words in it, so there may be none at all."""
    for path in files_under([folder]):
        for found in PICTURES.finditer(read(path)):
            width = found[1]
            if width is None or int.from_bytes(width, "big") > WIDEST_ICON:
                yield Trace(RECEIVED, "a picture", str(path))
