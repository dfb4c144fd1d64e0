"""An editor keeps the directory, an advocate finds in it and says what is still right, and nobody else sees it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.clock import StillClock
from portal.directory.finding import Wanted
from portal.services import Services
from portal.staff.rights import RIGHTS, Right, Role
from tests.portal.staff.walker import Walker, set_up, walker

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ada(services: Services) -> Walker:
    """The first administrator, signed in."""
    return await set_up(walker(services))


SERVICE: dict[str, str | list[str]] = {
    "name": "Night shelter",
    "needs": ["bed", "nonsense"],
    "regions": ["ca-on"],
    "places": "Kenora, Thunder Bay،Dryden",
    "languages": ["en", "iu-Cans"],
    "phone0": "807 555 0142",
    "kind0": "voice",
    "phone1": "+52 800 553 3000",
    "days0": ["0", "1"],
    "opens0": "9:00",
    "closes0": "17:30",
    "original": "fr",
    "about.fr": "Un lit pour <b>la nuit</b>.",
    "address": "12 Hidden Lane",
    "cost": "free",
}


async def make(editor: Walker) -> str:
    """An organisation with a service; the service's address."""
    await editor.post("/desk/directory/add", {"name": "Haven", "kind": "ngo", "sub": "direct"})
    assert editor.address.startswith("/desk/directory/organisation/")
    await editor.post(f"{editor.address}/add", SERVICE)
    assert editor.address.startswith("/desk/directory/service/")
    return editor.address


async def test_an_entry_is_written_found_read_and_changed(ada: Walker, services: Services) -> None:
    address = await make(ada)
    for words in ("Night shelter", "1-807-555-0142", "+52 800 553 3000", "9:00", "Un lit pour la nuit.", "Staff only"):
        assert ada.sees(words), words
    await ada.post("/desk/directory/find", {"typed": "dry", "need": "bed", "region": "ca-on", "language": "iu-Cans"})
    assert ada.sees("Night shelter")
    assert "dry" not in ada.address
    await ada.post("/desk/directory/find", {"typed": "night", "need": "lawyer"})
    assert ada.sees("Nothing fits")
    await ada.open(f"{address}/change")
    assert 'value="17:30"' in ada.page
    assert 'value="+18075550142"' in ada.page
    await ada.post(f"{address}/change", {**SERVICE, "name": "Day shelter", "is_closed": "yes"})
    assert ada.sees("Day shelter")
    (found,) = (await services.directory.find(Wanted(with_closed=True))).rows
    assert found.service.places == ("Kenora", "Thunder Bay", "Dryden")
    assert found.service.needs == ("bed",)
    await ada.post(f"{address}/remove")
    assert await ada.open(address) == 404


async def test_what_was_typed_stands_there_again_beside_what_is_wrong(ada: Walker) -> None:
    address = await make(ada)
    wrong = {
        **SERVICE,
        "name": "",
        "phone0": "call us",
        "opens0": "",
        "website": "javascript:alert(1)",
        "youngest": "x",
    }
    await ada.post(f"{address}/change", wrong)
    for words in ("It needs a name.", "Tick days", "A web address", "An age is a whole number."):
        assert ada.sees(words), words
    assert 'value="call us"' in ada.page
    assert re.search(r'name="days0" value="1" checked', ada.page)
    await ada.post("/desk/directory/add", {"name": "x" * 200, "kind": "charity"})
    assert ada.sees("Too long")
    assert ada.sees("Choose what kind it is.")


async def test_one_press_says_that_an_old_entry_is_still_right(
    ada: Walker, services: Services, clock: StillClock
) -> None:
    address = await make(ada)
    await ada.open("/desk/directory/stale")
    assert ada.sees("Everything has been looked over in time.")
    clock.advance(timedelta(days=services.settings.directory_days + 1))
    assert await ada.signs_in("ada")
    await ada.open("/desk/directory")
    assert ada.sees("1 service to look over")
    assert ada.sees("Not looked over for long")
    await ada.open("/desk/directory/stale")
    assert ada.sees("Night shelter")
    await ada.post(f"{address}/right", {"from": "stale"})
    assert ada.address == "/desk/directory/stale"
    assert ada.sees("Everything has been looked over in time.")
    await ada.open(address)
    assert ada.sees("by Ada")


def test_whoever_answers_finds_and_reviews_and_only_an_editor_writes() -> None:
    keeps = {role for role in Role if Right.KEEP_DIRECTORY in RIGHTS[role]}
    sees = {role for role in Role if Right.SEE_DIRECTORY in RIGHTS[role]}
    assert keeps == {Role.DIRECTORY_EDITOR, Role.ADMINISTRATOR}
    assert sees == {Role.ADVOCATE, Role.SUPERVISOR, *keeps}
