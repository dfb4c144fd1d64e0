"""The book of cases: one door to each, sealed and marked rows, a supervisor brought in where it says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from sqlalchemy import delete, insert, select, update

from portal.errors import NotThere
from portal.ids import random_id
from portal.records.case_shapes import ChangedMeanwhile
from portal.records.case_tables import case_contacts, case_hands, case_people, cases
from portal.records.case_words import (
    CaseBody,
    ContactLink,
    NoteBody,
    PersonBody,
    PersonNames,
    case_from,
    merged,
    people_from,
    spoken,
)
from portal.records.supervising import SupervisorEntry
from portal.staff.rights import Role, rights_of
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.records.test_contacts import calls, record

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

KESTREL = "The kestrel sleeps above the shop."


def body(likelihood: str = "none", **said: tuple[str, ...]) -> CaseBody:
    return CaseBody(said={"likelihood": (likelihood,), **said}, words={"situation": KESTREL}, by="Robin")


def advocate(signed: Signed) -> Signed:
    """The same person with the rights of an advocate who holds the same keys, under another name."""
    rights = rights_of(Role.ADVOCATE, signed._keys)
    return replace(signed, staff_id=random_id(), role=Role.ADVOCATE, rights=rights)


async def rows(house: ChatHouse, table: Any) -> list[Any]:
    async with house.services.database.read() as connection:
        return list((await connection.execute(select(table))).all())


async def test_a_case_opens_for_whose_it_is_and_for_supervisors_and_for_nobody_without_the_key(
    house: ChatHouse,
) -> None:
    hers, other = advocate(house.advocate), advocate(house.advocate)
    book = house.services.cases
    case = await book.begin(hers, body(kind=("labour",)), [PersonBody(said={"role": ("potential_victim",)})])
    for signed in (hers, house.advocate):  # who set the house up is its administrator, and holds every key here
        assert (await book.open(signed, case)).body.word("situation") == KESTREL
    keyless = replace(house.advocate, _keys={}, rights=rights_of(Role.ADMINISTRATOR, ()))
    for nobody in (other, keyless, replace(hers, _keys={})):
        for one in (case, random_id()):
            with pytest.raises(NotThere, match="no such case"):
                await book.open(nobody, one)
    raw = b"".join(bytes(value) for row in await rows(house, cases) for value in row if isinstance(value, bytes))
    assert b"kestrel" not in raw
    assert b"labour" not in raw


async def test_a_row_that_somebody_else_wrote_opens_nothing(house: ChatHouse) -> None:
    hers, thief = advocate(house.advocate), advocate(house.advocate)
    book = house.services.cases
    case = await book.begin(hers, body())
    (hand,) = await rows(house, case_hands)
    async with house.services.database.write() as connection:
        await connection.execute(insert(case_hands).values(**{**hand._mapping, "staff": thief.staff_id}))
    with pytest.raises(NotThere):
        await book.open(thief, case)
    async with house.services.database.write() as connection:
        await connection.execute(update(cases).values(status="closed"))
    with pytest.raises(NotThere):
        await book.open(hers, case)


async def test_two_who_change_it_at_once_lose_nothing(house: ChatHouse) -> None:
    book = house.services.cases
    case = await book.begin(house.advocate, body())
    await book.change(house.advocate, case, body(kind=("sex",)), 1)
    with pytest.raises(ChangedMeanwhile):
        await book.change(house.advocate, case, body(kind=("labour",)), 1)
    assert (await book.open(house.advocate, case)).body.get("kind") == "sex"


async def test_a_potential_case_calls_at_once_a_possible_one_within_the_shift(house: ChatHouse) -> None:
    book = house.services.cases
    case = await book.begin(house.advocate, body("none"))
    assert await calls(house) == []
    await book.change(house.advocate, case, body("possible"), 1)
    assert [call.kind for call in await calls(house)] == ["case_shift"]
    assert (await book.open(house.advocate, case)).waits == "shift"
    await book.change(house.advocate, case, body("potential"), 2)
    assert sorted(call.kind for call in await calls(house)) == ["case", "case_shift"]
    # It goes on waiting, whatever is said afterwards: a supervisor decides.
    await book.change(house.advocate, case, body("none"), 3)
    assert (await book.open(house.advocate, case)).waits == "now"


async def test_a_contact_leads_to_its_case_and_stands_nowhere_in_clear(house: ChatHouse) -> None:
    book, link = house.services.cases, ContactLink(kind="tip", ref=random_id(), day="2026-11-23")
    case = await book.begin(house.advocate, body(), link=link)
    assert await book.begin(house.advocate, body(), link=link) == case
    with pytest.raises(NotThere):
        await book.begin(advocate(house.advocate), body(), link=link)
    (row,) = await rows(house, case_contacts)
    assert link.ref not in b"".join(value for value in row if isinstance(value, bytes))
    (contact,) = (await book.whole(house.advocate, case)).contacts
    assert contact.link == link
    async with house.services.database.write() as connection:
        await connection.execute(delete(case_contacts))
    assert await book.begin(house.advocate, body(), link=link) != case


async def test_a_person_says_nothing_that_names_her_without_the_names(house: ChatHouse) -> None:
    book = house.services.cases
    said = {"role": ("potential_victim",), "languages": ("pa", "uk")}
    case = await book.begin(house.advocate, body(), [PersonBody(said=said)])
    (person,) = (await book.whole(house.advocate, case)).people
    assert person.body is not None
    assert person.body.all_of("languages") == ("pa", "uk")
    assert person.body.all_of("gender") == ("unknown",)
    assert (person.names, person.has_names) == (None, False)
    (row,) = await rows(house, case_people)
    assert row.names == b""


def test_a_case_begins_with_what_its_record_says() -> None:
    begun = record("yes", line="Asked for a bed.")
    begun = msgspec.structs.replace(begun, said={**begun.said, "kind": ("labour",), "age": ("under18",)})
    case = case_from(begun, "Robin")
    assert (case.get("likelihood"), case.get("kind"), case.word("situation")) == (
        "potential",
        "labour",
        "Asked for a bed.",
    )
    (person,) = people_from(begun, "Robin")
    assert (person.get("role"), person.get("age")) == ("potential_victim", "under18")
    assert people_from(record("none"), "Robin") == []
    assert spoken(bytes(16)) == "000 000"


GOLDEN: list[tuple[msgspec.Struct, bytes]] = [
    (
        CaseBody(said={"kind": ("sex", "labour")}, words={"plan": "Call."}, by="Robin", closed="2026-11-23"),
        b'{"said":{"kind":["sex","labour"]},"words":{"plan":"Call."},"by":"Robin","closed":"2026-11-23"}',
    ),
    (
        PersonBody(said={"age": ("adult",)}, words={"description": "Tall."}, by="Robin"),
        b'{"said":{"age":["adult"]},"words":{"description":"Tall."},"by":"Robin"}',
    ),
    (PersonNames(words={"name": "Kestrel"}), b'{"words":{"name":"Kestrel"}}'),
    (
        ContactLink(kind="tip", ref=bytes(16), day="2026-11-23"),
        b'{"kind":"tip","ref":"AAAAAAAAAAAAAAAAAAAAAA==","day":"2026-11-23"}',
    ),
    (
        NoteBody(words="Called.", by="Robin", entry=SupervisorEntry(version=1, verdict="agreed", by="Kim")),
        b'{"words":"Called.","by":"Robin","entry":{"version":1,"verdict":"agreed","by":"Kim"}}',
    ),
]


@pytest.mark.parametrize(("said", "written"), GOLDEN, ids=[type(said).__name__ for said, _ in GOLDEN])
def test_what_is_sealed_of_the_first_version_is_read_to_the_letter(said: msgspec.Struct, written: bytes) -> None:
    assert msgspec.json.encode(said) == written
    assert msgspec.json.decode(written, type=type(said)) == said
    assert repr(said) == f"{type(said).__name__}(...)"
    newer = msgspec.json.encode(msgspec.json.decode(written) | {"version": 2, "colour": "green"})
    assert msgspec.json.decode(newer, type=type(said)) == msgspec.structs.replace(said, version=2)


def test_two_cases_that_become_one_say_both() -> None:
    new = CaseBody(said={"venues": ("hotel",), "likelihood": ("possible",), "kind": ("sex",)}, words={"plan": "Call."})
    old = CaseBody(said={"venues": ("factory", "hotel"), "likelihood": ("potential",), "control": ("na",)})
    one = merged(new, old)
    assert one.said == {
        "venues": ("hotel", "factory"),
        "likelihood": ("potential",),
        "kind": ("sex",),
        "control": ("na",),
    }
    assert one.words == {"plan": "Call."}
