"""Seals and opens what staff wrote about a tip."""

import logging
from collections.abc import Iterable

from portal.vault import tip_desk as vault
from portal.vault.errors import SealBroken
from tips import parts, store
from tips.access import OpenTip
from tips.work import card as cards, entries
from tips.work.card import BLANK, DeskCard
from tips.work.entries import Entry

_log = logging.getLogger("porchlight.tips")


def seal_entry(tip: OpenTip, desk_key: bytes, part: bytes, entry: Entry) -> store.SealedPart:
    """One entry as it stands in its row, bound to its tip and its place. Raises TooLong."""
    box = vault.seal_desk_entry(desk_key, tip.sealed.id, part, entries.encode(entry))
    return store.SealedPart(part, store.DESK, parts.day_of(entry.at), box)


def open_entries(tip: OpenTip, kept: Iterable[store.SealedPart]) -> tuple[list[Entry], int]:
    """Every entry in order, and how many could not be opened.

    One that cannot be was written by somebody who writes rows, not by us: it hides neither the tip nor the rest.
    """
    opened, closed = [], 0
    for sealed in kept:
        if sealed.kind != store.DESK:
            continue
        try:
            if tip.desk_key is None:
                raise SealBroken("there is no key to it")
            opened.append(entries.decode(vault.open_desk_entry(tip.desk_key, tip.sealed.id, sealed.part, sealed.box)))
        except SealBroken:
            _log.error("desk_entry_refused")
            closed += 1
    return entries.in_order(opened), closed


def seal_card(desk_key: bytes, tip_id: bytes, card: DeskCard) -> bytes:
    """The card as it stands in the tip's own row. Raises TooLong."""
    return vault.seal_desk_card(desk_key, tip_id, cards.encode(card))


def open_card(tip: OpenTip) -> DeskCard:
    """The card; a blank one before the first act. Raises SealBroken."""
    box = tip.sealed.desk_card
    if box is None:
        return BLANK
    if tip.desk_key is None:
        raise SealBroken("there is no key to the card")
    return cards.decode(vault.open_desk_card(tip.desk_key, tip.sealed.id, box))
