"""Tells in real browsers how an advocate finds a card by two letters and how it is answered by one tap."""

from __future__ import annotations

from contextlib import closing

import pytest
from playwright.sync_api import expect
from redis import Redis

from tests.browser.talk_people import Story
from tests.browser.test_talk_cover import hides, shows_the_words
from tests.support.axe import violations

pytestmark = pytest.mark.browser


def test_two_letters_send_a_card_in_her_language_and_one_tap_answers_it(own_story: Story) -> None:
    """Item 6 of what an advocate needs: she reads Spanish here, the desk English, and nobody types."""
    with own_story.advocate() as advocate, own_story.visitor("es") as visitor:
        visitor.starts()
        visitor.says("hola")
        advocate.takes_next()
        desk, page = advocate.page, visitor.page
        advocate.sees("hola")
        # One key says who has come, once.
        greet = desk.locator("[data-at=greet]")
        expect(greet).to_be_visible()
        for _ in range(2):
            desk.keyboard.press("Alt+KeyA")
        visitor.sees("Hola, me llamo \u2068Robin\u2069.")
        expect(greet).to_be_hidden()
        desk.keyboard.press("Alt+KeyK")
        find = desk.locator("[data-at=find]:visible")
        expect(find).to_be_focused()
        desk.keyboard.type("sl")
        row = desk.locator(".book-row:visible").first
        expect(row).to_contain_text("Do you have a safe place to sleep tonight?")
        expect(row).to_contain_text("¿Tiene un lugar seguro para dormir hoy?")
        assert violations(desk) == []
        desk.keyboard.press("Enter")
        expect(find).to_have_count(0)
        expect(desk.locator("[data-at=field]:visible")).to_be_focused()
        card = visitor.bubble("¿Tiene un lugar seguro para dormir hoy?")
        expect(card.locator(".tap")).to_have_text(["Sí", "No", "No sé"])
        expect(card.locator(".tap").last).to_be_in_viewport(ratio=1)
        expect(desk.locator(".pane:visible .bubble-own").last).to_contain_text("Do you have a safe place")
        pinned = desk.locator(".side-asked:visible dd")
        expect(pinned).to_have_text("No answer yet")
        assert violations(page) == []
        card.locator(".tap", has_text="No sé").click()
        expect(visitor.bubble("No sé").last).to_have_attribute("data-sent", "received")
        expect(card.locator(".tap[aria-pressed=true]")).to_have_text("No sé")
        expect(pinned).to_have_text("I am not sure")
        expect(desk.locator(".pane:visible .bubble").last).to_contain_text("I am not sure")
        # A second thought counts.
        card.locator(".tap", has_text="Sí").click()
        expect(pinned).to_have_text("Yes")
        expect(card.locator(".tap[aria-pressed=true]")).to_have_text("Sí")
        # A tap into a dead line waits and arrives once.
        own_story.line.cut()
        card.locator(".tap").nth(1).click()
        expect(visitor.bubble("No").last).to_be_visible()
        # And with its words, should she have to hide meanwhile.
        hides(page)
        shows_the_words(page)
        assert visitor.words == ["No"]
        own_story.line.mend()
        expect(pinned).to_have_text("No")
        assert len([words for words in visitor.words if "Robin" in words]) == 1


def test_a_sentence_goes_into_the_draft_where_it_can_be_changed(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor("fr") as visitor:
        visitor.starts()
        visitor.says("bonjour")
        advocate.takes_next()
        desk = advocate.page
        field = desk.locator("[data-at=field]:visible")
        field.fill("Bonjour Ana.")
        desk.locator("[data-at=cards]:visible").click()
        desk.keyboard.type("break")
        expect(desk.locator(".book-row:visible")).to_have_count(1)
        desk.locator("[data-at=find]:visible").fill("ti")
        desk.keyboard.press("Shift+Enter")
        expect(field).to_be_focused()
        expect(field).to_have_value("Bonjour Ana. Prenez votre temps. Vous pouvez arrêter quand vous voulez.")
        assert visitor.words == ["bonjour"]
        desk.keyboard.press("Alt+KeyK")
        desk.keyboard.type("zz")
        expect(desk.locator(".book-row:visible")).to_have_count(0)
        desk.keyboard.press("Enter")
        desk.keyboard.press("Escape")
        expect(field).to_be_focused()
        assert visitor.words == ["bonjour"]


def test_one_key_says_that_she_is_still_there(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor() as visitor:
        visitor.starts()
        visitor.says("hello")
        advocate.takes_next()
        advocate.sees("hello")
        advocate.page.keyboard.press("Alt+KeyH")
        expect(visitor.page.locator("#log .log-note", has_text="is still here.")).to_be_visible()
        expect(advocate.page.locator(".pane:visible .log-note", has_text="still here")).to_be_visible()
        advocate.page.locator("[data-at=here]:visible").click()
        expect(visitor.page.locator("#log .log-note", has_text="is still here.")).to_have_count(2)


def test_words_she_marks_or_the_newest_are_taken_down_into_a_note(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor() as visitor:
        visitor.starts()
        visitor.says("The blue van came at nine.")
        advocate.takes_next()
        advocate.sees("The blue van came at nine.")
        desk = advocate.page
        desk.keyboard.press("Alt+KeyT")
        notes = desk.locator(".side:visible .note[data-sent=received]")
        expect(notes).to_have_text(["Taken down: “The blue van came at nine.”"])
        desk.evaluate("""() => {
            const words = [...document.querySelectorAll(".bubble-words")].find(each => each.offsetParent).firstChild;
            getSelection().setBaseAndExtent(words, 4, words, 12);
        }""")
        desk.locator("[data-at=down]:visible").click()
        expect(notes).to_have_text(["Taken down: “The blue van came at nine.”", "Taken down: “blue van”"])
        assert visitor.words == ["The blue van came at nine."]


def test_words_are_kept_by_her_yes_and_not_by_her_no_and_both_read_which(own_story: Story) -> None:
    """Keeping by agreement: she reads the very words, decides by a tap, and may decide otherwise until the end."""
    words = "Ana wants a bed on Tuesday."
    with own_story.advocate() as advocate, own_story.visitor() as visitor:
        visitor.starts()
        visitor.says("hello")
        advocate.takes_next()
        advocate.sees("hello")
        desk, page = advocate.page, visitor.page
        desk.locator("[data-at=keep]:visible").fill(words)
        desk.locator("[data-at=keep-ask]:visible").click()
        question = visitor.bubble(words)
        expect(question).to_contain_text("after 90 days")
        expect(question.locator(".tap").last).to_be_in_viewport(ratio=1)
        assert violations(page) == []
        assert violations(desk) == []
        question.locator(".tap", has_text="Yes, keep these words").click()
        expect(page.locator("#log .log-note", has_text="Kept, as you said to")).to_be_visible()
        expect(desk.locator(".pane:visible .log-note", has_text="She said yes")).to_be_visible()
        question.locator(".tap", has_text="No, keep nothing").click()
        expect(page.locator("#log .log-note", has_text="Nothing of this is kept.")).to_be_visible()
        expect(desk.locator(".pane:visible .log-note", has_text="She said no")).to_be_visible()
        expect(question.locator(".tap[aria-pressed=true]")).to_have_text("No, keep nothing")


def test_a_house_that_does_not_hear_itself_is_loud_at_the_desk_until_it_does(own_story: Story) -> None:
    client = Redis.from_url(own_story.ready.house.valkey_url("durable"))
    with own_story.advocate() as advocate, closing(client):
        line = advocate.page.locator("#unheard")
        expect(line).to_be_hidden()
        client.set("{desk}:unheard", 2)
        client.publish("{desk}:queue", "q")
        expect(line).to_be_visible()
        assert violations(advocate.page) == []
        client.delete("{desk}:unheard")
        client.publish("{desk}:queue", "q")
        expect(line).to_be_hidden()
