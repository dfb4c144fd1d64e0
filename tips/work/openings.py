"""Watches over openings: a tip that is not hers to open needs a reason, and very many in an hour are told live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, ClassVar, Final, cast

from portal.errors import PorchlightError
from portal.services import Services
from portal.staff.sessions.session import Signed
from tips.tip import Status, Urgency
from tips.work.card import DeskCard
from tips.work.colleagues import Colleagues, here, supervises
from tips.work.entries import Entry
from tips.work.history import closed_by
from tips.work.reasons import Reason, needs_reason, reason_of

STANDS: Final = timedelta(minutes=30)
"""A tip that was opened opens again for so long without another question: a press on its page leads back to it."""

_PIECE: Final = timedelta(minutes=15)
_PIECES: Final = 4
_TOLD: Final = timedelta(hours=2)
_FREE: Final = "free"


@dataclass(frozen=True)
class Seen:
    """What of a tip decides whether an opening needs a reason."""

    status: Status
    urgency: Urgency
    desk: DeskCard
    entries: Sequence[Entry] = ()


class ReasonNeeded(PorchlightError):
    """This tip is not hers to open before she has said why."""

    phrase: ClassVar[str] = "deskwork.why.heading"
    status: ClassVar[int] = 403


class Openings:
    """Remembers for half an hour what was opened and why, and counts how many tips one person opens in an hour.

    All of it stands in the ember store: hashes of session and tip with a word of the short list, and a sketch that
    counts different tips in a few bytes without naming one. Nothing of it reaches a disk.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._colleagues = Colleagues(services)

    async def state(self, signed: Signed, tip_id: bytes, reason: Reason) -> None:
        """Take down why she opens it. Raises ValkeyAway."""
        await self._services.embers.put(_name(signed, tip_id), reason.value.encode(), STANDS)

    async def stated(self, signed: Signed, tip_id: bytes) -> str:
        """Why she opened it a while ago, or may now: a reason, `free`, or nothing. Raises ValkeyAway."""
        found = await self._services.embers.get(_name(signed, tip_id))
        return "" if found is None else found.decode()

    async def here(self) -> frozenset[bytes]:
        """Everybody in whose hands a tip may be now. Raises DatabaseAway."""
        return here(await self._colleagues.known())

    def line(self, signed: Signed, seen: Seen, *, stated: str, here: frozenset[bytes]) -> str:
        """The act of the audit line for this opening. Raises ReasonNeeded."""
        asks = needs_reason(
            seen.status,
            seen.urgency,
            seen.desk,
            me=signed.staff_id,
            supervises=supervises(signed),
            here=here,
            closed_it=closed_by(seen.entries, signed.staff_id),
        )
        if not asks or stated == _FREE:
            return "tip.opened"
        if reason_of(stated) is None:
            raise ReasonNeeded("not hers to open without a reason")
        return f"tip.opened.{stated}"

    async def was_opened(self, signed: Signed, tip_id: bytes) -> None:
        """Count it, and tell a supervisor where one person opened very many. Raises ValkeyAway."""
        await self._services.embers.put_new(_name(signed, tip_id), _FREE.encode(), STANDS)
        number = await self._count(signed, tip_id)
        if number < self._services.now.openings_an_hour:
            return
        client = self._services.ember_client
        key = b"op:told:" + signed.staff_id
        if await client.set(key, b"1", px=int(timedelta(hours=1).total_seconds() * 1000), nx=True):
            await client.sadd(b"op:many", signed.staff_id)
            await client.expire(b"op:many", _TOLD)
            await self._services.staff.journal.write_if_it_can("tip.many_opened", signed.staff_id)
            await self._services.alerts.raise_("openings", signed.staff_id + self._piece().to_bytes(8, "big"))

    async def opened_many(self) -> frozenset[bytes]:
        """Who opened very many tips within the last hours. Raises ValkeyAway."""
        return frozenset(cast("set[bytes]", await self._services.ember_client.smembers(b"op:many")))

    async def _count(self, signed: Signed, tip_id: bytes) -> int:
        now = self._piece()
        names = [self._sketch(signed, piece) for piece in range(now, now - _PIECES, -1)]
        async with self._services.ember_client.pipeline(transaction=True) as pipe:
            pipe.pfadd(names[0], sha256(signed.staff_id + tip_id).digest())
            pipe.pexpire(names[0], int((_PIECE * (_PIECES + 1)).total_seconds() * 1000))
            pipe.pfcount(*names)
            answers: list[Any] = await pipe.execute()
        return int(answers[-1])

    def _piece(self) -> int:
        return int(self._services.clock.now().timestamp() // _PIECE.total_seconds())

    def _sketch(self, signed: Signed, piece: int) -> bytes:
        # One hash tag: pieces are counted together.
        return b"op:{" + sha256(signed.staff_id).digest()[:8].hex().encode() + b"}:" + str(piece).encode()


def _name(signed: Signed, tip_id: bytes) -> bytes:
    return b"op:" + sha256(signed.session + tip_id).digest()
