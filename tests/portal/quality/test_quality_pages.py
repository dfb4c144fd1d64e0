"""Quality at the desk: no name on a sheet, no word in one, no ranking; what is one's own is kept nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import StillClock
from portal.ids import random_id, to_text
from portal.quality.sheet import ASKED, SEEN, Sheet
from portal.quality.tables import quality_sheets
from portal.services import Services
from portal.staff.sessions.session import Signed
from tests.portal.records.test_record_pages import CALL
from tests.portal.staff.walker import acts, give, join, set_up, walker

pytestmark = pytest.mark.anyio


async def many(services: Services) -> int:
    async with services.database.read() as connection:
        return len((await connection.execute(select(quality_sheets))).all())


async def test_a_sheet_holds_ticks_alone_and_a_quarter_shows_no_small_count(services: Services) -> None:
    ada = await set_up(walker(services))
    sheet = {"greeted": "yes", "limits": "no", "words": "Kestrel said so", "by": "Robin", "pace": "splendid"}
    for _ in range(4):
        await ada.post("/desk/quality/sitting", dict(sheet))
    assert ada.page.count("too few") == 2 * len(SEEN)
    await ada.post("/desk/quality/sitting", dict(sheet))
    assert ada.page.count("too few") == 0
    assert ada.sees("2026-Q1")
    sheets, shared = await services.quality.read(await signed(services, ada.cookie))
    assert [each.marks for each in sheets["2026-Q1"]] == [{"greeted": "yes", "limits": "no"}] * 5
    assert {each.by for each in sheets["2026-Q1"]} == {""}
    assert shared == []
    # Nothing but ticks is ever read of a form, and no field of a sheet can hold more.
    assert set(Sheet.__struct_fields__) == {"version", "kind", "marks", "by"}
    assert all(values for asked in ASKED.values() for values in asked.values())
    assert not [act for act in await acts(services) if "quality" in act or "sheet" in act]
    await ada.post("/desk/quality/sitting", {"greeted": "maybe"})
    assert await many(services) == 5


async def signed(services: Services, cookie: str) -> Signed:
    return await services.staff.who(cookie)


async def test_a_record_is_drawn_by_lot_opened_in_the_audit_and_found_without_its_name(services: Services) -> None:
    ada = await set_up(walker(services))
    await ada.open("/desk/quality/review")
    assert ada.sees("There is no finished record yet.")
    await ada.post("/desk/record", {**CALL, "row": to_text(random_id()), "line": "She blames him."})
    await ada.open("/desk/quality/review")
    assert ada.sees("She blames him.")
    assert (await acts(services))[-1] == "record.opened"
    await ada.post("/desk/quality/review", {"blame": "yes", "verbatim": "no"})
    sheets, _ = await services.quality.read(await signed(services, ada.cookie))
    assert [(each.kind, each.marks) for each in sheets["2026-Q1"]] == [("review", {"verbatim": "no", "blame": "yes"})]


async def test_half_a_minute_about_oneself_is_kept_nowhere_unless_she_shares_it_and_then_for_thirty_days(
    services: Services, clock: StillClock
) -> None:
    ada = await set_up(walker(services))
    noor = await join(ada, alias="Noor")
    await give(ada, "Noor", "chat")
    assert await noor.signs_in("Noor")
    before = await acts(services)
    await noor.post("/desk/check", {"weight": "heavy", "talk": "yes"})
    assert noor.sees("It is not kept.")
    assert noor.sees("Talk to somebody now")
    assert noor.sees("Take a break")
    assert await many(services) == 0
    assert await acts(services) == before
    await ada.open("/desk/quality")
    assert ada.sees("Nothing was shared.")
    await noor.post("/desk/check/share", {"weight": "heavy", "talk": "yes"})
    assert noor.sees("It is shared.")
    await ada.open("/desk/quality")
    assert ada.sees("Noor")
    assert ada.sees("Nothing is counted yet.")
    assert await noor.open("/desk/quality") == 404
    clock.advance(timedelta(days=31))
    assert await services.quality.forget_over()
    assert await many(services) == 0
