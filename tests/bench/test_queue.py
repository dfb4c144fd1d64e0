"""Holds the play of the queue to Erlang's formula where the case is simple, and docs/capacity.md to what it plays."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import example, given, settings, strategies as st

from bench.queue.erlang import mean_wait, places_for, waits
from bench.queue.machine import measured
from bench.queue.play import Shift, Story, play
from bench.queue.run import BEGIN, END, PAGE, machines, tables
from bench.queue.stories import SEED, TOLD

ALWAYS = Shift(0, 1440, places=1)


def simple(load: float, places: int, *, days: float = 40) -> Story:
    """Nobody gives up, one language, every place open day and night, talks of ten minutes on average."""
    rate = load / 10
    return Story(lambda _minute: rate, rate, [ALWAYS] * places, days, talks_min=10, patience_min=None)


@settings(max_examples=2, derandomize=True)
@example(places=1, busy=0.5)
@given(places=st.integers(2, 5), busy=st.floats(0.4, 0.75))
def test_where_nobody_gives_up_it_plays_what_erlang_says(places: int, busy: float) -> None:
    load = places * busy
    told = play(simple(load, places), SEED)
    waited = [each for each in told.waited if each > 1e-9]

    assert told.left == 0
    assert len(waited) / len(told.waited) == pytest.approx(waits(load, places), abs=0.05)
    assert told.mean == pytest.approx(mean_wait(load, places, 10), rel=0.35, abs=0.2)


def test_erlangs_formula_is_the_one_of_the_books() -> None:
    # One place: whoever comes waits as often as it is taken. Two places under one erlang: a third. In any textbook.
    assert waits(0.5, 1) == pytest.approx(0.5)
    assert waits(1, 2) == pytest.approx(1 / 3)
    assert mean_wait(0.5, 1, 10) == pytest.approx(10)
    assert places_for(1, 10, within=0, share=0.6) == 2


def test_the_same_seed_plays_the_same_story() -> None:
    story = dataclasses.replace(TOLD["90 a day, three by day and two by night"], days=3)
    assert play(story, 1) == play(story, 1)
    assert play(story, 1) != play(story, 2)


def test_more_advocates_answer_sooner_and_a_script_makes_people_wait() -> None:
    alone, more = (play(dataclasses.replace(TOLD[name], days=5), SEED) for name in list(TOLD)[2:4])
    assert more.answered_within(1) > alone.answered_within(1)
    calm, loud = (play(dataclasses.replace(TOLD[name], days=2), SEED) for name in list(TOLD)[-2:])
    assert loud.scripts_taken > calm.scripts_taken > 0
    assert loud.answered_within(1) <= calm.answered_within(1)


@pytest.mark.long
def test_the_page_says_what_is_played() -> None:
    """Whoever changes a story, or measures anew, runs `make capacity`."""
    text = PAGE.read_text("utf-8")
    assert text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip() == tables().strip()


def test_the_page_says_what_is_reckoned_from_the_other_pages() -> None:
    assert machines(measured()) in PAGE.read_text("utf-8")
