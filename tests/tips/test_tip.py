"""Holds the rules of a tip: how its status moves, what comes first, what is shown."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from tips.tip import (
    Card,
    Child,
    Kind,
    Names,
    Path,
    Status,
    Urgency,
    Words,
    after_addition,
    after_reply,
    decode_card,
    decode_names,
    decode_words,
    encode,
    how_long_ago,
    in_order,
    may_be_set_by_staff,
    open_part,
    urgency_rank,
)

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)

texts = st.text(max_size=200)
moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC))
words = st.builds(Words, kind=st.sampled_from(Kind), text=texts, at=moments, place=texts, when=texts, alias=texts)


def said(kind: Kind, minute: int) -> Words:
    """Words said so many minutes after noon."""
    return Words(kind, f"{kind.value} {minute}", NOON + timedelta(minutes=minute))


@pytest.mark.parametrize("status", Status)
def test_a_reply_makes_any_tip_answered(status: Status) -> None:
    assert after_reply(status) is Status.ANSWERED


@pytest.mark.parametrize("status", Status)
def test_added_words_make_any_tip_new_again(status: Status) -> None:
    assert after_addition(status) is Status.NEW


def test_staff_cannot_set_what_only_follows_from_an_act() -> None:
    assert [status for status in Status if may_be_set_by_staff(status)] == [Status.BEING_READ, Status.CLOSED]


def test_happening_now_comes_before_everything() -> None:
    others = [(urgency, child) for urgency in Urgency for child in Child if urgency is not Urgency.NOW]
    assert all(urgency_rank(Urgency.NOW, Child.UNSAID) < urgency_rank(*other) for other in others)


def test_a_child_comes_before_the_last_day() -> None:
    assert urgency_rank(Urgency.UNSAID, Child.YES) < urgency_rank(Urgency.DAY, Child.UNSAID)
    assert urgency_rank(Urgency.DAY, Child.UNSAID) < urgency_rank(Urgency.EARLIER, Child.UNSURE)


@pytest.mark.parametrize(
    ("days", "said_as"),
    [(-1, "today"), (0, "today"), (1, "week"), (6, "week"), (7, "earlier"), (400, "earlier")],
)
def test_a_time_is_told_in_days_never_in_hours(days: int, said_as: str) -> None:
    assert how_long_ago(TODAY - timedelta(days=days), TODAY) == said_as


def test_the_first_telling_stands_first_even_when_a_clock_went_back() -> None:
    parts = [said(Kind.REPLY, 5), said(Kind.ADDED, 3), said(Kind.TOLD, 9)]
    assert [part.kind for part in in_order(parts)] == [Kind.TOLD, Kind.ADDED, Kind.REPLY]


def test_without_a_reply_everything_stands_behind_the_tap() -> None:
    parts = [said(Kind.TOLD, 0), said(Kind.ADDED, 1)]
    assert open_part(parts) == 2


def test_the_newest_reply_and_what_follows_are_in_sight() -> None:
    parts = [said(Kind.TOLD, 0), said(Kind.REPLY, 1), said(Kind.ADDED, 2), said(Kind.REPLY, 3), said(Kind.ADDED, 4)]
    assert open_part(parts) == 3


def test_replies_in_a_row_are_shown_together() -> None:
    parts = [said(Kind.TOLD, 0), said(Kind.REPLY, 1), said(Kind.REPLY, 2), said(Kind.ADDED, 3)]
    assert open_part(parts) == 1


def test_the_first_telling_is_never_in_sight() -> None:
    assert open_part([said(Kind.TOLD, 0), said(Kind.REPLY, 1)]) == 1


@given(words)
def test_words_come_back_as_they_were_sealed(one: Words) -> None:
    assert decode_words(encode(one)) == one


@given(
    st.builds(
        Card,
        language=texts,
        path=st.sampled_from(Path),
        urgency=st.sampled_from(Urgency),
        child=st.sampled_from(Child),
        answer_welcome=st.none() | st.booleans(),
        at=moments,
    )
)
def test_a_card_comes_back_as_it_was_sealed(card: Card) -> None:
    assert decode_card(encode(card)) == card


@given(texts)
def test_names_come_back_as_they_were_sealed(reach: str) -> None:
    assert decode_names(encode(Names(reach))) == Names(reach)
