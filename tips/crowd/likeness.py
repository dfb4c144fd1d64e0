"""Finds heaps of tips that say nearly the same: each member shares most of its words with the first of its heap.

Exact, and quick by a well-known filter: two sets that share so large a part of what both hold have one of their rarest
pieces in common (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007), so only those are compared. Never by a
longer chain than from the first to a member: small steps would lead from any words to any other.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Final

ALIKE: Final = 0.6
"""Of all the words two long tips hold together, so many stand in both: in a text of twenty words about five differ."""

LONG: Final = 12
"""Pieces from which on a tip is long. Shorter ones make a heap only where they are the same, word for word."""

FEWEST: Final = 3
FEWEST_SHORT: Final = 5
"""So many at least are a heap; of short ones more, for people too say few words alike."""

MOST_TRIED: Final = 20
"""So many first ones a tip is compared with, those with the most rare pieces in common before others."""

_LONGEST_WORD: Final = 12
_GRAM: Final = 4


def pieces(words: str) -> frozenset[str]:
    """What is compared of folded words: each word; where a script writes none apart, each four letters of it.

    A long word with Latin letters or digits stays whole: scripts write such where they vary a text.
    """
    found: set[str] = set()
    for word in words.split():
        if len(word) <= _LONGEST_WORD or any(char.isascii() for char in word):
            found.add(word)
        else:
            found.update(word[at : at + _GRAM] for at in range(len(word) - _GRAM + 1))
    return frozenset(found)


def are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two tips say nearly the same. One without words is like no other."""
    if len(one) < LONG or len(other) < LONG:
        return bool(one) and one == other
    return _is_enough(len(one & other), len(one), len(other))


def _is_enough(both: int, one: int, other: int) -> bool:
    return both >= ALIKE * (one + other - both)


def heaps_of(told: Sequence[frozenset[str]]) -> list[list[int]]:
    """The heaps among tips in their order: places of each, its first one first. Whatever is in none is left out."""
    rank = _ranks(told)
    bits = _bits(told, rank)
    first_with: dict[int, list[int]] = {}
    same: dict[frozenset[str], int] = {}
    heaps: dict[int, list[int]] = {}
    for place, each in enumerate(told):
        rare = _rarest(each, rank)
        first = same.get(each)
        if first is None:
            tried = _worth_trying(rare, first_with)
            mine, size = bits[place], len(each)
            alike = (one for one in tried if _is_enough((mine & bits[one]).bit_count(), size, len(told[one])))
            first = same[each] = next(alike, place)
        if first == place:
            for piece in rare:
                first_with.setdefault(piece, []).append(place)
        if each:
            heaps.setdefault(first, []).append(place)
    return [
        heap for first, heap in heaps.items() if len(heap) >= (FEWEST if len(told[first]) >= LONG else FEWEST_SHORT)
    ]


def shared(told: Sequence[str]) -> frozenset[str]:
    """The words that more than half of a heap's members say, of their folded words."""
    number = Counter(word for words in told for word in set(words.split()))
    return frozenset(word for word, times in number.items() if 2 * times > len(told))


def unlike(words: str, common: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What folded words say beyond the common ones, and which of these they do not say."""
    own = set(words.split())
    return tuple(sorted(own - common)), tuple(sorted(common - own))


def _rarest(each: frozenset[str], rank: dict[str, int]) -> list[int]:
    """So many of its rarest pieces that whatever is like it holds one of them too; those it alone holds left out."""
    if len(each) < LONG:
        return []
    alone = sum(piece not in rank for piece in each)
    most = len(each) - math.ceil(ALIKE * len(each)) + 1 - alone
    return sorted(rank[piece] for piece in each if piece in rank)[:most] if most > 0 else []


def _worth_trying(rare: Sequence[int], first_with: dict[int, list[int]]) -> list[int]:
    """The first ones with the most rare pieces in common, in their order. Only long tips have rare ones."""
    shared = Counter(chain.from_iterable(first_with.get(piece, ()) for piece in rare))
    return sorted(first for first, _ in shared.most_common(MOST_TRIED))


def _ranks(told: Sequence[frozenset[str]]) -> dict[str, int]:
    """The place of each piece that more than one tip holds, the rarest first."""
    number = Counter(chain.from_iterable(told))
    held = sorted((times, piece) for piece, times in number.items() if times > 1)
    return {piece: place for place, (_, piece) in enumerate(held)}


def _bits(told: Sequence[frozenset[str]], rank: dict[str, int]) -> list[int]:
    """Each tip as a number with one bit for each of its pieces that another has too: what both hold is then one `&`."""
    bit = {piece: 1 << place for piece, place in rank.items()}
    return [sum(bit[piece] for piece in each if piece in bit) for each in told]
