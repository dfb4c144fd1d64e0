"""Says how the keys of the house stand: who opens what, who could give it on, and when a drill was last done."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from portal.staff.tables import audit
from portal.vault.statements import COMPARTMENTS, KeyRight

if TYPE_CHECKING:
    from portal.services import Services

# What the audit calls a drill that was done to its end.
DRILLED: Final = "keys.drilled"


@dataclass(frozen=True)
class Door:
    """One compartment: the aliases of those who hold its key, and of those among them who can give it to others."""

    compartment: str
    holders: tuple[str, ...]
    givers: tuple[str, ...]

    @property
    def hangs_on_one(self) -> bool:
        """Whether one forgotten passphrase would be enough that nobody gives this key again, but with two sheets."""
        return len(self.givers) < 2


class Overview:
    """What the page about the sheets shows besides them."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def doors(self) -> list[Door]:
        """The four compartments as the book has them; of people, those who are here. Raises BookBroken."""
        staff = self._services.staff
        ledger = await staff.ledger.current()
        here = {person.id: person.alias for person in await staff.accounts.everyone() if person.is_active}

        def door(name: str) -> Door:
            held = [each for each in here if each in ledger.holders(name)]
            gives = [each for each in held if ledger.may(each, KeyRight.GRANT) and ledger.may(each, KeyRight.VOUCH)]
            return Door(name, tuple(here[each] for each in held), tuple(here[each] for each in gives))

        return [door(name) for name in COMPARTMENTS]

    async def drilled(self) -> str:
        """The day of the last drill, as 2026-11-21; empty where there was none."""
        async with self._services.database.read() as connection:
            days = await connection.execute(
                select(audit.c.day).where(audit.c.act == DRILLED).order_by(audit.c.n.desc()).limit(1)
            )
            return days.scalar() or ""
