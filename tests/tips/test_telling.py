"""Holds the whole form from end to end: what is filled in arrives, what is agreed to can be changed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.ids import random_id, to_text
from portal.store.database import Database, DatabaseAway
from tests.support.html import Document
from tests.tips.phone import Phone
from tests.tips.test_filing import file
from tips.asked import MORE, NOTE, How
from tips.consents import Consent, Identity
from tips.review import ReadTip
from tips.tip import Names

pytestmark = pytest.mark.anyio

LANGUAGES = ("en", "fr", "es", "ar")


async def newest(phone: Phone) -> ReadTip:
    """The one tip of the house, opened by somebody with every key."""
    (tip,) = await phone.house.shown()
    return await phone.house.review.open(phone.house.robin, tip)


async def sends_and_opens(phone: Phone, **fields: str) -> str:
    """Sends the form and opens the note again; answers the token of the visit."""
    await phone.files(keep="1", token="", wait=True, **fields)
    await phone.comes_back(phone.number)
    phone.house.clock.advance(timedelta(seconds=30))
    return phone.hidden("t")


async def tells(phone: Phone, token: str, **details: str) -> None:
    await phone.posts("/en/note/more", {"t": token, "do": "tell", "p": to_text(random_id()), **details})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everything_that_is_asked_can_be_told_and_arrives(phone: Phone, language: str) -> None:
    everything = {ask.name: (ask.name if ask.is_typed else " ".join(ask.values)) for ask in (*NOTE, *MORE)}
    phone.house.clock.advance(timedelta(seconds=5))
    start = phone.house.services.start_tokens.make()
    phone.house.clock.advance(timedelta(seconds=5))
    await phone.posts(f"/{language}/note", {**everything, "k": start, "keep": "1"})
    token = phone.hidden("t")
    await phone.posts(f"/{language}/note/more", {"t": token, "do": "more"})
    # Six groups, and the languages.
    assert phone.answer.text.count("<details") == 7
    phone.house.clock.advance(timedelta(seconds=5))
    await phone.posts(f"/{language}/note/more", {"t": token, "do": "tell", **everything})
    read = await newest(phone)
    last = read.facts[-1].said
    for ask in MORE:
        expected = (ask.name,) if ask.is_typed else ask.choices if ask.how is How.MANY else ask.choices[:1]
        assert last[ask.fact] == expected
    assert read.names == (Names("reach", "called", "hours", "mask", "yes", "en", spoken="en"),)
    assert (read.standing.identity, set(read.standing.given)) == (Identity.SHARE_OK, set(Consent))


async def test_nothing_beyond_the_words_is_needed(phone: Phone) -> None:
    await phone.files(about="", place="", reach="")
    read = await newest(phone)
    assert (read.facts, read.names, dict(read.standing.given)) == ((), (), {})
    assert read.standing.identity is Identity.ANONYMOUS


async def test_unknown_keys_and_choices_are_dropped(phone: Phone) -> None:
    await phone.files(ok="1 9 x", who="7", area="ca-zz", kind="9", status="closed", facts="CANARY")
    read = await newest(phone)
    assert set(read.standing.given) == {Consent.CONTACT}
    assert (read.facts, read.standing.identity) == ((), Identity.ANONYMOUS)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_notice_for_the_young_stands_before_who_she_is_is_asked(phone: Phone, language: str) -> None:
    text = (await phone.opens(f"/{language}/note")).text
    assert text.index('id="young"') < text.index("on-young") < text.index('id="who"') < text.index('id="called"')


async def test_happening_now_shows_whom_to_call_in_the_place_she_chose(phone: Phone) -> None:
    typed = {"words": "Half a", "soon": "1", "k": phone.house.services.start_tokens.make()}
    await phone.posts("/en/note", {**typed, "area": "ca-nu", "keep": "3"})
    assert "There is no 911 here." in phone.answer.text
    assert "555-0100" in phone.answer.text.partition('id="now"')[2].partition("</select>")[0], "somebody to call"
    assert "Half a" in phone.answer.text
    await phone.posts("/en/note", {**typed, "area": "ca-on", "keep": "3"})
    assert 'href="tel:911"' in phone.answer.text
    assert await phone.house.shown() == [], "showing numbers sends nothing"


@pytest.mark.parametrize("area", ["", "ca-zz", "other"])
async def test_a_place_we_do_not_know_shows_every_number(phone: Phone, area: str) -> None:
    await phone.files(soon="1", area=area)
    panel = phone.answer.text.partition('class="panel"')[2].partition("<h1>")[0]
    if area == "other":
        assert "Ask the people near you" in panel
    else:
        assert len(re.findall("<details>", panel)) >= 13
        assert 'href="tel:911"' in panel
    assert "/en/numbers" in panel


async def test_after_sending_the_numbers_are_those_of_her_place(phone: Phone) -> None:
    await phone.files(soon="1", area="ca-nt")
    panel = phone.answer.text.partition('class="panel"')[2].partition("<h1>")[0]
    assert "Northwest Territories" in panel
    assert "867-669-1111" in panel
    assert len(phone.number) == 25


async def test_the_form_sent_again_with_more_in_it_adds_only_what_is_new(phone: Phone) -> None:
    start = phone.house.services.start_tokens.make()
    for _ in range(2):
        await phone.files(token=start, reach="", plate="ABC 123", ok="2")
    for _ in range(2):
        await phone.files(token=start, reach="by mail", plate="ABC 124", ok="2 4")
    read = await newest(phone)
    assert [told.said for told in read.facts] == [{"plate": ("ABC 123",)}, {"plate": ("ABC 124",)}]
    assert (read.reach, len(read.words), len(read.history)) == ("by mail", 1, 2)
    assert set(read.standing.given) == {Consent.FACTS, Consent.SERVICE}


async def test_details_sent_twice_are_kept_once_and_make_the_tip_new(phone: Phone) -> None:
    token = await sends_and_opens(phone)
    part = to_text(random_id())
    for _ in range(2):
        await phone.posts("/en/note/more", {"t": token, "do": "tell", "p": part, "plate": "ABC 123"})
        assert "We have what you added." in phone.answer.text
    assert [told.said for told in (await newest(phone)).facts] == [{"plate": ("ABC 123",)}]


async def test_details_that_are_too_long_come_back_to_be_shortened(phone: Phone) -> None:
    token = await sends_and_opens(phone)
    await tells(phone, token, plate="x" * 61, signs="1 3", heard="a friend")
    text = phone.answer.text
    assert 'href="#plate"' in text
    assert "x" * 61 in text
    assert "a friend" in text
    assert len(re.findall(r'name="signs" value="[13]"[^>]* checked', text)) == 2
    assert (await newest(phone)).facts == ()


async def test_nothing_filled_in_is_said_kindly(phone: Phone) -> None:
    token = await sends_and_opens(phone)
    await tells(phone, token, plate="  ")
    assert "Nothing was filled in yet." in phone.answer.text
    assert (await newest(phone)).facts == ()


async def test_details_stay_on_the_page_when_they_cannot_be_kept(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    token = await sends_and_opens(phone)

    def away(_database: Database) -> None:
        raise DatabaseAway("x")

    monkeypatch.setattr(Database, "write", away)
    await tells(phone, token, plate="ABC 123")
    assert "ABC 123" in phone.answer.text
    assert "They are still here." in phone.answer.text


async def test_whoever_took_no_number_can_add_and_read_nothing(phone: Phone) -> None:
    await phone.files(keep="2", words="CANARY")
    forms = [form for form in Document(phone.answer.text).forms if form.action.endswith("/note/more")]
    token = forms[0].fields["t"]
    await phone.posts("/en/note/more", {"t": token, "do": "more"})
    assert "CANARY" not in phone.answer.text
    assert "/note/back/more" not in phone.answer.text
    await tells(phone, token, plate="ABC 123")
    assert [told.said for told in (await newest(phone)).facts] == [{"plate": ("ABC 123",)}]
    for act in ("open", "add", "ask", "erase", "ok", "who"):
        await phone.posts("/en/note/back/more", {"t": token, "do": act, "words": "x", "which": "1", "yes": "1"})
        assert "CANARY" not in phone.answer.text
    assert len((await newest(phone)).history) == 1


async def test_a_tab_found_later_offers_nothing_that_leads_to_the_tip(phone: Phone) -> None:
    start = phone.house.services.start_tokens.make()
    await phone.files(token=start, keep="2")
    phone.house.clock.advance(timedelta(minutes=11))
    await phone.files(token=start, keep="2")
    assert "/note/more" not in phone.answer.text


@pytest.mark.parametrize("keep", ["1", "2"])
async def test_leaving_ends_the_page_of_details(phone: Phone, keep: str) -> None:
    await phone.files(keep=keep)
    forms = [form for form in Document(phone.answer.text).forms if form.action.endswith("/note/more")]
    token = forms[0].fields["t"]
    await tells(phone, token, plate="x" * 61)
    page = str(phone.answer.url)
    await phone.house.services.leaving.destroy([token])
    assert "x" * 61 not in (await phone.opens(page)).text
    await tells(phone, token, plate="ABC 123")
    assert "This page has closed" in phone.answer.text
    assert (await newest(phone)).facts == ()


async def test_nothing_is_added_to_a_note_that_is_erased(phone: Phone) -> None:
    token = await sends_and_opens(phone)
    visit = await phone.house.doors.visit_for_token(token)
    assert visit is not None
    await phone.house.retention.erase(visit.tip)
    await tells(phone, token, plate="ABC 123")
    assert "This page has closed" in phone.answer.text
    await phone.posts("/en/note/back/more", {"t": token, "do": "ok", "which": "1", "yes": "1"})
    assert await phone.house.shown() == []


async def test_each_path_is_asked_what_it_can_know(phone: Phone) -> None:
    for about, missing in (("1", "looks"), ("3", "needs"), ("3", "tie")):
        await phone.files(about=about)
        await phone.posts("/en/note/more", {"t": phone.hidden("t"), "do": "more"})
        assert 'id="plate"' in phone.answer.text
        assert f'id="{missing}"' not in phone.answer.text


async def test_names_and_what_points_at_her_need_the_key_for_names(phone: Phone) -> None:
    filed = (await file(phone.house)).filing.tip
    read = await phone.house.review.open(phone.house.without_names, filed)
    assert read.names is None
    assert read.standing.identity is Identity.ANONYMOUS


async def test_enter_in_a_line_sends_and_does_not_ask_for_numbers(phone: Phone) -> None:
    """A browser presses the first button of a form then, whether it is seen or not."""
    for language in LANGUAGES:
        (form,) = [one for one in Document((await phone.opens(f"/{language}/note")).text).forms if "words" in one.names]
        assert "value" not in form.buttons[0]
    await phone.files(keep="")
    assert len(phone.number) == 25


async def test_a_place_in_another_country_leads_to_who_helps_there(phone: Phone) -> None:
    services = phone.house.services
    async with services.database.write() as connection:
        await services.opening.change(connection, region="ca-on")
    services.opening.forget()
    for area, shown in (("us", True), ("ca-nu", False), ("", False)):
        await phone.files(area=area)
        assert ("1-888-373-7888" in phone.answer.text) == shown


async def test_what_was_in_the_last_day_offers_a_person_to_talk_to(phone: Phone) -> None:
    for soon, offered in (("2", True), ("3", False), ("", False)):
        await phone.files(soon=soon)
        assert ('name="do" value="talk"' in phone.answer.text) == offered
