"""Holds the doors to the list: closed until everything is done, and closed again at one press."""

from __future__ import annotations

import pytest

from portal.opening import Opening
from portal.services import Services
from portal.staff.household.waiving import waive
from portal.store.database import Database
from tests.portal.staff.walker import Walker, set_up, walker
from tests.support.desk_people import papers_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ada(services: Services) -> Walker:
    """The first administrator, signed in, with the sheets before her."""
    return await set_up(walker(services))


async def test_the_doors_open_when_all_three_sheets_are_shown_to_be_on_paper(ada: Walker, services: Services) -> None:
    papers = papers_of([" ".join(sheet) for sheet in ada.slips()])
    await ada.post("/desk/opening/doors", {"doors": "open"})
    assert ada.sees("Something on the list is still to be done.")
    assert not (await services.opening.facts()).is_open

    await ada.post("/desk/sheets", {**papers})
    assert ada.sees("Good. The recovery sheets are on paper.")
    await waive(services.settings, ("hours", "limits", "holders", "drill", "alert", "practice"))
    await ada.post("/desk/opening/doors", {"doors": "open"})

    assert ada.sees("The doors are open. People can reach you now.")
    facts = await services.opening.facts()
    assert facts.is_open
    assert (facts.name, facts.phone_line, facts.region) == ("Lantern Line", "555-0142", "ca-on")
    assert len(facts.receipt_salt) == 16

    await ada.post("/desk/opening/doors", {"doors": "close"})
    assert not (await services.opening.facts()).is_open


async def test_facts_can_be_changed_and_wrong_ones_are_not_taken(ada: Walker, services: Services) -> None:
    await ada.post("/desk/opening/facts", {"house": "New Name", "phone": "555-0177", "region": "ca-bc"})
    await ada.post("/desk/opening/facts", {"house": "", "phone": "javascript:alert(1)", "region": "nowhere"})
    assert ada.sees("Write a phone number")

    facts = await services.opening.facts()
    assert (facts.name, facts.phone_line) == ("New Name", "555-0177")


async def test_without_a_database_the_last_known_phone_line_stays(ada: Walker, services: Services) -> None:
    opening = Opening(services.database, services.staff.folder, "555-0100")
    assert (await opening.facts()).phone_line == "555-0142"
    services.settings.database_path.rename(services.settings.database_path.with_suffix(".away"))
    opening.forget()

    assert (await opening.facts()).phone_line == "555-0142"


async def test_a_process_that_never_read_the_facts_says_closed_and_shows_the_set_phone_line(
    services: Services,
) -> None:
    nowhere = Opening(Database(services.settings.data_dir / "nothing-here.db"), services.staff.folder, "555-0100")

    facts = await nowhere.facts()

    assert not facts.is_open
    assert facts.phone_line == "555-0100"
