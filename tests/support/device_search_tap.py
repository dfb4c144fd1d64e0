"""Listens on a line between a browser and the house: every secret and every sentence that a phone was given."""

from __future__ import annotations

import json
import re
import socket
from collections import defaultdict
from html.parser import HTMLParser

from tests.support.cut_line import Line
from tests.support.device_search_packed import unpacked

# A pass is 32 bytes in an address; every other secret stands in a hidden field, in an answer our script asked for, or
# in what it asked: the key to the copy of a form is named `d`.
PASS = re.compile(rb"/([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")
_FIELD = re.compile(rb'<input type="hidden" name="\w+" value="([^"]+)"')
_ANSWER = re.compile(rb'"(?:token|start|key|code|pass|d)"\s*:\s*"([^"]+)"')
# What a page is told over its line, or in an answer its script asked for, and shows: words, and sentences of the house.
_SHOWN = re.compile(
    rb'"(?:text|line|words|heading|fold|what|show|label|works|gone)"\s*:\s*("(?:[^"\\\x00-\x1f]|\\.)*")'
)

_SHORTEST_SECRET = 12
_SHORTEST_SENTENCE = 18
_FEWEST_WORDS = 3


class Tap:
    """What passed over the line since it was last emptied."""

    def __init__(self, line: Line) -> None:
        self._flows: dict[socket.socket, bytearray] = defaultdict(bytearray)
        line.ear = self._hears

    def _hears(self, end: socket.socket, block: bytes) -> None:
        self._flows[end] += block

    def empties(self) -> None:
        """Forgets everything: another visit begins."""
        self._flows.clear()

    def _all(self) -> list[bytes]:
        flows = [bytes(flow) for flow in list(self._flows.values())]
        return [*flows, *(inner for flow in flows for _, inner in unpacked(flow))]

    def passes(self) -> set[str]:
        """The last parts of addresses that open one page for a minute."""
        return {found.decode() for flow in self._all() for found in PASS.findall(flow)}

    def tokens(self) -> set[str]:
        """Every other secret: what opens a talk or a note, starts one, or names one."""
        found = {one for flow in self._all() for kind in (_FIELD, _ANSWER) for one in kind.findall(flow)}
        return {one.decode() for one in found if len(one) >= _SHORTEST_SECRET} - self.passes()

    def sentences(self) -> set[str]:
        """Every sentence that stood on a page: of the page as it came, and of what it was told after."""
        found: set[str] = set()
        for flow in self._all():
            found |= {" ".join(said) for said in map(_words_of, _SHOWN.findall(flow)) if _tells(said)}
            for page in re.findall(rb"<!doctype html.*?</html>", flow, re.DOTALL | re.IGNORECASE):
                found |= _Read(page.decode("utf-8", "replace")).sentences
        return found


class _Read(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.sentences: set[str] = set()
        self.feed(page)

    def handle_data(self, data: str) -> None:
        words = data.split()
        if _tells(words):
            self.sentences.add(" ".join(words))


def _tells(words: list[str]) -> bool:
    """Whether so many words and letters stand nowhere by chance."""
    return len(words) >= _FEWEST_WORDS and len(" ".join(words)) >= _SHORTEST_SENTENCE


def _words_of(quoted: bytes) -> list[str]:
    """The words of a JSON string."""
    try:
        return str(json.loads(quoted)).split()
    except ValueError:  # cut in two by what stood between
        return []
