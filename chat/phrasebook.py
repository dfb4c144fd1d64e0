"""Knows when what an advocate wrote is a sentence of the book: then its own words in her language go out, by people."""

import unicodedata

from chat.cards import CARDS, Speech


def folded(text: str) -> str:
    """Letters and digits alone, in one case: what is the same to a reader is the same here."""
    kept = (
        each if each.isalnum() or unicodedata.combining(each) else " " for each in unicodedata.normalize("NFKC", text)
    )
    return " ".join("".join(kept).casefold().split())


class Phrasebook:
    """The sentences and questions of `chat.cards`, found by what they say in the desk's language."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._known: dict[tuple[str, str], dict[str, str]] = {}

    def find(self, tag: str, alias: str, text: str) -> str:
        """The name of the card that says exactly this in the mouth of `alias`, or an empty text."""
        return self._sentences(tag, alias).get(folded(text), "")

    def says(self, tag: str, name: str, alias: str) -> str:
        """What it says in another language."""
        return self._speech.card(tag, name, alias)

    def _sentences(self, tag: str, alias: str) -> dict[str, str]:
        found = self._known.get((tag, alias))
        if found is None:
            # Not what a card says in whole: below that its original may stand, which nobody types.
            found = {folded(self._speech.line(tag, f"cards.{name}", alias)): name for name in CARDS}
            self._known = {(tag, alias): found}
        return found
