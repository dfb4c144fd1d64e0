"""Tells the whole talk in Firefox as Tor Browser's safest mode has it: prompt, drafts kept, lines healed, no trace."""

from __future__ import annotations

import time

import pytest

from chat.plain.stream import LASTS_S
from tests.support.firefox import Firefox
from tests.support.firefox_plain import HELLO, HERS, THEIRS, UNSENT, SafestTalk
from tests.support.plain_people import WORDS, WRITE

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.timeout(240)]

PROMPT_S = 1.0
CUT_S = 7.0
SCROLLED_AWAY = 12  # so many words later a card is out of sight
TAB = "\ue004"


def test_words_are_heard_within_a_second_both_ways(safest_talk: SafestTalk) -> None:
    """C7, and P17 of docs/safety.md."""
    visitor, desk = safest_talk.visitor, safest_talk.desk
    to_her, to_the_desk = [], []
    # The fastest of three: the machine the tests run on may be busy with something else.
    for turn in ("one", "two", "three"):
        safest_talk.answers(f"{THEIRS} {turn}")
        to_her.append(visitor.sees(f"{THEIRS} {turn}"))
        visitor.types(f"{HERS} {turn}")
        visitor.sends()
        began = time.monotonic()
        desk.hears(f"{HERS} {turn}")
        to_the_desk.append(time.monotonic() - began)
        visitor.is_told(f"{HERS} {turn}")
        visitor.sees(f"{HERS} {turn}")
    assert min(to_her) < PROMPT_S
    assert min(to_the_desk) < PROMPT_S
    turns = [f"{words} {turn}" for turn in ("one", "two", "three") for words in (THEIRS, HERS)]
    assert visitor.bubbles == [HELLO, *turns]


@pytest.mark.long
def test_words_outlive_the_planned_end_of_a_stream_and_leave_the_draft_alone(safest_talk: SafestTalk) -> None:
    """P16 of docs/safety.md, in real time: the frame goes on by itself, and adds nothing to Back."""
    visitor, tab = safest_talk.visitor, safest_talk.tab
    safest_talk.answers(THEIRS)
    visitor.sees(THEIRS)
    visitor.types(UNSENT)
    entries, first_address = tab.history, visitor.words.address
    safest_talk.lets_pass(LASTS_S)
    visitor.waits_for(lambda: visitor.words.address != first_address, "the frame to go on by itself")
    safest_talk.answers("after the end of the first stream")
    visitor.sees("after the end of the first stream")
    assert visitor.bubbles == [HELLO, THEIRS, "after the end of the first stream"]
    assert visitor.draft == UNSENT
    assert tab.history == entries
    assert not safest_talk.was_gone


def test_a_line_cut_for_seven_seconds_is_healed_by_one_tap_and_loses_no_word(safest_talk: SafestTalk) -> None:
    """C2 and C7, and P9 and P16 of docs/safety.md: neither what was said meanwhile nor what she wrote is lost."""
    visitor = safest_talk.visitor
    safest_talk.answers(THEIRS)
    visitor.sees(THEIRS)
    visitor.types(UNSENT)
    safest_talk.line.cut()
    safest_talk.answers("said while the line was away")
    time.sleep(CUT_S)
    safest_talk.line.mend()
    assert visitor.draft == UNSENT

    visitor.shows_new_words()
    visitor.sees("said while the line was away", within=5)
    assert visitor.bubbles == [HELLO, THEIRS, "said while the line was away"]
    assert visitor.draft == UNSENT
    visitor.sends()
    visitor.is_told(UNSENT)
    safest_talk.desk.hears(UNSENT)
    visitor.sees(UNSENT)

    # Sent into the dead line: the browser's own page stands where the field was, and still holds what was written.
    visitor.types(HERS)
    safest_talk.line.cut()
    field = safest_talk.tab.frame(WRITE)
    visitor.sends()
    safest_talk.tab.until(lambda: not field.words, "the browser's own page in the field's place")
    safest_talk.line.mend()

    field.tries_again()
    visitor.is_told(HERS)
    safest_talk.desk.hears(HERS)
    visitor.shows_new_words()
    visitor.sees(HERS)
    assert visitor.bubbles == [HELLO, THEIRS, "said while the line was away", UNSENT, HERS]


@pytest.mark.long
def test_an_older_card_is_answered_by_one_tap_and_stands_clear_of_the_line_above_it(safest_talk: SafestTalk) -> None:
    """Item 6 of what an advocate needs: she goes up to a question of before, by finger or by keys, and answers it."""
    visitor, desk = safest_talk.visitor, safest_talk.desk
    desk.does("Ask", safest_talk.conversation, card="sleep")
    for number in range(SCROLLED_AWAY):
        safest_talk.answers(f"{THEIRS} {number}")
    visitor.sees(f"{THEIRS} {SCROLLED_AWAY - 1}")
    visitor.taps_on(visitor.words, ".tap[value=no]")
    desk.hears("No")
    visitor.waits_for(lambda: bool(visitor.words.shown(".tap[value=no][aria-pressed=true]")), "the answer, marked")

    # By the keys, too: an answer that had been scrolled under the line on top comes out from there.
    words = safest_talk.tab.frame(WORDS)
    words.taps(".line-state")
    words.scrolls_to_the_top(".tap[value=yes]", of=".plain-log")
    assert "You are writing with" in words.covers(".tap[value=yes]")
    words.presses(TAB)
    visitor.waits_for(lambda: bool(words.shown(".tap[value=yes]:focus")), "the first answer, by the keys")
    assert words.covers(".tap[value=yes]") == ""


def test_after_the_exit_back_shows_no_word_and_never_the_talk(safest_talk: SafestTalk) -> None:
    """Requirements 8, 12, 13, 14, 15, 28 and 35 of docs/safety.md, and P16."""
    visitor, tab, neutral = safest_talk.visitor, safest_talk.tab, safest_talk.house.ready.neutral
    safest_talk.answers(THEIRS)
    visitor.sees(THEIRS)
    visitor.says(HERS)
    visitor.types(UNSENT)
    assert tab.kept() == {}
    visitor.leaves()
    tab.is_at(neutral.url)
    safest_talk.desk.line.hear("LineChanged", conversation=safest_talk.conversation, line="left")
    seen = []
    while tab.goes_back():
        time.sleep(0.3)
        seen.append((tab.address, safest_talk.shown, tab.shown(WORDS)))

    assert len(seen) > 2
    assert [one for one in seen if one[1] or one[2]] == []
    assert tab.kept() == {}


def test_leaving_without_a_network_takes_the_words_from_the_screen(safest_talk: SafestTalk, firefox: Firefox) -> None:
    """Requirement 8 of docs/safety.md, and the one exception to it.

    Without script the exit of a page that holds a token is a form, which alone can end the token: with no network the
    browser's own page stands where the words were, and the bar names our host, not the neutral one.
    """
    visitor, tab = safest_talk.visitor, safest_talk.tab
    safest_talk.answers(THEIRS)
    visitor.sees(THEIRS)
    tab.is_offline()
    visitor.leaves()
    tab.until(lambda: safest_talk.shown == [], "no word of the talk on the screen")
    assert firefox.bar in {safest_talk.house.ready.neutral.url, f"{visitor.origin}/leave"}
