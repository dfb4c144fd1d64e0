"""Holds the talk to a hurried hand and to two hands: taps too early, words unseen, a talk handed on or called in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.talk_people import Story

pytestmark = pytest.mark.browser


def test_no_question_stands_under_her_finger_before_her_place_is_told(own_story: Story) -> None:
    """On a slow line the place came late and pushed the answers down: a tap on "no" met "yes"."""
    held: list[WebSocketRoute] = []
    with own_story.visitor() as visitor:
        visitor.page.route_web_socket("**/line/talk", lambda line: held.append(line))
        visitor.page.goto(f"{visitor.at}/talk")
        visitor.page.click("#start-form button")
        expect(visitor.page.locator("#line")).to_be_visible()
        # She is being connected: that is no failure, and not drawn as one.
        expect(visitor.page.locator("#line-state")).to_have_attribute("data-line", "calling")
        expect(visitor.page.locator("[data-ask=safe]")).to_be_hidden()
        expect(visitor.page.locator("#field")).to_be_visible()
        for line in held:
            line.connect_to_server()
        expect(visitor.page.locator("#line-state")).to_have_attribute("data-line", "connected")
        expect(visitor.page.locator("#place")).not_to_be_empty()
        expect(visitor.page.locator("[data-ask=safe]")).to_be_visible()


def test_a_text_longer_than_a_message_goes_out_whole_and_in_order(own_story: Story) -> None:
    told = " ".join(f"word{number}" for number in range(1500))
    with own_story.visitor() as visitor:
        visitor.starts()
        visitor.page.fill("#field", told)
        visitor.page.click("#send")
        expect(visitor.page.locator("#log .bubble[data-sent=received]")).to_have_count(4)
        assert " ".join(visitor.words) == told
        assert visitor.page.input_value("#field") == ""


def test_words_that_come_while_more_stands_open_are_told_on_the_way_back_to_them(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor() as visitor:
        visitor.starts()
        visitor.says("Hello.")
        advocate.takes_next()
        more = visitor.page.locator("#more-button")
        expect(more).to_have_text("More")
        more.click()
        expect(more).to_have_text("Keep talking")
        advocate.says("Are you there?")
        expect(more).to_have_text("New messages")
        more.click()
        expect(more).to_have_text("More")
        visitor.sees("Are you there?")
        # What she sends from there she also sees arrive.
        more.click()
        visitor.says("I am here.")
        visitor.sees("I am here.")
        expect(visitor.page.locator("#more")).to_be_hidden()


def test_who_is_handed_on_reads_one_sentence_and_whoever_comes_next_has_every_word(own_story: Story) -> None:
    """Lessons 26 and 27, and by the keyboard alone."""
    person = own_story.ready.admin.invites("Sam", "advocate", ["en"], "chat")
    with (
        own_story.advocate() as robin,
        own_story.visitor() as visitor,
        own_story.colleague(person) as sam,
    ):
        sam.is_ready()
        visitor.starts()
        visitor.says("I need a bed tonight.")
        robin.takes_next()
        robin.says("Hi, I am Robin.")
        visitor.sees("Hi, I am Robin.")
        robin.page.keyboard.press("Alt+n")
        expect(robin.page.locator("[data-at=hand-to]:visible option")).to_have_text(
            ["Anyone who is ready", "Whoever answers the phone", "Sam · English"]
        )
        robin.page.keyboard.type("Sam")
        robin.page.keyboard.press("Tab")
        robin.page.keyboard.type("Bed for tonight, afraid of her cousin.")
        robin.page.keyboard.press("Tab")
        robin.page.keyboard.press("Enter")
        expect(robin.page.locator("[data-at=hand-said]:visible")).to_contain_text("Sam")
        expect(robin.page.locator("[data-at=composer]:visible")).to_be_visible()

        offer = sam.page.locator("#offers li")
        expect(offer).to_contain_text("Bed for tonight, afraid of her cousin.")
        offer.get_by_role("button", name="Take it over").press("Enter")

        sam.sees("I need a bed tonight.")
        sam.sees("Hi, I am Robin.")
        expect(sam.page.locator(".side:visible .notes")).to_contain_text("Bed for tonight")
        expect(robin.page.locator("#told")).to_contain_text("Sam")
        expect(robin.page.locator("[role=tab]")).to_have_count(0)
        sam.says("What would help most?")
        visitor.sees("What would help most?")
        told = visitor.page.locator("#log .log-note").filter(has_text="Sam")
        expect(told).to_have_count(1)
        expect(told).to_have_text(re.compile("Sam.+ is with you now.+Robin.+ told .+Sam.+ what matters"))
        expect(visitor.page.locator("#line-state")).to_contain_text("Sam")
        assert visitor.words == ["I need a bed tonight.", "Hi, I am Robin.", "What would help most?"]

        # And from chat to phone: what she is given to say there opens the talk for whoever answers.
        sam.page.keyboard.press("Alt+n")
        sam.page.locator("[data-at=hand-to]:visible").select_option("phone")
        sam.page.locator("[data-at=hand-note]:visible").fill("She will call now.")
        sam.page.locator("[data-at=hand-now]:visible").click()
        bar = sam.page.locator("[data-at=hand-said]:visible")
        expect(bar).to_have_text(re.compile(r"\d{3} \d{3}"))
        word = "".join(re.findall(r"\d", bar.inner_text()))
        robin.page.locator(".phone-word summary").press("Enter")
        robin.page.fill("#phone-word", word[:3] + " " + word[3:])
        robin.page.press("#phone-word", "Enter")
        robin.sees("I need a bed tonight.")
        expect(robin.page.locator(".side:visible .notes")).to_contain_text("She will call now.")
        expect(sam.page.locator("[role=tab]")).to_have_count(0)
        expect(visitor.page.locator("#line-state")).to_contain_text("Robin")


def test_whoever_reads_along_or_joins_is_told_of_and_whispers_to_the_advocate_alone(own_story: Story) -> None:
    person = own_story.ready.admin.invites("Kim", "supervisor", ["en"], "chat")
    with (
        own_story.advocate() as robin,
        own_story.visitor() as visitor,
        own_story.colleague(person) as kim,
    ):
        visitor.starts()
        visitor.says("I need a bed tonight.")
        robin.takes_next()
        kim.page.locator("#watching button").press("Enter")
        visitor.sees("I am reading along now, to help.")
        kim.sees("I need a bed tonight.")
        readers = robin.page.locator(".side:visible [data-at=readers]")
        expect(readers).to_contain_text("Kim")
        expect(kim.page.locator("[data-at=composer]")).to_be_hidden()
        kim.page.locator("[data-at=note]:visible").fill("Ask about tonight first.")
        kim.page.locator("[data-at=save]:visible").click()
        expect(robin.page.locator(".side:visible .notes")).to_contain_text("Kim")
        expect(robin.page.locator(".side:visible .notes")).to_contain_text("Ask about tonight first.")
        # A desk that is loaded anew may read on, and nobody is told twice.
        kim.page.reload()
        kim.page.locator("#watching button").click()
        kim.sees("I need a bed tonight.")
        kim.page.get_by_role("button", name="Stop reading").click()
        visitor.sees("I am not reading along any more.")
        expect(kim.page.locator("[role=tab]")).to_have_count(0)
        expect(readers).to_be_hidden()
        assert len(visitor.words) == 3
        # She reads on, and joins: under her own name, and Robin holds the chat as before.
        kim.page.locator("#watching button").click()
        kim.page.get_by_role("button", name="Write too").click()
        visitor.sees("I write here too from now on.")
        kim.says("There is a bed in Elm Street.")
        visitor.sees("There is a bed in Elm Street.")
        expect(visitor.bubble("There is a bed in Elm Street.").locator(".bubble-by")).to_contain_text("Kim")
        robin.sees("There is a bed in Elm Street.")
        robin.says("Shall I call them?")
        visitor.sees("Shall I call them?")
        kim.sees("Shall I call them?")
        expect(kim.page.locator("[data-at=hands]")).to_be_hidden()
        # What Kim has read and answered is new for Robin all the same.
        robin.looks_away()
        visitor.says("It is for two.")
        expect(robin.page).to_have_title(re.compile(r"^\(1\)"))
        kim.says("Two, yes.")
        robin.sees("Two, yes.")
        robin.page.wait_for_timeout(1500)  # the title is drawn once a second
        assert robin.page.title().startswith("(1)")
        robin.looks_back()
        # By one tap of hers Kim is out, at both desks, and has no way back in.
        visitor.page.locator(".taps button").filter(has_text="No, I do not want this").click()
        visitor.sees("I am leaving this chat now.")
        expect(kim.page.locator("[role=tab]")).to_have_count(0)
        expect(kim.page.locator("#watching-part")).to_be_hidden()
        expect(kim.page.locator("#told")).to_have_text("You are not in that chat any more.")
        robin.sees("No, I do not want this")
        expect(robin.page.locator(".pane:visible .bubbles .log-note").last).to_have_text(
            re.compile("Kim.* has left this chat.")
        )
        assert "Ask about tonight first." not in visitor.page.content()


def test_the_digits_on_her_page_open_her_chat_for_the_one_who_answers_the_phone(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor() as her:
        page = her.page
        her.starts()
        page.click("#more-button")
        page.click("#call > summary")
        page.click("#call button")
        expect(page.locator("#call .slip-number")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
        word = page.locator("#call .slip-number").inner_text()
        # Looked away from, they are hidden; asked for again, they are the same.
        for _ in range(2):
            page.click("#more-button")
        page.click("#call > summary")
        expect(page.locator("#call .slip-number")).to_be_hidden()
        page.click("#call > summary")
        page.click("#call button")
        expect(page.locator("#call .slip-number")).to_have_text(word)
        # Another story may have opened it at this desk.
        advocate.page.evaluate("() => { document.querySelector('.phone-word').open = true; }")
        advocate.page.fill("#phone-word", word)
        advocate.page.click("#phone-word-use")
        expect(advocate.page.locator("[role=tab]")).to_have_count(1)
        page.click("#more-button")
        expect(page.locator("#log")).to_contain_text("A person, not a computer")
        advocate.says("I have you on the phone")
        her.sees("I have you on the phone")


@pytest.mark.long
def test_a_guest_comes_in_by_her_yes_reads_from_there_and_goes_by_her_no(own_story: Story) -> None:
    person = own_story.ready.admin.invites("Ola", "interpreter", ["en", "ar"])
    own_story.ready.admin.grants(person)
    with (
        own_story.advocate() as robin,
        own_story.visitor() as visitor,
        own_story.colleague(person, at="guest") as ola,
    ):
        ola.page.locator("#joins-wait").wait_for()
        for name in ("ready", "shift", "queue-heading", "phone-word", "queue-foot"):
            expect(ola.page.locator(f"#{name}")).to_be_hidden()
        assert ola.page.locator(".desk-nav a").all_inner_texts() == ["Joining"]
        visitor.starts()
        visitor.says("I said this before.")
        robin.takes_next()
        robin.page.keyboard.press("Alt+n")
        robin.page.locator("[data-at=guest-ask]:visible").click()
        expect(robin.page.locator("#told")).to_contain_text("Choose a colleague by name.")
        to, named = robin.page.locator("[data-at=hand-to]:visible"), robin.page.locator("[data-at=hand-to] option")
        expect(named.last).to_contain_text("only joins · English, Arabic")
        to.select_option(value=named.last.get_attribute("value"))
        robin.page.locator("[data-at=hand-now]:visible").click()
        expect(robin.page.locator("#told")).to_contain_text("This colleague only joins.")
        robin.page.locator("[data-at=guest-ask]:visible").click()
        visitor.sees("sees only what is written after you say yes")
        expect(ola.page.locator("#watching-part")).to_be_hidden()
        visitor.page.locator(".taps button").filter(has_text="Yes, that is fine").click()
        visitor.sees("I can read here now, from this point on")
        expect(robin.page.locator(".pane:visible .bubbles")).to_contain_text("joined as a guest")
        expect(ola.page).to_have_title(re.compile(r"^\(1\) "))
        ola.page.get_by_role("button", name="Come in").click()
        visitor.says("And this after it.")
        ola.sees("And this after it.")
        assert "I said this before." not in ola.page.content()
        for name in ("note", "facts", "down", "keeping", "hands", "hand", "close"):
            expect(ola.page.locator(f"[data-at={name}]")).to_be_hidden()
        ola.says("Hello, I am Ola.")
        visitor.sees("Hello, I am Ola.")
        robin.sees("Hello, I am Ola.")
        robin.page.locator("[data-at=guest-away]:visible").wait_for()
        assert len(ola.lines) == 1, "what is before her yes is no gap that a new line would fill"
        # A page loaded anew begins at her yes as well.
        ola.page.reload()
        ola.page.get_by_role("button", name="Come in").click()
        ola.sees("And this after it.")
        assert "I said this before." not in ola.page.content()
        visitor.page.locator(".taps button").filter(has_text="No, not now").click()
        visitor.sees("I am not in this chat any more.")
        expect(ola.page.locator("[role=tab]")).to_have_count(0)
        expect(robin.page.locator("[data-at=guest-away]")).to_be_hidden()
