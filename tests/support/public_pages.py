"""Names the public pages a person can open without having written anything."""

from __future__ import annotations

import pytest

LANGUAGES = ("en", "fr", "es", "ar")

# For what costs a browser each time: every run draws one language of each direction, the long run all of them.
DRAWN = tuple(pytest.param(tag, marks=[] if tag in ("en", "ar") else pytest.mark.long, id=tag) for tag in LANGUAGES)

PAGES = {
    "home": "",
    "talk": "talk",
    "return": "talk/back",
    "note": "note",
    "back": "note/back",
    "numbers": "numbers",
    "leaving": "read/leaving",
    "privacy": "read/privacy",
    "safety": "read/safety",
    "languages": "languages",
    "not there": "nothing-here",
}


def path(page: str, language: str = "en") -> str:
    """The address of a page in a language."""
    return f"/{language}/{PAGES[page]}"
