"""One language: its tag, own name, direction, and the order of its plural forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """One language as a visitor meets it."""

    tag: str
    """BCP 47 tag, also the first part of every public address."""
    own_name: str
    """Its name in its own script; a language is never named in another one, nor by a flag."""
    direction: Direction
    plurals: tuple[str, ...]
    """CLDR categories in the order of `msgstr[0]`, `msgstr[1]`, ... in its catalogue."""
    rare: str = ""
    """The one of them that no count of ours reaches, so that a catalogue may leave it out."""
    script: str = ""
    """The script it is written in (ISO 15924), where its name does not already tell."""
