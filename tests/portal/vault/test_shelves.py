"""A shelf opens for whoever holds the version of the compartment it was sealed to, as itself and nothing else."""

from __future__ import annotations

import pytest

from portal.vault import shelves
from portal.vault.errors import KeyMissing, SealBroken, TooLong
from portal.vault.shelves import SealedShelf
from tests.portal.vault.fixed import fixed_id, fixed_key, fixed_public

ID, OTHER_ID = fixed_id("one"), fixed_id("other")
PRIVATES = {3: fixed_key("tips 3")}
PEPPER = fixed_key("pepper")


def sealed(shelf: bytes = ID, cards: bytes = b"cards", words: bytes = b"words") -> SealedShelf:
    return shelves.seal_shelf(shelf, cards, words, tips_public=fixed_public("tips 3"), tips_version=3, pepper=PEPPER)


def test_a_shelf_opens_for_a_holder_of_its_version() -> None:
    shelf = sealed()
    key = shelves.open_shelf_key(shelf.copy, PRIVATES, ID, [fixed_key("older pepper"), PEPPER])
    assert shelves.open_shelf_cards(key, ID, shelf.cards) == b"cards"
    assert shelves.open_shelf_words(key, ID, shelf.words) == b"words"


def test_another_version_another_key_and_another_shelfs_key_are_refused() -> None:
    shelf, other = sealed(), sealed(OTHER_ID)
    with pytest.raises(KeyMissing):
        shelves.open_shelf_key(shelf.copy, {2: PRIVATES[3]}, ID, [PEPPER])
    with pytest.raises(SealBroken):
        shelves.open_shelf_key(shelf.copy, {3: fixed_key("tips 2")}, ID, [PEPPER])
    with pytest.raises(SealBroken):
        shelves.open_shelf_key(other.copy, PRIVATES, ID, [PEPPER])
    key = shelves.open_shelf_key(other.copy, PRIVATES, OTHER_ID, [PEPPER])
    for box in (shelf.cards, other.words):
        with pytest.raises(SealBroken):
            shelves.open_shelf_cards(key, OTHER_ID, box)


def test_a_shelf_somebody_else_sealed_as_rightly_is_refused() -> None:
    his = shelves.seal_shelf(
        ID, b"cards", b"words", tips_public=fixed_public("tips 3"), tips_version=3, pepper=fixed_key("guessed")
    )
    ours = sealed()
    for copy in (his.copy, his.copy[:84] + ours.copy[84:], his.copy[:84], b""):
        with pytest.raises(SealBroken):
            shelves.open_shelf_key(copy, PRIVATES, ID, [PEPPER])


@pytest.mark.parametrize(("tips", "size"), [(1, 16), (130, 16), (150, 32), (500, 64)])
def test_sizes_are_steps_that_one_tip_does_not_move(tips: int, size: int) -> None:
    shelf = sealed(cards=b"c" * 115 * tips, words=b"w" * 100 * tips)
    assert len(shelf.cards) == size * 1024 + 30
    assert len(shelf.words) == 64 * 1024 + 30
    assert len(shelf.copy) == 116


def test_what_no_step_holds_is_refused() -> None:
    sealed(cards=bytes(shelves.MOST_CARDS), words=bytes(shelves.MOST_WORDS))
    with pytest.raises(TooLong):
        sealed(cards=bytes(shelves.MOST_CARDS + 1))
    with pytest.raises(TooLong):
        sealed(words=bytes(shelves.MOST_WORDS + 1))
