"""What an office may be told of a case: nothing before a yes or a second person, then what was ticked and no more."""

from __future__ import annotations

import re

import pytest

from portal.ids import from_text, to_text
from portal.records.case_holds import CaseHolds
from portal.records.case_people import CasePeople
from portal.records.case_words import CaseBody, PersonBody
from portal.services import Services
from tests.portal.staff.walker import Walker, acts, give, join, set_up, walker

pytestmark = pytest.mark.anyio

DECIDED: dict[str, str | list[str]] = {
    "basis": "imminent_harm",
    "plan": "report",
    "to": "police.provincial",
    "name": "Mill Town detachment",
    "what": ["story", "place"],
    "grounds": "Threatened this morning.",
    "harm_of_telling": "He may hear of it.",
    "harm_of_silence": "The vans leave on Friday.",
}


async def test_the_police_hear_nothing_until_two_people_stand_behind_it_and_then_no_more_than_that(
    services: Services,
) -> None:
    ada = await set_up(walker(services))
    signed = await services.staff.who(ada.cookie)
    body = CaseBody(said={"kind": ("labour",), "region": ("ca-on",)}, words={"situation": "Papers held."}, by="Ada")
    case = await services.cases.begin(signed, body)
    who = PersonBody(said={"role": ("potential_victim",), "age": ("adult",)})
    people = CasePeople(services.cases, CaseHolds(services.staff))
    await people.add(signed, case, who, {"name": "Wren Calloway", "place": "The greenhouse"})
    tell, about = f"/desk/cases/{to_text(case)}/tell", f"case.{to_text(case)}"
    asked: dict[str, str | list[str]] = {"to": "police.provincial", "what": ["story", "place"]}

    await ada.open(tell)
    assert ada.sees("What an office may be told")
    await ada.post(tell, asked)
    assert ada.sees("Nothing leaves: she has not agreed to all of it")
    assert not ada.sees("Papers held.")
    row = await decided(ada, about)
    await ada.post(tell, asked)
    assert ada.sees("Nothing leaves"), "one person alone is not enough"

    kim = await join(ada, alias="Kim", role="supervisor")
    await give(ada, "Kim", "records", "names")
    assert await kim.signs_in("Kim")
    await kim.post(f"/desk/duty/one/{row}/look", {"do": "agree", "words": ""})
    await ada.post(tell, asked)
    assert ada.sees("Without consent: somebody may come to harm now.")
    assert ada.sees("What happens: Papers held.")
    assert ada.sees("Where she is: The greenhouse") or ada.sees("The greenhouse")
    assert not ada.sees("Wren Calloway")
    # Another office, or one thing more, is another question.
    for other in ({**asked, "to": "court"}, {**asked, "what": ["story", "place", "name"]}):
        await ada.post(tell, other)
        assert ada.sees("Nothing leaves")
    written = [act for act in await acts(services) if act.startswith("gate.")]
    assert written.count("gate.left.imminent_harm") == 1
    assert "gate.refused" in written


async def decided(ada: Walker, about: str) -> str:
    """A decision to report, written and not looked at by anybody; its name."""
    await ada.open(f"/desk/duty/new?about={about}")
    found = re.search(r'name="row" value="([^"]+)"', ada.page)
    assert found is not None
    await ada.post("/desk/duty/new", {**DECIDED, "about": about, "row": found[1]})
    assert len(from_text(found[1], 16)) == 16
    return found[1]
