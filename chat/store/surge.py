"""Keeps what a surge needs: whose turn it is, who is drawn, and the marks of what those who wait have said."""

import secrets
from dataclasses import dataclass
from typing import Final

from chat.presence import GONE_AFTER_MS, is_alive
from chat.store import keys, surge_scripts as scripts
from chat.surge import Row, Shown, draw, shown, turn_of
from portal.store.valkey import Valkey

MOST_ROWS: Final = 20_000  # looked at in one draw, the oldest; who stands behind them is not drawn yet


@dataclass(frozen=True, slots=True)
class Look:
    """How things stand: whether there is a surge, the number of the turn (None: nobody is drawn now), who is drawn."""

    is_surge: bool
    turn: int | None
    drawn: bytes | None


class SurgeStore:
    """The lottery's keys in the durable store. Every method raises `ValkeyAway` when it does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def is_surge(self, now_ms: int) -> bool:
        """Whether there is one; what one left behind goes with it."""
        return bool((await self._look(now_ms))[0])

    async def look(self, now_ms: int) -> Look:
        """How things stand; whoever is drawn is drawn by this, where it is the lot's turn."""
        surge, turn, drawn = await self._look(now_ms)
        if turn >= 0 and turn_of(turn) != "oldest" and not drawn:
            drawn = await self._draw(turn, await self.rows(now_ms), now_ms)
        return Look(bool(surge), turn if turn >= 0 else None, drawn or None)

    async def shown(self, look: Look, most: int, now_ms: int) -> list[Shown]:
        """What a desk is shown of the queue in a surge, next first."""
        return shown(await self.rows(now_ms), look.drawn, most)

    async def mark(self, conversation: bytes, mark: bytes, *, says_much: bool) -> None:
        """Keep the mark of what one who waits has said."""
        await scripts.MARK(
            self._client,
            keys=[keys.WAITING, keys.HEAPS],
            args=[conversation, mark, int(says_much), scripts.LASTS_MS],
        )

    async def rows(self, now_ms: int) -> list[Row]:
        """The queue as the lottery sees it, next first."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.zrange(keys.WAITING, 0, MOST_ROWS - 1, withscores=True)
            pipe.hgetall(keys.HEAPS)
            ranked, marks = await pipe.execute()
        if not ranked:
            return []
        seen = await self._client.zmscore(keys.ALIVE, [conversation for conversation, _ in ranked])
        return [
            Row(
                conversation, int(rank), marks.get(conversation, b""), is_alive(now_ms, None if at is None else int(at))
            )
            for (conversation, rank), at in zip(ranked, seen, strict=True)
        ]

    async def _look(self, now_ms: int) -> tuple[int, int, bytes]:
        surge, turn, drawn = await scripts.LOOK(
            self._client,
            keys=[keys.WAITING, keys.ALIVE, keys.PRESENCE, keys.READY, keys.LOTTERY, keys.HEAPS],
            args=[now_ms, now_ms - GONE_AFTER_MS],
        )
        return surge, turn, drawn

    async def _draw(self, turn: int, rows: list[Row], now_ms: int) -> bytes:
        drawn = draw(rows, turn_of(turn), secrets.randbelow)
        if drawn is None:
            return b""
        pinned: bytes = await scripts.PIN(
            self._client,
            keys=[keys.WAITING, keys.ALIVE, keys.PRESENCE, keys.READY, keys.LOTTERY],
            args=[now_ms, now_ms - GONE_AFTER_MS, turn, drawn, scripts.LASTS_MS],
        )
        return pinned
