"""What the talk without script decides without a store: names of messages, sizes of pieces, lines of the page."""

from __future__ import annotations

import itertools
import re

import msgspec
import pytest
from hypothesis import given, strategies as st

from chat.plain.carried import Listen, Number, Outer, Over, Write
from chat.plain.door import thread_of
from chat.plain.message_key import message_key
from chat.plain.shown import Reading
from chat.plain.stream import padded
from chat.protocol import server
from chat.protocol.codec import STEPS

PAGES = st.binary(min_size=16, max_size=16)


@given(page=PAGES, text=st.text(), other=st.text())
def test_a_page_sent_twice_says_one_message_and_other_words_are_another(page: bytes, text: str, other: str) -> None:
    assert message_key(page, text) == message_key(page, text)
    assert len(message_key(page, text)) == 16
    assert (message_key(page, text) == message_key(page, other)) is (text == other)


@given(one=PAGES, two=PAGES, text=st.text())
def test_the_same_words_from_two_pages_are_two_messages(one: bytes, two: bytes, text: str) -> None:
    assert (message_key(one, text) == message_key(two, text)) is (one == two)


@given(markup=st.binary(max_size=70_000))
def test_a_piece_has_one_of_few_sizes_and_begins_with_its_markup(markup: bytes) -> None:
    """Requirement 40 of docs/safety.md."""
    piece = padded(markup)

    assert len(piece) in STEPS or len(piece) % STEPS[-1] == 0
    assert piece.startswith(markup)
    assert re.fullmatch(rb"<!--0*-->", piece[len(markup) :])


def test_what_a_pass_carries_prints_nothing_of_it() -> None:
    secret = b"s" * 32
    for page in (Outer(secret), Over("unsent"), Listen(secret), Number(secret, "123"), Write(secret, secret, "draft")):
        assert repr(page) == f"{type(page).__name__}(...)"


def test_a_thread_is_made_from_the_token_and_tells_nothing_of_it() -> None:
    assert thread_of(b"t" * 32) == thread_of(b"t" * 32)
    assert thread_of(b"t" * 32) != thread_of(b"u" * 32)
    assert len(thread_of(b"t" * 32)) == 12


def posted(seq: int, author: str, text: str) -> server.MessagePosted:
    return server.MessagePosted(seq=seq, author=author, name="Robin", text=text, key="")  # type: ignore[arg-type]


@pytest.mark.parametrize(("waited", "may"), [(0, False), (299, False), (300, True), (4_000, True)])
def test_other_ways_are_offered_once_she_has_waited_long_enough(waited: int, may: bool) -> None:
    reading = Reading(choice_after_s=300)
    (stands,) = reading.shows([msgspec.structs.replace(WELCOME, waited=waited)])
    (moved,) = reading.shows([server.QueueMoved(place=1, minutes=None)])

    assert (stands.may_choose, moved.may_choose) == (may, may)


FACTS = st.lists(
    st.one_of(
        st.builds(lambda text, who: posted(1, who, text), st.text(), st.sampled_from(["visitor", "advocate"])),
        st.just(posted(1, "system", "returned")),
        st.just(server.AdvocateJoined(seq=1, name="Robin")),
        st.builds(server.QueueMoved, place=st.integers(1, 9), minutes=st.none() | st.integers(3, 90)),
        st.builds(server.LineChanged, line=st.sampled_from(["connected", "weak", "gone"])),
        st.just(server.Typing()),
    )
)
WELCOME = server.Welcome(state="waiting", place=2, minutes=10, name="", last=0, waited=0, answers={})


@given(facts=FACTS, cuts=st.lists(st.integers(0, 30)))
def test_every_word_is_shown_once_and_in_order_however_the_facts_come(
    facts: list[server.ToVisitor], cuts: list[int]
) -> None:
    told = [WELCOME, *facts]
    bounds = sorted({0, len(told), *(cut for cut in cuts if cut < len(told))})
    reading = Reading(choice_after_s=300)
    shown = [one for at, to in itertools.pairwise(bounds) for one in reading.shows(told[at:to])]

    said = [fact for fact in facts if isinstance(fact, server.MessagePosted) and fact.author != "system"]
    assert [one.text for one in shown if one.kind in ("own", "theirs")] == [fact.text for fact in said]
    # How everything stands is what was heard last, and each piece says it at most once.
    now = [one for one in shown if one.kind in ("waits", "talks")]
    states = [fact for fact in told if isinstance(fact, server.AdvocateJoined) or _returned(fact) or fact is WELCOME]
    assert now[-1].kind == ("talks" if isinstance(states[-1], server.AdvocateJoined) else "waits")
    assert len(now) <= len(bounds) - 1


def _returned(fact: server.ToVisitor) -> bool:
    return isinstance(fact, server.MessagePosted) and fact.author == "system"


def test_a_broken_line_of_the_advocate_is_said_once_and_so_is_its_return() -> None:
    reading = Reading(choice_after_s=300)
    reading.shows([WELCOME, server.AdvocateJoined(seq=1, name="Robin")])
    lines = [server.LineChanged(line=line) for line in ("weak", "gone", "gone", "weak", "connected", "connected")]

    assert [one.phrase for one in reading.shows(lines)] == ["talk.other_gone", "talk.other_back"]


def test_after_a_return_she_waits_at_the_place_she_is_told() -> None:
    reading = Reading(choice_after_s=300)
    reading.shows([WELCOME, server.AdvocateJoined(seq=1, name="Robin")])
    note, now = reading.shows([posted(2, "system", "returned"), server.QueueMoved(place=1, minutes=3)])

    assert (note.phrase, note.name) == ("talk.returned", "Robin")
    assert (now.kind, now.place, now.minutes) == ("waits", 1, 3)


def test_who_is_handed_on_reads_so_and_stands_with_the_new_name() -> None:
    reading = Reading(choice_after_s=300)
    reading.shows([server.AdvocateJoined(seq=2, name="Robin")])
    told, stands = reading.shows([server.AdvocateJoined(seq=5, name="Sam", before="Robin")])

    assert (told.kind, told.phrase, told.name, told.before) == ("note", "talk.handed", "Sam", "Robin")
    assert (stands.kind, stands.name) == ("talks", "Sam")
