"""The record of a call as a page, and a supervisor's pages: kept once, not lost by a slip, a page for nobody else."""

from __future__ import annotations

import re

import pytest

from portal.ids import random_id, to_text
from portal.records.fields import LINE_LIMIT
from portal.services import Services
from tests.portal.staff.walker import Walker, acts, give, join, set_up, walker

pytestmark = pytest.mark.anyio

CALL = {"channel": "phone", "minutes": "7", "language": "pa", "type": "crisis", "case": "yes", "supervisor": "now"}


async def test_a_call_goes_into_the_book_once_and_a_slip_loses_nothing(services: Services) -> None:
    ada = await set_up(walker(services))
    await ada.open("/desk/record?from=other")
    assert re.search(r'value="other" selected', ada.page)
    row = to_text(random_id())
    assert await ada.post("/desk/record", {**CALL, "row": row, "line": "x" * (LINE_LIMIT + 1)}) == 203
    assert ada.sees("The line is too long.")
    assert f'name="row" value="{row}"' in ada.page
    assert re.search(r'value="crisis"[^>]* checked', ada.page)
    assert re.search(r'value="pa" selected', ada.page)
    for _ in range(2):
        await ada.post("/desk/record", {**CALL, "row": row, "line": "Asked for a bed."})
        assert ada.sees("The record is kept")
    await ada.open("/desk/records")
    assert len(re.findall(r'href="/desk/records/[A-Za-z0-9_-]{22}"', ada.page)) == 2  # waiting, and among all
    assert ada.sees("Phone · ")
    for wrong in ({"row": "x"}, {"channel": "chat"}, {"language": "xx"}):
        assert await ada.post("/desk/record", {**CALL, "row": row, **wrong}) == 404


async def test_what_was_written_is_read_by_a_supervisor_with_the_key_alone_and_that_is_written_down(
    services: Services,
) -> None:
    ada = await set_up(walker(services))
    row = to_text(random_id())
    await ada.post("/desk/record", {**CALL, "row": row, "line": "Asked for a bed."})
    kim, noor = await join(ada, alias="Kim", role="supervisor"), await join(ada, alias="Noor")
    await give(ada, "Kim", "chat")
    await give(ada, "Noor", "chat", "records")
    assert await kim.signs_in("Kim")
    assert await noor.signs_in("Noor")
    for each in (kim, noor):
        for address in ("/desk/records", f"/desk/records/{row}"):
            assert await each.open(address) == 404
    await give(ada, "Kim", "records")
    assert await kim.signs_in("Kim")
    assert await kim.open(f"/desk/records/{row}") == 203
    assert kim.sees("Asked for a bed.")
    assert kim.sees("An emergency call never waits for this.")
    assert await kim.open(f"/desk/records/{to_text(random_id())}") == 404
    for broken in ("x", "2026-02-30.AAAAAAAAAAAAAAAAAAAAAA", "2026-02-03.A"):
        assert await kim.open(f"/desk/records?after={broken}") == 404
    assert await kim.post(f"/desk/records/{row}", {"verdict": "agreed"}) == 203
    assert kim.sees("Say in a few words what it may do.")
    await kim.post(f"/desk/records/{row}", {"verdict": "asked_more"})
    assert await waits(kim) == 1
    await kim.post(
        f"/desk/records/{row}", {"verdict": "agreed", "harm_of_telling": "Little.", "harm_of_silence": "Grave."}
    )
    assert await waits(kim) == 0
    written = await acts(services)
    assert {"record.opened", "record.list_seen", "record.asked_more", "record.agreed"} <= set(written)


async def waits(supervisor: Walker) -> int:
    await supervisor.open("/desk/records")
    return len(re.findall(r"<li>", supervisor.page.split("All records")[0]))
