"""Reads the phrase catalogues with a translator's own library, not with ours."""

from __future__ import annotations

from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.support.source import REPOSITORY

CATALOGUES = REPOSITORY / "i18n" / "catalogues"


def catalogue(domain: str, tag: str) -> Catalog:
    path = CATALOGUES / tag / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as opened:
        return read_po(opened, locale=tag.replace("-", "_"), domain=domain)


def domains(tag: str) -> set[str]:
    """The names of the catalogues a language has."""
    return {path.stem for path in (CATALOGUES / tag / "LC_MESSAGES").glob("*.po")}


@cache
def phrases(domain: str, tag: str) -> dict[str, list[str]]:
    """Each phrase key with its wordings: one, or as many as the language has plural forms."""
    found: dict[str, list[str]] = {}
    for message in catalogue(domain, tag):
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        found[key] = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return found
