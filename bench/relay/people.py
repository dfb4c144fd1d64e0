"""Staffs a house for the bench: one who runs it, and as many more who may take conversations."""

from __future__ import annotations

from tests.support.desk_people import DeskPerson, open_doors, set_up
from tests.support.server_process import House


def staffed(house: House, advocates: int) -> list[DeskPerson]:
    """Set the house up, open its doors, and answer so many people who may take conversations."""
    first = set_up(house)
    open_doors(first)
    people = [first, *(_invited(first, f"Advocate {number}") for number in range(1, advocates))]
    first.close()
    return people


def _invited(first: DeskPerson, alias: str) -> DeskPerson:
    before = _staff_links(first)
    person = first.invites(alias, "advocate", ["en"])
    (link,) = _staff_links(first) - before
    first.reader.opens(link)
    form = first.reader.page.form(action="/keys")
    first.reader.sends(form, {"passphrase": first.passphrase, "compartments": ["chat"]})
    assert first.reader.answers[-1].status_code in {200, 203}, first.reader.page.words[:300]
    assert alias in first.reader.page.words
    person.close()
    return person


def _staff_links(first: DeskPerson) -> set[str]:
    first.reader.opens("/desk/staff")
    return {link for link in first.reader.page.links if link.startswith("/desk/staff/")}
