"""Names the public pages a person can open without having written anything."""

from __future__ import annotations

LANGUAGES = ("en", "fr", "es", "ar")

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
