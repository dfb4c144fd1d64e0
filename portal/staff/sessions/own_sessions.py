"""Shows a person her own open sessions: since which day, and what she calls that browser; no address and no agent."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from portal.staff.sessions.session import Signed

if TYPE_CHECKING:
    from portal.services import Services

LONGEST_NAME: Final = 40


@dataclass(frozen=True)
class OwnSession:
    """One of hers. `name` is what she called it, in the store without a disk; empty where she did not."""

    session: bytes
    began: date
    name: str
    is_this: bool
    is_locked: bool


def read_name(typed: str) -> str:
    """What was typed as a name: one printable line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in typed).split())[:LONGEST_NAME]


class OwnSessions:
    """The acts on them."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def all(self, signed: Signed) -> list[OwnSession]:
        """Those that stand, the oldest first, this one at the end."""
        sessions, now = self._services.staff.sessions, self._services.clock.now()
        found = []
        for session in await sessions.of(signed.staff_id):
            held = await sessions.hold(session)
            if held is None:
                continue
            began = (now + held.lasting.left - sessions.limits.absolute).date()
            name = await self._services.embers.get(_name_of(session))
            is_this = session == signed.session
            found.append(OwnSession(session, began, (name or b"").decode(), is_this, held.lasting.is_locked))
        return sorted(found, key=lambda each: (each.is_this, each.began, each.session))

    async def end(self, signed: Signed, session: bytes) -> None:
        """End one, if it is hers: here, on every process and on every line that lives by it."""
        if session in await self._services.staff.sessions.of(signed.staff_id):
            await self._services.staff.sessions.end(signed.staff_id, session)
            await self._services.embers.delete(_name_of(session))

    async def call(self, signed: Signed, session: bytes, name: str) -> None:
        """Give the browser of one of hers a name, for as long as the session lasts."""
        sessions = self._services.staff.sessions
        if session in await sessions.of(signed.staff_id):
            await self._services.embers.put(_name_of(session), name.encode(), sessions.limits.absolute)

    async def left(self, signed: Signed) -> tuple[int, bool]:
        """Whole seconds until this session is over without a hand, and whether a hand would keep it."""
        held = await self._services.staff.sessions.hold(signed.session)
        if held is None:
            return 0, False
        idle, absolute = self._services.staff.sessions.limits.idle - held.lasting.quiet, held.lasting.left
        return max(0, int(min(idle, absolute).total_seconds())), idle < absolute - timedelta(minutes=1)


def _name_of(session: bytes) -> bytes:
    return b"en:" + session
