"""Holds what a heap is: nearly the same words as its first, whatever the order; nothing short or unlike slips in."""

from __future__ import annotations

import random
import time

from hypothesis import given, strategies as st

from tips.crowd.likeness import FEWEST, FEWEST_SHORT, LONG, are_alike, heaps_of, pieces, shared, unlike
from tips.folding import folded_words

SPAM = (
    "Best cheap phones at our shop today call now for a great discount on every model we have in stock and ask for {} "
    "or write to {} before the offer ends"
)
TRUE = (
    "My cousin is kept in a house behind the mill they took her papers and she works every night please help her soon"
)


def spam(number: int) -> frozenset[str]:
    return pieces(folded_words([SPAM.format(f"name{number}", f"mail{number}")]))


def test_one_text_with_gaps_is_one_heap_and_a_true_tip_is_in_none() -> None:
    told = [spam(number) for number in range(23)]
    told.insert(7, pieces(folded_words([TRUE])))
    assert heaps_of(told) == [[place for place in range(24) if place != 7]]


def test_a_true_tip_that_takes_up_the_text_shows_by_what_it_says_beyond() -> None:
    told = [folded_words([SPAM.format(f"name{number}", f"mail{number}")]) for number in range(9)]
    hers = folded_words([SPAM.format("name", "mail").replace("discount", "girl"), "room nine, she is fifteen"])
    more, fewer = unlike(hers, shared([*told, hers]))
    assert {"room", "nine", "fifteen", "girl"} <= set(more)
    assert fewer == ("discount",)
    assert unlike(told[0], shared([*told, hers])) == (("mail0", "name0"), ())


def test_short_words_are_a_heap_only_where_many_say_the_very_same() -> None:
    van, motel = pieces("white van at the school"), pieces("white van at the motel")
    assert len(van) < LONG
    assert not are_alike(van, motel)
    assert heaps_of([van] * (FEWEST_SHORT - 1) + [motel]) == []
    assert heaps_of([van] * FEWEST_SHORT) == [list(range(FEWEST_SHORT))]
    assert heaps_of([frozenset()] * 9) == []


def test_scripts_without_blanks_are_compared_too() -> None:
    text = "我在工厂里工作他们拿走了我的护照每天晚上都不让我出去请帮帮我谢谢你们"
    told = [pieces(folded_words([text + end])) for end in ("一二", "三四", "五六")]
    assert heaps_of(told) == [[0, 1, 2]]
    assert (
        heaps_of([*told[:2], pieces(folded_words(["他住在学校旁边的一个小房间里没有人知道他的名字也没有人去看他"]))])
        == []
    )


sets = st.lists(st.frozensets(st.integers(0, 30).map(str), max_size=24), max_size=14)


@given(sets)
def test_every_member_is_like_the_first_and_no_tip_stands_twice(told: list[frozenset[str]]) -> None:
    heaps = heaps_of(told)
    members = [place for heap in heaps for place in heap]
    assert len(members) == len(set(members))
    for heap in heaps:
        assert len(heap) >= FEWEST
        assert heap == sorted(heap)
        assert all(are_alike(told[heap[0]], told[place]) for place in heap)


@given(sets)
def test_the_filter_finds_the_heaps_that_comparing_all_finds(told: list[frozenset[str]]) -> None:
    firsts: dict[int, list[int]] = {}
    for place, each in enumerate(told):
        first = next((first for first in firsts if are_alike(each, told[first])), place)
        if each:
            firsts.setdefault(first, []).append(place)
    by_hand = [
        heap for first, heap in firsts.items() if len(heap) >= (FEWEST if len(told[first]) >= LONG else FEWEST_SHORT)
    ]
    assert heaps_of(told) == by_hand


def test_the_work_is_bounded_where_all_share_rare_words_and_nobody_is_alike() -> None:
    some = random.Random(4)
    rare = [f"rare{number}" for number in range(40)]
    told = [frozenset(some.sample(rare, 10)) | {f"own{place}-{n}" for n in range(20)} for place in range(1_000)]
    began = time.process_time()
    assert heaps_of(told) == []
    assert time.process_time() - began < 3
