"""What is written before WAIT: where it is refused, nothing behind it is shown or kept before something is written."""

from __future__ import annotations

import pytest
from hypothesis import example, given, strategies as st
from redis.exceptions import AskError, MovedError, OutOfMemoryError, ResponseError, TryAgainError

from portal.store.asked import Asked, NotCopied
from portal.store.copies import UNMARKED_EVERY_S
from portal.store.slots import mark_of, slot_of
from tests.support.replicas import DONE, GET, READ, SET, Line

pytestmark = pytest.mark.anyio


@given(key=st.binary(max_size=40) | st.text("{}a", max_size=8).map(str.encode))
@example(key=b"{c}log")
@example(key=b"sk:a}b")
@example(key=b"{}x")
async def test_the_mark_lies_in_the_slot_of_the_key_whatever_bytes_that_has(key: bytes) -> None:
    (_, name, _), deleted = mark_of([GET, ("SET", key, "v")])
    assert slot_of(name) == slot_of(key)
    assert deleted == ("DEL", name)
    # Whoever was sent on for once is sent on for the mark too: the slot is not there for good yet.
    asks = ("ASKING",)
    assert mark_of([asks, ("SET", key, "v")]) == (asks, ("SET", name, b""), asks, ("DEL", name))


def test_there_is_a_mark_for_every_slot() -> None:
    names = {mark_of([("SET", str(key), "v")])[0][1] for key in range(200_000)}
    assert len(names) == 16_384


@pytest.mark.parametrize("command", [SET, READ])
async def test_where_the_mark_is_refused_nothing_is_shown_or_kept_before_one_is_written(
    command: tuple[str, ...],
) -> None:
    # WAIT would answer for what this connection wrote before, and say nothing of another's words.
    line = Line(fewest=1, there=1)
    asked = line.answered(1, there=1, command=command, refused=AskError("1 127.0.0.1:2"))
    assert not asked.future.done()
    assert line.copies.asks_in_s == UNMARKED_EVERY_S, "a question that answers for nothing is answered at once"
    assert line.asked_again(1, there=1, after=0.2, refused=AskError("1 127.0.0.1:2")) == [b"SET", b"DEL", b"WAIT"]
    assert not asked.future.done()
    assert line.asked_again(0, there=1, after=0.2) == [b"SET", b"DEL", b"WAIT"]
    assert line.asked_again(1, there=1, after=0.2) == [b"WAIT"]
    assert await asked.future == DONE


async def test_where_it_is_refused_for_long_whoever_waits_is_told_and_nobody_is_left_out_for_it() -> None:
    line = Line(fewest=0, there=0)
    asked = line.answered(0, there=0, command=READ, refused=TryAgainError())
    line.asked_again(0, there=0, refused=TryAgainError())
    with pytest.raises(NotCopied):
        await asked.future
    assert await line.answered(0, there=0).future == DONE


@pytest.mark.parametrize(
    "refused", [ResponseError("NOREPLICAS Not enough good replicas"), ResponseError("MISCONF ...")]
)
async def test_where_a_server_takes_nothing_words_are_shown_all_the_same_and_none_counts_as_kept(
    refused: Exception,
) -> None:
    line = Line(fewest=1, there=1)
    shown = line.answered(1, there=1, command=READ, refused=refused)
    assert await shown.future == DONE
    # Said again it finds itself done, and was answered all the same.
    again = line.answered(1, there=1, command=SET, refused=refused)
    assert not again.future.done()
    line.asked_again(1, there=1, after=0.1)
    assert await again.future == DONE


async def test_where_its_memory_is_full_the_mark_is_written_by_a_script_that_needs_none() -> None:
    line = Line(fewest=1, there=1)
    asked = line.answered(1, there=1, command=READ, refused=OutOfMemoryError())
    assert not asked.future.done()
    assert line.asked_again(1, there=1, after=0.1) == [b"EVAL", b"DEL", b"WAIT"]
    assert await asked.future == DONE


async def test_what_stands_beside_a_slot_that_is_on_its_way_is_marked_in_its_own() -> None:
    line = Line(fewest=1, there=1)
    moved, beside = (Asked(line.create_future(), None, True) for _ in range(2))
    line.copies.waits([moved], [SET])
    line.copies.waits([beside], [("SET", "other", "v")])
    questions, marks = line.behind()
    assert not line.copies.holds(moved, MovedError("1 127.0.0.1:2"), line.now), "told at once"
    assert line.copies.holds(beside, DONE, line.now)
    line.says(1, 1, questions, marks, refused=MovedError("1 127.0.0.1:2"))
    assert slot_of(line.reads(b"SET")[1]) == slot_of("other")

    for key in ("one", "two"):
        line.answered(1, there=1, command=("SET", key, "v"), refused=TryAgainError())
    assert len({line.reads(b"SET", refused=TryAgainError())[1] for _ in range(3)}) == 3, "each in turn"


async def test_whichever_is_marked_they_are_told_in_the_order_in_which_they_were_asked() -> None:
    line = Line(fewest=1, there=1)
    told: list[int] = []
    for at in range(3):
        asked, questions, marks = line.asks(("SET", f"k{at}", "v"), lambda _, at=at: told.append(at))  # type: ignore[misc]
        asked.future.cancel()
        assert line.copies.holds(asked, DONE, line.now)
        line.says(1, 1, questions, marks, refused=TryAgainError())
    line.reads(b"SET", refused=TryAgainError())
    assert told == []
    line.asked_again(1, there=1, after=0.0)
    assert told == [0, 1, 2]
