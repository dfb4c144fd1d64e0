"""Reads how the house stands for the supervisor's board: how many wait and how long, who is on, who is called for."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from chat.aliases import Aliases
from chat.aside import Aside
from chat.duty import Duty
from chat.presence import SHIFTS_THAT_TAKE, is_alive
from chat.protocol.board import BoardSnapshot, CalledFor, OnBoard
from chat.protocol.kinds import Shift
from chat.relay import Relay
from chat.shared_reading import SharedReading
from portal.alerts.ladder import Call
from portal.services import Services
from portal.staff.sessions.session import Signed

MOST_PEOPLE: Final = 100  # named on a board, by alias
PAUSE_S: Final = 0.5  # however many boards a process has open, the house is looked at no more often than this
# Who works now before who does not; within it by name. No order by how much anybody did: nobody counts that.
ORDER: Final[tuple[Shift, ...]] = ("ready", "on_call", "finishing", "wrap_up", "break")


class Board:
    """One reading for all boards of a process. Raises `ValkeyAway` when a store does not answer."""

    def __init__(self, relay: Relay, services: Services) -> None:
        self._relay = relay
        self._services = services
        self._duty = Duty(relay, services)
        self._reading = SharedReading(self._read, lambda _: PAUSE_S)

    async def now(self) -> BoardSnapshot:
        """How the house stands."""
        return await self._reading.get()

    async def _read(self) -> BoardSnapshot:
        relay, now_ms = self._relay, self._relay.now_ms()
        counts, shifts = await relay.desk.counts(now_ms), await relay.shifts.here(now_ms)
        waiting, longest_s = await self._waiting(now_ms)
        held = await relay.desk.held_now()
        calls = [call for _, call in await self._services.alerts.told_now()]
        who = await self._services.alerts.who()
        first = who.on_call(self._services.clock.now().timestamp())
        return BoardSnapshot(
            waiting=waiting,
            longest_s=longest_s,
            held=len(held),
            heavy=await relay.marking.heavy.of(held),
            places=self._places(shifts),
            people=await self._people(shifts),
            calls=_called_for(calls, now_ms),
            surge=await relay.desk.surge.is_surge(now_ms) if counts.waiting else False,
            on_call=await self._duty.called(first[0]) if first else "",
            heard=not await self._duty.echo.is_unheard(),
            **await self._duty.door(),
        )

    async def _waiting(self, now_ms: int) -> tuple[int, int]:
        """How many wait, and for how many seconds the one who came first of those a desk is shown."""
        first, total = await self._relay.desk.first()
        oldest = await self._relay.desk.offered_longest()
        rows = list(dict.fromkeys([conversation for conversation, _ in first] + oldest))
        seen = dict(zip(rows, await self._relay.desk.last_seen(rows), strict=True))
        facts = dict(zip(rows, await self._relay.talks.facts_of(rows), strict=True))
        dead = sum(not is_alive(now_ms, seen[conversation]) for conversation, _ in first)
        arrived = [
            each.arrived_ms
            for conversation, each in facts.items()
            if each is not None and each.standing == "waiting" and is_alive(now_ms, seen[conversation])
        ]
        return total - dead, max(0, now_ms - min(arrived)) // 1000 if arrived else 0

    def _places(self, shifts: dict[bytes, Shift]) -> int:
        settings = self._services.now
        taking = [state for state in shifts.values() if state in SHIFTS_THAT_TAKE]
        return len(taking) * settings.chat_capacity - taking.count("on_call") * settings.less_on_call

    async def _people(self, shifts: dict[bytes, Shift]) -> tuple[OnBoard, ...]:
        called = Aliases(self._duty.called)
        names = [(await called(each), state) for each, state in shifts.items() if state in ORDER]
        named = sorted(((name, state) for name, state in names if name), key=lambda one: (ORDER.index(one[1]), one[0]))
        return tuple(OnBoard(name=name, shift=state) for name, state in named[:MOST_PEOPLE])


def _called_for(calls: Sequence[Call], now_ms: int) -> tuple[CalledFor, ...]:
    kinds: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        if call.lasts:
            kinds[call.kind].append(call)
    return tuple(
        CalledFor(
            kind=kind,
            count=len(of),
            since_s=max(0, now_ms - min(each.since_ms for each in of)) // 1000,
            unheard=sum(not each.by for each in of),
        )
        for kind, of in sorted(kinds.items())
    )


class BoardDuty(Duty):
    """Whoever looks at the board takes nobody, holds nobody and is counted on for nothing by it."""

    async def is_here(self, _signed: Signed) -> bool:
        """Nothing is renewed."""
        return False

    async def depart(self, _signed: Signed) -> None:
        """A board that is shut ends no shift."""

    async def at_her_desk(self, _signed: Signed) -> list[bytes]:
        """What she holds is open at her desk, not here."""
        return []


class BoardAside(Aside):
    """A board that is locked sets nobody aside: her desk has a line of its own."""

    async def set_aside(self, _signed: Signed) -> None:
        """Nothing."""

    async def take_up(self, _signed: Signed) -> None:
        """Nothing."""

    async def is_called(self, _signed: Signed) -> bool:
        """Nobody who waits is the board's to take."""
        return False
