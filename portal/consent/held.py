"""Tells which things a legal hold keeps, so that what was agreed about them, and decided, stays as long as they do."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.consent.terms import Kind, Subject
from portal.records.case_held import HeldContacts
from portal.records.case_holds import CaseHolds
from portal.records.case_tables import cases
from portal.staff.desk import StaffRoom

Held = Callable[[AsyncConnection, Collection[Subject]], Awaitable[set[Subject]]]
HeldTips = Callable[[AsyncConnection], Awaitable[Collection[bytes]]]

# What may belong to a case, and is kept with it.
_OF_A_CASE: Final = (Kind.CONTACT, Kind.TIP)


async def _no_tips(_connection: AsyncConnection) -> Collection[bytes]:
    return ()


class HeldThings:
    """Cases that are held, what belongs to them, and tips that are held; a conversation is never held."""

    def __init__(self, staff: StaffRoom) -> None:
        self._holds = CaseHolds(staff)
        self._contacts = HeldContacts(staff)
        self.tips: HeldTips = _no_tips
        """The tip room's list; a house without that room holds none."""

    async def among(self, connection: AsyncConnection, about: Collection[Subject]) -> set[Subject]:
        """Those of these things that must not go."""
        if not about:
            return set()
        held = (await self._holds.read(connection)).named
        merged = select(cases.c.id).where(cases.c.merged_into.in_(held))
        kept = {Kind.CASE: {*held, *(await connection.scalars(merged))}, Kind.TIP: set(await self.tips(connection))}
        found = {each for each in about if each.id in kept.get(each.kind, ())}
        for kind in _OF_A_CASE:
            ids = [each.id for each in about if each.kind is kind]
            found |= {Subject(kind, each) for each in await self._contacts.among(connection, ids, kind=kind.value)}
        return found
