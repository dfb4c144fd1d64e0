"""Holds what a reporter agrees to being hers to give and to take back, by one tap each, and nothing else giving it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.ids import random_id, to_text
from tests.support.html import Document
from tests.tips.phone import Phone
from tests.tips.test_telling import LANGUAGES, newest, sends_and_opens, tells
from tips.consents import Consent, Identity

pytestmark = pytest.mark.anyio


async def test_nothing_is_ticked_for_anyone(phone: Phone) -> None:
    for language in LANGUAGES:
        text = (await phone.opens(f"/{language}/note")).text
        assert " checked" not in text
        assert " selected" not in text


async def test_each_consent_can_be_given_and_taken_back_by_one_tap(phone: Phone) -> None:
    token = await sends_and_opens(phone, ok="1 3")
    for number, consent in enumerate(Consent, start=1):
        forms = [form for form in Document(phone.answer.text).forms if form.fields.get("which") == str(number)]
        form = next(form for form in forms if "yes" in form.fields)
        was = (await newest(phone)).standing.allows(consent)
        assert form.fields["yes"] == ("0" if was else "1")
        phone.house.clock.advance(timedelta(seconds=5))
        for _ in range(2):  # a second tap on the same button is the same tap
            await phone.posts("/en/note/back/more", {**form.fields, "do": "ok"})
        assert "It counts from now on." in phone.answer.text
        assert (await newest(phone)).standing.allows(consent) != was
    read = await newest(phone)
    assert len(read.history) == 1 + len(Consent)
    assert read.history[0].said == {"contact": True, "facts_to_police": False, "identity_to_police": True} | {
        "to_service": False
    }
    assert token not in str(phone.answer.url)


async def test_who_may_know_her_can_be_changed_by_one_tap(phone: Phone) -> None:
    token = await sends_and_opens(phone, who="1")
    assert "You chose: You, and people who can help me." in phone.answer.text
    await phone.posts("/en/note/back/more", {"t": token, "p": to_text(random_id()), "do": "who", "which": "3"})
    assert "You chose: No one. I give no name." in phone.answer.text
    assert (await newest(phone)).standing.identity is Identity.ANONYMOUS


@pytest.mark.parametrize(
    "fields",
    [{"do": "ok", "which": "9", "yes": "1"}, {"do": "ok", "which": "1", "yes": "x"}, {"do": "who", "which": ""}],
)
async def test_a_tap_that_is_on_no_page_changes_nothing(phone: Phone, fields: dict[str, str]) -> None:
    token = await sends_and_opens(phone)
    await phone.posts("/en/note/back/more", {"t": token, **fields})
    assert len((await newest(phone)).history) == 1


async def test_a_late_copy_of_the_form_gives_nothing_back_that_she_took(phone: Phone) -> None:
    start = phone.house.services.start_tokens.make()
    await phone.files(token=start, ok="3")
    await phone.posts("/en/note/back/more", {"t": phone.hidden("t"), "do": "ok", "which": "3", "yes": "0"})
    await phone.files(token=start, ok="3")
    read = await newest(phone)
    assert not read.standing.given
    assert len(read.words) == 1


async def test_who_may_be_young_is_told_again_before_she_says_who_she_is(phone: Phone) -> None:
    for young, told in (("1", True), ("3", True), ("2", False), ("", False)):
        await sends_and_opens(phone, young=young)
        assert ("we may have to tell police or child services" in phone.answer.text) == told


async def test_one_number_does_not_fill_the_disk_and_taking_back_never_waits(phone: Phone) -> None:
    token = await sends_and_opens(phone, ok="1")
    for _ in range(40):
        await tells(phone, token, plate="ABC 123")
    assert "They are still here." in phone.answer.text
    assert len((await newest(phone)).facts) <= 31
    await phone.posts("/en/note/back/more", {"t": token, "do": "ok", "which": "3", "yes": "1"})
    assert "It is still as it was." in phone.answer.text
    await phone.posts("/en/note/back/more", {"t": token, "do": "ok", "which": "1", "yes": "0"})
    await phone.posts("/en/note/back/more", {"t": token, "do": "who", "which": "3"})
    read = await newest(phone)
    assert (dict(read.standing.given), len(read.history)) == ({}, 2), "what is so already is no entry"
