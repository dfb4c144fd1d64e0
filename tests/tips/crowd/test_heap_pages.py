"""Holds the desk's pages of many tips: a heap is one row, a true tip in it is found, closing takes what was drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.ids import from_text, random_id, to_text
from portal.staff.tables import audit
from tests.support.html import Document, HtmlForm
from tests.tips.conftest import TipHouse
from tests.tips.crowd.test_likeness import SPAM
from tests.tips.desk import Desk, where
from tests.tips.test_filing import file
from tips.crowd.heaping import may_be_folded
from tips.form import TipForm
from tips.shelf import EVERYTHING
from tips.tip import Child, Status, Urgency

pytestmark = pytest.mark.anyio


async def spam(house: TipHouse, count: int, extra: str = "", **more: object) -> list[bytes]:
    """So many tips made from one text, each with another name in its gaps."""
    filed = []
    for _ in range(count):
        form = TipForm(words=SPAM.format(random_id().hex(), random_id().hex()) + extra)
        filed.append((await file(house, replace(form, **more), wants_number=False)).filing.tip)  # type: ignore[arg-type]
    return filed


async def rows(desk: Desk, path: str = "/desk/tips") -> list[str]:
    page = Document((await desk.opens(path)).text)
    return [link for link in page.links if link.startswith("/desk/tips/") and len(link) == len(where(b"x" * 16))]


async def heap_page(desk: Desk, tip: bytes) -> Document:
    answer = await desk.opens(f"/desk/tips/alike/{to_text(tip)}")
    assert answer.status_code == 203
    return Document(answer.text)


def closing(page: Document) -> HtmlForm:
    return page.form(action="/desk/tips/together")


async def test_a_heap_is_one_row_on_shelves_and_off_them(desk: Desk) -> None:
    tips = await spam(desk.house, 8)
    alone = (await file(desk.house, TipForm(words="A girl in room nine has no shoes."))).filing.tip
    assert "7 like this one" in Document((await desk.opens("/desk/tips")).text).words
    shown = await rows(desk)
    assert len(shown) == 2
    assert where(alone) in shown
    desk.house.clock.advance(timedelta(days=1))
    assert await desk.house.puts_up() == 1
    page = await desk.house.listing.page(desk.house.robin, EVERYTHING, folds=True)
    assert sorted(page.like(row) for row in page.rows) == [0, 7]
    assert page.total == 9
    assert {row.id for row in page.rows} | page.heaps.folded == {*tips, alone}


async def test_what_is_urgent_is_never_in_a_heap_with_what_is_not(desk: Desk) -> None:
    await spam(desk.house, 5)
    now = await spam(desk.house, 2, urgency=Urgency.NOW)
    child = await spam(desk.house, 1, child=Child.YES)
    shown = await rows(desk)
    assert set(shown[:2]) == {where(tip) for tip in now}
    assert shown[2] == where(child[0])
    assert len(shown) == 4


async def test_what_somebody_has_touched_stands_by_itself(desk: Desk) -> None:
    tips = await spam(desk.house, 5)
    await desk.house.review.set_status(desk.house.robin, tips[2], Status.BEING_READ)
    assert where(tips[2]) in await rows(desk)
    page = await desk.house.listing.page(desk.house.robin, EVERYTHING)
    assert [may_be_folded(row) for row in page.rows if row.id == tips[2]] == [False]


async def test_a_true_tip_inside_a_heap_shows_by_its_own_words_and_stays_open_by_one_tick(desk: Desk) -> None:
    tips = await spam(desk.house, 22)
    true = (await spam(desk.house, 1, " Room nine, blue door, she is fifteen."))[0]
    page = await heap_page(desk, true)
    assert "23 tips that say nearly the same" in page.words
    assert [link for link in page.links if link.startswith("/desk/tips/")][1] == where(true)
    assert "fifteen" in page.words
    form = closing(page)
    answer = await desk.web.post(
        form.action,
        data={**form.fields, "stays": to_text(true)},
        headers={"origin": desk.house.services.settings.desk_origin},
    )
    assert answer.status_code == 303
    done = Document((await desk.opens(answer.headers["location"])).text)
    assert "22 tips are closed" in done.words
    assert await rows(desk) == [where(true)]
    again = done.form(action="/together/again")
    answer = await desk.posts(again.action, **{k: v for k, v in again.fields.items() if k != "csrf"})
    assert "22 tips are open again" in Document((await desk.opens(answer.headers["location"])).text).words
    assert len(tips) == 22


async def test_the_look_inside_is_written_down_and_leaves_no_words_in_addresses(desk: Desk) -> None:
    tips = await spam(desk.house, 4)
    await heap_page(desk, tips[0])
    async with desk.house.services.database.read() as connection:
        acts = list(await connection.scalars(select(audit.c.act).order_by(audit.c.n)))
    assert acts[-2:] == ["tip.opened", "tip.heap_seen"]


async def test_a_tip_in_no_heap_leads_to_itself_and_nobody_without_the_key_sees_one(desk: Desk) -> None:
    tip = (await file(desk.house)).filing.tip
    answer = await desk.opens(f"/desk/tips/alike/{to_text(tip)}")
    assert (answer.status_code, answer.headers["location"]) == (303, where(tip))
    tips = await spam(desk.house, 4)
    await desk.has_only("names")
    assert (await desk.opens(f"/desk/tips/alike/{to_text(tips[0])}")).status_code == 404
    assert (await desk.posts("/desk/tips/together", act=to_text(random_id()))).status_code in (403, 404)


async def test_what_is_ticked_in_the_list_is_closed_and_opened_again_from_any_of_them(desk: Desk) -> None:
    tips = [(await file(desk.house, TipForm(words=f"tip {n}"))).filing.tip for n in range(4)]
    page = Document((await desk.opens("/desk/tips")).text)
    ticks = {given["value"][:22]: given["value"] for tag, given in page.tags if given.get("name") == "tip"}
    assert {from_text(name, 16) for name in ticks} == set(tips)
    chosen = [ticks[to_text(tip)] for tip in tips[:3]]
    await desk.house.review.set_status(desk.house.robin, tips[0], Status.BEING_READ)
    fields = {"csrf": desk.house.robin.csrf, "act": closing(page).fields["act"], "tip": chosen}
    origin = {"origin": desk.house.services.settings.desk_origin}
    answer = await desk.web.post("/desk/tips/together", data=fields, headers=origin)
    done = Document((await desk.opens(answer.headers["location"])).text).words
    assert "2 tips are closed" in done
    assert "1 stays as it is" in done
    assert set(await rows(desk)) == {where(tips[0]), where(tips[3])}
    closed = Document((await desk.opens(where(tips[2]))).text)
    again = closed.form(action="/together/again")
    await desk.posts(again.action, **{k: v for k, v in again.fields.items() if k != "csrf"})
    assert len(set(await rows(desk))) == 4


async def test_a_page_of_another_session_closes_nothing(desk: Desk) -> None:
    tips = await spam(desk.house, 4)
    form = closing(await heap_page(desk, tips[0]))
    await desk.has_only("tips", "names")
    other = Document((await desk.opens("/desk/tips")).text)
    token = next(given["value"] for tag, given in other.tags if given.get("name") == "csrf")
    answer = await desk.posts(form.action, csrf=token, key=form.fields["key"], act=form.fields["act"])
    assert answer.headers["location"] == "/desk/tips"
    assert len(await rows(desk)) == 1


async def test_the_list_says_in_plain_words_that_far_more_come_than_usual_and_what_is_new(desk: Desk) -> None:
    await desk.opens("/desk/tips")
    desk.house.clock.advance(timedelta(minutes=11))
    await spam(desk.house, 12, urgency=Urgency.NOW)
    words = Document((await desk.opens("/desk/tips")).text).words
    assert "Far more tips than usual" in words
    assert "12 came today. 12 of them in the last hour." in words
    assert "New since you last looked: 12 happening now" in words
