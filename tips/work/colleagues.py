"""Knows who may be given a tip: people who are here, hold the key to tips and may answer them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from portal.services import Services
from portal.staff.rights import RIGHTS, Right, Role
from portal.staff.sessions.session import Signed

SUPERVISING: Final = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Whose second look counts as a supervisor's. An administrator who holds the key stands in, in a small house."""


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here, or did. `is_here`: she can be given a tip now."""

    id: bytes
    alias: str
    languages: tuple[str, ...]
    supervises: bool
    is_here: bool

    def reads(self, language: str) -> bool:
        """Whether she reads a tip in this language."""
        return language in self.languages


@dataclass(frozen=True)
class Choice:
    """Somebody a tip may be given to, and whether she reads its language."""

    colleague: Colleague
    reads: bool


class Colleagues:
    """Reads the people afresh each time: whoever left a moment ago is given nothing more."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def known(self) -> Mapping[bytes, Colleague]:
        """Everybody there ever was, by id. Raises DatabaseAway, ChainBroken."""
        staff = self._services.staff
        holders = (await staff.ledger.current()).holders("tips")
        return {
            person.id: Colleague(
                person.id,
                person.alias,
                person.languages,
                person.role in SUPERVISING,
                person.is_active and person.id in holders and Right.ANSWER_TIPS in RIGHTS[person.role],
            )
            for person in await staff.accounts.everyone()
        }


def supervises(signed: Signed) -> bool:
    """Whether this person's second look is a supervisor's."""
    return signed.role in SUPERVISING


def here(known: Mapping[bytes, Colleague]) -> frozenset[bytes]:
    """Those a tip may be in the hands of."""
    return frozenset(each.id for each in known.values() if each.is_here)


def gone(known: Mapping[bytes, Colleague]) -> tuple[bytes, ...]:
    """Those in whose hands a tip may still be, though they work on none any more."""
    return tuple(each.id for each in known.values() if not each.is_here)


def choices(known: Iterable[Colleague], language: str, *, but: Collection[bytes] = ()) -> list[Choice]:
    """Whom a tip in this language may be given to: who reads it, or everybody where nobody else does."""
    asked = [each for each in known if each.is_here and each.id not in but]
    reading = [each for each in asked if each.reads(language)]
    return [Choice(each, each.reads(language)) for each in reading or asked]
