"""The cover without script: an innocent page in the whole tab, a word or a question behind it, nothing behind Back."""

from __future__ import annotations

import re

import pytest

from chat.clocks import NO_WISH_MINUTES
from portal.errors import NotThere
from tests.chat.plain.conftest import PlainPhone
from tests.support.html import Document

pytestmark = pytest.mark.anyio

WORD = "blue kettle"
MEASURE = "1 cup of flour"
TALK = ("Robin", "hello", "bubble", "talk/", "composer", "chat", "Lantern")


def is_innocent(phone: PlainPhone) -> None:
    """The last page says nothing of a talk, nor of a house that has them."""
    text = phone.answers[-1].text
    assert MEASURE in text
    assert Document(text).title == "Page"
    shown = re.sub(r'action="/leave"|value="[\w-]{43}"', "", text)
    assert [word for word in TALK if word.lower() in shown.lower()] == []


async def covered(phone: PlainPhone) -> Document:
    """One tap on Hide; the page it leads to."""
    form = phone.page.form(action="/talk/cover")
    assert "target" not in next(given for tag, given in phone.page.tags if given.get("action") == form.action)
    answer = await phone.posts(form.action, form.fields)
    page = await phone.opens(answer.headers["location"])
    is_innocent(phone)
    return page


async def finds(phone: PlainPhone, page: Document, typed: str, press: str = "find") -> Document:
    form = page.form(with_field="find")
    answer = await phone.posts(form.action, {**form.fields, "find": typed, "do": press})
    return await phone.opens(answer.headers["location"])


async def chooses(phone: PlainPhone, word: str) -> str:
    form = phone.page.form(action="/talk/word")
    answer = await phone.posts(form.action, {**form.fields, "word": word})
    return (await phone.opens(answer.headers["location"])).words


async def test_hide_shows_an_innocent_page_and_her_word_brings_the_talk_back(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words="hello")
    desk = await phone.is_taken()
    token = phone.token
    # What she is told is how it is here: the word takes a tap, and the way back ends with her wish, or within an hour.
    assert "tap Find." in phone.page.words
    assert f"works for {NO_WISH_MINUTES} minutes, or as long as you asked us to wait" in phone.page.words
    assert "brings you back" in await chooses(phone, WORD)
    page = await covered(phone)
    # Its form holds a random name and no token.
    name = page.form(with_field="find").fields["n"]
    assert token not in phone.answers[-1].text
    assert page.form(action="/leave").fields["t"] == name
    assert (await phone.house.view(desk)).line == ("covered", 0)
    await phone.is_told(desk, "are you there")
    again = await finds(phone, page, "kettle")
    is_innocent(phone)
    assert again.form(with_field="find").fields["n"] == name
    await finds(phone, again, "Blue  KETTLE")
    assert phone.answers[-2].headers["location"].startswith("/en/talk/")
    phone.outer = phone.answers[-2].headers["location"]
    await phone.loads()
    assert phone.token == token
    async with phone.listens() as frame:
        await frame.shows("are you there")
        assert frame.words == ["hello", "are you there"]
    assert (await phone.house.relay.answers(desk)).back == "word"
    assert (await phone.house.view(desk)).line[0] != "covered"
    # The page behind Back opens nothing any more, and looks the same.
    await finds(phone, again, WORD)
    is_innocent(phone)


async def test_a_measure_is_found_and_is_no_try(phone: PlainPhone) -> None:
    await phone.starts()
    await chooses(phone, WORD)
    page = await covered(phone)
    for _ in range(6):
        page = await finds(phone, page, "FLOUR")
        assert "of sugar" not in phone.answers[-1].text
        assert MEASURE in phone.answers[-1].text
    await finds(phone, page, WORD)
    assert phone.answers[-2].headers["location"].startswith("/en/talk/")


async def test_the_fifth_other_word_ends_the_asking_and_more_still_leads_back(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words="hello")
    desk = await phone.is_taken()
    await chooses(phone, WORD)
    page = await covered(phone)
    for number in range(5):
        page = await finds(phone, page, f"other {number}")
        is_innocent(phone)
    page = await finds(phone, page, WORD)
    is_innocent(phone)
    ask = await finds(phone, page, "", press="more")
    shown = ask.words
    assert "Is it safe to write now?" in shown
    assert "hello" not in shown
    assert ask.form(action="/leave").fields["t"] == page.form(with_field="find").fields["n"]
    form = ask.form(action="/open")
    answer = await phone.posts(form.action, {**form.fields, "safe": "unsure", "do": "open"})
    phone.outer = answer.headers["location"]
    await phone.loads()
    answers = await phone.house.relay.answers(desk)
    assert (answers.back, answers.get("safe")) == ("held", "unsure")


async def test_behind_more_she_may_stay_on_the_page(phone: PlainPhone) -> None:
    await phone.starts()
    page = await covered(phone)
    ask = await finds(phone, page, "", press="more")
    form = ask.form(action="/open")
    answer = await phone.posts(form.action, {**form.fields, "do": "stay"})
    again = await phone.opens(answer.headers["location"])
    is_innocent(phone)
    assert again.form(with_field="find").fields == page.form(with_field="find").fields


async def test_back_into_the_talk_finds_the_innocent_page(phone: PlainPhone) -> None:
    await phone.starts()
    words, write, outer = phone.frame("words"), phone.frame("write"), phone.outer
    page = await covered(phone)
    own = str(phone.answers[-1].url.path)
    for address in (outer, words, write):
        await phone.opens(address)
        text = phone.answers[-1].text
        assert "composer" not in text, address
        assert "bubble" not in text, address
    await phone.opens(outer)
    is_innocent(phone)
    # Loaded again after its minute it still looks the same.
    await phone.ages(own)
    await phone.opens(own)
    is_innocent(phone)
    # Once she is back the same address belongs to the talk again.
    ask = await finds(phone, page, "", press="more")
    form = ask.form(action="/open")
    await phone.posts(form.action, {**form.fields, "do": "open"})
    await phone.opens(outer)
    assert MEASURE not in phone.answers[-1].text


async def test_two_quick_taps_both_lead_to_a_page_that_leads_back(phone: PlainPhone) -> None:
    await phone.starts()
    await chooses(phone, WORD)
    form = phone.page.form(action="/talk/cover")
    both = [await phone.posts(form.action, form.fields) for _ in range(2)]
    for answer in both:
        page = await phone.opens(answer.headers["location"])
        is_innocent(phone)
    await finds(phone, page, WORD)
    assert phone.answers[-2].headers["location"].startswith("/en/talk/")


async def test_the_way_out_of_the_covered_page_ends_the_talk(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words="hello")
    page = await covered(phone)
    await phone.process.services.leaving.destroy([page.form(action="/leave").fields["t"]])
    with pytest.raises(NotThere):
        await phone.talk()
    await finds(phone, page, WORD)
    is_innocent(phone)


async def test_after_the_end_hide_and_find_tell_nothing(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words="hello")
    desk = await phone.is_taken()
    await chooses(phone, WORD)
    page = await covered(phone)
    await phone.house.relay.close(desk)
    for press in ("find", "more"):
        await finds(phone, page, WORD, press=press)
        is_innocent(phone)
    form = phone.page.form(action="/talk/cover")
    answer = await phone.posts(form.action, form.fields)
    await phone.opens(answer.headers["location"])
    is_innocent(phone)


async def test_a_word_of_the_kitchen_or_too_short_is_not_taken(phone: PlainPhone) -> None:
    await phone.starts()
    for word in ("flour", "ab", "  ", "1 cup"):
        assert "3 letters" in await chooses(phone, word)
    page = await covered(phone)
    await finds(phone, page, "flour")
    assert "of sugar" not in phone.answers[-1].text


async def test_anybody_may_open_the_page_and_nothing_is_behind_it(phone: PlainPhone) -> None:
    page = await phone.opens("/en/read/measures")
    is_innocent(phone)
    assert page.form(with_field="find").fields["n"] == ""
    for typed, press in ((WORD, "find"), ("", "more")):
        await finds(phone, page, typed, press=press)
        is_innocent(phone)
