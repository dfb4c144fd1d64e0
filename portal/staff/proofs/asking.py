"""Decides of whom a second proof is asked, and until when she may still put it off."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from portal.staff.rights import NEEDS_KEY, RIGHTS, Role

# How a person's second proof stands (Person.second): nobody asked her yet, she has one, two colleagues took it away;
# any other word is the day since which she is asked.
NEVER_ASKED: Final = ""
HAS_ONE: Final = "on"
TAKEN_AWAY: Final = "reset"


def roles_with_keys() -> tuple[str, ...]:
    """Every role that may be granted a compartment."""
    return tuple(role.value for role in Role if RIGHTS[role] & NEEDS_KEY.keys())


@dataclass(frozen=True)
class Asking:
    """The house's rule: which roles are asked, and for how many days somebody who was asked may go on without."""

    roles: Collection[str]
    days: int

    def asks(self, role: Role, second: str) -> bool:
        """Whether she is to be asked for one."""
        return second != HAS_ONE and (role.value in self.roles or second == TAKEN_AWAY)

    def days_left(self, role: Role, second: str, today: date) -> int:
        """For how many days she may put it off; 0: not any more. Of one who is not asked it says nothing."""
        if second == TAKEN_AWAY:
            return 0
        return self.days if second == NEVER_ASKED else max(0, self.days - (today - date.fromisoformat(second)).days)

    def shuts(self, role: Role, second: str, began: date) -> bool:
        """Whether a session that began on this day opens nothing but the page that asks for a second proof.

        The day it began, not today's: nobody's desk falls shut at midnight in the middle of a conversation. And the day
        after the last is free for who may put it off at all: a desk that is locked in that night and unlocked after it
        begins another session, with somebody waiting behind it.
        """
        spare = timedelta(days=1 if self.days and second not in (NEVER_ASKED, TAKEN_AWAY) else 0)
        return self.asks(role, second) and self.days_left(role, second, began - spare) == 0
