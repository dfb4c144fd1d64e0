"""Which replicas could be chosen in a primary's place, as its Sentinels last said."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from portal.store.placing import ASKS_A_SENTINEL_S, Node, Place, put_away

LOOK_EVERY_S: Final = 1.0
"""So often the Sentinels are asked while something is written."""

LOOK_SOON_S: Final = 0.1
"""So soon again where a replica did not answer: it may be dead, and then nobody need wait for it."""

# Not "disconnected": whoever is made a primary closes all its lines at that moment, those to Sentinels too.
_DOWN: Final = frozenset({"s_down", "o_down"})

Answer = tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]
"""A Sentinel's word of the primary, and of each replica."""


@dataclass(frozen=True)
class Said:
    """What the Sentinels said together. `primary`: whom the newest word names."""

    primary: Node
    heirs: int  # replicas that could be chosen now, or have been
    living: int  # replicas that one of them at least can talk to
    returning: frozenset[Node] = frozenset()  # those that were gone, or primaries before, and do not copy yet
    epoch: int = 0


class Heirs:
    """Asks the Sentinels behind what is written, in a task of its own: nobody waits for it.

    Sentinels choose among the replicas they can talk to. One that was silent for their `down-after` (dead, parted,
    standing still) will not be chosen and need not have a word; every other may be, so it must, however slow it is. One
    that calls itself a primary out of nothing has been chosen, and the others may not know yet.
    """

    def __init__(self, place: Place) -> None:
        self._name = place.name
        self._sentinels: Sequence[Redis] = place.sentinels().sentinels
        self._looking: asyncio.Task[None] | None = None
        self._looked_at = 0.0
        self.said: Said | None = None
        self.on_said: Callable[[Said], None] = lambda _: None

    def wish(self, now: float, *, soon: bool = False) -> None:
        """Ask, if that was not done a moment ago."""
        if self._looking is None and now - self._looked_at >= (LOOK_SOON_S if soon else LOOK_EVERY_S):
            self._looked_at = now
            self._looking = asyncio.create_task(self.look())
            self._looking.add_done_callback(self._has_looked)

    async def look(self) -> None:
        """Ask all of them now; where none answers, what they said before stands."""
        answers = await asyncio.gather(*(self._asked(each) for each in self._sentinels))
        said = told([each for each in answers if each is not None], self.said, of=len(answers))
        if said is not None:
            self.said = said
            self.on_said(said)

    async def aclose(self) -> None:
        """Ask nobody any more."""
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()
            await asyncio.wait([looking])
        for each in self._sentinels:
            await put_away(each.connection_pool)

    async def _asked(self, sentinel: Redis) -> Answer | None:
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(ASKS_A_SENTINEL_S):
                primary: Any = await sentinel.sentinel_master(self._name, return_responses=True)
                replicas: Any = await sentinel.sentinel_slaves(self._name)
                return primary, replicas
        return None

    def _has_looked(self, task: asyncio.Task[None]) -> None:
        if self._looking is task:
            self._looking = None
        if not task.cancelled():
            task.exception()  # seen: what was said before stands


def told(answers: Sequence[Answer], before: Said | None = None, *, of: int = 0) -> Said | None:
    """What these answers, of so many that were asked, come to after what was said `before`; None where that is nothing.

    Of several the one counts that thinks more replicas may be chosen: which of them leads a fail-over is not known.
    """
    if not answers:
        return None
    newest = max((each for each, _ in answers), key=_epoch)
    if before is not None and _epoch(newest) < before.epoch and 2 * len(answers) <= of:
        return before  # a few that are cut off and have not heard; where most say so, somebody set them up anew
    primary = _node(newest)
    alike = [replicas for each, replicas in answers if _node(each) == primary]
    living = {_node(each) for replicas in alike for each in replicas if not _flags(each) & _DOWN}
    copying = {_node(each) for replicas in alike for each in replicas if _copies(each)}
    gone = {_node(each) for replicas in alike for each in replicas} - living
    if before is not None:
        gone |= before.returning | ({before.primary} - {primary})
    returning = frozenset(gone - (living & copying))
    heirs = {
        _node(each) for replicas in alike for each in replicas if str(each.get("slave-priority")) != "0"
    } & living - returning
    return Said(primary, len(heirs), len(living), returning, _epoch(newest))


def _epoch(said: Mapping[str, Any]) -> int:
    return int(said["config-epoch"])


def _copies(replica: Mapping[str, Any]) -> bool:
    return replica.get("role-reported") == "slave" and replica.get("master-link-status") == "ok"


def _flags(said: Mapping[str, Any]) -> frozenset[str]:
    found = said["flags"]  # the library parts them for some protocols
    return frozenset(found.split(",") if isinstance(found, str) else found)


def _node(said: Mapping[str, Any]) -> Node:
    return str(said["ip"]), int(said["port"])
