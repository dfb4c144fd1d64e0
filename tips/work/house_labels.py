"""Keeps the short list of labels that a house offers on every tip."""

from typing import ClassVar

from sqlalchemy import delete, insert, select

from portal.errors import PorchlightError
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from tips.tables import tip_house_labels
from tips.work.labels import MOST_OF_THE_HOUSE, are_short, read_labels


class ListTooLong(PorchlightError):
    """More labels, or longer ones, than somebody looks through."""

    phrase: ClassVar[str] = "deskwork.error.long_list"
    status: ClassVar[int] = 422


class HouseLabels:
    """The list, in the order it was written. Tips keep a label that is taken off it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def all(self) -> list[str]:
        """Every label of the list. Raises DatabaseAway."""
        wanted = select(tip_house_labels.c.label).order_by(tip_house_labels.c.place)
        async with self._services.database.read() as connection:
            return list(await connection.scalars(wanted))

    async def keep(self, signed: Signed, typed: str) -> None:
        """Replace the list by what was typed, a label on each line. Raises ListTooLong, DatabaseAway."""
        labels = read_labels(typed)
        if len(labels) > MOST_OF_THE_HOUSE or not are_short(labels):
            raise ListTooLong("more than one list holds")
        async with self._services.database.write() as connection:
            await connection.execute(delete(tip_house_labels))
            rows = [{"label": label, "place": place} for place, label in enumerate(labels)]
            if rows:
                await connection.execute(insert(tip_house_labels), rows)
            at = self._services.clock.now()
            await audit.line(connection, at=at, act="tip.labels_kept", staff_id=signed.staff_id)
