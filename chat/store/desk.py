"""Keeps the desk: the queue, who is here, and who holds what until when."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from chat.presence import GONE_AFTER_MS, LEASE_MS
from chat.protocol.kinds import Why
from chat.refusals import HandsFull, KeptForSpeakers, NotReady, NotThisDesk, OlderWaits, PageNotSeen, TakenBefore
from chat.store import desk_scripts as scripts, keys
from chat.store.first_offer import NOT_KEPT, Kept
from chat.store.standing import (
    Counts as Counts,
    Offered as Offered,
    Owner as Owner,
    Standing as Standing,
    Taken as Taken,
)
from chat.store.surge import SurgeStore
from chat.store.surge_view import SurgeView
from portal.settings import Settings
from portal.store.valkey import Valkey

SHOWN: Final = 50  # rows of the queue a desk is shown
LONGEST: Final = 10
OFFERED_KEPT_MS: Final = 3_600_000  # nothing is kept for anybody for so long
DRAWS: Final = 3  # a page that was drawn may be gone by the time it is taken


class DeskStore:
    """The desk's keys in the durable store. Every method raises `ValkeyAway` when it does not answer."""

    def __init__(
        self,
        client: Valkey,
        *,
        less_on_call: Callable[[], int] = lambda: 0,
        more_when_heavy: Callable[[], int] = lambda: 0,
    ) -> None:
        """`less_on_call`: so many places less than her capacity has an advocate who is on a call.

        `more_when_heavy`: so many places beyond its own takes a conversation in which danger was marked.
        """
        self._client = client
        self._less = less_on_call
        self._more = more_when_heavy
        self.surge = SurgeStore(client)
        self.surge_view = SurgeView(self.surge, SHOWN)

    @classmethod
    def of(cls, client: Valkey, settings: Callable[[], Settings]) -> "DeskStore":
        """With the places of this house, as they are when they are asked for."""
        return cls(
            client,
            less_on_call=lambda: settings().less_on_call,
            more_when_heavy=lambda: settings().more_when_heavy,
        )

    # The queue

    async def arrive(self, conversation: bytes, now_ms: int) -> None:
        """Enter a new conversation among the open ones, before anything else of it is written."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.zadd(keys.ALIVE, {conversation: now_ms})
            pipe.zadd(keys.QUIET, {conversation: now_ms + GONE_AFTER_MS})
            await pipe.execute()

    async def offer(self, conversation: bytes, rank: int, now_ms: int) -> Offered:
        """Put it into the queue if its page lives and nobody holds it."""
        answer = await scripts.OFFER(
            self._client,
            keys=[keys.WAITING, keys.ALIVE, keys.OWNERS, keys.PRESENCE, keys.READY, keys.HELD_OFF, keys.OFFERED],
            args=[conversation, rank, now_ms - GONE_AFTER_MS, keys.QUEUE_CHANNEL, now_ms, now_ms - OFFERED_KEPT_MS],
        )
        return Offered(answer)

    async def seen(self, conversation: bytes, rank: int, now_ms: int, *, is_alive: bool) -> Standing:
        """Where it stands (`rank`: the one it has or would have); `is_alive`: its page was heard just now."""
        answer = await scripts.SEEN(
            self._client,
            keys=[
                keys.WAITING,
                keys.ALIVE,
                keys.OWNERS,
                keys.LEASES,
                keys.PRESENCE,
                keys.READY,
                keys.SHIFT,
                keys.HEAVY,
            ],
            args=[conversation, now_ms, rank, now_ms if is_alive else 0, self._less(), self._more()],
        )
        return Standing(bool(answer[0]), bool(answer[1]), *answer[2:])

    async def counts(self, now_ms: int) -> Counts:
        """How busy the desk is."""
        waiting, held, staff = await scripts.COUNT(
            self._client,
            keys=[keys.WAITING, keys.LEASES, keys.PRESENCE, keys.READY, keys.SHIFT, keys.HEAVY],
            args=[now_ms, self._less(), self._more()],
        )
        return Counts(waiting, held, tuple(staff))

    async def first(self) -> tuple[list[tuple[bytes, int]], int]:
        """The first conversations of the queue with their ranks, and how many wait altogether."""
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.zrange(keys.WAITING, 0, SHOWN - 1, withscores=True)
            pipe.zcard(keys.WAITING)
            rows, total = await pipe.execute()
        return [(conversation, int(rank)) for conversation, rank in rows], total

    async def offered_longest(self) -> list[bytes]:
        """Of those in the queue the ones that have been there longest, wherever they stand in it."""
        found: Any = await self._client.zrange(keys.OFFERED, 0, LONGEST - 1)
        return list(found)

    async def everyone(self) -> list[bytes]:
        """Every conversation in the queue."""
        found: Any = await self._client.zrange(keys.WAITING, 0, -1)
        return list(found)

    async def held_now(self) -> list[bytes]:
        """Every conversation an advocate holds."""
        found: Any = await self._client.zrange(keys.LEASES, 0, -1)
        return list(found)

    async def last_seen(self, conversations: list[bytes]) -> list[int | None]:
        """When each page was last seen, in milliseconds."""
        if not conversations:
            return []
        names: list[Any] = list(conversations)
        scores: list[Any] = await self._client.zmscore(keys.ALIVE, names)
        return [None if score is None else int(score) for score in scores]

    # Advocates

    async def take(
        self, conversation: bytes, staff_id: bytes, kept: Kept = NOT_KEPT, *, capacity: int, now_ms: int, why: Why
    ) -> Taken:
        """Decide a take; `kept`: who speaks what. Asked again by the same advocate it answers the same fence.

        Raises TakenBefore, HandsFull, PageNotSeen, NotReady, KeptForSpeakers, OlderWaits (without a `why`), NotThisDesk
        (no such conversation waits).
        """
        for _ in range(DRAWS):
            word, value, *passed = await self._take(conversation, staff_id, capacity, now_ms, why, kept)
            if word != b"draw":
                break
            await self.surge.look(now_ms)
        match word:
            case b"yours":
                return Taken(int(value), bool(passed[0]))
            case b"taken":
                raise TakenBefore(value)
            case b"full":
                raise HandsFull
            case b"not_seen":
                raise PageNotSeen
            case b"not_ready":
                raise NotReady
            case b"for_speakers":
                raise KeptForSpeakers
            case b"older_waits" | b"draw":
                raise OlderWaits
        raise NotThisDesk

    async def _take(
        self, conversation: bytes, staff_id: bytes, capacity: int, now_ms: int, why: Why, kept: Kept
    ) -> Any:
        return await scripts.TAKE(
            self._client,
            keys=[
                keys.WAITING,
                keys.ALIVE,
                keys.OWNERS,
                keys.LEASES,
                keys.TAKING,
                keys.FENCE,
                keys.READY,
                keys.held(staff_id),
                keys.SHIFT,
                keys.PRESENCE,
                keys.LOTTERY,
                keys.HEAPS,
                keys.OFFERED,
                keys.HEAVY,
                *kept.places,
            ],
            args=[
                conversation,
                staff_id,
                capacity,
                now_ms - GONE_AFTER_MS,
                now_ms,
                now_ms + LEASE_MS,
                keys.QUEUE_CHANNEL,
                why,
                self._less(),
                self._more(),
                *kept.arguments,
            ],
        )

    async def taken(self, conversation: bytes) -> None:
        """The take is whole: both halves are written."""
        await self._client.zrem(keys.TAKING, conversation)

    async def renew(self, staff_id: bytes, now_ms: int) -> bool:
        """An advocate is here: renew her leases. Answers whether she takes conversations."""
        answer = await scripts.RENEW(
            self._client,
            keys=[keys.LEASES, keys.PRESENCE, keys.READY, keys.held(staff_id), keys.WATCHING],
            # Counted on for as long as she is heard, borne for as long as her lease.
            args=[staff_id, now_ms + LEASE_MS, now_ms + GONE_AFTER_MS],
        )
        return bool(answer)

    async def is_ready(self, staff_id: bytes) -> bool:
        """Whether she takes conversations; asking renews nothing."""
        name: Any = staff_id
        return bool(await self._client.sismember(keys.READY, name))

    async def say_ready(self, staff_id: bytes, is_ready: bool) -> None:
        """Whether she takes new conversations."""
        await (self._client.sadd if is_ready else self._client.srem)(keys.READY, staff_id)
        await self._client.publish(keys.QUEUE_CHANNEL, b"q")

    async def row_changed(self) -> None:
        """A row of the queue says something else now, at the same place."""
        await self._client.publish(keys.QUEUE_CHANNEL, b"q")

    async def depart(self, staff_id: bytes) -> None:
        """She signed out: she takes no more, and what she holds goes back as if she had been silent."""
        held: Any = await self._client.smembers(keys.held(staff_id))
        name: Any = staff_id
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.srem(keys.READY, staff_id)
            pipe.hdel(keys.SHIFT, name)
            pipe.zrem(keys.PRESENCE, staff_id)
            if held:
                pipe.zadd(keys.LEASES, dict.fromkeys(held, 0), xx=True)
            await pipe.execute()

    async def is_holding(self, staff_id: bytes) -> bool:
        """Whether she talks to anybody now."""
        return bool(await self._client.scard(keys.held(staff_id)))

    async def mine(self, staff_id: bytes) -> list[bytes]:
        """The conversations she holds in the order of her takes, then the ended ones she may still read.

        The same order each time: a page that loads anew gives each person the number and the colour she had.
        """
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.smembers(keys.held(staff_id))
            pipe.smembers(keys.kept(staff_id))
            held, kept = await pipe.execute()
        if not held | kept:
            return []
        found: list[Any] = list(held | kept)
        owners: list[Any] = await self._client.hmget(keys.OWNERS, found)
        fences = {name: _owner(value).fence if value else 0 for name, value in zip(found, owners, strict=True)}
        return sorted(fences, key=lambda name: (name not in held, fences[name]))

    async def owner(self, conversation: bytes) -> Owner | None:
        """Who holds it, or may still read it after its end."""
        value: Any = await self._client.hget(keys.OWNERS, conversation)
        return None if value is None else _owner(value)

    async def owners(self, conversations: Sequence[bytes]) -> list[Owner | None]:
        """The same of many, in one journey."""
        if not conversations:
            return []
        names: Any = list(conversations)
        values: list[Any] = await self._client.hmget(keys.OWNERS, names)
        return [None if value is None else _owner(value) for value in values]

    async def lately(self, conversation: bytes, now_ms: int) -> bytes | None:
        """Whose hands it left so short a time ago that she may be told who has it; None when nobody's."""
        value: Any = await self._client.hget(keys.LATELY, conversation)
        return value[:16] if value is not None and int(value[17:]) >= now_ms else None

    async def wrap_up_ends(self, conversation: bytes) -> int | None:
        """When the wrap-up clock of an ended conversation ends, in milliseconds."""
        score = await self._client.zscore(keys.ENDS, conversation)
        return None if score is None else int(score)


def _owner(value: bytes) -> Owner:
    return Owner(value[:16], int(value[17:]))
