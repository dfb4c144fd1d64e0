"""Holds a tip for somebody on the phone: same questions and rules, same rows, her number, who wrote it down."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.ids import ID_SIZE, from_text, random_id
from portal.staff.rights import Role
from portal.staff.tables import audit
from tests.support.html import Document
from tests.tips.test_filing import file
from tests.tips.test_looks_alike import FORMS, clear
from tests.tips.work.conftest import Page, WorkDesk, where
from tips.asked import MORE, NOTE
from tips.consents import Consent, How
from tips.form import TipForm
from tips.pages.desk_phone import questions
from tips.receipt import Receipt
from tips.tables import tips
from tips.tip import Child, Path, Status, Urgency
from tips.work import phone

pytestmark = pytest.mark.anyio

NEW = "/desk/tips/new"
SAID: dict[str, Any] = {
    "spoken": "ar",
    "words": "A white van, each day at six.",
    "about": "3",
    "soon": "1",
    "young": "1",
    "ok": ["1", "3"],
    "reach": "555-0123",
    "signs": ["1", "4"],
    "plate": "ABC 123",
    "kind": "1",
}


async def starts(desk: WorkDesk, who: str = "Robin") -> str:
    """The start token of a fresh page."""
    found = re.search(r'name="k" value="([\w-]+)"', (await desk.opens(NEW, who)).text)
    assert found
    return found[1]


async def enters(desk: WorkDesk, who: str = "Robin", keep: str = "1", **more: Any) -> Page:
    return await desk.presses(NEW, who, k=await starts(desk, who), keep=keep, **{**SAID, **more})


def tip_on(page: Page) -> bytes:
    link = next(link for link in Document(page.text).links if re.fullmatch(r"/desk/tips/[\w-]{22}", link))
    return from_text(link.rpartition("/")[2], ID_SIZE)


def number_on(page: Page) -> str:
    return "".join(re.findall(r"<span>(\d{5})</span>", page.text))


def test_every_question_of_the_form_is_asked_once() -> None:
    asked = [ask.name for _, asks in questions() for ask in asks]
    assert sorted(asked) == sorted({ask.name for sheet in (NOTE, MORE) for ask in sheet})


def test_the_rules_are_those_of_the_form() -> None:
    nothing = phone.read({})
    assert isinstance(nothing, tuple)
    assert [mend.field for mend in nothing] == ["words"]
    both = phone.read({"looks": "x" * 2000, "spot": "y" * 2000})
    assert isinstance(both, tuple)
    assert [mend.field for mend in both] == ["words", "looks", "spot"]


async def test_what_was_told_is_kept_as_said_by_phone_in_her_language(desk: WorkDesk) -> None:
    kim = await desk.work.joins("Kim", "ar")
    page = await enters(desk, "Kim")
    read = await desk.work.reads(tip_on(page), kim)
    assert (read.card.language, read.card.path, read.card.urgency, read.card.child) == (
        "ar", Path.SAW, Urgency.NOW, Child.YES,
    )  # fmt: skip
    assert read.card.by_phone
    assert not read.card.from_talk
    assert [(entry.how, entry.language) for entry in read.history] == [(How.PHONE, "ar")]
    assert set(read.standing.given) == {Consent.CONTACT, Consent.IDENTITY}
    assert read.facts[0].said == {"plate": ("ABC 123",), "signs": ("papers_held", "debt"), "kind": ("labour",)}
    assert read.reach == "555-0123"
    assert (read.desk.assignee, read.status) == (kim.staff_id, Status.BEING_READ)
    words = Document((await desk.opens(where(read.id), "Kim")).text).words
    assert "By phone" in words
    assert "by phone" in words.partition("How it came to this")[2]
    assert "Wrote it down for a caller, by phone." in words
    assert "By phone" in Document((await desk.opens("/desk/tips")).text).words


async def test_the_number_is_shown_once_opens_the_tip_and_tells_nothing_of_who_wrote_it_down(desk: WorkDesk) -> None:
    await desk.work.joins("Kim", "ar")
    page = await enters(desk, "Kim")
    number = number_on(page)
    assert len(number) == 25
    visit = await desk.work.tips.doors.tip_for_receipt(Receipt(number))
    assert visit is not None
    assert visit.tip == tip_on(page)
    thread = await desk.work.tips.follow_up.read(visit)
    assert "Kim" not in str([(words.text, words.alias) for words in (*thread.open, *thread.closed)])
    without = await enters(desk, "Kim", keep="2", words="other")
    assert number_on(without) == ""
    assert "They need not come back, so there is no number." in without.words


async def test_on_the_disk_it_is_a_tip_of_the_form_that_somebody_took(desk: WorkDesk) -> None:
    house, robin = desk.work.tips, desk.work.tips.robin
    page = await enters(desk)
    entered = await clear(house, tip_on(page))
    for name, form in FORMS.items():
        filing = (await file(house, form)).filing
        assert await house.intake.make_receipt(filing) is not None
        await desk.work.working.assign(robin, filing.tip, robin.staff_id, seen=b"", part=random_id())
        assert await clear(house, filing.tip) == entered, name
        async with house.services.database.read() as connection:
            both = [
                (await connection.execute(select(audit.c.act).where(audit.c.subject == tip).order_by(audit.c.n))).all()
                for tip in (filing.tip, tip_on(page))
            ]
        assert both[0] == both[1]


async def test_before_it_is_taken_it_looks_like_every_form(desk: WorkDesk) -> None:
    house = desk.work.tips
    start = house.services.start_tokens.make()
    said = await house.intake.file_tip(
        TipForm("Help."), language="fr", start_token=start, wants_number=True, by_phone=True
    )
    assert await clear(house, said.filing.tip) == await clear(house, (await file(house)).filing.tip)


async def test_the_page_keeps_what_was_typed_when_something_is_to_be_mended(desk: WorkDesk) -> None:
    page = await desk.presses(NEW, k=await starts(desk), keep="1", **{**SAID, "words": " ", "spoken": "xx"})
    assert "Choose the language you speak in." in page.words
    for kept in ("ABC 123", "555-0123"):
        assert f'value="{kept}"' in page.text
    assert len(re.findall(r'name="(?:ok|signs)" value="\d+" autocomplete="off" checked', page.text)) == 4
    assert await count(desk) == 0


async def count(desk: WorkDesk) -> int:
    async with desk.work.tips.services.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(tips)) or 0


async def test_two_presses_file_one_tip_and_an_old_page_keeps_its_words(desk: WorkDesk) -> None:
    start = await starts(desk)
    pages = [await desk.presses(NEW, k=start, keep="1", **SAID) for _ in range(2)]
    assert number_on(pages[0]) == number_on(pages[1]) != ""
    assert await count(desk) == 1
    read = await desk.work.reads(tip_on(pages[0]))
    assert [entry.act for entry in read.entries].count("assigned") == 1
    assert len(read.words) == 1
    old = await desk.presses(NEW, k="nonsense", keep="1", **SAID)
    assert "This page was open too long." in old.words
    assert "A white van, each day at six." in old.text
    assert await count(desk) == 1


async def test_only_those_who_may_enter_tips_reach_the_page_and_no_other_session_the_number(desk: WorkDesk) -> None:
    await desk.work.joins("Lou", "ar", keys=("chat", "names"))
    await desk.work.joins("Eve", "ar", role=Role.STATISTICS_VIEWER)
    for who in ("Lou", "Eve"):
        assert (await desk.opens(NEW, who)).status_code == 404
        assert (await desk.posts(NEW, who, **SAID)).status_code == 404
    answer = await desk.posts(NEW, k=await starts(desk), keep="1", **SAID)
    await desk.work.joins("Kim", "ar")
    foreign = (await desk.opens(answer.headers["location"], "Kim")).text
    assert not re.findall(r"<span>\d{5}</span>", foreign)
