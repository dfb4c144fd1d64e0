"""Keeps what a kill may leave half done, so that the sweeper can finish it: returns, endings, waits nobody lives in."""

from typing import Any, Final

from chat.message import NOBODY
from chat.store import desk_scripts as scripts, keys
from chat.store.desk import DeskStore
from chat.store.held_off import HeldOffStore
from chat.store.watching import WatchingStore
from portal.store.valkey import Valkey

ROUNDS: Final = 3  # a conversation goes from hand to hand once in a moment; what is left the sweeper finishes


class UnfinishedStore:
    """The desk's keys for things of several steps. Every method raises `ValkeyAway` when the store does not answer."""

    def __init__(self, client: Valkey, desk: DeskStore) -> None:
        self._client = client
        self._desk = desk
        self.held_off = HeldOffStore(client)
        self.watching = WatchingStore(client)

    # Giving back

    async def lapsed(self, now_ms: int, half_done_before_ms: int) -> list[bytes]:
        """Conversations whose advocate was silent too long, whose take never finished, or whose return is half done."""
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.zrange(keys.LEASES, "-inf", f"({now_ms}", byscore=True)
            pipe.zrange(keys.TAKING, "-inf", f"({half_done_before_ms}", byscore=True)
            pipe.hkeys(keys.LAPSING)
            found: list[list[bytes]] = await pipe.execute()
        return list(dict.fromkeys(each for some in found for each in some))

    async def begin_lapse(self, conversation: bytes, now_ms: int, half_done_before_ms: int) -> int:
        """The fence that will end the hold, or 0 when it is not to end after all."""
        answer: int = await scripts.BEGIN_LAPSE(
            self._client,
            keys=[keys.OWNERS, keys.LEASES, keys.TAKING, keys.LAPSING, keys.FENCE],
            args=[conversation, now_ms, half_done_before_ms],
        )
        return answer

    async def finish_lapse(self, conversation: bytes, *, rank: int | None, fence: int, told_until_ms: int) -> None:
        """Out of the advocate's hands and to `rank` in the queue (None: it is over, into no queue).

        Until `told_until_ms` she may be told who has it.
        """
        owner = await self._desk.owner(conversation)
        await scripts.FINISH_LAPSE(
            self._client,
            keys=[
                keys.WAITING,
                keys.OWNERS,
                keys.LEASES,
                keys.TAKING,
                keys.LAPSING,
                keys.ALIVE,
                keys.held(owner.staff_id if owner else NOBODY),
                keys.LATELY,
                keys.HELD_OFF,
            ],
            args=[conversation, "" if rank is None else rank, fence, keys.QUEUE_CHANNEL, told_until_ms],
        )

    # Endings

    async def begin_ending(self, conversation: bytes, how: str, fence: int | None) -> None:
        """Write down that it is to end, so that a kill in the middle is finished by the sweeper."""
        await scripts.BEGIN_ENDING(self._client, keys=[keys.ENDING], args=[conversation, _wish(how, fence)])

    async def drop_ending(self, conversation: bytes, how: str, fence: int | None) -> None:
        """The ending was refused (an old owner's)."""
        await scripts.DROP_ENDING(self._client, keys=[keys.ENDING], args=[conversation, _wish(how, fence)])

    async def endings(self) -> list[tuple[bytes, str, int | None]]:
        """Endings that are half done: conversation, how, fence of the advocate or None."""
        rows: Any = await self._client.hgetall(keys.ENDING)
        found = []
        for conversation, value in rows.items():
            how, fence = value.decode().split("|")
            found.append((conversation, how, int(fence) if fence else None))
        return found

    async def finish_ending(self, conversation: bytes, ends_ms: int) -> None:
        """Out of the queue and of its advocate's places, onto the wrap-up clock.

        It may be handed on meanwhile: then out of the places of whoever has it now.
        """
        for _ in range(ROUNDS):
            owner = await self._desk.owner(conversation)
            staff_id = owner.staff_id if owner else b""
            if await scripts.FINISH_ENDING(
                self._client,
                keys=[
                    keys.WAITING,
                    keys.ALIVE,
                    keys.OWNERS,
                    keys.LEASES,
                    keys.TAKING,
                    keys.ENDING,
                    keys.ENDS,
                    *_hands(staff_id),
                    keys.QUIET,
                    keys.HEAPS,
                    keys.OFFERED,
                    keys.HEAVY,
                ],
                args=[conversation, ends_ms, keys.QUEUE_CHANNEL, staff_id],
            ):
                return

    async def over(self, now_ms: int) -> list[bytes]:
        """Conversations whose wrap-up clock has ended."""
        found: Any = await self._client.zrange(keys.ENDS, "-inf", str(now_ms), byscore=True)
        return list(found)

    async def forget(self, conversation: bytes) -> None:
        """Take it out of every index; the clock that led here goes last."""
        await self.watching.forget(conversation)
        owner = await self._desk.owner(conversation)
        await scripts.FORGET(
            self._client,
            keys=[
                keys.WAITING,
                keys.ALIVE,
                keys.OWNERS,
                keys.LEASES,
                keys.TAKING,
                keys.LAPSING,
                keys.ENDING,
                keys.ENDS,
                *_hands(owner.staff_id if owner else NOBODY),
                keys.LATELY,
                keys.QUIET,
                keys.HEAPS,
                keys.OFFERS,
                keys.HELD_OFF,
                keys.OFFERED,
                keys.HEAVY,
            ],
            args=[conversation],
        )

    # What nobody lives in

    async def unseen(self, before_ms: int) -> list[bytes]:
        """Open conversations whose page was not seen since `before_ms`."""
        found: Any = await self._client.zrange(keys.ALIVE, "-inf", f"({before_ms}", byscore=True)
        return list(found)

    async def unoffer(self, conversations: list[bytes]) -> None:
        """Out of the queue until their pages are seen again; their rank is written with them, not here."""
        if conversations and await self._client.zrem(keys.WAITING, *conversations):
            await self._client.publish(keys.QUEUE_CHANNEL, b"q")

    async def dismiss_absent(self, now_ms: int) -> None:
        """Advocates not heard of take no conversations, whatever their page last said."""
        absent: Any = await self._client.zrange(keys.PRESENCE, "-inf", f"({now_ms}", byscore=True)
        if absent:
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.zremrangebyscore(keys.PRESENCE, "-inf", f"({now_ms}")
                pipe.srem(keys.READY, *absent)
                pipe.hdel(keys.SHIFT, *absent)
                await pipe.execute()


def _hands(staff_id: bytes) -> tuple[bytes, bytes]:
    return keys.held(staff_id or NOBODY), keys.kept(staff_id or NOBODY)


def _wish(how: str, fence: int | None) -> str:
    return f"{how}|{'' if fence is None else fence}"
