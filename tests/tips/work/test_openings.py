"""Holds openings: a reason where a tip is not hers, its word in the audit, and a call where very many are opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.staff.tables import audit
from tests.support.html import Document
from tests.tips.work.conftest import WorkDesk, where
from tips.tip import Status, Urgency
from tips.work.openings import ReasonNeeded
from tips.work.reasons import Reason

pytestmark = pytest.mark.anyio


async def acts(desk: WorkDesk, tip: bytes) -> list[str]:
    async with desk.work.tips.services.database.read() as connection:
        rows = await connection.execute(select(audit.c.act).where(audit.c.subject == tip).order_by(audit.c.n))
        return list(rows.scalars())


async def test_a_colleagues_tip_asks_why_shows_nothing_of_itself_and_opens_for_half_an_hour(desk: WorkDesk) -> None:
    kim, tip = await desk.work.joins("Kim", "es"), (await desk.work.filed("a canary van")).tip
    await desk.work.gives(tip, kim)
    asked = Document((await desk.opens(where(tip))).text)
    assert "Why do you open this tip?" in asked.words
    assert "canary" not in asked.words
    assert "Choose a reason first." in (await desk.presses(where(tip, "/why"), reason="curious")).words
    assert await acts(desk, tip) == ["tip.assigned"]
    opened = await desk.presses(where(tip, "/why"), reason="cover")
    assert "a canary van" in opened.words
    assert "a canary van" in Document((await desk.opens(where(tip))).text).words
    assert await acts(desk, tip) == ["tip.assigned", "tip.opened.cover", "tip.opened.cover"]
    # Whoever has it is not asked, and another session is.
    assert "a canary van" in Document((await desk.opens(where(tip), "Kim")).text).words
    other = replace(desk.work.tips.robin, session=b"o" * 32)
    with pytest.raises(ReasonNeeded):
        await desk.work.reads(tip, other)


async def test_what_one_has_closed_oneself_opens_and_asks_everybody_else(desk: WorkDesk) -> None:
    kim, tip = await desk.work.joins("Kim", "es"), (await desk.work.filed()).tip
    await desk.opens(where(tip))
    await desk.posts(where(tip, "/status"), status="closed")
    assert "a van" in Document((await desk.opens(where(tip))).text).words
    assert await desk.work.reads(tip, replace(desk.work.tips.robin, session=b"o" * 32))
    with pytest.raises(ReasonNeeded):
        await desk.work.reads(tip, kim)


async def test_the_report_on_a_colleagues_tip_leads_to_the_question_first(desk: WorkDesk) -> None:
    kim, tip = await desk.work.joins("Kim", "es"), (await desk.work.filed("a canary van")).tip
    await desk.work.gives(tip, kim)
    asked = Document((await desk.opens(where(tip, "/report"))).text).words
    assert "Why do you open this tip?" in asked
    assert "canary" not in asked
    assert await acts(desk, tip) == ["tip.assigned"]


async def test_a_page_that_says_why_itself_opens_with_that_word(desk: WorkDesk) -> None:
    kim, tip = await desk.work.joins("Kim", "es"), (await desk.work.filed()).tip
    await desk.work.gives(tip, kim)
    assert await desk.work.tips.review.open(desk.work.tips.robin, tip, reason=Reason.LINKED)
    assert await acts(desk, tip) == ["tip.assigned", "tip.opened.linked"]


async def test_what_happens_now_is_kept_from_nobody(desk: WorkDesk) -> None:
    kim, tip = await desk.work.joins("Kim", "es"), (await desk.work.filed(urgency=Urgency.NOW)).tip
    await desk.work.gives(tip, desk.work.tips.robin, by=kim)
    assert (await desk.work.reads(tip, kim)).status is Status.NEW


async def test_every_reason_has_words_and_a_line_of_its_own(desk: WorkDesk) -> None:
    kim, tip = await desk.work.joins("Kim", "es"), (await desk.work.filed()).tip
    await desk.work.gives(tip, kim)
    page = (await desk.opens(where(tip))).text
    for reason in Reason:
        assert f'value="{reason.value}"' in page
        await desk.presses(where(tip, "/why"), reason=reason.value)
    assert await acts(desk, tip) == ["tip.assigned", *(f"tip.opened.{reason.value}" for reason in Reason)]


async def test_very_many_openings_call_a_supervisor_once_and_stand_above_her_list(desk: WorkDesk) -> None:
    house = desk.work.tips
    most = house.services.settings.openings_an_hour
    kim = await desk.work.joins("Kim", "es")
    tips = [(await desk.work.filed(f"van {n}")).tip for n in range(most + 1)]
    for tip in tips[: most - 1]:
        for _ in range(2):  # the same tip again is one tip
            await desk.work.reads(tip, kim)
    assert await house.services.alerts.open_matters("openings") == set()
    assert "very many" not in Document((await desk.opens("/desk/tips")).text).words
    for tip in tips[most - 1 :]:
        await desk.work.reads(tip, kim)
    assert len(await house.services.alerts.open_matters("openings")) == 1
    assert "Kim has opened very many tips in an hour." in Document((await desk.opens("/desk/tips")).text).words
    assert "very many" not in Document((await desk.opens("/desk/tips", "Kim")).text).words
    async with house.services.database.read() as connection:
        rows = await connection.execute(select(audit.c.staff, audit.c.subject).where(audit.c.act == "tip.many_opened"))
        assert [tuple(row) for row in rows] == [(kim.staff_id, b"")]


async def test_openings_of_many_hours_are_not_counted_together(desk: WorkDesk) -> None:
    house = desk.work.tips
    kim = await desk.work.joins("Kim", "es")
    for n in range(house.services.settings.openings_an_hour):
        await desk.work.reads((await desk.work.filed(f"van {n}")).tip, kim)
        house.clock.advance(timedelta(minutes=5))
    assert await house.services.alerts.open_matters("openings") == set()
