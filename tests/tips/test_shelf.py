"""Rules of the list: its order is whole, pages meet without a gap, and shelves are filled by what many share."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from tips.shelf import (
    CLOSED,
    CROWD,
    CROWD_OF_TODAY,
    EVERYTHING,
    MOST_TIPS,
    PAGE,
    Batch,
    Choice,
    Loose,
    Standing,
    decode_cards,
    decode_words,
    encode,
    first_day_to_wait,
    is_within,
    last_page,
    page_of,
    place,
    together,
)
from tips.tip import Card, Child, Path, Status, Urgency, urgency_rank

TODAY = date(2026, 3, 4)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 3, 4), timezones=st.just(UTC))
cards = st.builds(
    Card,
    language=st.sampled_from(["en", "es", "ar"]),
    path=st.sampled_from(Path),
    urgency=st.sampled_from(Urgency),
    child=st.sampled_from(Child),
    answer_welcome=st.sampled_from([None, True, False]),
    at=moments,
    from_talk=st.booleans(),
)
standings = st.builds(
    Standing,
    id=st.binary(min_size=16, max_size=16),
    day=st.dates(date(2024, 1, 1), TODAY),
    status=st.sampled_from(Status),
    card=cards,
)
lists = st.lists(standings, unique_by=lambda tip: tip.id, max_size=30)


@given(lists, st.randoms())
def test_the_order_is_whole_and_does_not_depend_on_how_the_tips_came(tips: list[Standing], chance: object) -> None:
    again = list(tips)
    chance.shuffle(again)  # type: ignore[attr-defined]
    ordered = sorted(tips, key=place)
    assert sorted(again, key=place) == ordered
    assert len({place(tip) for tip in tips}) == len(tips)
    ranks = [urgency_rank(tip.card.urgency, tip.card.child) for tip in ordered]
    assert ranks == sorted(ranks)


@given(st.lists(standings, unique_by=lambda tip: tip.id, min_size=60, max_size=130), st.integers(1, 7))
def test_pages_show_every_tip_once_and_in_order(tips: list[Standing], shelves: int) -> None:
    apart = [sorted(tips[at::shelves], key=place) for at in range(shelves)]
    pages = [page_of(apart, number) for number in range(1, last_page(len(tips)) + 1)]
    assert [tip for page in pages for tip in page] == sorted(tips, key=place)
    assert all(len(page) == PAGE for page in pages[:-1])
    assert page_of(apart, len(pages) + 1) == ()


@given(lists)
def test_what_a_shelf_holds_comes_back_as_it_was(tips: list[Standing]) -> None:
    assert decode_cards(encode(tips)) == tips
    assert decode_words(encode([tip.card.language for tip in tips])) == [tip.card.language for tip in tips]


@given(standings)
def test_without_a_choice_everything_shows_but_what_is_closed(tip: Standing) -> None:
    assert EVERYTHING.lets(tip, TODAY) == (tip.status is not Status.CLOSED)
    assert Choice(with_closed=True).lets(tip, TODAY)
    assert CLOSED.lets(tip, TODAY) == (tip.status is Status.CLOSED)


@given(standings, standings)
def test_a_choice_lets_through_what_is_alike_in_what_was_chosen_and_no_other(tip: Standing, other: Standing) -> None:
    chosen = Choice(other.status, other.card.urgency, other.card.child, other.card.path, other.card.language)
    alike = all(
        not getattr(other.card, name) or getattr(tip.card, name) == getattr(other.card, name)
        for name in ("urgency", "child", "path", "language")
    )
    assert chosen.lets(other, TODAY)
    assert chosen.lets(tip, TODAY) == (alike and tip.status is other.status)
    assert Choice(other.status, from_talk=True).lets(other, TODAY) == other.card.from_talk


@given(st.integers(-1, 400))
def test_every_day_is_in_today_or_within_a_week_or_older(ago: int) -> None:
    day = TODAY - timedelta(days=ago)
    within = [is_within(day, step, TODAY) for step in ("today", "week", "month", "older")]
    assert within == [ago <= 0, ago < 7, ago < 30, ago >= 30]


@pytest.mark.parametrize(
    ("before", "todays", "last", "until"),
    [
        (0, 0, None, None),
        (0, CROWD_OF_TODAY - 1, None, None),
        (1, 0, None, TODAY),
        (1, 0, TODAY - timedelta(days=1), TODAY),
        (1, 0, TODAY, None),
        (CROWD - 1, 0, TODAY, None),
        (CROWD, 0, TODAY, TODAY),
        (0, CROWD_OF_TODAY, TODAY, TODAY + timedelta(days=1)),
    ],
)
def test_few_tips_wait_for_the_first_time_of_a_day(
    before: int, todays: int, last: date | None, until: date | None
) -> None:
    assert first_day_to_wait(before, todays, last, TODAY) == until


names = st.binary(min_size=2, max_size=2)
some_loose = st.lists(
    st.builds(Loose, names, st.none() | names, st.booleans()), max_size=40, unique_by=lambda each: each.tip
)


@given(some_loose, st.dictionaries(names, st.integers(0, MOST_TIPS)))
def test_each_loose_tip_is_put_once_and_goes_back_to_those_it_stood_with(
    loose: list[Loose], standing: dict[bytes, int]
) -> None:
    batches = together(loose, standing)
    put = [tip for batch in batches for tip in batch.loose]
    assert sorted(put) == sorted(each.tip for each in loose)
    gone = [old for batch in batches for old in batch.gone]
    assert len(gone) == len(set(gone))
    for each in loose:
        if each.shelf in standing:
            assert [each.shelf] == next(list(batch.gone) for batch in batches if each.tip in batch.loose)
    for batch in batches:
        free = [each for each in loose if each.tip in batch.loose and each.shelf not in standing]
        assert len(free) + sum(standing[old] for old in batch.gone if free) <= MOST_TIPS


@given(st.dictionaries(st.binary(min_size=3, max_size=3), st.booleans(), max_size=1200), st.randoms())
def test_who_stands_together_does_not_depend_on_who_came_first(tips: dict[bytes, bool], chance: object) -> None:
    one = [Loose(tip, None, is_closed) for tip, is_closed in tips.items()]
    other = list(one)
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert together(one, {}) == together(other, {})
    mixed = [{tips[tip] for tip in batch.loose} for batch in together(one, {})]
    assert sum(len(each) > 1 for each in mixed) <= 1


def test_shelves_that_are_nearly_empty_are_put_together() -> None:
    assert together([], {b"a": 3, b"b": 5, b"c": 400}) == [Batch([], [b"a", b"b"])]
    assert together([], {b"a": 3, b"c": 400}) == []
