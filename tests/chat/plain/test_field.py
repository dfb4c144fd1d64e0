"""The frame to write in keeps every word once, and gives back what it could not keep."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chat.plain.composer import BURST, FIELD_LIMIT
from chat.relay import Relay
from portal.staff.training import INDIGENOUS
from portal.store.passes import Passes
from portal.store.valkey import ValkeyAway
from tests.chat.plain.conftest import PlainPhone
from tests.support.html import Document

CANARY = "kestrel under the third bridge"
# What Chromium says it takes when it asks for a page.
FROM_CHROMIUM = {
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"
}


async def said(phone: PlainPhone) -> list[str]:
    """What is kept of the conversation, in order."""
    words = await phone.house.relay.since(await phone.talk(), 0)
    return [message.text for message in words.messages if message.kind == "words"]


def received(phone: PlainPhone) -> bool:
    return "Received" in phone.write.words


async def test_words_are_kept_shown_and_the_field_is_empty(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words=CANARY)

    assert await said(phone) == [CANARY]
    assert received(phone)
    assert CANARY in phone.write.words
    assert phone.draft == ""


async def test_the_answer_shows_the_last_words_of_both_sides(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words="first")
    desk = await phone.is_taken()
    await phone.is_told(desk, "a first answer")
    await phone.is_told(desk, "the newest answer")
    await phone.sends(words=CANARY)

    assert "the newest answer" in phone.write.words
    assert "a first answer" not in phone.write.words
    assert CANARY in phone.write.words


async def test_one_page_sent_twice_is_one_message_and_other_words_are_another(phone: PlainPhone) -> None:
    await phone.starts()
    page = phone.write
    await asyncio.gather(*(phone.sends(again=page, words=CANARY) for _ in range(3)))
    await phone.sends(again=page, words="other words of the same page")
    await phone.sends(words=CANARY)

    assert await said(phone) == [CANARY, "other words of the same page", CANARY]


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_words_that_are_too_long_stand_in_the_field_again(phone: PlainPhone, language: str) -> None:
    await phone.starts(language)
    typed = "\N{ARABIC LETTER SEEN} & <b>" * 700
    assert 4_000 < len(typed) < FIELD_LIMIT
    await phone.sends(words=typed)

    assert phone.draft == typed
    assert await said(phone) == []
    phrase = phone.process.services.pages.catalogue
    assert phrase.phrase(_language(language), "refused.too_long") in phone.write.words


def _language(tag: str) -> Any:
    from i18n.languages import LANGUAGES

    return LANGUAGES[tag]


async def test_more_than_a_field_takes_leaves_the_page_as_it_is(phone: PlainPhone) -> None:
    """A form far over every limit is read and dropped; 303 leads to 204, and a browser stays where it is."""
    await phone.starts()
    form = phone.write.form(with_field="words")
    answer = await phone.posts(form.action, {**form.fields, "words": "x" * 300_000})

    assert (await phone.web.get(answer.headers["location"])).status_code == 204
    assert await said(phone) == []


async def test_nothing_written_asks_for_a_few_words(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words="  \n ")

    assert "Write a few words first." in phone.write.words
    assert await said(phone) == []


@pytest.mark.parametrize("after", [False, True], ids=["not kept", "kept, and the answer lost"])
async def test_with_the_store_away_the_words_stand_in_the_field_and_are_kept_once(
    phone: PlainPhone, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    await phone.starts()
    real = Relay.visitor_says

    async def away(relay: Relay, *words: Any) -> int:
        if after:
            await real(relay, *words)
        raise ValkeyAway("away")

    monkeypatch.setattr(Relay, "visitor_says", away)
    await phone.sends(words=CANARY)
    assert phone.draft == CANARY
    assert "Tap Send again" in phone.write.words

    monkeypatch.setattr(Relay, "visitor_says", real)
    await phone.sends()

    assert await said(phone) == [CANARY]
    assert received(phone)


async def test_with_no_store_for_passes_her_page_stays_as_it_is(
    phone: PlainPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nowhere to carry the words to: 303 to an answer without content, after which the field is untouched."""
    await phone.starts()

    async def away(*_: Any, **__: Any) -> str:
        raise ValkeyAway("away")

    monkeypatch.setattr(Passes, "issue", away)
    answer = await phone.sends(words=CANARY)
    still = await phone.web.get(answer.headers["location"])

    assert still.status_code == 204
    assert still.content == b""


async def test_a_flood_of_posts_gives_the_words_back(phone: PlainPhone) -> None:
    await phone.starts()
    page, typed = phone.write, {f"words {number}" for number in range(2 * BURST)}
    await asyncio.gather(*(phone.sends(again=page, words=words) for words in typed))
    refused = [Document(answer.text) for answer in phone.answers if "Wait a moment" in answer.text]
    back = {each.form(with_field="words").fields["words"] for each in refused}

    assert back
    assert back == typed - set(await said(phone))


async def test_answers_are_kept_and_the_typed_words_stay_in_the_field(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(press="answer", words=CANARY, safe="no", about="self", phone="cannot", name="  Lantern ")

    card = await phone.house.relay.answers(await phone.talk())
    assert card.given == {"safe": "no", "about": "self", "phone": "cannot", "name": "Lantern"}
    assert card.way in ("", "plain")
    assert phone.draft == CANARY
    assert await said(phone) == []
    assert "You come sooner in line" in phone.write.words

    form = phone.write.form(with_field="words")
    del form.fields["phone"]
    await phone.sends(press="answer", safe="", about="self")
    assert (await phone.house.relay.answers(await phone.talk())).given == {"about": "self", "name": "Lantern"}


async def test_send_keeps_the_answers_too(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words=CANARY, cutoff="30")

    assert await said(phone) == [CANARY]
    assert (await phone.house.relay.answers(await phone.talk())).get("cutoff") == "30"


async def test_a_forged_choice_changes_nothing(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(press="answer", safe="perhaps", words=CANARY)

    assert (await phone.house.relay.answers(await phone.talk())).given == {}
    assert phone.draft == CANARY


async def test_after_the_end_the_unsent_words_are_hers_and_go_nowhere(phone: PlainPhone) -> None:
    await phone.starts()
    talk = await phone.talk()
    await phone.house.relay.leave(talk, "end")
    form = phone.write.form(with_field="words")
    answer = await phone.posts(form.action, {**form.fields, "do": "say", "words": CANARY})
    page = await phone.opens(answer.headers["location"])

    assert "The chat has ended." in page.words
    assert CANARY in page.words
    assert not any(each.action for each in page.forms)
    assert talk.token not in answer.content


async def test_markup_stays_what_was_typed(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.sends(words='<i>5 > 3 & "quoted"')
    (kept,) = await said(phone)

    assert "<i>" not in phone.answers[-1].text
    assert kept in phone.write.words


def frames(phone: PlainPhone) -> list[str]:
    """The names of the frames to write in."""
    return [given["name"] for tag, given in phone.page.tags if tag == "iframe" and given["class"] == "plain-write"]


def across(phone: PlainPhone) -> tuple[str | None, str | None]:
    """Which frame the page in hand says it stands in, and which one it posts into."""
    form = phone.write.form(with_field="words")
    return form.fields.get("f"), form.attributes.get("target")


async def test_where_a_place_brings_no_frame_into_sight_there_is_one_and_it_posts_into_itself(
    phone: PlainPhone,
) -> None:
    await phone.starts()
    assert frames(phone) == ["write"]
    for _ in range(2):
        assert across(phone) == (None, None)
        assert "they may not be sent" not in phone.write.words
        await phone.sends(words=CANARY)


async def test_in_chromium_two_frames_post_into_each_other_so_that_none_is_left_with_words_in_it(
    phone: PlainPhone,
) -> None:
    phone.web.headers.update(FROM_CHROMIUM)
    await phone.starts()
    assert frames(phone) == ["write", "write2"]
    seen = [across(phone)]
    for press, words in (("say", CANARY), ("say", "x" * 5_000), ("answer", "half a word"), ("say", " ")):
        assert "they may not be sent" in phone.write.words
        answer = await phone.sends(press, words=words)
        assert answer.headers["location"].endswith("#field")
        assert "field" in phone.write.ids
        seen.append(across(phone))

    here, there = ("write", "write2"), ("write2", "write")
    assert seen == [here, there, here, there, here]


async def test_a_forged_frame_is_none(phone: PlainPhone) -> None:
    phone.web.headers.update(FROM_CHROMIUM)
    await phone.starts()
    await phone.sends(words=CANARY, f="_top")

    assert across(phone) == (None, None)


async def test_after_the_end_what_was_not_sent_comes_into_sight(phone: PlainPhone) -> None:
    phone.web.headers.update(FROM_CHROMIUM)
    await phone.starts()
    form = phone.write.form(with_field="words")
    await phone.house.relay.leave(await phone.talk(), "end")
    answer = await phone.posts(form.action, {**form.fields, "do": "say", "words": CANARY})
    page = await phone.opens(answer.headers["location"])

    assert answer.headers["location"].endswith("#said")
    assert "said" in page.ids
    assert CANARY in page.words


async def test_a_wish_that_somebody_here_can_meet_is_ticked_kept_and_taken_back_without_script(
    phone: PlainPhone,
) -> None:
    asked = "I would like someone who knows Indigenous communities"
    await phone.starts()
    assert asked not in phone.write.words
    house = phone.house
    knowing = house.advocate.training | {INDIGENOUS}
    async with house.services.database.write() as connection:
        await house.services.staff.accounts.change(connection, house.advocate.staff_id, training=knowing)
    await phone.process.services.staff.news.tell(phone.process.services.durable)
    await phone.loads()
    assert asked in phone.write.words
    await phone.sends(asked="1", kin="yes", do="answer")
    assert (await house.relay.answers(await phone.talk())).kin == "yes"
    assert [given for tag, given in phone.write.tags if given.get("name") == "kin" and "checked" in given]
    form = phone.write.form(with_field="words")
    unticked = {name: value for name, value in form.fields.items() if name != "kin"}
    await phone.posts(form.action, {**unticked, "do": "answer"})
    assert (await house.relay.answers(await phone.talk())).kin == ""
