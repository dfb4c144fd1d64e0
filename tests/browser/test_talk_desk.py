"""Holds the chat desk to its promise: words go to whom they were written for, and the desk says when they cannot."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import Story

pytestmark = pytest.mark.browser


# Counts the tones and the notices that really go out.
CALLS = """(() => {
    window.notes = 0; window.notices = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...at) { window.notes += 1; return start.apply(this, at); };
    window.Notification = class extends Notification {
        constructor(title, options) { super(title, options); window.notices.push([title, this.body, this.tag]); }
    };
})();"""


def test_whoever_looks_elsewhere_is_called_by_title_tone_and_a_notice_without_words(own_story: Story) -> None:
    """Item 4 of what an advocate needs: the desk calls, and what it shows of a visitor to the room is nothing."""
    with own_story.advocate() as advocate:
        page = advocate.page
        page.add_init_script(CALLS)
        page.context.grant_permissions(["notifications"], origin=own_story.ready.house.desk)
        page.reload()
        expect(page.locator("#sound-state")).to_have_text("Sound is off")
        title = page.title()
        page.click("#sound")
        advocate.is_ready()
        expect(page.locator("#sound-state")).to_have_text("Sound is on")
        notes = page.evaluate("() => window.notes")
        assert notes >= 2
        advocate.looks_away()
        with own_story.visitor() as visitor:
            visitor.starts()
            visitor.chooses("safe", "no")
            visitor.says("The kestrel is on the roof.")
            page.wait_for_function("notes => window.notes >= notes + 2", arg=notes)
            assert page.title() == f"(1) {title}"
            assert page.evaluate("() => window.notices")[0] == ["Someone is waiting.", "", "desk"]
            advocate.looks_back()
            advocate.takes_next()
            page.wait_for_function("title => document.title === title", arg=title)
            page.wait_for_timeout(3000)  # words that come right after another call are not worth a second one
            advocate.looks_away()
            notes = page.evaluate("() => window.notes")
            visitor.says("It looks this way.")
            page.wait_for_function("notes => window.notes === notes + 1", arg=notes)
            assert page.title() == f"(1) {title}"
            assert page.evaluate("() => window.notices").pop() == ["New words.", "", "desk"]
            advocate.looks_back()
            page.wait_for_function("title => document.title === title", arg=title)


def test_each_conversation_keeps_its_own_draft_and_its_own_person(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor() as luz, own_story.visitor("es") as tam:
        luz.starts()
        luz.page.fill("#questions input[name=name]", "Luz")
        luz.page.fill("#questions input[name=region]", "Yellowknife, NT")
        luz.says("one")
        advocate.takes_next()
        tam.starts()
        tam.says("dos")
        advocate.takes_next()
        field = advocate.page.locator("[data-at=field]:visible")
        field.fill("for the second")
        expect(advocate.page.locator("[data-at=to]:visible")).to_have_text("To Person 2, in Spanish")
        expect(advocate.page.locator("[data-at=send]:visible")).to_have_text("Send to Person 2")
        expect(advocate.page.locator("#tab-2 .tab-name")).to_have_text("Person 2")
        advocate.page.keyboard.press("Alt+1")
        expect(advocate.page.locator("[data-at=send]:visible")).to_contain_text("Luz")
        expect(field).to_have_value("")
        expect(advocate.page.locator("#tab-2")).to_contain_text("draft kept")
        field.fill("for the first")
        advocate.page.keyboard.press("Control+Enter")
        luz.sees("for the first")
        # Where she said she is decides whose numbers stand there; nobody is shown those of another place in silence.
        number = advocate.page.locator("[data-at=region-number]:visible")
        expect(number).to_have_text("Northwest Territories: emergency \u2068911\u2069")
        protocol = advocate.page.locator("[data-at=protocol]:visible")
        expect(protocol).to_have_attribute("href", re.compile(r"/desk/protocols\?region=ca-nt$"))
        advocate.page.keyboard.press("Alt+KeyG")
        region = advocate.page.locator("[data-at=danger-region]:visible")
        advocate.page.keyboard.press("1")
        expect(region).to_have_value("ca-nt")
        expect(advocate.page.locator("[data-at=danger-numbers]:visible")).to_contain_text("867-669-1111")
        expect(advocate.page.locator("[data-at=danger-unknown]:visible")).to_have_count(0)
        advocate.page.keyboard.press("Escape")
        advocate.page.keyboard.press("Alt+2")
        expect(protocol).to_have_attribute("href", re.compile(r"/desk/protocols$"))
        expect(field).to_have_value("for the second")
        advocate.page.locator("[data-at=send]:visible").click()
        tam.sees("for the second")

        assert tam.words == ["dos", "for the second"]
        assert luz.words == ["one", "for the first"]


def test_new_words_for_a_person_in_the_background_are_counted_on_her_tab(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor() as luz, own_story.visitor() as tam:
        luz.starts()
        luz.says("one")
        advocate.takes_next()
        tam.starts()
        tam.says("two")
        advocate.takes_next()
        luz.says("three")
        expect(advocate.page.locator("#tab-1 .tab-new")).to_have_text("1")
        advocate.page.click("#tab-1")

        expect(advocate.page.locator("#tab-1 .tab-new")).to_be_hidden()
        advocate.sees("three")


def test_a_desk_that_is_loaded_anew_counts_as_new_only_what_came_since_its_answer(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor() as luz, own_story.visitor() as tam:
        for visitor, name in ((luz, "Ines"), (tam, "Noor")):
            visitor.starts()
            visitor.page.fill("#questions input[name=name]", name)
            visitor.says("one")
            advocate.takes_next()
            advocate.says("I am here.")
            visitor.sees("I am here.")
            visitor.says("two")
        advocate.page.reload()
        tabs = [advocate.page.locator("[role=tab]").filter(has_text=name) for name in ("Ines", "Noor")]
        for tab in tabs:
            expect(tab).to_be_visible()
        behind = [tab for tab in tabs if tab.get_attribute("aria-selected") != "true"]
        assert behind
        for tab in behind:
            expect(tab.locator(".tab-new")).to_have_text("1")


def test_a_note_is_kept_at_the_desk_and_never_reaches_her(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor() as visitor:
        frames: list[str] = []
        visitor.page.on("websocket", lambda line: line.on("framereceived", lambda frame: frames.append(str(frame))))
        visitor.starts()
        visitor.says("one")
        advocate.takes_next()
        advocate.page.locator("[data-at=note]:visible").fill("Passport held.")
        advocate.page.locator("[data-at=save]:visible").click()
        expect(advocate.page.locator("[data-at=notes]:visible .note")).to_have_attribute("data-sent", "received")
        advocate.says("Hello")
        visitor.sees("Hello")

        assert not any("Passport" in frame for frame in frames)


def test_the_desk_is_loud_when_it_is_offline_and_sends_nothing_by_surprise(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor() as visitor:
        visitor.starts()
        visitor.says("one")
        advocate.takes_next()
        advocate.page.locator("[data-at=field]:visible").fill("a draft")
        advocate.loses_the_line()
        expect(advocate.page.locator("#offline")).to_be_visible()
        expect(advocate.page.locator("#queue-as-of")).to_contain_text("s ago")
        expect(advocate.page.locator("[data-at=send]:visible")).to_have_attribute("aria-disabled", "true")
        advocate.page.locator("[data-at=send]:visible").dispatch_event("click")
        expect(advocate.page.locator("[data-at=field]:visible")).to_have_value("a draft")
        visitor.says("two")
        advocate.gets_the_line_back()
        advocate.page.click("#try-now")
        expect(advocate.page.locator("#offline")).to_be_hidden()
        advocate.sees("two")
        expect(advocate.page.locator("[data-at=field]:visible")).to_have_value("a draft")
        visitor.page.wait_for_timeout(500)

        assert visitor.words == ["one", "two"]


def test_the_desk_sees_the_visitors_line_go_and_asks_again_whether_it_is_safe(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor() as visitor:
        visitor.starts()
        visitor.chooses("safe", "yes")
        visitor.says("one")
        advocate.takes_next()
        expect(advocate.page.locator("[data-at=safe]:visible").first).to_contain_text("yes")
        own_story.line.cut()
        try:
            expect(advocate.page.locator("[data-at=state]:visible")).to_contain_text("Gone")
            advocate_log = advocate.page.locator(".pane:visible .log-note")
            expect(advocate_log.filter(has_text="Ask if it is safe")).to_be_visible()
        finally:
            own_story.line.mend()
        expect(advocate.page.locator("[data-at=state]:visible")).to_contain_text("Connected")

        expect(advocate.page.locator("[data-at=safe]:visible").first).to_contain_text("not asked since the drop")


def test_no_script_error_stands_in_the_desks_console(own_story: Story) -> None:
    """Trusted Types are required on the desk: one assignment of markup would be an error here."""
    with own_story.advocate() as advocate, own_story.visitor("ar") as visitor:
        wrong: list[str] = []
        advocate.page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        advocate.page.on("pageerror", lambda error: wrong.append(str(error)))
        visitor.starts()
        visitor.says("<b>مرحبا</b> <img src=x onerror=alert(1)>")
        advocate.takes_next()
        advocate.sees("مرحبا")
        advocate.says("1 < 2 & 3 > 2")
        visitor.sees("1 < 2 & 3 > 2")

        assert wrong == []
        assert advocate.page.locator(".bubble-words *").count() == 0
