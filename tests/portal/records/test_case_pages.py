"""Cases at the desk: begun in one press, worked on by whose they are, decided by a supervisor, shut to all others."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from portal.ids import random_id, to_text
from portal.services import Services
from tests.portal.records.test_record_pages import CALL
from tests.portal.staff.walker import Walker, acts, give, join, set_up, walker

pytestmark = pytest.mark.anyio

HARMS = {"harm_of_telling": "Little.", "harm_of_silence": "Grave."}


@dataclass
class Desk:
    """A supervisor, an advocate with the key of the records, one without, and the administrator who let them in."""

    ada: Walker
    kim: Walker
    noor: Walker
    sam: Walker


@pytest.fixture
async def desk(services: Services) -> Desk:
    ada = await set_up(walker(services))
    kim, noor = await join(ada, alias="Kim", role="supervisor"), await join(ada, alias="Noor")
    sam = await join(ada, alias="Sam")
    await give(ada, "Kim", "records")
    await give(ada, "Noor", "records", "names")
    await give(ada, "Sam", "records")
    for name, each in (("Kim", kim), ("Noor", noor), ("Sam", sam)):
        assert await each.signs_in(name)
    return Desk(ada, kim, noor, sam)


async def begun(who: Walker) -> str:
    assert await who.post("/desk/cases/new", {"of": "phone"}) == 203
    return who.address


async def test_from_a_record_to_a_closed_case(desk: Desk, services: Services) -> None:
    row = to_text(random_id())
    await desk.noor.post("/desk/record", {**CALL, "row": row, "line": "Asked for a bed.", "kind": "labour"})
    assert await desk.noor.post("/desk/cases/new", {"of": "contact", "ref": row}) == 203
    case = desk.noor.address
    assert desk.noor.sees("Potential case")
    assert desk.noor.sees("Asked for a bed.")
    assert desk.noor.sees("A supervisor was asked.")
    # Pressed twice, it leads to the same.
    await desk.noor.post("/desk/cases/new", {"of": "contact", "ref": row})
    assert desk.noor.address == case
    await desk.noor.post(
        f"{case}/person/new", {"role": "suspected_person", "name": "Kestrel Lane", "languages": ["hu", "unknown"]}
    )
    assert desk.noor.sees("Kestrel Lane")
    assert desk.noor.sees("Suspected person")
    # Nobody closes it before a supervisor has written, and she weighs both harms.
    await desk.noor.post(f"{case}/do", {"do": "status", "status": "closed", "words": "A bed was found."})
    assert desk.noor.sees("A supervisor has to write to it first.")
    for act in ("entry", "hold", "erase"):
        assert await desk.noor.post(f"{case}/{act}", {"verdict": "agreed", "words": "A court asked.", **HARMS}) == 404
    await desk.kim.open("/desk/cases?show=waiting")
    assert case in desk.kim.page
    await desk.kim.open(case)
    assert not desk.kim.sees("Kestrel Lane")
    assert desk.kim.sees("kept, closed to you")
    await desk.kim.post(f"{case}/entry", {"verdict": "agreed"})
    assert desk.kim.sees("Say in a few words what it may do.")
    await desk.kim.post(f"{case}/entry", {"verdict": "agreed", **HARMS})
    assert desk.kim.sees("A supervisor has written to it.")
    await desk.noor.post(f"{case}/do", {"do": "status", "status": "closed"})
    assert desk.noor.sees("Say why, in a few words.")
    await desk.noor.post(f"{case}/do", {"do": "status", "status": "closed", "words": "A bed was found."})
    await desk.noor.open("/desk/cases?show=over")
    assert case in desk.noor.page
    told = await acts(services)
    assert {"case.begun", "case.opened", "case.person", "case.agreed", "case.closed"} <= set(told)


async def test_a_case_is_there_for_whose_it_is_and_for_no_other(desk: Desk) -> None:
    case = await begun(desk.noor)
    for address in (case, f"{case}/facts", f"{case}/person/new", "/desk/cases/x"):
        assert await desk.sam.open(address) == 404
    for act in ("note", "ask", "keep", "merge", "nothing"):
        assert await desk.sam.post(f"{case}/do", {"do": act, "words": "x", "number": "1"}) == 404
    await desk.sam.open("/desk/cases")
    assert case not in desk.sam.page
    await desk.noor.open(case)
    sams = re.search(r'<option value="([\w-]{22})">Sam</option>', desk.noor.page)
    assert sams is not None
    await desk.noor.post(f"{case}/do", {"do": "give", "to": sams[1]})
    assert await desk.sam.open(case) == 203
    await desk.sam.post(f"{case}/do", {"do": "note", "words": "Called back at noon."})
    assert desk.sam.sees("Called back at noon.")
    await desk.sam.post(f"{case}/do", {"do": "off", "to": sams[1]})
    assert await desk.sam.open(case) == 404


async def test_facts_are_changed_found_and_never_written_over_unseen(services: Services) -> None:
    ada = await set_up(walker(services))
    case = await begun(ada)
    said: dict[str, str | list[str]] = {
        "likelihood": "possible",
        "region": "ca-on",
        "venues": ["domestic", "farm"],
        "situation": "Works from five, Élodie’s shop.",
    }
    await ada.post(f"{case}/facts", {**said, "revision": "1"})
    assert ada.sees("Housework")
    await ada.post(f"{case}/facts", {"situation": "Other.", "revision": "1"})
    assert ada.sees("Somebody changed this meanwhile.")
    await ada.post("/desk/cases/find", {"words": "elodie", "region": "ca-on"})
    assert case in ada.page
    for words, region in (("elodie", "ca-bc"), ("kestrel", "")):
        await ada.post("/desk/cases/find", {"words": words, "region": region})
        assert ada.sees("0 cases found."), words
    await ada.post(f"{case}/facts", {"situation": "x" * 801, "revision": "2"})
    assert ada.sees("This is too long.")


async def test_contacts_move_and_two_cases_become_one(services: Services) -> None:
    ada = await set_up(walker(services))
    one, other = await begun(ada), await begun(ada)
    await ada.open(other)
    number = re.search(r'class="case-number">([\d ]+)<', ada.page)
    assert number is not None
    await ada.open(one)
    contact = re.search(r'name="row" value="([\w-]{22})"', ada.page)
    assert contact is not None
    await ada.post(f"{one}/do", {"do": "move", "row": contact[1], "number": number[1]})
    await ada.open(one)
    assert ada.sees("None. The record of a chat")
    await ada.post(f"{one}/do", {"do": "merge", "number": "000 00"})
    assert ada.sees("No case of yours has this number.")
    await ada.post(f"{one}/do", {"do": "merge", "number": number[1]})
    assert ada.address == other
    assert len(re.findall(r'name="row" value="[\w-]{22}"', ada.page)) == 4
    assert ada.sees("Another case became a part of this")
    await ada.open(one)
    assert ada.address == other
    await ada.post(f"{other}/do", {"do": "out", "row": contact[1]})
    assert len(re.findall(r'name="row" value="[\w-]{22}"', ada.page)) == 2


async def test_a_hold_is_two_peoples_and_its_end_too(services: Services) -> None:
    ada = await set_up(walker(services))
    kim = await join(ada, alias="Kim", role="supervisor")
    await give(ada, "Kim", "records")
    assert await kim.signs_in("Kim")
    case = await begun(kim)
    await kim.post(f"{case}/hold", {"words": ""})
    assert kim.sees("Say why, in a few words.")
    await kim.post(f"{case}/hold", {"words": "A court asked."})
    assert kim.sees("You asked. Another person decides.")
    await kim.post(f"{case}/hold", {"words": "A court asked."})
    assert kim.sees("Another person has to decide this.")
    await ada.post(f"{case}/hold", {"words": "Order seen."})
    assert ada.sees("held for the law")
    other = await begun(kim)
    number = re.search(r'class="case-number">([\d ]+)<', kim.page)
    assert number is not None
    await kim.post(f"{case}/do", {"do": "merge", "number": number[1]})
    assert kim.sees("A legal hold keeps it as it is.")
    assert other != case
