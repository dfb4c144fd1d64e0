"""Chooses the one engine that translates, from what the operator has set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from i18n.translator import NoTranslator, Translator

CLOUDS: Final = ("deepl", "google", "microsoft")
"""Companies whose engines an operator can choose by name; nothing chooses one by itself."""


def make_translator(
    *, url: str = "", hosts: Sequence[str] = (), ca: Path | None = None, key: str | None = None, cloud: str = ""
) -> Translator:
    """The engine that was chosen. Nothing is opened or asked until the first question.

    An engine at `url` comes before one of a company; neither ever steps in for the other. Raises ValueError for an
    address that `i18n.engine_address` refuses.
    """
    # A house without an engine spends neither time nor memory on what speaks with one.
    if url:
        from i18n.careful import CarefulTranslator
        from i18n.onprem import OnPrem

        return CarefulTranslator(OnPrem(url, allowed=hosts, ca=ca, key=key))
    if cloud:
        from i18n.careful import CarefulTranslator
        from i18n.clouds import Cloud

        return CarefulTranslator(Cloud(cloud, key))
    return NoTranslator(datetime.now(UTC))
