"""Switches files on, once somebody has confirmed what happens with a picture of child abuse, and off again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from portal.ids import random_id
from portal.records.entries import Account
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.web.sanitise import tidy_text
from tips.files.book import FilesBook, FilesSwitch
from tips.files.kinds import Sort
from tips.files.stripping import Stripping

# What has to be true of the house before pictures may come in; each is confirmed by a tick of its own.
CONFIRMED: Final = ("written", "two", "unseen", "copies", "known")
# Who is called, and which two roles or people freeze a picture; in the operator's words.
ASKED: Final = ("whom", "who")
MOST: Final = 200


@dataclass(frozen=True)
class Procedure:
    """A confirmed procedure: every tick was set. `whom` to call, `who` the two are that freeze."""

    whom: str
    who: str


def read_procedure(typed: Mapping[str, str]) -> Procedure | dict[str, str]:
    """The procedure that was confirmed, or what is missing: field -> phrase."""
    said = {name: tidy_text(typed.get(name, "")) for name in ASKED}
    wrongs = {name: "desk.files.wrong.tick" for name in CONFIRMED if typed.get(name) != "1"}
    wrongs |= {name: "desk.files.wrong.words" for name, words in said.items() if len(words) < 3 or len(words) > MOST}
    return wrongs or Procedure(**said)


class Switching:
    """The acts of whoever may switch pictures on."""

    def __init__(self, services: Services, book: FilesBook, stripping: Stripping) -> None:
        self._services = services
        self._book = book
        self._stripping = stripping

    async def can_strip(self) -> bool:
        """Whether this machine can take the metadata out of recordings and documents."""
        return await self._stripping.works()

    async def switch_sort(self, signed: Signed, sort: Sort, *, is_on: bool) -> bool:
        """Take a sort besides photos, or take it no more. False: it was refused.

        It is, where photos are off or this machine cannot strip it. Raises DatabaseAway.
        """
        switch = await self._book.switch()
        if is_on and not (switch.is_on and await self.can_strip()):
            return False
        async with self._services.database.write() as connection:
            await self._book.set_sort(connection, sort, entry=switch.entry if is_on else b"", by=signed.staff_id)
            act = f"files.{sort.value}.{'on' if is_on else 'off'}"
            now = self._services.clock.now()
            await audit.line(connection, at=now, act=act, staff_id=signed.staff_id, subject=switch.entry)
        self._book.forget()
        return True

    async def switch_on(self, signed: Signed, procedure: Procedure) -> None:
        """Write the procedure into the records, sealed and marked, and with its name the switch. Raises DatabaseAway.

        The entry first: a kill between the two leaves one that nothing points at, and pictures stay off.
        """
        entry = random_id()
        account = Account(
            about="files", outcome="on", words=procedure.whom, who=procedure.who, by=signed.alias, done=CONFIRMED
        )
        await self._services.entries.write("files", account, signed.staff_id, row=entry)
        await self._set(signed, FilesSwitch(True, entry, procedure.whom, signed.staff_id))

    async def switch_off(self, signed: Signed) -> None:
        """Take no more pictures. Those that came stay with their tips. Raises DatabaseAway."""
        await self._set(signed, replace(await self._book.switch(), is_on=False, by=signed.staff_id))

    async def _set(self, signed: Signed, switch: FilesSwitch) -> None:
        act = "files.on" if switch.is_on else "files.off"
        async with self._services.database.write() as connection:
            await self._book.set(connection, switch)
            await audit.line(
                connection, at=self._services.clock.now(), act=act, staff_id=signed.staff_id, subject=switch.entry
            )
        self._book.forget()
