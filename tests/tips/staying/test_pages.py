"""Holds the pages to saying how long a tip stays on both sides, and to letting only whom they should do anything."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete

from i18n.formats import day
from i18n.languages import LANGUAGES
from portal.ids import to_text
from tests.support.html import Document
from tests.tips.desk import Desk, where
from tests.tips.phone import Phone
from tests.tips.staying.conftest import Weeks
from tests.tips.test_filing import file
from tips.staying.tables import tip_holds
from tips.tip import Status

pytestmark = pytest.mark.anyio

WORDS = {
    "en": ("may be gone from here", "Keep it longer", "It stays longer now."),
    "fr": ("peut disparaître", "Garder plus longtemps", "Elle reste plus longtemps."),
    "es": ("puede irse de aquí", "Guardar más tiempo", "Ahora se queda más tiempo."),
    "ar": ("قد تختفي هذه الملاحظة", "أبقِها مدة أطول", "ستبقى الآن مدة أطول."),
}


@pytest.mark.parametrize("tag", ["en", "ar", *(pytest.param(tag, marks=pytest.mark.long) for tag in ("fr", "es"))])
async def test_on_coming_back_she_reads_until_when_it_stays_and_keeps_it_by_one_tap(
    weeks: Weeks, phone: Phone, tag: str
) -> None:
    filing, receipt = await weeks.answered()
    goes, keep, kept = WORDS[tag]
    back = f"/{tag}/note/back"
    assert keep not in (await phone.posts(back, {"number": receipt.code})).text
    await weeks.until(lambda: weeks.is_warned(filing.tip))
    _, thread = await weeks.comes_back(receipt)
    assert thread.goes_from is not None
    page = (await phone.posts(back, {"number": receipt.code})).text
    words = Document(page).words
    assert goes in words
    assert keep in words
    assert str(thread.goes_from.year) in day(LANGUAGES[tag], thread.goes_from)
    assert day(LANGUAGES[tag], thread.goes_from) in words
    page = (await phone.posts(f"{back}/more", {"t": phone.hidden("t"), "do": "keep"})).text
    assert kept in Document(page).words
    assert keep not in page
    assert not await weeks.is_warned(filing.tip)


async def test_an_emptied_number_says_so_on_both_sides(weeks: Weeks, phone: Phone, desk: Desk) -> None:
    filing, receipt = await weeks.answered()
    await weeks.until(lambda: weeks.is_gone(filing.tip))
    page = (await phone.posts("/en/note/back", {"number": receipt.code})).text
    assert "Your number still works. You can write again." in Document(page).words
    visit, _ = await weeks.comes_back(receipt)
    await weeks.house.review.set_status(weeks.house.robin, visit.tip, Status.BEING_READ)
    await desk.has_only("tips", "names")  # a session of today
    assert "The number still opens this thread" in Document((await desk.opens(where(visit.tip))).text).words


async def test_the_desk_sees_what_goes_soon_and_what_only_waits_for_an_answer(weeks: Weeks, desk: Desk) -> None:
    filing, _ = await weeks.answered()
    old = (await file(weeks.house)).filing.tip
    assert "Nothing goes in the next weeks." in (await desk.opens("/desk/staying")).text
    await weeks.until(lambda: weeks.is_warned(filing.tip))
    await desk.has_only("tips", "names")  # a session of today
    staying = Document((await desk.opens("/desk/staying")).text).words
    assert "Goes soon 1" in staying
    assert "Old, and not answered" in staying
    assert "Goes soon" in Document((await desk.opens("/desk/tips")).text).words
    assert "unless somebody writes" in Document((await desk.opens(where(filing.tip))).text).words
    assert "Nobody has answered yet." in Document((await desk.opens(where(old))).text).words
    token = re.findall(r'name="csrf" value="([^"]+)"', (await desk.opens(where(filing.tip))).text)[0]
    assert (await desk.posts(where(filing.tip) + "/keep", csrf=token)).status_code == 303
    assert not await weeks.is_warned(filing.tip)
    assert "Nothing goes in the next weeks." in (await desk.opens("/desk/staying")).text


async def test_a_hold_is_set_and_ended_with_a_reason_and_seen_in_every_place(desk: Desk) -> None:
    tip = (await file(desk.house)).filing.tip
    short = await desk.posts(where(tip) + "/hold", do="hold", reason="<b")
    assert short.status_code == 303
    told = (await desk.opens(short.headers["location"])).text
    assert "Give a reason of a few words." in told
    assert "&lt;b</textarea>" in told
    assert (await desk.posts(where(tip) + "/hold", do="other", reason="by order")).status_code == 404
    assert (await desk.posts(where(tip) + "/hold", do="hold", reason="By order of the court.")).status_code == 303
    page = Document((await desk.opens(where(tip))).text).words
    assert "By order of the court." in page
    assert "Erase it now" not in page
    assert "Held" in Document((await desk.opens("/desk/tips")).text).words
    assert "Nothing is held." not in (await desk.opens("/desk/staying")).text
    assert (await desk.posts(where(tip) + "/erase", sure="1")).status_code == 409
    assert (await desk.posts(where(tip) + "/hold", do="end", reason="It is over.")).status_code == 303
    assert "Nothing is held." in (await desk.opens("/desk/staying")).text


async def test_erasing_by_hand_is_asked_for_twice_and_leads_to_what_can_be_shown(desk: Desk) -> None:
    tip = (await file(desk.house)).filing.tip
    assert (await desk.posts(where(tip) + "/erase")).headers["location"] == where(tip) + "#stay"
    gone = await desk.posts(where(tip) + "/erase", sure="1")
    assert gone.headers["location"] == f"/desk/gone/{to_text(tip)}"
    words = Document((await desk.opens(gone.headers["location"])).text).words
    assert "Gone, and searched for" in words
    assert "Not shown" not in words
    assert to_text(tip) in (await desk.opens("/desk/gone/day/2026-03-04")).text
    assert "1 tip" in Document((await desk.opens("/desk/gone")).text).words
    assert (await desk.opens("/desk/gone/day/nonsense")).status_code == 404
    assert (await desk.opens(f"/desk/gone/{to_text(bytes(16))}")).status_code == 404


async def test_without_the_key_none_of_it_is_there(desk: Desk) -> None:
    tip = (await file(desk.house)).filing.tip
    await desk.has_only("names")
    for path in ("/desk/staying", "/desk/gone", f"/desk/gone/{to_text(tip)}", "/desk/gone/day/2026-03-04"):
        assert (await desk.opens(path)).status_code == 404
    for act in ("keep", "hold", "erase"):
        assert (await desk.posts(f"{where(tip)}/{act}", do="hold", reason="By order.", sure="1")).status_code == 404


async def test_a_list_of_holds_that_was_changed_is_said_wherever_it_matters(weeks: Weeks, desk: Desk) -> None:
    tip = (await file(weeks.house)).filing.tip
    await desk.posts(where(tip) + "/hold", do="hold", reason="By order.")
    async with weeks.house.services.database.write() as connection:
        await connection.execute(delete(tip_holds))
    assert "list of holds was changed" in Document((await desk.opens("/desk/staying")).text).words
    assert "the list of holds does not say so" in Document((await desk.opens(where(tip))).text).words
    assert (await desk.posts(where(tip) + "/hold", do="hold", reason="Again.")).status_code == 409
