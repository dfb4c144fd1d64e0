"""The addresses of the talk without script: what opens, for how long, and what is left of them after the end."""

from __future__ import annotations

from typing import Any

import pytest

from chat.plain import outer
from chat.plain.door import Door
from chat.start import StartTooSoon
from i18n.languages import ENGLISH
from portal.errors import NotThere
from portal.ids import from_text
from portal.web.csrf import YOUNGEST, StartTokens
from tests.chat.plain.conftest import PlainPhone


async def test_start_leads_to_a_page_whose_token_stands_in_forms_alone(phone: PlainPhone) -> None:
    """Requirements 12, 15 and 33 of docs/safety.md."""
    await phone.starts()
    page = next(answer for answer in phone.answers if answer.url.path == phone.outer)

    assert page.status_code == 203
    assert page.headers["cache-control"] == "no-store"
    assert "content-encoding" not in page.headers
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    held = next(answer for answer in phone.answers if "/talk/write/" in answer.url.path)
    assert held.status_code == 203
    assert "frame-ancestors 'self'" in held.headers["content-security-policy"]
    assert not any(phone.token in str(answer.url) for answer in phone.answers)
    assert not any(phone.token in answer.headers.get("location", "") for answer in phone.answers)
    assert {form.action for form in phone.page.forms if "t" in form.fields} == {
        "/leave",
        "/en/talk/words",
        "/en/talk/number",
        "/en/talk/phone",
        "/en/talk/cover",
        "/en/talk/word",
        "/en/talk/again",
        "/en/talk/end",
    }


async def test_a_page_loads_again_for_a_minute_and_then_says_how_to_come_back(phone: PlainPhone) -> None:
    await phone.starts()
    await phone.loads()
    await phone.ages(phone.outer)
    page = await phone.opens(phone.outer)

    assert phone.answers[-1].status_code == 203
    assert "older than a minute" in page.words
    assert "/en/talk/back" in page.links
    assert phone.token not in phone.answers[-1].text


@pytest.mark.parametrize("how", ["exit", "end", "closed"])
async def test_after_the_end_an_address_leads_away_and_a_frame_is_empty(phone: PlainPhone, how: str) -> None:
    """Requirement 14 of docs/safety.md: whether the minute was over or not."""
    await phone.starts()
    await phone.sends(words="hello")
    frames = [phone.frame("words"), phone.frame("write")]
    old = phone.outer
    await phone.ages(old)
    talk, relay = await phone.talk(), phone.house.relay
    if how == "closed":
        await relay.close(await phone.is_taken())
    else:
        await relay.leave(talk, "exit" if how == "exit" else "end")

    for path in (old, "/en/talk/" + "A" * 43):
        answer = await phone.web.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == phone.process.services.settings.exit_url("en")
    for path in [*frames, "/en/talk/words/" + "A" * 43, "/en/talk/write/nonsense"]:
        answer = await phone.web.get(path)
        assert answer.status_code == 203
        assert (await phone.opens(path)).words == ""


async def test_an_aged_frame_says_what_heals_it_while_the_talk_is_open(phone: PlainPhone) -> None:
    await phone.starts()
    words, write = phone.frame("words"), phone.frame("write")
    for path in (words, write):
        await phone.ages(path)

    assert "Tap Show new words" in (await phone.opens(words)).words
    assert "load the page again" in (await phone.opens(write)).words


async def test_a_frame_asked_for_by_its_bare_address_says_how_to_go_on(phone: PlainPhone) -> None:
    assert "Tap Show new words" in (await phone.opens("/en/talk/words")).words.replace("tap", "Tap")
    assert "load the page again" in (await phone.opens("/en/talk/write")).words
    assert "frame-ancestors 'self'" in phone.answers[-1].headers["content-security-policy"]


async def test_every_button_around_the_frames_does_what_it_says(phone: PlainPhone) -> None:
    await phone.starts()
    forms = {form.action.rpartition("/")[2]: form for form in phone.page.forms}
    again = await phone.posts(forms["again"].action, forms["again"].fields)
    assert (await phone.opens(again.headers["location"])).form(action="/talk/words").fields["t"] == phone.token

    number = await phone.posts(forms["number"].action, forms["number"].fields)
    shown = await phone.opens(number.headers["location"])
    assert "Keep it in your head" in shown.words

    ended = await phone.posts(forms["end"].action, forms["end"].fields)
    page = await phone.opens(ended.headers["location"])
    assert "The chat has ended." in page.words
    assert not any("t" in form.fields for form in page.forms)
    with pytest.raises(NotThere):
        await phone.talk()

    for name in ("words", "again", "number", "end"):
        answer = await phone.posts(forms[name].action, forms[name].fields)
        assert "ended" in (await phone.opens(answer.headers["location"])).words


async def test_one_who_came_back_finds_her_words_hidden_and_the_safe_question_first(phone: PlainPhone) -> None:
    """Requirement P12 of docs/safety.md."""
    await phone.starts()
    await phone.sends(words="before she was cut off")
    door = Door(phone.process.services, phone_visits(phone))
    phone.outer = await door.address_back(ENGLISH, from_text(phone.token, 32))
    await phone.loads()
    assert "before she was cut off" not in phone.write.words
    assert phone.write.words.index("safe to write") < phone.write.words.rindex("Your message")

    async with phone.listens() as frame:
        await frame.shows("Show our words")
        await phone.sends(words="after it")
        await frame.shows("after it")
        assert frame.words == ["after it"]
        opened = await phone.posts("/en/talk/words", {"t": phone.token, "all": "1"})
    async with phone.listens(opened.headers["location"]) as frame:
        await frame.ends()
        assert frame.words == ["before she was cut off", "after it"]


def phone_visits(phone: PlainPhone) -> Any:
    from chat.visits import Visits

    return Visits(phone.house.relay, phone.house.errands, phone.process.services)


async def test_a_tap_faster_than_a_hand_is_waited_for(phone: PlainPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter(["young", "young", "young", "fresh"])
    real = StartTokens.judge
    monkeypatch.setattr(outer, "WAIT_S", 0.01)

    def judge(tokens: StartTokens, token: str) -> str:
        return next(looks, None) or real(tokens, token)

    start = phone.process.services.start_tokens.make()
    phone.house.clock.advance(YOUNGEST)
    monkeypatch.setattr(StartTokens, "judge", judge)
    answer = await phone.posts("/en/talk", {"start": start})

    assert len(answer.headers["location"].rpartition("/")[2]) == 43


@pytest.mark.parametrize("start", ["", "forged", "spent"])
async def test_a_start_that_is_not_good_is_offered_anew(phone: PlainPhone, start: str) -> None:
    if start == "spent":
        start = phone.process.services.start_tokens.make()
        phone.house.clock.advance(YOUNGEST)
        await phone.posts("/en/talk", {"start": start})
        phone.house.clock.advance(YOUNGEST * 30)
    answer = await phone.posts("/en/talk", {"start": start})
    page = await phone.opens(answer.headers["location"])

    assert answer.headers["location"] == "/en/talk/again"
    assert page.form(with_field="start").fields["start"]
    assert "/en/talk/back" in page.links


async def test_too_many_early_taps_are_told_so_at_once(phone: PlainPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outer, "MOST_WAITING", 0)
    answer = await phone.posts("/en/talk", {"start": phone.process.services.start_tokens.make()})

    from portal.web.sorry import sorry_address

    assert answer.headers["location"] == sorry_address("en", StartTooSoon)


async def test_a_double_tap_begins_one_talk(phone: PlainPhone) -> None:
    start = phone.process.services.start_tokens.make()
    phone.house.clock.advance(YOUNGEST)
    tokens = set()
    for _ in range(2):
        answer = await phone.posts("/en/talk", {"start": start})
        page = await phone.opens(answer.headers["location"])
        tokens.add(page.form(action="/talk/words").fields["t"])

    assert len(tokens) == 1
