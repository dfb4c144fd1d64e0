"""The pure rules of a surge: what makes a heap, whose turn it is, and that each heap has one lot."""

from __future__ import annotations

import random
import string
from collections import Counter

import pytest
from hypothesis import given, strategies as st

from chat.likeness import MARK_BYTES, heaps_of, likeness_mark, says_much
from chat.queue import Tier, rank, tier_of
from chat.surge import FEWEST, HEAP_SHOWN, Row, draw, is_surge, shown, takes_before, turn_of
from tests.support.scripted import SCRIPTS, scripted_line, takes_within

KEY = bytes(range(32))
MARKS = st.sampled_from([b"", *(bytes([each]) * MARK_BYTES for each in range(1, 6))])
TIERS = st.sampled_from([Tier.URGENT, Tier.ORDINARY])

# What people begin with. Two who say the same words are one heap, and no two others.
PEOPLE = [
    "hello",
    "hi is anyone there",
    "help me please",
    "My husband locks me in when he goes to work. I am writing from the bathroom.",
    "I came here to work in a nail salon and they do not pay me",
    "is this chat safe",
    "my friend met a man online and now she is in another country and cannot come home",
    "My boss keeps my passport and says I owe him for the flight",
    "Necesito ayuda, mi jefe tiene mi pasaporte y no me deja salir",
    "no se si puedo hablar",
    "je ne sais pas si je peux vous parler",
    "\u0645\u0631\u062d\u0628\u0627 \u0647\u0644 \u064a\u0648\u062c\u062f \u0623\u062d\u062f",
    "\u0623\u062d\u062a\u0627\u062c \u0625\u0644\u0649 \u0645\u0633\u0627\u0639\u062f\u0629",
    "\u6211\u9700\u8981\u5e2e\u52a9",
    "\u8001\u677f\u62ff\u8d70\u4e86\u6211\u7684\u62a4\u7167",
]


def row(number: int, tier: Tier = Tier.ORDINARY, mark: bytes = b"", *, is_alive: bool = True) -> Row:
    return Row(number.to_bytes(16, "big"), rank(tier, number), mark, is_alive)


ROWS = st.lists(st.tuples(TIERS, MARKS, st.booleans()), max_size=40).map(
    lambda all_: sorted(
        (row(number, tier, mark, is_alive=alive) for number, (tier, mark, alive) in enumerate(all_)),
        key=lambda each: each.rank,
    )
)


@given(st.integers(0, 400), st.integers(0, 40))
def test_a_surge_is_more_than_an_eye_looks_through_and_more_than_five_for_each_advocate(
    waiting: int, ready: int
) -> None:
    assert is_surge(waiting, ready) == (waiting > FEWEST and waiting > 5 * ready)


def test_half_of_the_takes_are_the_oldest_and_half_of_the_draws_look_past_the_first_tier() -> None:
    turns = Counter(turn_of(number) for number in range(1_000))
    assert turns == {"oldest": 500, "lot": 250, "wide": 250}
    assert all((turn_of(number) == "oldest") != (turn_of(number + 1) == "oldest") for number in range(100))


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 40))
def test_a_wait_is_counted_by_the_takes_that_may_come_before(place: int, waiting: int, ready: int) -> None:
    before = takes_before(place, waiting, ready)
    assert before == (2 * place - 1 if place and is_surge(waiting, ready) else place)


def test_lines_of_one_script_are_one_heap_whatever_is_put_into_its_gaps() -> None:
    chance = random.Random(1)
    heaps = heaps_of([likeness_mark(KEY, scripted_line(number, chance)) for number in range(500)])
    assert len(set(heaps)) <= 4 * len(SCRIPTS)
    for number in range(len(SCRIPTS)):
        own = Counter(heaps[number :: len(SCRIPTS)])
        assert own.most_common(1)[0][1] > 50


def test_people_who_say_their_own_words_are_no_heap_and_not_in_that_of_a_script() -> None:
    chance = random.Random(2)
    lines = [*(scripted_line(number, chance) for number in range(200)), *PEOPLE]
    heaps = heaps_of([likeness_mark(KEY, line) for line in lines])
    assert [heaps.count(heap) for heap in heaps[200:]] == [1] * len(PEOPLE)


@given(st.text(max_size=60), st.text(alphabet=string.digits + string.punctuation + " \n", max_size=30))
def test_digits_signs_and_blanks_make_no_line_another(line: str, more: str) -> None:
    assert likeness_mark(KEY, line + more) == likeness_mark(KEY, more + line) == likeness_mark(KEY, line)
    assert len(likeness_mark(KEY, line)) == MARK_BYTES


def test_a_mark_says_nothing_without_its_key() -> None:
    marks = [likeness_mark(key, PEOPLE[3]) for key in (KEY, bytes(32))]
    assert heaps_of(marks) == [0, 1]
    assert not says_much("hello, are you there?")
    assert says_much(PEOPLE[3])


@given(st.lists(MARKS, max_size=60))
def test_a_row_is_in_the_heap_of_its_founder_and_one_without_a_mark_in_none(marks: list[bytes]) -> None:
    heaps = heaps_of(marks)
    for place, heap in enumerate(heaps):
        assert heap <= place
        assert heaps[heap] == heap
        assert marks[heap] == marks[place]
        assert marks[place] or heap == place


@given(ROWS, st.sampled_from(["lot", "wide"]), st.randoms(use_true_random=False))
def test_only_the_living_are_drawn_and_past_the_first_tier_only_by_a_wide_draw(
    rows: list[Row], turn: str, chance: random.Random
) -> None:
    living = [each for each in rows if each.is_alive]
    drawn = draw(rows, turn, chance.randrange)  # type: ignore[arg-type]
    if not living:
        assert drawn is None
        return
    (found,) = [each for each in living if each.conversation == drawn]
    if turn == "lot":
        assert tier_of(found.rank) is tier_of(living[0].rank)


@given(ROWS)
def test_each_heap_has_one_lot_and_everybody_of_it_the_same_chance(rows: list[Row]) -> None:
    living = [each for each in rows if each.is_alive]
    if not living:
        return
    sizes = Counter(heaps_of([each.mark for each in living]))
    asked: list[int] = []
    lots = [0, 0]

    def below(many: int) -> int:
        asked.append(many)
        return lots[len(asked) - 1]

    found = []
    for heap, size in enumerate(sizes.values()):
        for member in range(size):
            lots[:], asked[:] = [heap, member], []
            found.append(draw(rows, "wide", below))
            assert asked == [len(sizes), size]
    assert sorted(each for each in found if each) == sorted(each.conversation for each in living)


@given(ROWS, st.integers(1, 30), st.data())
def test_a_desk_is_shown_the_drawn_one_first_then_the_queue_and_few_of_each_heap(
    rows: list[Row], most: int, data: st.DataObject
) -> None:
    living = [each.conversation for each in rows if each.is_alive]
    drawn = data.draw(st.sampled_from([None, *living]))
    seen = shown(rows, drawn, most)
    order = [each.conversation for each in seen]
    assert len(order) == len(set(order)) <= most
    assert set(order) <= set(living)
    if drawn is not None:
        assert order[0] == drawn
        assert [each.is_drawn for each in seen] == [True, *[False] * (len(seen) - 1)]
    rest = [each for each in seen if not each.is_drawn]
    assert [each.rank for each in rest] == sorted(each.rank for each in rest)
    of_heap = Counter(each.heap for each in rest if each.heap)
    assert all(many <= HEAP_SHOWN for many in of_heap.values())
    assert all((each.like > 0) == (each.heap > 0) for each in seen)
    if len(rest) < most - (drawn is not None):
        # There was room: who is not shown is one of a heap whose first few are.
        heap_of = dict(zip(living, heaps_of([each.mark for each in rows if each.is_alive]), strict=True))
        hidden = [each for each in living if each not in order]
        assert all(list(heap_of.values()).count(heap_of[each]) > HEAP_SHOWN for each in hidden)


@pytest.mark.parametrize(("probability", "lots"), [(0.5, 6), (0.95, 6), (0.95, 30), (0.99, 12)])
def test_the_number_that_was_derived_is_the_one_that_is_met(probability: float, lots: int) -> None:
    chance = random.Random(lots)
    within = takes_within(probability, lots=lots, ahead=10**6)
    rounds = 2_000
    met = 0
    for _ in range(rounds):
        takes = next(number for number in range(1, 10**6, 2) if chance.randrange(lots) == 0) + 1
        met += takes <= within
    assert abs(met / rounds - probability) < 0.06
    assert met / rounds > probability - 0.02
