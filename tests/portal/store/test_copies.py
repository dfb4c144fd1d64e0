"""Who may be chosen has a word before it counts as kept, and before it is shown; nobody else is waited for."""

from __future__ import annotations

from typing import Any

import pytest

from portal.store.asked import NotCopied, Weight
from portal.store.copies import (
    COPIED_WITHIN_MS,
    HELD_AT_MOST,
    LATE_EVERY_S,
    LATE_FOR_S,
    LEFT_OUT_AFTER_S,
    LOOK_EVERY_S,
    TRIES_AGAIN_AFTER_S,
)
from portal.store.heirs import Said
from tests.support.replicas import DONE, GET, HERE, READ, SET, Line, Sentinels, online

pytestmark = pytest.mark.anyio


async def test_what_changes_nothing_waits_for_nobody() -> None:
    line = Line(fewest=1, there=2)
    asked, questions, _ = line.asks(GET)

    assert questions == []
    assert not line.copies.holds(asked, b"v", line.now)


@pytest.mark.parametrize("command", [SET, READ])
async def test_something_is_written_first_so_that_what_others_wrote_is_waited_for_too(command: tuple[str, ...]) -> None:
    line = Line(fewest=1, there=2)
    _, questions, _ = line.asks(command)

    assert [question[0] for question in questions] == [b"SET", b"DEL", b"WAIT", b"INFO"]
    assert questions[0][1] == questions[1][1]
    assert line.copies.is_waiting, "and nothing else is sent meanwhile"


async def test_a_replica_that_was_late_once_is_not_taken_for_late_since_then() -> None:
    line = Line(fewest=1, there=1)
    line.answered(0, there=1).future.cancel()
    line.asked_again(0, there=1, after=0.0)  # nobody waits: let go
    assert line.copies.asks_in_s is None
    line.now += LEFT_OUT_AFTER_S * 2
    line.answered(0, there=1)
    assert line.wanted(Weight.SHOWS) == 1


async def test_in_a_cluster_one_that_stays_silent_for_half_a_second_is_waited_for_no_more_for_a_while() -> None:
    line = Line(fewest=1, there=2)
    asked = line.answered(1, there=2)
    assert line.wanted() == 2
    line.asked_again(1, there=2, after=LEFT_OUT_AFTER_S / 2)
    assert not asked.future.done()
    line.asked_again(1, there=2, after=LEFT_OUT_AFTER_S / 2)

    assert await asked.future == DONE, "not sent again: its answer was held"

    assert line.wanted() == 1, "not waited for again at once"
    line.now += TRIES_AGAIN_AFTER_S + LOOK_EVERY_S
    line.answered(1, there=2)
    assert line.wanted() == 2, "after a while it is"


async def test_one_that_comes_back_is_waited_for_at_once() -> None:
    line = Line(fewest=1, there=1)
    line.answered(1, there=1)
    line.now += LOOK_EVERY_S
    line.answered(1, there=2)

    assert line.wanted() == 2


async def test_with_fewer_than_asked_for_nothing_is_kept_and_a_refusal_is_told_as_it_is() -> None:
    line = Line(fewest=1, there=0)
    asked = line.answered(0, there=0)
    line.asked_again(0, there=0)
    with pytest.raises(NotCopied):
        await asked.future
    assert line.copies.asks_in_s is None, "nobody waits"
    assert await line.answered(0, there=0, command=READ).future == DONE, "what is there can be read"
    asked, _, _ = line.asks(SET)
    assert not line.copies.holds(asked, ValueError("READONLY"), line.now)


async def test_with_sentinels_one_that_may_be_chosen_is_never_left_out_and_they_are_asked_at_once() -> None:
    sentinels = Sentinels(Said(HERE, heirs=2, living=2))
    line = Line(fewest=1, there=1, sentinels=sentinels)
    for _ in range(3):
        changed = line.answered(1, there=1)
        shown = line.answered(1, there=1, command=READ)  # whoever sees her words takes them for kept
        line.asked_again(1, there=1)
        with pytest.raises(NotCopied):
            await changed.future
        with pytest.raises(NotCopied):
            await shown.future
        line.now += TRIES_AGAIN_AFTER_S
    assert True in sentinels.wishes

    sentinels.said = Said(HERE, heirs=1, living=1)
    assert await line.answered(1, there=1).future == DONE


async def test_what_is_held_is_asked_about_again_without_writing_anything_and_answered_with_its_first_answer() -> None:
    line = Line(fewest=1, there=1)
    asked = line.answered(0, there=1)

    assert line.asked_again(0, there=1, after=0.2) == [b"WAIT"]
    assert not asked.future.done()
    assert line.asked_again(1, there=1, after=0.2) == [b"WAIT"]
    assert await asked.future == DONE
    assert line.copies.asks_in_s is None


async def test_a_replica_that_dies_is_left_out_before_whoever_waits_is_told_that_nothing_has_it() -> None:
    """With the time that each question takes: a command that is sent again may find what it was to take taken."""
    line = Line(fewest=1, there=2)
    asked, questions, marks = line.asks(SET)
    assert line.copies.holds(asked, DONE, line.now)
    line.now += COPIED_WITHIN_MS / 1000
    line.says(1, 2, questions, marks)
    while not asked.future.done():
        line.asked_again(1, there=2, after=COPIED_WITHIN_MS / 1000)
    assert await asked.future == DONE


async def test_a_replica_that_is_always_late_by_more_than_a_question_has_it_all_at_the_next_one() -> None:
    line = Line(fewest=1, there=1)
    line.answered(0, there=1)
    assert line.copies.asks_alone, "what comes new stands back"
    line.asked_again(0, there=1, after=0.15)
    assert not line.copies.asks_alone, "once"
    line.answered(1, there=1)
    assert not line.copies.asks_alone


async def test_what_goes_out_meanwhile_is_asked_about_together_with_what_is_held() -> None:
    line = Line(fewest=1, there=1)
    asked = line.answered(0, there=1)
    look, questions, marks = line.asks(GET)

    assert [question[0] for question in questions] == [b"WAIT"], "a look waits for nobody, and what is held is asked"
    assert not line.copies.holds(look, b"v", line.now)
    line.says(1, 1, questions, marks)
    assert await asked.future == DONE


async def test_what_nobody_waits_for_any_more_is_kept_until_a_copy_has_it_where_others_are_to_be_told() -> None:
    line = Line(fewest=1, there=1)
    told: list[Any] = []
    failed = line.answered(0, there=1, late=told.append)
    line.asked_again(0, there=1)
    with pytest.raises(NotCopied):
        await failed.future
    given_up = line.answered(0, there=1, late=told.append)
    given_up.future.cancel()
    asked, questions, marks = line.asks(SET, told.append)
    asked.future.cancel()
    assert line.copies.holds(asked, [b"OK", []], line.now), "one that has nothing to tell"
    line.says(0, 1, questions, marks)
    of_no_use = line.answered(0, there=1)
    of_no_use.future.cancel()
    line.asked_again(0, there=1, after=LATE_FOR_S / 2)
    assert told == []
    assert line.copies.asks_in_s == LATE_EVERY_S, "seldom, since nobody waits"
    assert line.reads(b"WAIT")[1] == b"0", "and at once: whoever reads meanwhile waits for no replica"

    line.asked_again(1, there=1, after=0.0)

    assert told == [DONE[1], DONE[1]]
    assert line.copies.asks_in_s is None


async def test_what_nobody_waits_for_holds_nobody_up_and_leaves_no_replica_out() -> None:
    line = Line(fewest=1, there=1)
    told: list[Any] = []
    line.answered(0, there=1, late=told.append).future.cancel()
    for _ in range(3):
        assert line.asked_again(0, there=1, after=LEFT_OUT_AFTER_S / 2) == [b"WAIT"]
    assert line.wanted(Weight.SHOWS) == 1, "a replica that was not asked to hurry is not late"

    none = Line(fewest=1, there=0)
    none.answered(0, there=0, late=told.append).future.cancel()
    _, questions, _ = none.asks(READ)
    assert questions[-1][1] == b"0", "what is only shown waits for what it needs itself"
    assert told == []


async def test_it_is_not_kept_for_ever_and_not_in_any_number() -> None:
    line = Line(fewest=1, there=1)
    told: list[Any] = []
    for _ in range(HELD_AT_MOST + 5):
        line.asks(SET, told.append)[0].future.cancel()
        line.copies.left()
    assert told == [], "a connection that breaks takes them along: whoever hears again catches up"
    waiting = [line.asks(SET, told.append) for _ in range(HELD_AT_MOST + 5)]
    for asked, _, _ in waiting:
        asked.future.cancel()
        assert line.copies.holds(asked, DONE, line.now)
    for _, questions, marks in waiting:
        for question, mark in zip(questions, marks, strict=True):
            line.copies.holds(mark, 0 if question[0] == b"WAIT" else online(1), line.now)
    line.asked_again(1, there=1)
    assert len(told) == HELD_AT_MOST

    line.answered(0, there=1, late=told.append).future.cancel()
    line.asked_again(0, there=1, after=LATE_FOR_S + 0.1)
    assert line.copies.asks_in_s is None
    assert len(told) == HELD_AT_MOST


async def test_one_that_is_no_primary_any_more_says_so_and_is_asked_nothing_again() -> None:
    line = Line(fewest=1, there=1)
    asked, questions, marks = line.asks(SET)
    assert line.copies.holds(asked, b"OK", line.now)
    at = [question[0] for question in questions].index(b"WAIT")
    with pytest.raises(ValueError, match="replica"):
        line.copies.holds(marks[at], ValueError("WAIT cannot be used with replica instances"), line.now)
    assert line.copies.left() == [asked]


@pytest.mark.parametrize(
    ("said", "there", "wanted"),
    [
        (None, 2, 2),  # none of them ever answered
        (Said(HERE, heirs=0, living=0), 0, 1),
        (Said(HERE, heirs=1, living=2), 1, 1),  # one has just come back, and does not copy
        (Said(HERE, heirs=1, living=2), 2, 2),  # now it does, and they have not heard yet
        (Said(HERE, heirs=1, living=1), 2, 1),  # it stands still, and its line is still there
        (Said(HERE, heirs=2, living=2), 0, 2),  # chosen perhaps: both have left
    ],
)
async def test_how_many_are_waited_for(said: Said | None, there: int, wanted: int) -> None:
    assert Line(fewest=1, there=there, sentinels=Sentinels(said)).wanted() == wanted
