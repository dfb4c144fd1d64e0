"""What an open desk is told of the calls up the ladder, and which of the watched they are for; and its yes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from chat.protocol.calls import OpenCall
from chat.refusals import NotThisDesk
from portal.alerts.desk import Alerts
from portal.alerts.ladder import CANNOT_WAIT, MAY_WAIT, WAITING, Call, Kind, is_told, matter
from portal.alerts.roster import Roster
from portal.clock import Clock
from portal.ids import to_text
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed

MOST: Final = 20  # rows of a desk; those who wait are rows of the queue as well
# What is about a conversation that somebody holds, and so about a row of whoever may watch.
ABOUT_HELD: Final[tuple[Kind, ...]] = (*CANNOT_WAIT, "unanswered")
UNKNOWN: Final = "?"  # somebody said yes, and her name cannot be read just now
SHOWN_FIRST: Final = (*CANNOT_WAIT, "case", "tip", "away", "unheard", "openings")

Named = Callable[[bytes], Awaitable[str]]


class Calls:
    """The ladder as one desk has it. Every act raises `ValkeyAway`."""

    def __init__(self, alerts: Alerts, clock: Clock) -> None:
        self._alerts = alerts
        self._clock = clock

    async def shown(self, signed: Signed, held: Sequence[bytes], named: Named) -> tuple[OpenCall, ...]:
        """What is open now, what cannot wait before all else; `held`: the conversations of her own desk."""
        if not signed.may(Right.SEE_CALLS):
            return ()
        now_ms = int(self._clock.now().timestamp() * 1000)
        told = await self._alerts.told_now()
        told.sort(key=lambda each: (each[1].kind not in SHOWN_FIRST, each[1].since_ms))
        hers = {matter(kind, conversation) for kind in CANNOT_WAIT for conversation in held}
        if not told:
            return ()
        who = await self._alerts.who()
        is_called = self._calls_her(signed, who)
        return tuple(
            [
                OpenCall(
                    call=to_text(name),
                    kind=call.kind,
                    since_s=max(0, now_ms - call.since_ms) // 1000,
                    # Read a moment ago with the roster: a database that is away takes no name from a yes.
                    by=(who.aliases.get(call.by) or await named(call.by) or UNKNOWN) if call.by else "",
                    loud=is_called and not call.by and name not in hers and _is_for(call, signed),
                    mine=name in hers,
                )
                for name, call in told[:MOST]
            ]
        )

    async def says_yes(self, signed: Signed, call: bytes) -> None:
        """She has it. Raises NotThisDesk for whoever may not see calls."""
        if not signed.may(Right.SEE_CALLS):
            raise NotThisDesk
        await self._alerts.says_yes(call, signed.staff_id)

    async def of(self, conversations: Sequence[bytes]) -> dict[bytes, frozenset[str]]:
        """For what each of these conversations was called, by its advocate or by a silence of hers, and is not over."""
        now_ms = int(self._clock.now().timestamp() * 1000)
        # A danger until it is over; help until somebody came, and had the time to find whom she came for.
        about = {each: {kind: matter(kind, each) for kind in ABOUT_HELD} for each in conversations}
        calls = await self._alerts.calls_of([name for names in about.values() for name in names.values()])
        lasting = {
            name for name, call in calls.items() if (call.lasts if call.kind == "danger" else is_told(call, now_ms))
        }
        return {
            conversation: frozenset(kind for kind, name in names.items() if name in lasting)
            for conversation, names in about.items()
        }

    async def on_call(self, signed: Signed) -> tuple[str, bool]:
        """The alias of whoever is called first now, empty while nobody is on call; and whether alerts reach her."""
        who = await self._alerts.who()
        on_call = who.on_call(self._clock.now().timestamp())
        return (who.aliases.get(on_call[0], UNKNOWN) if on_call else ""), self._alerts.reaches(who, signed.staff_id)

    def _calls_her(self, signed: Signed, who: Roster) -> bool:
        """Whoever may watch, and whoever is on call; with nobody on call, everybody: too many rather than none."""
        on_call = who.on_call(self._clock.now().timestamp())
        return signed.may(Right.WATCH_CHATS) or signed.staff_id in on_call or not on_call


def _is_for(call: Call, signed: Signed) -> bool:
    """Those who wait are heard by the desks that are free for them; over these, by whoever may watch. What may wait for
    its shift is shown, and rings when that is over.
    """
    if call.kind in MAY_WAIT and not call.has_rung:
        return False  # it stands there and may wait
    return call.kind not in WAITING or signed.may(Right.WATCH_CHATS)
