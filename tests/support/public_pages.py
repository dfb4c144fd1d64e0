"""Names the public pages a person can open without having written anything."""

from __future__ import annotations

from typing import Any

import pytest

from i18n.languages import LANGUAGES as SERVED

# What is drawn in each of these in every run: those that stood first.
LANGUAGES = ("en", "fr", "es", "ar")


def every_run(*told: str) -> tuple[Any, ...]:
    """All languages; every run takes those named here, the long run the others too. For whole stories in a browser."""
    return tuple(pytest.param(tag, marks=[] if tag in told else pytest.mark.long, id=tag) for tag in SERVED)


# For what costs a browser each time: every run draws one language of each direction, the long run all of them.
DRAWN = every_run("en", "ar")

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
    "near": "read/near",
    "languages": "languages",
    "not there": "nothing-here",
}


def path(page: str, language: str = "en") -> str:
    """The address of a page in a language."""
    return f"/{language}/{PAGES[page]}"
