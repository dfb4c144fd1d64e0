"""Reads a gettext `.po` file.

Babel reads these files too, but takes a third of a second for ours; a hotline has to be up again in one and a half.
A test holds this reader to Babel's, entry by entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# An entry of one key and one form, each on a line, behind comments that are no flags: nearly all of ours. All others
# are read line by line.
_INSIDE = r'[^"\\\n]*(?:\\.[^"\\\n]*)*'
_PLAIN = re.compile(rf'(?:#(?!,)[^\n]*\n)*msgid "((?!"){_INSIDE})"\nmsgstr "({_INSIDE})"(?:\n+(?=[#m])|\n*\Z)')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class BrokenPo(ValueError):
    """A catalogue that cannot be read; the message names file and line."""


@dataclass(frozen=True)
class Entry:
    """The words for one phrase key: one form, or as many as the language has plurals."""

    forms: tuple[str, ...]


def read_po(text: str, name: str) -> Mapping[str, Entry]:
    """All translated entries by key. Fuzzy and empty ones are left out: unfinished words are not shown to anyone."""
    entries: dict[str, Entry] = {}
    for key, forms in _translated(text, name):
        if key and all(forms):
            if key in entries:
                raise BrokenPo(f"{name}: {key} stands twice")
            entries[key] = Entry(forms)
    return entries


def _translated(text: str, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each entry that is not fuzzy: its key and its forms."""
    at, lines = 0, 1
    while at < len(text):
        if plain := _PLAIN.match(text, at):
            yield _unescape(plain[1]), (_unescape(plain[2]),)
            end = plain.end()
        else:
            end = text.find("\n\n", at) + 2
            end = end if end > 1 else len(text)
            for block in _blocks(text[at:end], name, lines):
                if not block.fuzzy:
                    yield block.fields.get("msgid", ""), _forms(block.fields)
        lines += text.count("\n", at, end)
        at = end


@dataclass
class _Block:
    fields: dict[str, str]
    fuzzy: bool = False


def _blocks(text: str, name: str, first: int) -> Iterator[_Block]:
    """One block per entry. A new one begins at an empty line, or at a `msgid` when one was already read."""
    block, field = _Block({}), ""
    for number, line in enumerate(text.splitlines(), start=first):
        line = line.strip()
        if not line:
            if block.fields:
                yield block
                block = _Block({})
        elif line.startswith("#"):
            block.fuzzy = block.fuzzy or (line.startswith("#,") and "fuzzy" in line)
        else:
            keyword, _, rest = line.partition(" ") if not line.startswith('"') else ("", "", line)
            quoted = _QUOTED.fullmatch(rest.strip())
            if quoted is None or (keyword and not keyword.startswith("msg")) or not (keyword or field):
                raise BrokenPo(f"{name}: line {number} is not a .po line")
            if keyword == "msgid" and "msgid" in block.fields:
                yield block
                block = _Block({})
            field = keyword or field
            block.fields[field] = block.fields.get(field, "") + _unescape(quoted[1])
    if block.fields:
        yield block


def _forms(fields: Mapping[str, str]) -> tuple[str, ...]:
    if "msgstr" in fields:
        return (fields["msgstr"],)
    indexed = sorted((int(field[7:-1]), words) for field, words in fields.items() if field.startswith("msgstr["))
    return tuple(words for _, words in indexed)


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), text) if "\\" in text else text
