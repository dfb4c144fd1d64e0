"""Lets each side know how the other's line stands, and that somebody is typing: signs, kept nowhere."""

from asyncio import gather
from collections.abc import Sequence
from dataclasses import dataclass

from chat.conversation import DeskTalk, Facts, VisitorTalk
from chat.presence import GONE_AFTER_MS, LEASE_MS, line_of
from chat.protocol.kinds import Line, Screen
from chat.relay import Relay
from chat.store import keys
from chat.store.desk import Owner, Standing


@dataclass(frozen=True, slots=True)
class View:
    """One conversation as a desk sees it from time to time."""

    facts: Facts
    line: tuple[Line, int]  # the state of the visitor's line, and the seconds it has been gone
    back_s: int  # so long her number may bring one back who left by the exit; 0: it may not
    owner: Owner | None


def view_of(now_ms: int, facts: Facts | None, seen_ms: int | None, owner: Owner | None) -> View | None:
    """What these say together."""
    if facts is None or facts.standing == "erased":
        return None
    line: tuple[Line, int]
    if facts.is_over:
        line = line_of(now_ms, None, None, has_left=facts.how == "exit")
    elif facts.left_ms:
        line = "left", 0
    else:
        is_hidden = facts.hidden_ms is not None
        line = line_of(now_ms, seen_ms, facts.lost_ms, is_hidden=is_hidden, covered_ms=facts.covered_ms)
    return View(facts, line, max(0, facts.left_ms - now_ms) // 1000, owner)


class Watch:
    """The acts around a line. Every act raises `ValkeyAway` when the store does not answer."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._talks = relay.talks
        self._desk = relay.desk

    async def line_opened(self, talk: VisitorTalk, line: bytes, *, goes_on: bool = False) -> None:
        """The visitor's page opened a line; `line` names this one connection. `goes_on`: it only asks again."""
        await self._relay.lines.opened(talk.id, line, self._relay.now_ms(), goes_on=goes_on)

    async def line_broke(self, talk: VisitorTalk, line: bytes) -> None:
        """That line broke; if it was her newest, the desk is told."""
        await self._relay.lines.broke(talk.id, line, self._relay.now_ms())

    async def screen_turned(self, talk: VisitorTalk, line: bytes, screen: Screen) -> None:
        """Her page went out of view or came back, as `line` says (empty: a page without a connection)."""
        await self._relay.lines.turned(talk.id, line, self._relay.now_ms(), is_hidden=screen == "hidden")

    async def views(self, talks: Sequence[DeskTalk]) -> list[View | None]:
        """Each conversation as its desk sees it now, all in one journey; None once it is erased."""
        names = [talk.id for talk in talks]
        facts, seen, owners = await gather(
            self._talks.facts_of(names), self._desk.last_seen(names), self._desk.owners(names)
        )
        now_ms = self._relay.now_ms()
        return [view_of(now_ms, *each) for each in zip(facts, seen, owners, strict=True)]

    def advocate_line(self, standing: Standing) -> Line:
        """The state of the advocate's line, as her lease tells it."""
        return line_of(self._relay.now_ms(), standing.lease_ms - LEASE_MS if standing.lease_ms else None, None)[0]

    def advocate_gone_in_s(self, standing: Standing) -> float:
        """Seconds until a silent advocate is called gone."""
        return max(0, standing.lease_ms - LEASE_MS + GONE_AFTER_MS - self._relay.now_ms()) / 1000

    async def unanswered_s(self, talk: DeskTalk) -> int:
        """For how many seconds her last words stand unanswered; 0 when they do not."""
        since_ms = await self._relay.alerts.open_since("unanswered", talk.id)
        return 0 if since_ms is None else max(1, (self._relay.now_ms() - since_ms) // 1000)

    async def visitor_types(self, talk: VisitorTalk) -> None:
        """Tell the desk that she is typing."""
        await self._talks.whisper(keys.staff_channel(talk.id), b"t")

    async def advocate_types(self, talk: DeskTalk) -> None:
        """Tell the visitor's page that the advocate is typing."""
        await self._talks.whisper(keys.talk_channel(talk.id), b"a")

    async def is_still_hers(self, talk: DeskTalk) -> bool:
        """Whether it is still this desk's to show."""
        return await self._relay.access.may_still_have(talk)

    async def wrap_up_left_s(self, talk: DeskTalk) -> int:
        """Seconds until the wrap-up clock of an ended conversation runs out."""
        facts = await self._talks.facts(talk.id)
        return self._relay.ending.wrap_up_left_s(facts.ended_ms) if facts is not None else 0
