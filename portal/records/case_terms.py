"""Says for how many days what belongs to a case is kept after the last work on it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from portal.settings import Settings

SOON_DAYS: Final = 30


@dataclass(frozen=True)
class Terms:
    """Days after the last work on a case: for all of it, its people, what could name them. None outlives a case."""

    case: int
    people: int
    names: int

    @classmethod
    def of(cls, settings: Settings) -> "Terms":
        """The days that count now."""
        return cls(settings.case_days, settings.case_people_days, settings.case_names_days)

    def last_touch(self, today: date, days: int) -> str:
        """A case that was last worked on before this day has had so many days."""
        return (today - timedelta(days=days)).isoformat()

    def cases(self, today: date) -> str:
        """Cases last worked on before this day go."""
        return self.last_touch(today, self.case)

    def people_of(self, today: date) -> str:
        """The people of cases last worked on before this day go."""
        return self.last_touch(today, min(self.people, self.case))

    def names_of(self, today: date) -> str:
        """What names people of cases last worked on before this day goes."""
        return self.last_touch(today, min(self.names, self.people, self.case))

    def goes(self, touched: str) -> date:
        """The first day on which a case that was last worked on that day is not kept any more."""
        return date.fromisoformat(touched) + timedelta(days=self.case + 1)

    def is_soon(self, touched: str, today: date) -> bool:
        """Whether that is near enough to be said."""
        return self.goes(touched) - today <= timedelta(days=SOON_DAYS)
