"""Makes what stands on a shelf out of opened tips, and opens it again: the steps of a worker thread, without I/O."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.ids import random_id
from portal.vault import shelves as vault
from portal.vault.errors import VaultError
from portal.vault.sealing import seal_version
from portal.vault.shelves import MOST_CARDS, MOST_WORDS, SealedShelf
from tips import parts, shelf, store
from tips.access import OpenTip
from tips.asked import FACTS
from tips.folding import folded_words
from tips.shelf import MOST_TIPS, Standing, place
from tips.shelf_rows import NewShelf, ShelfRow
from tips.work.sealed import open_card

_log = logging.getLogger("porchlight.tips")

# What an array of msgpack costs beside its texts, at most: five bytes for itself, five for each text.
_EXTRA = 5


@dataclass(frozen=True)
class Copied:
    """A tip as a shelf holds it: its card, its folded words, and the version of the compartment it is sealed to."""

    standing: Standing
    words: str = field(repr=False)
    version: int


def standing_of(tip: OpenTip) -> Standing:
    """The card of one opened tip, as the list shows it. Raises SealBroken."""
    sealed = tip.sealed
    card = parts.open_card(tip.words_key, sealed.id, sealed.card)
    return Standing(sealed.id, date.fromisoformat(sealed.day), sealed.status, card, open_card(tip))


def words_of(tip: OpenTip, kept: Sequence[store.SealedPart]) -> str:
    """The folded words of one opened tip: told, added, replied, typed as a detail, its labels.

    No names part and no note of the desk. Raises SealBroken.
    """
    opened = parts.open_words(tip.words_key, tip.sealed.id, kept)
    facts = parts.open_facts(tip.words_key, tip.sealed.id, kept)
    typed = [said for each in facts for fact, said in each.said.items() if fact in FACTS and FACTS[fact].is_typed]
    texts = [text for words in opened for text in (words.text, words.place, words.when)]
    texts += [words.same.text for words in opened if words.same is not None]
    return folded_words([*texts, *(text for said in typed for text in said), *open_card(tip).labels])


def copied(tip: OpenTip, kept: Sequence[store.SealedPart]) -> Copied | None:
    """One tip for a shelf; None where a seal of it is broken: the tip stays loose, and hides no other."""
    try:
        return Copied(standing_of(tip), words_of(tip, kept), seal_version(tip.sealed.words_copy))
    except VaultError:
        _log.error("tip_not_copied")
        return None


def fits(tips: Iterable[Copied]) -> list[Copied]:
    """As many of these tips, in their order, as go on one shelf: by number and bytes, all of the first's version."""
    chosen: list[Copied] = []
    cards = words = _EXTRA
    for tip in tips:
        cards += len(shelf.encode([tip.standing]))
        words += len(tip.words.encode()) + _EXTRA
        if len(chosen) == MOST_TIPS or cards > MOST_CARDS or words > MOST_WORDS:
            break
        if not chosen or tip.version == chosen[0].version:
            chosen.append(tip)
    return chosen


def seal(tips: Sequence[Copied], tips_public: bytes, pepper: bytes, day: str) -> NewShelf:
    """A new shelf with these tips, sealed to the version they are sealed to, each in its place of the list."""
    ordered = sorted(tips, key=lambda tip: place(tip.standing))
    name, version = random_id(), ordered[0].version
    cards, words = shelf.encode([tip.standing for tip in ordered]), shelf.encode([tip.words for tip in ordered])
    sealed = vault.seal_shelf(name, cards, words, tips_public=tips_public, tips_version=version, pepper=pepper)
    return NewShelf(name, version, day, sealed, frozenset(tip.standing.id for tip in ordered))


@dataclass(frozen=True)
class ShelfKeys:
    """What opens shelves: the private keys of the tips compartment by version, and the live peppers."""

    privates: Mapping[int, bytes] = field(repr=False)
    peppers: Collection[bytes] = field(repr=False)

    def cards(self, row: ShelfRow) -> list[Standing]:
        """The cards of a shelf, in the order of the list; none of one this person may not open, or nobody made here."""
        try:
            key = vault.open_shelf_key(row.copy, self.privates, row.id, self.peppers)
            return shelf.decode_cards(vault.open_shelf_cards(key, row.id, row.cards))
        except VaultError as error:
            _log.error("shelf_not_opened error=%s", type(error).__name__)
            return []

    def whole(self, name: bytes, sealed: SealedShelf) -> list[Copied] | None:
        """Everything on a shelf; None of one this person may not open, or nobody made here."""
        try:
            key = vault.open_shelf_key(sealed.copy, self.privates, name, self.peppers)
            cards = shelf.decode_cards(vault.open_shelf_cards(key, name, sealed.cards))
            words = shelf.decode_words(vault.open_shelf_words(key, name, sealed.words))
        except VaultError as error:
            _log.error("shelf_not_opened error=%s", type(error).__name__)
            return None
        version = seal_version(sealed.copy)
        return [Copied(standing, text, version) for standing, text in zip(cards, words, strict=True)]
