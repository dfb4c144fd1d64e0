"""Holds the desk's tip pages: what a person with, without and with half the keys sees, and what a post may change."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.ids import random_id, to_text
from tests.support.html import Document
from tests.tips.desk import Desk, where
from tests.tips.test_filing import FORM, file, file_with_receipt
from tips.consents import Consent
from tips.form import TipForm
from tips.routes import section
from tips.tip import Names, Status

pytestmark = pytest.mark.anyio


async def test_the_inbox_shows_what_was_tapped_and_nothing_that_was_written(desk: Desk) -> None:
    await file(desk.house)
    words = Document((await desk.opens("/desk/tips")).text).words
    assert "Saw or heard something" in words
    assert "Last 24 hours" in words
    assert "Under 18?" in words
    assert not any(written in words for written in (FORM.words, FORM.place, FORM.when, FORM.reach))


async def test_an_open_tip_shows_everything_to_whoever_holds_both_keys(desk: Desk) -> None:
    tip = (await file(desk.house)).filing.tip
    answer = await desk.opens(where(tip))
    words = Document(answer.text).words
    assert all(written in words for written in (FORM.words, FORM.place, FORM.when, FORM.reach))
    assert "content-encoding" not in answer.headers


async def test_without_the_key_for_names_the_rest_is_readable(desk: Desk) -> None:
    tip = (await file(desk.house)).filing.tip
    await desk.has_only("tips")
    words = Document((await desk.opens(where(tip))).text).words
    assert FORM.words in words
    assert FORM.reach not in words
    assert "Only people with the key for names can see this." in words


async def test_without_the_key_for_tips_there_are_counts_and_no_tip(desk: Desk) -> None:
    tip = (await file(desk.house)).filing.tip
    await desk.has_only("names", "chat")
    page = Document((await desk.opens("/desk/tips")).text)
    assert "To read them you need the key for tips." in page.words
    assert not [link for link in page.links if link.startswith("/desk/tips/")]
    there, nowhere = await desk.opens(where(tip)), await desk.opens(where(random_id()))
    assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)
    assert there.status_code == 404


@pytest.mark.parametrize("path", ["/desk/tips/x", "/desk/tips/" + "A" * 22])
async def test_an_address_that_names_no_tip_is_not_there(desk: Desk, path: str) -> None:
    assert (await desk.opens(path)).status_code == 404


async def test_an_open_tip_shows_what_was_said_and_nothing_blank(desk: Desk) -> None:
    facts = {"venues": ("agriculture", "hotel"), "plate": ("ABC 123",), "region": ("ca-nu",), "unknown": ("x",)}
    form = TipForm("w", facts=facts, names=Names(name="Kim", voice="no"), consents=frozenset({Consent.FACTS}))
    words = Document((await desk.opens(where((await file(desk.house, form)).filing.tip))).text).words
    for shown in ("Farm or animals", "Hotel", "Suspected person", "ABC 123", "Nunavut", "Kim", "Leave a message No"):
        assert shown in words
    assert "Nobody: anonymous" in words
    assert re.search(r"The facts to police Yes \w+ \d+, 2026", words)
    assert "Their identity to police No" in words
    for blank in ("Unknown", "Potential victim", "How soon", "Vehicle", "Safe time"):
        assert blank not in words


async def test_what_was_agreed_to_is_shown_with_how_it_came_to_it(desk: Desk) -> None:
    visit = (await file(desk.house)).filing.visit
    for yes in (True, False):
        desk.house.clock.advance(timedelta(minutes=1))
        await desk.house.follow_up.agree(visit, Consent.SERVICE, yes, language="fr", part=random_id())
    await desk.has_only("tips")
    words = Document((await desk.opens(where(visit.tip))).text).words
    history = words.partition("How it came to this")[2]
    assert history.count("on coming back") == 2
    assert "To a service that can help: Yes" in history
    assert "To a service that can help No" in words


async def test_of_a_tip_from_a_chat_nothing_is_said_to_be_refused(desk: Desk) -> None:
    start = desk.house.services.start_tokens.make()
    filed = await desk.house.intake.file_tip(
        TipForm("Help."), language="en", start_token=start, wants_number=True, from_talk=True
    )
    words = Document((await desk.opens(where(filed.filing.tip))).text).words
    assert "Reach them the way they left Not asked" in words


async def test_a_reply_is_posted_and_reaches_the_reporter(desk: Desk) -> None:
    filing, _ = await file_with_receipt(desk.house)
    answer = await desk.posts(where(filing.tip) + "/reply", words="Each day?", part=to_text(random_id()))
    assert answer.status_code == 303
    thread = await desk.house.follow_up.read(filing.visit)
    assert [words.text for words in thread.open] == ["Each day?"]
    assert "Each day?" in (await desk.opens(where(filing.tip))).text


async def test_an_empty_reply_is_asked_for_and_a_long_one_is_kept(desk: Desk) -> None:
    tip = (await file(desk.house)).filing.tip
    assert "Write a reply first." in (await desk.posts(where(tip) + "/reply", words="  ")).text
    long = await desk.posts(where(tip) + "/reply", words="x" * 8001)
    assert "This reply is too long." in long.text
    assert "x" * 8001 in long.text


async def test_a_status_is_set_and_seen(desk: Desk) -> None:
    filing, _ = await file_with_receipt(desk.house)
    assert (await desk.posts(where(filing.tip) + "/status", status="closed")).status_code == 303
    assert (await desk.house.follow_up.read(filing.visit)).status is Status.CLOSED
    assert to_text(filing.tip) not in (await desk.opens("/desk/tips")).text
    assert to_text(filing.tip) in (await desk.opens("/desk/tips?show=closed")).text


@pytest.mark.parametrize("status", ["", "new", "answered", "nonsense"])
async def test_a_status_nobody_may_set_is_not_there(desk: Desk, status: str) -> None:
    tip = (await file(desk.house)).filing.tip
    assert (await desk.posts(where(tip) + "/status", status=status)).status_code == 404


async def test_a_foreign_token_or_origin_changes_nothing(desk: Desk) -> None:
    filing, _ = await file_with_receipt(desk.house)
    wrong_token = await desk.posts(where(filing.tip) + "/reply", csrf="x", words="hello")
    wrong_origin = await desk.web.post(
        where(filing.tip) + "/status",
        data={"csrf": desk.house.robin.csrf, "status": "closed"},
        headers={"origin": "https://sibling.example"},
    )
    assert (wrong_token.status_code, wrong_origin.status_code) == (403, 403)
    thread = await desk.house.follow_up.read(filing.visit)
    assert (thread.open, thread.status) == ((), Status.NEW)


async def test_staff_are_told_when_a_reply_cannot_arrive(desk: Desk) -> None:
    alone = (await file(desk.house, wants_number=False)).filing.tip
    pending = (await file(desk.house)).filing.tip
    assert "They did not take a number." in (await desk.opens(where(alone))).text
    assert "Their number was not finished." in (await desk.opens(where(pending))).text


async def test_what_a_reporter_wrote_is_shown_as_words(desk: Desk) -> None:
    tip = (await file(desk.house, TipForm(words="<img src=x onerror=alert(1)>"))).filing.tip
    text = (await desk.opens(where(tip))).text
    assert "<img" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


async def test_the_public_face_knows_no_inbox_and_the_desk_no_form(desk: Desk) -> None:
    assert (await desk.opens("/en/note")).status_code == 404
    assert not re.search("/desk", str([route.path for route in section(desk.house.services).public]))  # type: ignore[attr-defined]
