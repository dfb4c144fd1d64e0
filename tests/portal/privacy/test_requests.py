"""The privacy desk as pages: kept sealed, with a clock, and never a word that confirms or denies."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import StillClock
from portal.ids import from_text, random_id, to_text
from portal.privacy.kinds import due_on, read_days
from portal.privacy.tables import privacy_requests, privacy_steps
from portal.readings import days_by_kind
from portal.services import Services
from tests.portal.staff.walker import Walker, acts, give, join, set_up, walker
from tests.support.rooms import NOON

pytestmark = pytest.mark.anyio

TODAY = NOON.date()
ASK = {
    "kind": "police",
    "way": "phone",
    "came": TODAY.isoformat(),
    "paper": "",
    "who": "Sgt. Kestrel",
    "words": "Did she write?",
}


async def asks(officer: Walker, **changed: str) -> str:
    row = to_text(random_id())
    await officer.post("/desk/requests/new", {**ASK, "row": row, **changed})
    return row


async def test_a_request_is_kept_once_has_a_clock_and_is_closed_with_all_that_was_done(services: Services) -> None:
    ada = await set_up(walker(services))
    row = to_text(random_id())
    for _ in range(2):
        assert await ada.post("/desk/requests/new", {**ASK, "row": row}) == 203
    one = f"/desk/requests/one/{row}"
    assert ada.address == one
    assert ada.sees("3 days left")
    for step in (
        {"what": "assigned", "value": "Ada"},
        {"what": "stage", "value": "counsel"},
        {"what": "told", "words": "The lawyer, that a request came."},
    ):
        assert await ada.post(one, dict(step)) == 203
    await ada.post(f"{one}/letter", {"tongue": "fr"})
    assert ada.sees("Nous ne confirmons ni ne nions")
    await ada.open("/desk/requests")
    assert ada.page.count(one) == 1
    assert ada.sees("With the lawyer")
    await ada.post(one, {"what": "closed", "value": "refused", "words": "No order."})
    assert ada.sees("Closed: Refused, with reasons")
    # What is closed is not written on.
    assert await ada.post(one, {"what": "note", "words": "One more."}) == 404
    async with services.database.read() as connection:
        (raw,) = (await connection.execute(select(privacy_requests))).all()
        steps = (await connection.execute(select(privacy_steps))).all()
    assert raw.until == (TODAY + timedelta(days=services.settings.request_kept_days)).isoformat()
    assert len(steps) == 5
    await services.database.checkpoint()
    disk = services.settings.database_path.read_bytes()
    assert not [word for word in (b"Kestrel", b"police", b"lawyer", b"refused") if word in disk.split(b"CREATE")[0]]
    written = await acts(services)
    assert [act for act in written if act.startswith("asked.")] == [
        "asked.new",
        *["asked.opened"] * 2,
        *["asked.step", "asked.opened"] * 4,
        "asked.list_seen",
        "asked.closed",
        "asked.opened",
    ]


async def test_a_slip_loses_nothing_and_says_what_to_mend(services: Services) -> None:
    ada = await set_up(walker(services))
    tomorrow = (TODAY + timedelta(days=2)).isoformat()
    await asks(ada, kind="", way="", came=tomorrow, paper="soon", words="x")
    for said in ("Choose what it is.", "Choose how it came.", "today at the latest", "Give a day, or leave it empty."):
        assert ada.sees(said)
    assert "Sgt. Kestrel" in ada.page
    # The nearer day counts: the paper's, or our own.
    row = await asks(ada, kind="access", paper=tomorrow)
    assert ada.sees("2 days left")
    assert await ada.post(f"/desk/requests/one/{row}", {"what": "note", "words": ""}) == 203
    assert ada.sees("Write something down first.")
    for wrong in ({"what": "stage", "value": "x"}, {"what": "hold", "value": "x"}):
        await ada.post(f"/desk/requests/one/{row}", dict(wrong))
        assert ada.sees("Write something down first.")
    late = await asks(ada, came=(TODAY - timedelta(days=9)).isoformat())
    await ada.open(f"/desk/requests/one/{late}")
    assert ada.sees("Late")


async def test_a_breach_is_worked_off_from_a_list_with_times(services: Services) -> None:
    ada = await set_up(walker(services))
    row = await asks(ada, kind="breach", words="A laptop is gone.")
    one = f"/desk/requests/one/{row}"
    assert ada.page.count('name="value" value="not_known"') == 1
    await ada.post(one, {"what": "ticked", "value": "not_known", "words": "Whether it was locked."})
    assert ada.page.count('name="value" value="not_known"') == 0
    assert ada.sees("Whether it was locked.")
    assert re.search(r"is-good\">[^<]*\d{4}[^<]*<bdi>Ada</bdi>", ada.page)
    assert 'href="/desk/requests/lost"' in ada.page
    assert ada.sees("GDPR, art. 33(1): 72 hours")


async def test_it_is_a_page_for_whoever_holds_the_names_and_for_nobody_else(services: Services) -> None:
    ada = await set_up(walker(services))
    row = await asks(ada)
    kim, noor = await join(ada, alias="Kim", role="supervisor"), await join(ada, alias="Noor")
    await give(ada, "Kim", "chat", "tips", "records")
    await give(ada, "Noor", "chat", "tips", "records", "names")
    assert await kim.signs_in("Kim")
    assert await noor.signs_in("Noor")
    for each in (kim, noor):
        for page in ("", "/new", "/letters", "/kept", "/lost", f"/one/{row}"):
            assert await each.open(f"/desk/requests{page}") == 404
        assert await each.post(f"/desk/requests/one/{row}", {"what": "note", "words": "Hm."}) == 404
    await give(ada, "Kim", "names")
    assert await kim.signs_in("Kim")
    assert await kim.open(f"/desk/requests/one/{row}") == 203
    assert kim.sees("Did she write?")


async def test_a_closed_request_goes_when_its_time_is_over_and_an_open_one_never(
    services: Services, clock: StillClock
) -> None:
    ada = await set_up(walker(services))
    closed, still_open = await asks(ada), await asks(ada)
    await ada.post(f"/desk/requests/one/{closed}", {"what": "closed", "value": "answered"})
    book = services.requests
    assert not await book.forget_over()
    clock.advance(timedelta(days=services.settings.request_kept_days + 1))
    assert await book.forget_over()
    assert await book.empty_log()
    async with services.database.read() as connection:
        left = (await connection.execute(select(privacy_requests.c.id))).scalars().all()
        steps = (await connection.execute(select(privacy_steps))).all()
    assert list(left) == [from_text(still_open, 16)]
    assert steps == []


async def test_who_only_writes_rows_slips_no_request_in_and_closes_none(services: Services) -> None:
    ada = await set_up(walker(services))
    row = await asks(ada)
    async with services.database.write() as connection:
        await connection.execute(privacy_requests.update().values(until="2020-01-01"))
    assert await ada.open(f"/desk/requests/one/{row}") == 404
    await ada.open("/desk/requests")
    assert ada.sees("Nothing is open.")


def test_a_house_sets_its_own_days_and_the_nearer_day_counts() -> None:
    came = TODAY
    days = read_days(days_by_kind("police=1  access=10"))
    assert (days["police"], days["access"], days["breach"]) == (1, 10, 3)
    assert due_on("police", came, None, days) == came + timedelta(days=1)
    assert due_on("access", came, came + timedelta(days=4), days) == came + timedelta(days=4)
    assert due_on("access", came, came + timedelta(days=40), days) == came + timedelta(days=10)
    for wrong in ("police", "police=0", "police=91", "neighbour=3", "police=²"):
        with pytest.raises(ValueError, match="kinds with days"):
            days_by_kind(wrong)
