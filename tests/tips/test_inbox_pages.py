"""Holds the desk's list page: what is chosen and looked for, and that neither stands in an address or a log."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select

from portal.ids import ID_SIZE, from_text, random_id
from portal.staff.tables import audit
from tests.support.html import Document
from tests.tips.desk import Desk, where
from tests.tips.test_filing import file
from tips import inbox, shelf
from tips.form import TipForm
from tips.tip import Child, Path, Status, Urgency

pytestmark = pytest.mark.anyio


async def filed(desk: Desk, words: str, **more: object) -> bytes:
    form = replace(TipForm(words=words), **more)  # type: ignore[arg-type]
    return (await file(desk.house, form)).filing.tip


async def chooses(desk: Desk, **fields: str) -> tuple[str, list[str]]:
    """Where a choice leads, and the tips that stand there, in order."""
    origin = desk.house.services.settings.desk_origin
    said = {"csrf": desk.house.robin.csrf, **fields}
    answer = await desk.web.post("/desk/tips/choose", data=said, headers={"origin": origin})
    assert answer.status_code == 303
    address = answer.headers["location"]
    return address, shown(await desk.opens(address))


def shown(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 203
    return [link for link in Document(answer.text).links if re.fullmatch(r"/desk/tips/[\w-]{22}", link)]


async def test_what_is_urgent_stands_first_under_a_heading_that_says_how_much_there_is(desk: Desk) -> None:
    late = await filed(desk, "late")
    day = await filed(desk, "day", urgency=Urgency.DAY)
    child = await filed(desk, "child", child=Child.YES)
    now = [await filed(desk, f"now {n}", urgency=Urgency.NOW) for n in range(2)]
    page = Document((await desk.opens("/desk/tips")).text)
    tips = shown(await desk.opens("/desk/tips"))
    assert tips[2:] == [where(child), where(day), where(late)]
    assert set(tips[:2]) == {where(tip) for tip in now}
    headings = ("Happening now 2", "Under 18 1", "Last 24 hours 1", "All others 1")
    found = [page.words.index(heading) for heading in headings]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("field", "value", "form"),
    [
        ("urgency", "now", {"urgency": Urgency.NOW}),
        ("child", "unsure", {"child": Child.UNSURE}),
        ("path", "self", {"path": Path.SELF}),
    ],
)
async def test_a_choice_shows_what_was_chosen_and_no_more(
    desk: Desk, field: str, value: str, form: dict[str, object]
) -> None:
    wanted = await filed(desk, "one", **form)
    await filed(desk, "two")
    address, tips = await chooses(desk, **{field: value})
    assert tips == [where(wanted)]
    assert value not in address


async def test_status_language_day_and_chat_can_be_chosen(desk: Desk) -> None:
    closed, open_one = await filed(desk, "one"), await filed(desk, "two")
    await desk.house.review.set_status(desk.house.robin, closed, Status.CLOSED)
    assert (await chooses(desk, status="closed"))[1] == [where(closed)]
    assert (await chooses(desk, status="new"))[1] == [where(open_one)]
    assert sorted((await chooses(desk, status="all"))[1]) == sorted([where(closed), where(open_one)])
    assert (await chooses(desk, language="es"))[1] == [where(open_one)]
    assert (await chooses(desk, language="ar"))[1] == []
    assert (await chooses(desk, days="today"))[1] == [where(open_one)]
    assert (await chooses(desk, days="older"))[1] == []
    assert (await chooses(desk, from_talk="1"))[1] == []


async def test_what_is_not_offered_is_not_chosen(desk: Desk) -> None:
    answer = await desk.posts("/desk/tips/choose", status="nonsense", urgency="x", days="yesterday", from_talk="yes")
    assert answer.headers["location"] == "/desk/tips"


async def test_a_search_finds_words_of_any_part_and_leads_to_an_address_that_tells_nothing(desk: Desk) -> None:
    tip = await filed(desk, "Une camionnette blanche, la nuit", place="Élysée")
    await filed(desk, "a van at night")
    await desk.house.review.reply(desk.house.robin, tip, "Which colour?", random_id())
    for typed in ("BLANCHE nuit", "elysee", "colour camionnette"):
        address, tips = await chooses(desk, words=typed)
        assert tips == [where(tip)]
        assert re.fullmatch(r"/desk/tips/chosen/[\w-]{43}", address)
        assert "1 tip has these words." in Document((await desk.opens(address)).text).words
    assert (await chooses(desk, words="blanche van"))[1] == []


async def test_a_search_finds_a_detail_that_was_typed_and_none_that_was_tapped(desk: Desk) -> None:
    filing = (await file(desk.house, TipForm(words="a van"))).filing
    told = {"vehicle": ("grey, plate K-47",), "business": ("Sunny Farm",), "kind": ("labour",)}
    await desk.house.follow_up.tell(filing.visit, told, random_id())
    assert (await chooses(desk, words="k 47 FARM"))[1] == [where(filing.tip)]
    assert (await chooses(desk, words="labour"))[1] == []


async def test_a_search_within_a_choice_finds_only_what_was_chosen(desk: Desk) -> None:
    urgent, _ = await filed(desk, "a van", urgency=Urgency.NOW), await filed(desk, "a van")
    assert (await chooses(desk, words="van", urgency="now"))[1] == [where(urgent)]


async def test_a_search_is_written_down_once_without_its_words(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await filed(desk, "a canary kestrel sang")
    address, _ = await chooses(desk, words="Kestrel")
    await desk.opens(address)
    async with desk.house.services.database.read() as connection:
        rows = (await connection.execute(select(audit).where(audit.c.act == "tip.searched"))).all()
    assert [(row.staff, row.subject, row.day) for row in rows] == [(desk.house.robin.staff_id, b"", "2026-03-04")]
    assert "kestrel" not in caplog.text.casefold()


async def test_what_was_chosen_opens_for_no_other_session_and_the_next_search_takes_its_place(desk: Desk) -> None:
    await filed(desk, "a van")
    first, _ = await chooses(desk, words="van")
    second, tips = await chooses(desk, words="a van")
    assert len(tips) == 1
    assert (await desk.opens(first)).headers["location"] == "/desk/tips"
    await desk.has_only("tips")
    assert (await desk.opens(second)).headers["location"] == "/desk/tips"


async def test_without_the_key_nothing_is_chosen_or_found(desk: Desk) -> None:
    await filed(desk, "a van")
    address, _ = await chooses(desk, words="van")
    await desk.has_only("names", "chat")
    assert (await desk.opens(address)).status_code == 404
    assert 'name="words"' not in (await desk.opens("/desk/tips")).text


async def test_pages_are_plain_links_and_an_erased_tip_leaves_what_was_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (shelf, inbox):
        monkeypatch.setattr(module, "PAGE", 2)
    tips = {where(await filed(desk, f"van {n}")) for n in range(5)}
    seen: list[str] = []
    for path in ("/desk/tips", "/desk/tips?page=2", "/desk/tips?page=3"):
        seen += shown(await desk.opens(path))
    assert (sorted(seen), len(seen)) == (sorted(tips), 5)
    assert shown(await desk.opens("/desk/tips?page=99")) == seen[4:]
    assert shown(await desk.opens("/desk/tips?page=x")) == seen[:2]
    address, found = await chooses(desk, words="van")
    assert found == seen[:2]
    page = Document((await desk.opens(f"{address}?page=2")).text)
    assert f"{address}?page=3" in page.links
    await desk.house.retention.erase(_id(seen[2]))
    assert shown(await desk.opens(f"{address}?page=2")) == seen[3:4]


def _id(link: str) -> bytes:
    return from_text(link.rpartition("/")[2], ID_SIZE)


async def test_words_that_hold_no_letter_choose_nothing(desk: Desk) -> None:
    await filed(desk, "a van")
    assert (await desk.posts("/desk/tips/choose", words=" ?! ")).headers["location"] == "/desk/tips"
