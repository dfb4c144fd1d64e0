"""Holds the pages of the work on a tip: what is pressed, what tip and list show of it, what is kept on errors."""

from __future__ import annotations

import re

import httpx
import pytest

from portal.ids import random_id, to_text
from portal.staff.rights import Role
from tests.support.html import Document
from tests.tips.work.conftest import WorkDesk, where
from tips.tip import Status
from tips.work.deeds import A_SUPERVISOR

pytestmark = pytest.mark.anyio


def rows(answer: httpx.Response) -> list[str]:
    return [link for link in Document(answer.text).links if re.fullmatch(r"/desk/tips/[\w-]{22}", link)]


async def chooses(desk: WorkDesk, who: str = "Robin", **fields: str) -> list[str]:
    answer = await desk.posts("/desk/tips/choose", who, **fields)
    assert answer.status_code == 303
    return rows(await desk.opens(answer.headers["location"], who))


async def test_a_tip_is_taken_by_one_press_and_stands_under_mine(desk: WorkDesk) -> None:
    kim = await desk.work.joins("Kim", "es")
    mine, other = (await desk.work.filed()).tip, (await desk.work.filed()).tip
    page = await desk.presses(where(mine, "/hands"), do="take", seen="", part=to_text(random_id()))
    assert "With you" in page.words
    assert "Took this tip." in page.words
    assert (await desk.work.reads(mine)).status is Status.BEING_READ
    assert rows(await desk.opens("/desk/tips?show=mine")) == [where(mine)]
    assert rows(await desk.opens("/desk/tips?show=nobody")) == [where(other)]
    assert rows(await desk.opens("/desk/tips?show=mine", "Kim")) == []
    assert "With Robin" in Document((await desk.opens("/desk/tips", "Kim")).text).words
    assert await chooses(desk, whose="mine") == [where(mine)]
    assert await chooses(desk, whose="mine", words="van") == [where(mine)]
    await desk.work.gives(mine, kim, seen=desk.work.tips.robin.staff_id)
    assert rows(await desk.opens("/desk/tips?show=mine", "Kim")) == [where(mine)]


async def test_the_one_who_is_slower_is_told_and_changes_nothing(desk: WorkDesk) -> None:
    kim, tip = await desk.work.joins("Kim", "es"), (await desk.work.filed()).tip
    await desk.work.gives(tip, kim, by=kim)
    # Her page was drawn before.
    await desk.presses(where(tip, "/why"), reason="cover")
    page = await desk.presses(where(tip, "/hands"), do="take", seen="", part=to_text(random_id()))
    assert "Somebody was quicker." in page.words
    assert "With Kim" in page.words
    assert (await desk.work.reads(tip, kim)).desk.assignee == kim.staff_id


async def test_words_with_a_giving_make_it_a_hand_over_and_stay_on_the_page_when_it_is_refused(desk: WorkDesk) -> None:
    kim, bo, tip = await desk.work.joins("Kim", "es"), await desk.work.joins("Bo", "en"), (await desk.work.filed()).tip
    part = to_text(random_id())
    said = {"do": "give", "todo": "Call her on Friday.", "seen": "", "part": part}
    refused = await desk.presses(where(tip, "/hands"), to=bo.staff_id.hex(), **said)
    assert "The tip cannot be given to this person." in refused.words
    assert "Call her on Friday." in refused.text
    page = await desk.presses(where(tip, "/hands"), to=kim.staff_id.hex(), **said)
    assert "Handed over to Kim : Call her on Friday." in page.words
    assert "Choose somebody." in (await desk.presses(where(tip, "/hands"), do="give", to="", seen="")).words


async def test_labels_are_ticked_written_and_found(desk: WorkDesk) -> None:
    tip, other = (await desk.work.filed()).tip, (await desk.work.filed()).tip
    assert "The list is kept." in (await desk.presses("/desk/tips/labels", labels="Farm\nHotel\nfarm")).words
    assert 'value="hotel"' in (await desk.opens(where(tip))).text
    page = await desk.presses(where(tip, "/labels"), label="hotel", new="VISA, two words", part=to_text(random_id()))
    for label in ("hotel", "visa", "two words"):
        assert label in page.words
    assert await chooses(desk, label="Two  WORDS") == [where(tip)]
    assert await chooses(desk, label="farm") == []
    assert await chooses(desk, words="visa") == [where(tip)]
    had = ["hotel", "visa", "two words"]
    await desk.presses(where(tip, "/labels"), had=had, label=["visa"], new="", part=to_text(random_id()))
    assert (await desk.work.reads(tip)).desk.labels == ("visa",)
    assert await chooses(desk, words="hotel") == []
    long = await desk.presses(where(other, "/labels"), new="x" * 31)
    assert "A label can have 30 letters." in long.words
    assert (await desk.work.reads(other)).desk.labels == ()


async def test_the_list_of_labels_is_kept_by_supervisors_within_its_bound(desk: WorkDesk) -> None:
    await desk.work.joins("Kim", "es")
    await desk.work.joins("Sam", "es", role=Role.SUPERVISOR)
    assert (await desk.opens("/desk/tips/labels", "Kim")).status_code == 404
    assert (await desk.posts("/desk/tips/labels", "Kim", labels="x")).status_code == 404
    many = "\n".join(f"label {n}" for n in range(41))
    refused = await desk.presses("/desk/tips/labels", "Sam", labels=many)
    assert "This is more than one list can hold." in refused.words
    assert "label 40" in refused.text
    assert "label 40" not in (await desk.presses("/desk/tips/labels", "Sam", labels=many[:60])).text


async def test_a_note_is_kept_shown_to_colleagues_and_asked_for_where_it_is_empty_or_long(desk: WorkDesk) -> None:
    await desk.work.joins("Kim", "es")
    tip = (await desk.work.filed()).tip
    page = await desk.presses(where(tip, "/notes"), note="<b>Same</b> van as in May.", part=to_text(random_id()))
    assert "Same van as in May." in page.words
    assert "Same van as in May." in Document((await desk.opens(where(tip), "Kim")).text).words
    assert "Write a note first." in (await desk.presses(where(tip, "/notes"), note="  ")).words
    long = await desk.presses(where(tip, "/notes"), note="y" * 4001)
    assert "This is too long." in long.words
    assert "y" * 4001 in long.text


async def test_a_second_look_is_asked_shown_in_the_list_and_given(desk: WorkDesk) -> None:
    kim, tip = await desk.work.joins("Kim", "es"), (await desk.work.filed()).tip
    await desk.presses(where(tip, "/eyes"), do="ask", of=kim.staff_id.hex(), about="Is it the same farm?")
    assert rows(await desk.opens("/desk/tips?show=eyes", "Kim")) == [where(tip)]
    assert rows(await desk.opens("/desk/tips?show=eyes")) == []
    assert "Second look asked" in Document((await desk.opens("/desk/tips")).text).words
    seen = Document((await desk.opens(where(tip), "Kim")).text)
    assert "Is it the same farm?" in seen.words
    assert "Your word is asked for" in seen.words
    assert "Choose your word first." in (await desk.presses(where(tip, "/eyes"), "Kim", do="give", about="Yes")).words
    page = await desk.presses(where(tip, "/eyes"), "Kim", do="give", word="agree", about="Yes, by the silo.")
    assert "I agree" in page.words
    assert "Nobody is asked." in page.words
    assert rows(await desk.opens("/desk/tips?show=eyes", "Kim")) == []
    await desk.presses(where(tip, "/eyes"), "Kim", do="ask", of=A_SUPERVISOR.hex(), about="")
    assert rows(await desk.opens("/desk/tips?show=eyes")) == [where(tip)]
    assert "Choose somebody." in (await desk.presses(where(tip, "/eyes"), do="ask", of="", about="x")).words


async def test_what_is_with_somebody_who_left_is_listed_and_can_be_handed_over(desk: WorkDesk) -> None:
    kim, sam = await desk.work.joins("Kim", "es"), await desk.work.joins("Sam", "es")
    tip = (await desk.work.filed()).tip
    await desk.work.gives(tip, kim)
    assert "who left" not in Document((await desk.opens("/desk/tips")).text).words.partition("Find words")[0]
    await desk.work.leaves(kim)
    listed = Document((await desk.opens("/desk/tips")).text)
    assert "1 open tip is with somebody who left." in listed.words
    assert rows(await desk.opens("/desk/tips?show=left", "Sam")) == [where(tip)]
    found = Document((await desk.opens(where(tip), "Sam")).text)
    assert "This person works on no tips any more." in found.words
    seen = kim.staff_id.hex()
    page = await desk.presses(where(tip, "/hands"), "Sam", do="take", seen=seen, part=to_text(random_id()))
    assert "With you" in page.words
    assert rows(await desk.opens("/desk/tips?show=left")) == []
    assert (await desk.work.reads(tip, sam)).desk.assignee == sam.staff_id


async def test_the_page_says_how_the_status_came_to_be(desk: WorkDesk) -> None:
    filing = await desk.work.filed()
    await desk.presses(where(filing.tip, "/hands"), do="take", seen="", part=to_text(random_id()))
    house = desk.work.tips
    await desk.work.reads(filing.tip)
    await house.follow_up.add(filing.visit, "more", random_id())
    await desk.work.reads(filing.tip)
    await desk.posts(where(filing.tip, "/status"), status="closed")
    words = Document((await desk.opens(where(filing.tip))).text).words.partition("How it came to this status")[2]
    for move in ("New words → to Being read", "Being read → to New words", "New words → to Closed"):
        assert move in words
    assert "The sender · added words" in words
    assert "Robin · set it" in words


@pytest.mark.parametrize("act", ["why", "hands", "labels", "notes", "eyes"])
async def test_a_foreign_token_an_unknown_tip_and_a_person_without_the_key_change_nothing(
    desk: WorkDesk, act: str
) -> None:
    tip = (await desk.work.filed()).tip
    said = {"do": "take", "note": "n", "new": "l", "of": A_SUPERVISOR.hex(), "reason": "cover"}
    assert (await desk.posts(where(tip, f"/{act}"), csrf="x", **said)).status_code == 403
    await desk.work.joins("Lou", "es", keys=("chat", "names"))
    assert (await desk.posts(where(tip, f"/{act}"), "Lou", **said)).status_code == 404
    if act != "why":
        assert (await desk.posts(where(random_id(), f"/{act}"), **said)).status_code == 404
    assert (await desk.posts(f"/desk/tips/x/{act}", **said)).status_code == 404
    assert (await desk.work.reads(tip)).entries == ()
