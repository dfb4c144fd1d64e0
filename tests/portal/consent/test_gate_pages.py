"""Consents, reports and protocols at the desk: written in one form, looked at by a second person, shown at a case."""

from __future__ import annotations

import re

import pytest

from portal.consent.terms import What
from portal.services import Services
from tests.portal.records.test_case_pages import Desk, begun, desk
from tests.portal.staff.walker import PASSPHRASE, Walker, acts

__all__ = ["desk"]
pytestmark = pytest.mark.anyio

WEIGHED = {"grounds": "She is fifteen.", "harm_of_telling": "He may learn of it.", "harm_of_silence": "It goes on."}


def hidden(who: Walker, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', who.page)
    assert found is not None, name
    return found[1]


async def agrees(walker: Walker, about: str, **differs: str | list[str]) -> None:
    await walker.open(f"/desk/consents?about={about}")
    given: dict[str, str | list[str]] = {
        "about": about,
        "row": hidden(walker, "row"),
        "to": "police.municipal",
        "what": ["story"],
        "purpose": "",
        "lasts": "30",
        "language": "en",
        "way": "voice",
        **differs,
    }
    await walker.post("/desk/consents", given)


async def decides(who: Walker, about: str, **differs: str | list[str]) -> str:
    await who.open(f"/desk/duty/new?about={about}")
    given: dict[str, str | list[str]] = {
        "about": about,
        "row": hidden(who, "row"),
        "basis": "minor_at_risk",
        "plan": "report",
        **WEIGHED,
        "to": "police.municipal",
        "what": ["story", "needs"],
        **differs,
    }
    await who.post("/desk/duty/new", given)
    return who.address


async def hands(who: Walker, case: str, **differs: str | list[str]) -> None:
    given: dict[str, str | list[str]] = {"to": "police.municipal", "what": ["story"], "passphrase": PASSPHRASE}
    await who.post(f"{case}/hand", {**given, **differs})


async def test_a_report_to_the_police_is_refused_and_then_let_out_by_an_exception_with_a_second_person(
    desk: Desk, services: Services
) -> None:
    case = await begun(desk.noor)
    about = f"case.{case.rpartition('/')[2]}"
    await hands(desk.noor, case)
    assert desk.noor.sees("Nothing leaves")
    assert desk.noor.sees("Not covered: What happened")
    one = await decides(desk.noor, about, to="", what=[])
    assert desk.noor.sees("Tick at least one thing")
    assert desk.noor.sees("He may learn of it.")
    one = await decides(desk.noor, about)
    assert desk.noor.sees("Another supervisor looks at it")
    assert await desk.noor.post(f"{one}/look", {"do": "agree"}) == 404
    assert await desk.sam.open(one) == 404
    await hands(desk.noor, case)
    assert desk.noor.sees("Nothing leaves")

    await desk.kim.open("/desk/duty")
    assert desk.kim.sees("A minor is at risk")
    assert await desk.kim.open(one) == 203
    await desk.kim.post(f"{one}/look", {"do": "return"})
    assert desk.kim.sees("Say why in a few words.")
    await desk.kim.post(f"{one}/look", {"do": "agree"})
    await hands(desk.noor, case, passphrase="not this one")
    assert desk.noor.headers["content-type"].startswith("text/html")
    await hands(desk.noor, case)
    assert desk.noor.headers["content-disposition"].startswith("attachment")
    assert "a minor is at risk" in desk.noor.page
    await hands(desk.noor, case, what=["story", "name"])
    assert desk.noor.sees("Not covered: Her name")

    await desk.noor.post(f"{one}/outcome", {"outcome": "made", "words": "Constable 12, number 4711"})
    assert desk.noor.sees("The report was made")
    await hands(desk.noor, case)
    assert desk.noor.sees("Nothing leaves")
    await desk.noor.open(case)
    assert desk.noor.sees("The report was made")
    lines = await acts(services)
    assert [act for act in lines if act.startswith(("duty.", "gate.left"))] == [
        *("duty.written", "duty.agreed", "gate.left.minor_at_risk", "duty.made")
    ]


async def test_a_consent_is_written_in_one_form_shown_at_its_case_and_taken_back(desk: Desk) -> None:
    case = await begun(desk.noor)
    about = f"case.{case.rpartition('/')[2]}"
    await agrees(desk.noor, about, to="", what=[], who="Ana")
    assert desk.noor.sees("Say who may have it")
    assert 'value="Ana"' in desk.noor.page
    await agrees(desk.noor, about, purpose="help")
    assert desk.noor.sees("Say what for; it has to fit the reader.")
    await agrees(desk.noor, about, who="Ana")
    assert desk.noor.sees("The police of the town")
    await desk.noor.open(case)
    assert desk.noor.sees("So that an office acts")
    await hands(desk.noor, case, form="json")
    assert desk.noor.headers["content-type"] == "application/json"
    assert await desk.sam.open(f"/desk/consents?about={about}") == 404
    assert await desk.ada.open(f"/desk/consents?about={about}") == 203

    await desk.noor.open(f"/desk/consents?about={about}")
    row = re.search(r'/desk/consents/back".*?name="row" value="([^"]+)"', desk.noor.page, re.DOTALL)
    assert row is not None
    await desk.noor.post("/desk/consents/back", {"about": about, "row": row[1]})
    assert desk.noor.sees("Taken back on")
    assert desk.noor.sees("Nothing may leave: she has agreed to nothing yet.")
    await hands(desk.noor, case)
    assert desk.noor.sees("Nothing leaves")


async def test_a_region_shows_its_rule_numbers_and_our_protocol_and_an_unknown_one_shows_all(desk: Desk) -> None:
    await desk.noor.open("/desk/protocols?region=ca-on")
    assert desk.noor.sees("Under 16: everybody must report")
    assert desk.noor.sees("torontocas.ca")
    assert await desk.noor.post("/desk/protocols", {"region": "ca-on", "words": "Ring us first."}) == 404
    await desk.kim.post("/desk/protocols", {"region": "ca-on", "words": "Ring the <b>night</b> desk.\n\nThen write."})
    await desk.noor.open("/desk/protocols?region=ca-on")
    assert desk.noor.sees("Ring the night desk.")
    case = await begun(desk.noor)
    await desk.noor.open(f"/desk/duty/new?about=case.{case.rpartition('/')[2]}")
    for words in ("Under 16: everybody must report", "Under 19: everybody must report", "Ring the night desk."):
        assert desk.noor.sees(words)
    assert desk.noor.page.count("data-region=") > 10
    assert len(What) == desk.noor.page.count('name="what"')
