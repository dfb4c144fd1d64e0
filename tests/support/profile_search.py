"""Looks for given words in everything a browser left in its folder: files as they are, unpacked, and cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ahocorasick_rs import BytesAhoCorasick

from tests.support.device_search_cells import cells
from tests.support.device_search_packed import Layer, unpacked
from tests.support.device_search_stores import cached, records
from tests.support.disk_search import Found, files_under, forms, read

_IN_ADDRESS = rb"A-Za-z0-9/_.~%?=&#:+-"


def search_profile(words: Iterable[str], profile: Path) -> list[Found]:
    """Every trace of the words in the profile."""
    sought = Sought(words)
    found: set[Found] = set()
    for path in files_under([profile]):
        for layer, content in layers(path):
            found |= {
                Found(word, f"{form} in {layer}" if layer else form, path) for word, form in sought.found_in(content)
            }
        name = str(path.relative_to(profile) if path != profile else path.name).encode()
        found |= {Found(word, "file name", path) for word, _ in sought.found_in(name)}
    return sorted(found, key=str)


def addresses(origin: str, files: Iterable[Path]) -> set[str]:
    """Every address of one origin that stands anywhere in the files."""
    narrow = re.compile(re.escape(origin.encode()) + b"[" + _IN_ADDRESS + b"]*")
    wide = re.compile(re.escape(origin.encode("utf-16-le")) + b"(?:[" + _IN_ADDRESS + rb"]\x00)*")
    found: set[str] = set()
    for path in files:
        for _, content in layers(path):
            found |= {each.decode() for each in narrow.findall(content)}
            found |= {each.decode("utf-16-le") for each in wide.findall(content)}
    return found


def layers(path: Path) -> Iterator[Layer]:
    """The file as it is, and everything in it that was packed, cut up or locked."""
    content = read(path)
    yield "", content
    yield from unpacked(content)
    yield from cached(path, content)
    yield from records(path, content)
    if content:
        yield from cells(path)


class Sought:
    """Words in every form they may be written in, looked for in one pass however many they are."""

    def __init__(self, words: Iterable[str]) -> None:
        self._meant: dict[bytes, dict[str, str]] = {}
        for word in words:
            for form, pattern in forms(word).items():
                self._meant.setdefault(pattern, {}).setdefault(word, form)
        assert self._meant, "nothing to look for"
        self._patterns = list(self._meant)
        self._automaton = BytesAhoCorasick(self._patterns)

    def found_in(self, content: bytes) -> set[tuple[str, str]]:
        """Each word and the form it stands in; a pattern that several of its forms share counts as the first."""
        if not content:
            return set()
        seen = {index for index, _, _ in self._automaton.find_matches_as_indexes(content, overlapping=True)}
        return {found for index in seen for found in self._meant[self._patterns[index]].items()}
