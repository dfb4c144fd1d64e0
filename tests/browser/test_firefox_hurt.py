"""Hurts a talk in Firefox's safest mode as phones do: server killed, stream dead, sleep; her words come through."""

from __future__ import annotations

import pytest

from chat.plain.stream import LASTS_S
from portal.store.passes import LASTS
from tests.support.firefox_plain import HELLO, HERS, THEIRS, UNSENT, SafestTalk
from tests.support.stores import words_settle

pytestmark = [pytest.mark.browser, pytest.mark.fault, pytest.mark.timeout(240)]

# The pass that lives longest leads on from the stream that stands: its minute begins at the planned end.
UNTIL_AGED_S = LASTS_S + LASTS.total_seconds()


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_phone_that_slept_until_its_pages_aged_has_the_draft_and_all_words_one_tap_away(
    safest_talk: SafestTalk,
) -> None:
    """P16 of docs/safety.md, and C18 for whoever loads the page again. In real time: two minutes."""
    visitor, tab = safest_talk.visitor, safest_talk.tab
    outer = tab.address
    visitor.says(HERS)
    visitor.types(UNSENT)
    with safest_talk.asleep():
        safest_talk.answers(THEIRS)
        safest_talk.lets_pass(UNTIL_AGED_S + 5)

    visitor.words.sees("This page is older than a minute.")
    assert visitor.draft == UNSENT
    taps = visitor.taps
    visitor.shows_new_words()
    visitor.sees(THEIRS)
    assert visitor.taps == taps + 1
    assert visitor.bubbles == [HELLO, HERS, THEIRS]
    assert visitor.draft == UNSENT
    visitor.sends()
    visitor.is_told(UNSENT)
    visitor.sees(UNSENT)
    safest_talk.desk.hears(UNSENT)

    number = visitor.asks_for_her_number()
    tab.opens(outer)
    tab.sees("This page is older than a minute.")
    assert safest_talk.shown == []
    tab.taps("a[href='/en/talk/back']")
    comes_back(safest_talk, number)
    assert visitor.bubbles == [HELLO, HERS, THEIRS, UNSENT]
    assert [fact["text"] for fact in safest_talk.told if fact["type"] == "MessagePosted"].count(UNSENT) == 1


def test_the_words_go_on_by_themselves_when_their_server_is_killed(safest_talk: SafestTalk) -> None:
    """The head of a stream says where it leads on, and Firefox goes there after a broken answer too."""
    visitor, line, first = safest_talk.visitor, safest_talk.line, safest_talk.house.ready.house
    second = first.join()
    line.to_port = second.port
    visitor.shows_new_words()
    visitor.sees(HELLO)
    visitor.types(UNSENT)
    taps = visitor.taps

    line.to_port = first.port
    for pid in [*(worker.pid for worker in second.workers()), second.pid]:
        second.kill(pid)
    safest_talk.answers(THEIRS)
    visitor.sees(THEIRS)
    assert visitor.bubbles == [HELLO, THEIRS]
    assert visitor.taps == taps
    assert visitor.draft == UNSENT


def test_the_fields_answer_shows_both_sides_while_the_stream_is_dead_and_one_tap_brings_it_back(
    safest_talk: SafestTalk,
) -> None:
    visitor = safest_talk.visitor
    safest_talk.loses_its_stream()
    safest_talk.answers(THEIRS)
    words_settle(safest_talk.house.ready.house)
    visitor.says(HERS)
    assert THEIRS in visitor.last_words
    assert HERS in visitor.last_words
    assert visitor.words.words == ""

    taps = visitor.taps
    visitor.shows_new_words()
    visitor.sees(HERS)
    assert visitor.taps == taps + 1
    assert visitor.bubbles == [HELLO, THEIRS, HERS]


def test_an_advocates_end_takes_the_words_off_both_frames(safest_talk: SafestTalk) -> None:
    """Requirement P21 of docs/safety.md: the words go by themselves, the field with its next answer."""
    visitor = safest_talk.visitor
    safest_talk.answers(THEIRS)
    visitor.says(HERS)
    visitor.types(UNSENT)
    safest_talk.ends()
    visitor.words.sees("The chat has ended.")
    visitor.waits_for(lambda: not visitor.bubbles, "the words to be gone")
    visitor.sends()
    visitor.write.sees("This was not sent")
    assert safest_talk.shown == [UNSENT]


def test_when_she_ends_it_nothing_of_it_is_left_on_the_page_or_behind_its_address(safest_talk: SafestTalk) -> None:
    """Requirement P21 of docs/safety.md."""
    visitor, tab = safest_talk.visitor, safest_talk.tab
    outer = tab.address
    safest_talk.answers(THEIRS)
    visitor.sees(THEIRS)
    visitor.types(UNSENT)
    visitor.ends()
    tab.sees("The chat has ended.")
    assert safest_talk.shown == []
    tab.opens(outer)
    tab.is_at(safest_talk.house.ready.neutral.url)


def test_with_her_number_she_comes_back_to_hidden_words(safest_talk: SafestTalk) -> None:
    """Requirements 27 and P12 of docs/safety.md."""
    visitor = safest_talk.visitor
    number = visitor.asks_for_her_number()
    visitor.tab.opens(f"{visitor.at}/talk/back")
    comes_back(safest_talk, number)
    safest_talk.desk.hears("back")
    visitor.shows_new_words()
    safest_talk.answers(THEIRS)
    visitor.sees(THEIRS)


def comes_back(talk: SafestTalk, number: str) -> None:
    """Types her number; the words are hidden behind one tap, and the question whether it is safe comes before them."""
    visitor = talk.visitor
    visitor.tab.types("[name=number]", number)
    visitor.tab.taps("#back-form button[type=submit]")
    visitor.sees_the_talk()
    assert "safe to write" in visitor.write.words
    assert talk.shown == []
    visitor.words.taps(".plain-earlier button")
    visitor.sees(HELLO)
