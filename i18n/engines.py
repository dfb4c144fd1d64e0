"""Chooses the one engine that translates, from what the operator has set."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from i18n.translator import NoTranslator, Translator

CLOUDS: Final = ("deepl", "google", "microsoft")
"""Companies whose engines an operator can choose by name; nothing chooses one by itself."""


def make_translator() -> Translator:
    """The engine that was chosen. Nothing is opened or asked until the first question."""
    return NoTranslator(datetime.now(UTC))
