"""Changes what is true of the house itself: its name and phone, the sheet on paper, the open doors."""

import hmac
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import func, select

from portal.errors import PorchlightError
from portal.opening import SiteFacts
from portal.paper.holders import SheetWrong
from portal.paper.overview import DRILLED
from portal.staff.accounts import Person
from portal.staff.household.readiness import HOLDERS, HOLDS, WAIVED, Check, checked
from portal.staff.keys.granting import standing
from portal.staff.rights import RIGHTS, Right
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit as audit_lines
from portal.staff.trail import audit
from portal.vault.errors import SheetUnreadable
from portal.vault.recovery import read_sheet, recovery_keys

if TYPE_CHECKING:
    from portal.services import Services


class NotReady(PorchlightError):
    """The doors stay closed while something on the list is still to be done."""

    phrase: ClassVar[str] = "desk.error.not_ready"
    status: ClassVar[int] = 422


class KnownByThisName(PorchlightError):
    """Whoever talks to her was told the name she has, and it must stay true for as long as they talk."""

    phrase: ClassVar[str] = "desk.error.known_by_this_name"
    status: ClassVar[int] = 409


class House:
    """The acts on the house."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def checks(self, site: SiteFacts) -> list[Check]:
        """What has to be done before the doors can open, in the order a new operator does it. Raises DatabaseAway."""
        services = self._services
        async with services.database.read() as connection:
            values = await services.desk_settings.read(connection)
            doors = await services.doors.read(connection)
            drilled = select(func.max(audit_lines.c.day)).where(audit_lines.c.act == DRILLED)
            shown = {"drill": (await connection.execute(drilled)).scalar_one() or ""}
        shown |= {name: day for name in HOLDS if (day := values.get(f"ready.{name}", ""))}
        holders = await self._key_holders()
        done = {
            "name": bool(site.name),
            "phone": bool(site.phone_line),
            "region": bool(site.region),
            "hours": bool(doors.hours) or "ready.always" in values,
            "limits": "ready.limits" in values,
            "sheet": site.is_sheet_kept,
            "person": any(Right.TAKE_CHATS in RIGHTS[person.role] for person in holders),
            "holders": len(holders) >= HOLDERS,
        }
        return checked(done, shown, values.get(WAIVED, ""), services.clock.now().date())

    async def facts(self) -> SiteFacts:
        """The facts as the database holds them now; a page that changes them never shows an older moment."""
        async with self._services.database.read() as connection:
            return await self._services.opening.read(connection)

    async def change_facts(self, signed: Signed, *, name: str, phone_line: str, region: str) -> None:
        """Write name, phone line and region of the house."""
        async with self._services.database.write() as connection:
            await self._services.opening.change(connection, name=name, phone_line=phone_line, region=region)
            await audit.line(connection, at=self._services.clock.now(), act="house.changed", staff_id=signed.staff_id)
        self._services.opening.forget()

    async def keep_sheet(self, signed: Signed, typed: str) -> None:
        """Believe that the one sheet of an older house exists on paper: all of it was typed. Raises SheetWrong.

        Typing is the proof. A tick beside "I wrote it down" proves nothing, and the day the sheet is needed is too
        late to find a letter missing.
        """
        await self._services.staff.ledger.current()
        if self._services.staff.folder.has_three_sheets():
            raise SheetWrong("three sheets are shown apart")
        try:
            root = recovery_keys(read_sheet(typed)).root_public
        except SheetUnreadable:
            raise SheetWrong("unreadable") from None
        if not hmac.compare_digest(root, self._services.staff.ledger.root_public):
            raise SheetWrong("another house's")
        async with self._services.database.write() as connection:
            await self._services.opening.change(connection, is_sheet_kept=True)
            await audit.line(
                connection, at=self._services.clock.now(), act="house.sheet_kept", staff_id=signed.staff_id
            )
        self._services.opening.forget()

    async def speak(self, signed: Signed, tongue: str) -> None:
        """Let the desk speak another language to this person."""
        async with self._services.database.write() as connection:
            await self._services.staff.accounts.change(connection, signed.staff_id, tongue=tongue)

    async def call_her(self, signed: Signed, alias: str) -> None:
        """Let her take another name for her shift. Raises KnownByThisName while she talks to anybody."""
        if await self._services.is_holding(signed.staff_id):
            raise KnownByThisName("she talks to somebody")
        async with self._services.database.write() as connection:
            await self._services.staff.accounts.change(connection, signed.staff_id, alias=alias)
            await audit.line(connection, at=self._services.clock.now(), act="alias.taken", staff_id=signed.staff_id)

    async def open_doors(self, signed: Signed) -> None:
        """Let the public in. Raises NotReady while anything on the list is open."""
        if not all(check.is_done for check in await self.checks(await self.facts())):
            raise NotReady("the list is not done")
        await self._set_doors(signed, is_open=True)

    async def close_doors(self, signed: Signed) -> None:
        """Let nobody new in; pages say "not open" and show the phone line."""
        await self._set_doors(signed, is_open=False)

    async def _set_doors(self, signed: Signed, *, is_open: bool) -> None:
        act = "doors.opened" if is_open else "doors.closed"
        async with self._services.database.write() as connection:
            await self._services.opening.change(connection, is_open=is_open)
            await audit.line(connection, at=self._services.clock.now(), act=act, staff_id=signed.staff_id)
        self._services.opening.forget()

    async def _key_holders(self) -> list[Person]:
        """Who is here and holds the key to the chats."""
        ledger = await self._services.staff.ledger.current()
        everyone = await self._services.staff.accounts.everyone()
        return [each for each in everyone if each.is_active and "chat" in standing(ledger, each.id).holds]
