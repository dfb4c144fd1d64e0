"""Seals and opens the parts of a tip: card, words, facts, consents and names."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import msgspec

from portal.ids import to_text
from portal.vault import tips as vault
from tips import consents, store, tip
from tips.consents import Entry
from tips.tip import Card, Facts, Names, Words

_CARD: Final = "card"


def seal_card(words_key: bytes, tip_id: bytes, card: Card) -> bytes:
    """The card as it stands in the tip's own row."""
    return vault.seal_words(words_key, tip_id, _CARD, store.FIRST_REVISION, tip.encode(card))


def open_card(words_key: bytes, tip_id: bytes, box: bytes) -> Card:
    """Raises SealBroken."""
    return tip.decode_card(vault.open_words(words_key, tip_id, _CARD, store.FIRST_REVISION, box))


def seal_words(words_key: bytes, tip_id: bytes, part: bytes, words: Words) -> store.SealedPart:
    """A part of words, bound to its tip and its place."""
    box = vault.seal_words(words_key, tip_id, to_text(part), store.FIRST_REVISION, tip.encode(words))
    return store.SealedPart(part, store.WORDS, day_of(words.at), box)


def open_words(words_key: bytes, tip_id: bytes, parts: Iterable[store.SealedPart]) -> list[Words]:
    """Every part of words, in the order they were written. Raises SealBroken."""
    opened = (
        tip.decode_words(vault.open_words(words_key, tip_id, to_text(sealed.part), sealed.revision, sealed.box))
        for sealed in parts
        if sealed.kind == store.WORDS
    )
    return tip.in_order(opened)


def seal_facts(words_key: bytes, tip_id: bytes, part: bytes, facts: Facts) -> store.SealedPart:
    """A part of facts. Its place names its kind too, so that it cannot be shown as words, nor words as facts."""
    box = vault.seal_words(words_key, tip_id, _place(store.FACTS, part), store.FIRST_REVISION, tip.encode(facts))
    return store.SealedPart(part, store.FACTS, day_of(facts.at), box)


def open_facts(words_key: bytes, tip_id: bytes, parts: Iterable[store.SealedPart]) -> list[Facts]:
    """Every part of facts, in the order they were told; none in a tip older than they are. Raises SealBroken."""
    opened = [tip.decode_facts(box) for box in _opened(words_key, tip_id, parts, store.FACTS)]
    return sorted(opened, key=lambda facts: facts.at)


def seal_consent(words_key: bytes, tip_id: bytes, part: bytes, entry: Entry) -> store.SealedPart:
    """One entry of what the reporter agreed to or took back."""
    body = msgspec.json.encode(entry)
    box = vault.seal_words(words_key, tip_id, _place(store.CONSENT, part), store.FIRST_REVISION, body)
    return store.SealedPart(part, store.CONSENT, day_of(entry.at), box)


def open_consents(words_key: bytes, tip_id: bytes, parts: Iterable[store.SealedPart]) -> list[Entry]:
    """Every entry, in order; none in a tip older than they are. Raises SealBroken."""
    opened = _opened(words_key, tip_id, parts, store.CONSENT)
    return consents.in_order(msgspec.json.decode(box, type=Entry) for box in opened)


def seal_names(names_key: bytes, tip_id: bytes, part: bytes, names: Names, at: datetime) -> store.SealedPart:
    """The part that could point at the reporter, under its own key."""
    box = vault.seal_names(names_key, tip_id, to_text(part), store.FIRST_REVISION, tip.encode(names))
    return store.SealedPart(part, store.NAMES, day_of(at), box)


def open_names(names_key: bytes, tip_id: bytes, parts: Iterable[store.SealedPart]) -> list[Names]:
    """Every names part. Raises SealBroken."""
    return [
        tip.decode_names(vault.open_names(names_key, tip_id, to_text(sealed.part), sealed.revision, sealed.box))
        for sealed in parts
        if sealed.kind == store.NAMES
    ]


def _opened(words_key: bytes, tip_id: bytes, parts: Iterable[store.SealedPart], kind: str) -> list[bytes]:
    return [
        vault.open_words(words_key, tip_id, _place(kind, sealed.part), sealed.revision, sealed.box)
        for sealed in parts
        if sealed.kind == kind
    ]


def _place(kind: str, part: bytes) -> str:
    return f"{kind} {to_text(part)}"


def day_from(day: str) -> date:
    """The day of a row."""
    return date.fromisoformat(day)


def day_of(at: datetime) -> str:
    """The day, and no more of the time: what may stand outside a seal."""
    return at.date().isoformat()
