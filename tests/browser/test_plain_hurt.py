"""Hurts a talk without script the way phones do: line cut, stream killed, pages aged, sleep; her words come through."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from chat.plain.stream import LASTS_S
from tests.browser.talk_people import Advocate
from tests.support.chromium import Chromium
from tests.support.cut_line import Line
from tests.support.desk_people import DeskLine
from tests.support.engines import ChromiumTab
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.patience import PATIENCE_S
from tests.support.plain_people import PlainVisitor, settled
from tests.support.stores import words_settle

pytestmark = [pytest.mark.browser, pytest.mark.fault]

HELLO = "four lanterns by the old canal"
THEIRS = "a paper heron was folded at noon"
DRAFT = "an umbrella half open"
AFTER = "the heron was kept in a tin"
CUT_S = 7.0


@dataclass
class Hurt:
    """An open house behind a line that can be cut, and an advocate ready at her own."""

    ready: OpenHouse
    line: Line
    desk: DeskLine
    chromium: Chromium

    @contextmanager
    def visitor(self, language: str = "en") -> Iterator[PlainVisitor]:
        """Somebody whose phone runs no script, in line."""
        with self.chromium.visit(script=False, language=language) as page:
            visitor = PlainVisitor(ChromiumTab(page), f"http://127.0.0.1:{self.line.port}", language)
            visitor.starts()
            yield visitor

    @contextmanager
    def talking(self) -> Iterator[tuple[PlainVisitor, str]]:
        """The same, taken by the advocate; the conversation is ended afterwards."""
        with self.visitor() as visitor:
            visitor.says(HELLO)
            conversation = self.desk.takes_next()
            try:
                yield visitor, conversation
            finally:
                self.line.mend()
                self.desk.ends(conversation)


@pytest.fixture(scope="module")
def hurt(tmp_path_factory: pytest.TempPathFactory, chromium: Chromium) -> Iterator[Hurt]:
    line = Line(0)
    try:
        with open_house_at(tmp_path_factory.mktemp("h"), public_origin=f"http://127.0.0.1:{line.port}") as ready:
            line.to_port = ready.house.port
            desk = ready.admin.signs_in().opens_the_line()
            yield Hurt(ready, line, desk, chromium)
            desk.close()
    finally:
        line.close()


def test_after_a_cut_of_seven_seconds_one_tap_shows_everything(hurt: Hurt) -> None:
    """A broken stream heals by no script in Chromium: the button beside the words does it."""
    with hurt.talking() as (visitor, conversation):
        visitor.types(DRAFT)
        hurt.line.cut()
        hurt.desk.says(conversation, THEIRS)
        time.sleep(CUT_S)
        hurt.line.mend()
        assert visitor.draft == DRAFT
        visitor.shows_new_words()
        print(f"after the cut: {visitor.sees(THEIRS):.2f} s from the tap")
        assert visitor.bubbles == [HELLO, THEIRS]
        assert visitor.draft == DRAFT
        visitor.sends()
        visitor.is_told(DRAFT)
        hurt.desk.hears(DRAFT)


def sends_in_vain(visitor: PlainVisitor) -> None:
    """Send, into a dead line; waits until Chromium has put its own page into the frame that was posted into."""
    page = page_of(visitor)
    with page.expect_event("requestfailed", lambda request: request.method == "POST") as failed:
        visitor.sends()
    visitor.waits_for(lambda: failed.value.frame.url.startswith("chrome-error:"), "the browser's own page")


def page_of(visitor: PlainVisitor) -> Page:
    assert isinstance(visitor.tab, ChromiumTab)
    return visitor.tab.page


def test_words_sent_into_a_dead_line_stay_in_the_field_and_arrive_once(hurt: Hurt) -> None:
    """P16 and P17 of docs/safety.md, from either of the two frames, each time twice in vain."""
    with hurt.talking() as (visitor, _):
        for text in (DRAFT, AFTER):
            visitor.types(text)
            frame = visitor.writes_in
            hurt.line.cut()
            for _try in range(2):
                sends_in_vain(visitor)
                assert (visitor.writes_in, visitor.draft) == (frame, text)
                assert "they may not be sent" in visitor.write.words
            hurt.line.mend()
            visitor.sends()
            visitor.is_told(text)
            assert visitor.writes_in != frame
            hurt.desk.hears(text)
        visitor.shows_new_words()
        visitor.sees(AFTER)
        assert visitor.bubbles == [HELLO, DRAFT, AFTER]


def test_when_only_the_answer_is_lost_the_words_stay_and_are_kept_once(hurt: Hurt) -> None:
    """What arrived and what did not look the same to her: Send again is right in both."""
    with hurt.talking() as (visitor, _):
        visitor.types(DRAFT)
        hurt.line.ear = lambda _end, block: hurt.line.cut() if block.startswith(b"HTTP/1.1 303") else None
        try:
            sends_in_vain(visitor)
        finally:
            hurt.line.ear = None
        hurt.desk.hears(DRAFT)
        assert visitor.draft == DRAFT
        hurt.line.mend()
        visitor.sends()
        visitor.is_told(DRAFT)
        visitor.shows_new_words()
        visitor.says(AFTER)
        visitor.sees(AFTER)
        assert visitor.bubbles == [HELLO, DRAFT, AFTER]


def test_what_the_house_does_not_take_stands_in_the_frame_in_sight(hurt: Hurt) -> None:
    """Words that are too long come back with the reason; an answer without content leaves them where they are."""
    with hurt.talking() as (visitor, _):
        page, too_long = page_of(visitor), "lantern " * 600
        frame = visitor.writes_in
        page.frame_locator(f"iframe[name={frame}]").locator("#field").fill(too_long)
        visitor.sends()
        visitor.waits_for(lambda: visitor.writes_in != frame, "the answer to come into sight")
        assert "too long" in visitor.write.words
        assert visitor.draft == too_long
        fresh = page.frame_locator(f"iframe[name={visitor.writes_in}]")
        expect(fresh.locator("#wrong")).to_be_in_viewport(ratio=0.9)
        page.route("**/talk/write", lambda route: route.fulfill(status=204))
        frame = visitor.writes_in
        with page.expect_response(lambda answer: answer.status == 204):
            visitor.sends()
        page.unroute("**/talk/write")
        assert (visitor.writes_in, visitor.draft) == (frame, too_long)


def test_the_composers_answer_shows_both_sides_while_the_stream_is_dead(hurt: Hurt) -> None:
    with hurt.talking() as (visitor, conversation):
        hurt.line.cut()
        time.sleep(0.5)
        hurt.line.mend()
        hurt.desk.says(conversation, THEIRS)
        words_settle(hurt.ready.house)
        visitor.says(DRAFT)
        assert THEIRS in visitor.last_words
        assert DRAFT in visitor.last_words


@pytest.mark.long
def test_a_refresh_of_the_words_leaves_the_draft_and_misses_nothing(hurt: Hurt) -> None:
    """Over the planned end of a stream, in real time."""
    with hurt.talking() as (visitor, conversation):
        visitor.types(DRAFT)
        first = visitor.words.page.frame("words")  # type: ignore[attr-defined]
        address = first.url
        ends = time.monotonic() + LASTS_S + PATIENCE_S
        said: list[str] = []
        while time.monotonic() < ends and first.url == address:
            said.append(f"{THEIRS} {len(said)}")
            hurt.desk.says(conversation, said[-1])
            time.sleep(4)
        visitor.sees(said[-1])
        assert first.url != address
        assert visitor.bubbles == [HELLO, *said]
        assert visitor.draft == DRAFT


def test_an_advocates_end_takes_the_words_off_both_frames(hurt: Hurt) -> None:
    """Requirement P21 of docs/safety.md."""
    with hurt.visitor() as visitor:
        visitor.says(HELLO)
        conversation = hurt.desk.takes_next()
        visitor.types(DRAFT)
        hurt.desk.ends(conversation)
        visitor.waits_for(lambda: "The chat has ended." in visitor.words.words, "the end among the words")
        visitor.waits_for(lambda: HELLO not in visitor.words.words, "the words to be gone", within=3)
        visitor.sends()
        visitor.waits_for(lambda: "This was not sent" in visitor.write.words, "the end in the field's frame")
        assert visitor.write.value("textarea") == DRAFT
        assert HELLO not in visitor.write.words


def test_she_ends_it_and_nothing_of_it_is_left_on_the_page(hurt: Hurt) -> None:
    with hurt.visitor() as visitor:
        visitor.says(HELLO)
        outer = visitor.tab.address
        visitor.ends()
        visitor.waits_for(lambda: "The chat has ended." in visitor.tab.words, "the page after the end")
        assert HELLO not in visitor.tab.words
        visitor.tab.opens(outer)
        visitor.tab.is_at(hurt.ready.neutral.url)


def test_with_her_number_she_comes_back_to_hidden_words(hurt: Hurt) -> None:
    """Requirements 27 and P12 of docs/safety.md, without script."""
    with hurt.talking() as (visitor, conversation):
        number = visitor.asks_for_her_number()
        visitor.tab.opens(f"{visitor.at}/talk/back")
        visitor.tab.types("[name=number]", number)
        visitor.tab.taps("form:has([name=number]) button[type=submit]")
        visitor.sees_the_talk()
        assert "safe to write" in visitor.write.words
        assert HELLO not in visitor.words.words + visitor.write.words
        visitor.words.taps(".plain-earlier button")
        visitor.sees(HELLO)
        hurt.desk.hears("back")
        visitor.shows_new_words()
        hurt.desk.says(conversation, THEIRS)
        visitor.sees(THEIRS)


def test_the_advocate_sees_that_there_is_no_script(hurt: Hurt) -> None:
    context = hurt.chromium.new_context(size=(1280, 800))
    try:
        advocate = Advocate(context.new_page(), hurt.ready)
        advocate.is_ready()
        with hurt.visitor() as visitor:
            visitor.says(HELLO)
            advocate.takes_next()
            advocate.sees(HELLO)
            expect(advocate.page.locator(".side:not([hidden]) [data-at=way]")).to_have_text("Without script")
            visitor.leaves()
        advocate.puts_all_away()
        # Her other line is told too: what it has not heard by now, the next test would take for news.
        hurt.desk.line.hear("ConversationClosed")
    finally:
        context.close()


@pytest.mark.long
@pytest.mark.timeout(240)
def test_pages_that_aged_say_what_heals_them_and_lose_no_draft(hurt: Hurt) -> None:
    """Real time: over a minute. A phone asleep keeps its page; what it asked for meanwhile is over."""
    with hurt.talking() as (visitor, conversation):
        outer = visitor.tab.address
        visitor.types(DRAFT)
        hurt.line.cut()
        for _ in range(9):
            time.sleep(10)
            # Her advocate's desk lives on meanwhile, and hears what it is told: a line nobody reads is closed.
            hurt.desk.line.say("Here")
            hurt.desk.line.hear("Here")
        hurt.line.mend()
        hurt.desk.says(conversation, THEIRS)
        assert visitor.draft == DRAFT
        visitor.shows_new_words()
        visitor.sees(THEIRS)
        visitor.sends()
        visitor.is_told(DRAFT)
        visitor.tab.opens(outer)
        assert settled(lambda: "older than a minute" in visitor.tab.words)
