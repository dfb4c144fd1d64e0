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
    person = first.invites(alias, "advocate", ["en"], "chat")
    person.close()
    return person
