"""Reads the catalogues the way translators' tools do, with notes and headers, and says which files a language has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from i18n.catalogue import PUBLIC_DOMAINS
from i18n.languages import CATALOGUES, DESK_TAGS, ENGLISH

SAFETY: Final = "safety"
SHOWN_ALONE: Final = "safety, shown alone"
"""The two marks a note may begin with, on a line of its own. What has the first stands beside its original until it is
signed; what has the second is a label, a heading or an attribute, which an original would break."""


@dataclass(frozen=True)
class Note:
    """What a translator is told of a phrase: the mark of safety, if it has one, and the lines of its note."""

    domain: str
    mark: str
    lines: tuple[str, ...]


def domains_of(tag: str, folder: Path = CATALOGUES) -> tuple[str, ...]:
    """The catalogues a language has to have: the public ones, and all others where the desk speaks it."""
    if tag not in DESK_TAGS:
        return PUBLIC_DOMAINS
    every = {path.stem for path in (folder / ENGLISH.tag / "LC_MESSAGES").glob("*.po")}
    return (*PUBLIC_DOMAINS, *sorted(every - set(PUBLIC_DOMAINS)))


def path_of(tag: str, domain: str, folder: Path = CATALOGUES) -> Path:
    """The file of one catalogue."""
    return folder / tag / "LC_MESSAGES" / f"{domain}.po"


def read(tag: str, domain: str, folder: Path = CATALOGUES) -> Catalog:
    """One catalogue as a tool reads it. Raises OSError, babel.messages.pofile.PoFileError."""
    with path_of(tag, domain, folder).open("rb") as opened:
        return read_po(opened, domain=domain, abort_invalid=True)


def key_of(message: Message) -> str:
    """The key of a phrase, whether it counts or not."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms_of(message: Message) -> tuple[str, ...]:
    """Its words: one form, or as many as the language counts."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def notes(folder: Path = CATALOGUES) -> Mapping[str, Note]:
    """The notes of the English catalogues, which every tool shows beside the words of every language."""
    found: dict[str, Note] = {}
    for domain in domains_of(ENGLISH.tag, folder):
        for message in read(ENGLISH.tag, domain, folder):
            if message.id:
                lines = tuple(message.auto_comments)
                mark = lines[0] if lines and lines[0] in (SAFETY, SHOWN_ALONE) else ""
                found[key_of(message)] = Note(domain, mark, lines[1:] if mark else lines)
    return found
