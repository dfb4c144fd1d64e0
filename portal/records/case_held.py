"""Tells which records of contacts a legal hold keeps, because it keeps the case they belong to; opens nothing."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.records.case_holds import CaseHolds
from portal.records.case_rows import CaseRows
from portal.records.case_tables import case_contacts
from portal.staff.desk import StaffRoom


class HeldContacts:
    """Asked by whoever deletes records whose days are over."""

    def __init__(self, staff: StaffRoom) -> None:
        self._rows = CaseRows(staff)
        self._holds = CaseHolds(staff)

    async def among(
        self, connection: AsyncConnection, records: Collection[bytes], *, kind: str = "contact"
    ) -> set[bytes]:
        """Those of these records, or tips, that belong to a case a hold keeps."""
        held = (await self._holds.read(connection)).named
        if not held or not records:
            return set()
        asked = select(case_contacts).where(case_contacts.c.case_id.in_(held))
        found = {row.find for row in self._rows.ours(case_contacts, (await connection.execute(asked)).all())}
        return {each for each in records if not found.isdisjoint(self._rows.finds(kind, each))}
