"""Holds the two websockets to closing what is wrong: each with its own code, each code with words in every language."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chat.protocol.closing import Closing
from tests.support.catalogues import phrases
from tests.support.open_house import OpenHouse
from tests.support.spoken import SpokenLine, new_key

NO_TOKEN = "A" * 43


def refused_with(opening: Callable[[], SpokenLine]) -> int:
    """The status of a refused handshake."""
    with pytest.raises(InvalidStatus) as refusal:
        opening()
    return refusal.value.response.status_code


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://elsewhere.example",
        "http://localhost",
        "http://127.0.0.1",
        "http://127.0.0.1.elsewhere.example",
    ],
)
def test_a_foreign_origin_is_refused_before_anything_is_said(open_house: OpenHouse, origin: str | None) -> None:
    house = open_house.house

    assert refused_with(lambda: SpokenLine.open(house.public_line, origin=origin)) == 403
    assert refused_with(lambda: SpokenLine.open(house.desk_line, origin=origin)) == 403


def test_each_face_refuses_the_other_faces_line(open_house: OpenHouse) -> None:
    house = open_house.house

    assert refused_with(lambda: SpokenLine.open(house.public_line, origin=house.desk)) == 403
    assert refused_with(lambda: SpokenLine.open(house.desk_line, origin=house.public)) == 403
    assert refused_with(
        lambda: SpokenLine.open(f"{house.public.replace('http', 'ws')}/line/desk", origin=house.public)
    ) in (403, 404)
    assert refused_with(
        lambda: SpokenLine.open(f"{house.desk.replace('http', 'ws')}/line/talk", origin=house.desk)
    ) in (403, 404)


def test_a_line_that_says_nothing_is_closed_after_five_seconds(open_house: OpenHouse) -> None:
    with SpokenLine.open(open_house.house.public_line, origin=open_house.house.public) as line:
        assert line.closing() == Closing.NO_FIRST_FRAME


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"type":"Nothing"}',
        '{"type":"Take","key":"AAAAAAAAAAAAAAAAAAAAAA","conversation":"AAAAAAAAAAAAAAAAAAAAAA"}',
        '{"type":"Resume"}',
        '{"type":"Resume","token":"short"}',
        '{"type":"Resume","token":"' + NO_TOKEN + '","last":-1}',
        '{"type":"Resume","token":"' + NO_TOKEN + '","more":1}',
        "[" * 5_000,
        b"\xff\xfe\x00",
    ],
)
def test_a_malformed_first_frame_closes_the_line(open_house: OpenHouse, frame: str | bytes) -> None:
    with SpokenLine.open(open_house.house.public_line, origin=open_house.house.public) as line:
        line.raw(frame)
        assert line.closing() == Closing.MALFORMED


def test_words_before_the_first_frame_close_the_line(open_house: OpenHouse) -> None:
    with SpokenLine.open(open_house.house.public_line, origin=open_house.house.public) as line:
        line.say("Say", key=new_key(), text="hello")
        assert line.closing() in (Closing.MALFORMED, Closing.NO_FIRST_FRAME)


@pytest.mark.parametrize("size", [16 * 1024 + 1, 200_000])
def test_an_oversize_frame_closes_the_line(open_house: OpenHouse, size: int) -> None:
    with SpokenLine.open(open_house.house.public_line, origin=open_house.house.public) as line:
        line.raw('{"type":"Here","pad":"' + "0" * size + '"}')
        assert line.closing() == Closing.TOO_LARGE


def test_a_token_that_opens_nothing_closes_the_line(open_house: OpenHouse) -> None:
    with SpokenLine.open(open_house.house.public_line, origin=open_house.house.public) as line:
        line.say("Resume", token=NO_TOKEN, last=0)
        assert line.closing() == Closing.GONE


def test_a_flood_of_frames_closes_the_line(open_house: OpenHouse) -> None:
    with open_house.visitor_on_the_line() as visitor:
        # The line may close before the flood is over; what comes after that is not sent, and that is the point.
        with suppress(ConnectionClosed):
            for _ in range(200):
                visitor.line.say("Here")
        assert visitor.line.closing() == Closing.FLOODING


def test_a_visitors_line_cannot_say_what_a_desk_says(open_house: OpenHouse) -> None:
    with open_house.visitor_on_the_line() as visitor:
        visitor.line.say("Take", key=new_key(), conversation=new_key())
        assert visitor.line.closing() == Closing.MALFORMED


def test_a_desk_line_without_a_session_is_closed(open_house: OpenHouse) -> None:
    house = open_house.house
    try:
        line = SpokenLine.open(house.desk_line, origin=house.desk)
    except InvalidStatus as refusal:
        assert refusal.response.status_code == 403  # noqa: PT017 - either refusal is right
        return
    with line:
        line.say("Resume", csrf="A" * 43, talks=[])
        assert line.closing() == Closing.SIGNED_OUT


@pytest.mark.parametrize(
    "closing", [closing for closing in Closing if closing.value > 1000], ids=lambda each: each.name
)
def test_every_close_code_has_words_in_every_language(closing: Closing) -> None:
    for tag in ("en", "fr", "es", "ar"):
        known = phrases("chat", tag) | phrases("portal", tag)
        assert closing.phrase in known, (closing.phrase, tag)
