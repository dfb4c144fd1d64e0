"""Keeps one conversation: its facts, its words, its sealed keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from redis.exceptions import ResponseError

from chat.conversation import LASTS_HOURS, Facts, Standing
from chat.message import Entry
from chat.queue import Tier
from chat.refusals import ConversationOver, HeldOff, NotThisDesk
from chat.store import keys, talk_scripts as scripts
from chat.store.facts import FIELDS, facts_of, read_facts
from portal.store.valkey import Valkey

LASTS: Final = timedelta(hours=LASTS_HOURS)
_LASTS_MS: Final = int(LASTS.total_seconds() * 1000)
_SEALED: Final = ["staff", "find", "card", "round", "desk"]
PAGE: Final = 200  # entries a read of the stream asks for at once


@dataclass(frozen=True, slots=True)
class Kept:
    """A message is on disk: its number, and the state the conversation had."""

    seq: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Sealed:
    """The sealed half of a conversation."""

    staff_copy: bytes
    find: bytes
    card: bytes
    round: int
    desk: bytes = b""  # the desk's own card


_ERASED: Final = (keys.log, keys.notes, keys.people, keys.vanish, keys.asked, keys.state)


class TalkStore:
    """One conversation's keys in the durable store. Every method raises `ValkeyAway` when it does not answer."""

    def __init__(self, client: Valkey) -> None:
        self._client = client

    async def open(
        self, conversation: bytes, *, arrived_ms: int, staff_copy: bytes, find: bytes, card: bytes, anew: bool = False
    ) -> bool:
        """Write a new conversation. False when it is there already; `anew` writes over one that has no way in."""
        answer = await scripts.OPEN(
            self._client,
            keys=[keys.state(conversation), keys.sealed(conversation)],
            args=[arrived_ms, int(Tier.ORDINARY), staff_copy, find, card, _LASTS_MS, int(anew)],
        )
        return bool(answer)

    async def let_in(self, conversation: bytes, find: bytes, visitor_copy: bytes, lasts: timedelta = LASTS) -> None:
        """Write the visitor's way in, the last step of opening."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.hset(keys.visitor(find), mapping={"c": conversation, "k": visitor_copy})
            pipe.pexpire(keys.visitor(find), int(lasts.total_seconds() * 1000))
            await pipe.execute()

    async def move_in(self, conversation: bytes, find: bytes, entry: Entry) -> str:
        """Make `find` the one way in of the visitor, and say in the stream that she came back.

        Answers `moved`, `there` when it is so already, `over` or `gone`.
        """
        answer: bytes = await scripts.MOVE_IN(
            self._client,
            keys=[keys.state(conversation), keys.sealed(conversation), keys.log(conversation)],
            args=[find, entry.pack(), keys.talk_channel(conversation), _LASTS_MS],
        )
        return answer.decode()

    async def ways_in(self, conversation: bytes) -> list[bytes]:
        """Where visitor copies of this conversation may lie: the one way in, then those before it."""
        find, was = await self._read(keys.sealed(conversation), ("find", "was"))
        former = was or b""
        return ([find] if find else []) + [former[at : at + 32] for at in range(0, len(former), 32)]

    async def visitor(self, find: bytes) -> tuple[bytes, bytes] | None:
        """The conversation id and the visitor copy, or None."""
        conversation, copy = await self._read(keys.visitor(find), ("c", "k"))
        return (conversation, copy) if conversation and copy else None

    async def drop_visitor(self, find: bytes) -> None:
        """Delete the visitor copy: from here on her token opens nothing."""
        await self._client.delete(keys.visitor(find))

    async def facts(self, conversation: bytes) -> Facts | None:
        """The clear facts, or None when there is no such conversation."""
        return read_facts(await self._read(keys.state(conversation), FIELDS))

    async def facts_of(self, conversations: Sequence[bytes]) -> list[Facts | None]:
        """The same of many, in one journey."""
        return await facts_of(self._client, conversations)

    async def sealed(self, conversation: bytes) -> Sealed | None:
        """The sealed keys and card, or None."""
        return _sealed(await self._read(keys.sealed(conversation), _SEALED))

    async def glance(self, conversations: Sequence[bytes]) -> list[tuple[Facts | None, Sealed | None]]:
        """Facts and sealed half of many conversations in one journey, for the queue."""
        if not conversations:
            return []
        async with self._client.pipeline(transaction=False) as pipe:
            for conversation in conversations:
                pipe.hmget(keys.state(conversation), FIELDS)
                pipe.hmget(keys.sealed(conversation), _SEALED)
            answers: list[list[Any]] = await pipe.execute()
        return [(read_facts(answers[at]), _sealed(answers[at + 1])) for at in range(0, len(answers), 2)]

    async def append(self, conversation: bytes, entry: Entry, *, now_ms: int, fence: int = 0) -> Kept:
        """Number and keep one message, and publish it, in one breath. The same client key gets the same number.

        An advocate's entry carries the `fence` of her take. Raises ConversationOver after the end, NotThisDesk when the
        conversation is not there or the fence is an old one.
        """
        answer = await scripts.APPEND(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[
                entry.key,
                entry.author[:1],
                fence,
                entry.pack(),
                keys.talk_channel(conversation),
                _LASTS_MS,
                now_ms,
            ],
        )
        return _kept(answer)

    async def append_note(self, conversation: bytes, entry: Entry, *, fence: int) -> Kept:
        """The same for a note: its own numbers, its own stream, heard by staff only."""
        answer = await scripts.APPEND_NOTE(
            self._client,
            keys=[keys.state(conversation), keys.notes(conversation)],
            args=[entry.key, fence, entry.pack(), keys.staff_channel(conversation), _LASTS_MS],
        )
        return _kept(answer)

    async def since(self, conversation: bytes, last: int) -> list[tuple[int, Entry]]:
        """Up to PAGE messages after number `last`, in order."""
        return entries(await self._client.xrange(keys.log(conversation), f"({last}-0", "+", count=PAGE))

    async def notes_since(self, conversation: bytes, last: int) -> list[tuple[int, Entry]]:
        """Up to PAGE notes after number `last`, in order. Staff only."""
        return entries(await self._client.xrange(keys.notes(conversation), f"({last}-0", "+", count=PAGE))

    async def at(self, conversation: bytes, seq: int) -> Entry | None:
        """One message by its number."""
        found = entries(await self._client.xrange(keys.log(conversation), f"{seq}-0", f"{seq}-0"))
        return found[0][1] if found else None

    async def keep_card(
        self, conversation: bytes, card: bytes, *, round_: int, tier: Tier, wish: int, now_ms: int, is_word: bool = True
    ) -> str:
        """Replace the card if nobody did since `round_`. Answers the state, or `again`, `over`, `gone`.

        `is_word`: an answer of hers, after which she may be offered to an advocate. `wish`: in minutes, 0 for none.
        """
        answer: bytes = await scripts.KEEP_CARD(
            self._client,
            keys=[keys.state(conversation), keys.sealed(conversation)],
            args=[card, round_, int(tier), keys.staff_channel(conversation), int(is_word), wish, now_ms],
        )
        return answer.decode()

    async def join(self, conversation: bytes, entry: Entry, *, staff_id: bytes, fence: int, now_ms: int) -> str:
        """The second half of a take. Answers `joined`, `fenced`, `over` or `gone`."""
        answer: bytes = await scripts.JOIN(
            self._client,
            keys=[each(conversation) for each in (keys.state, keys.log, keys.people, keys.guests)],
            args=[staff_id, fence, entry.pack(), keys.talk_channel(conversation), _LASTS_MS, now_ms],
        )
        return answer.decode()

    async def give_back(self, conversation: bytes, entry: Entry, *, fence: int) -> str:
        """End an advocate's hold by a higher fence. Answers `done`, `over` or `gone`."""
        answer: bytes = await scripts.GIVE_BACK(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[fence, entry.pack(), keys.talk_channel(conversation), int(Tier.RETURNED)],
        )
        return answer.decode()

    async def end(
        self, conversation: bytes, entry: Entry, *, how: str, fence: int | None, now_ms: int
    ) -> tuple[str, int]:
        """End it. `fence`: the advocate's, None for the visitor. Answers (`ended`, number), `fenced` or `gone`."""
        word, seq = await scripts.END(
            self._client,
            keys=[keys.state(conversation), keys.log(conversation)],
            args=[how, "" if fence is None else fence, entry.pack(), keys.talk_channel(conversation), now_ms],
        )
        return word.decode(), seq

    async def mark_erased(self, conversation: bytes) -> None:
        """Say in the facts that it is being erased, so that nobody plants it again."""
        await scripts.MARK_ERASED(self._client, keys=[keys.state(conversation)])

    async def drop_keys(self, conversation: bytes) -> None:
        """Delete the key copies and the card."""
        await self._client.delete(keys.sealed(conversation))

    async def drop_words(self, conversation: bytes) -> None:
        """Delete messages, notes and facts; tell the desks that still show it."""
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.delete(*(each(conversation) for each in _ERASED))
            pipe.publish(keys.staff_channel(conversation), b"x")
            await pipe.execute()

    async def write_file_anew(self) -> bool:
        """Have the store write its append-only file anew, without what was deleted. False while it is at it already.

        A deleted key is only one more line in that file; times, sizes and who was on duty would stay readable for
        weeks on a quiet line. A store of the operator's own that does not allow this is asked in vain, and no more.
        """
        try:
            await self._client.bgrewriteaof()
        except ResponseError as refused:
            return "in progress" not in str(refused)
        return True

    async def plant_copy(self, conversation: bytes, staff_copy: bytes) -> bool:
        """Replace the staff copy, after the ember was lost. False when it is erased."""
        answer = await scripts.PLANT_COPY(
            self._client, keys=[keys.state(conversation), keys.sealed(conversation)], args=[staff_copy]
        )
        return bool(answer)

    async def whisper(self, channel: bytes, payload: bytes) -> None:
        """Publish something that has no number and is kept nowhere: a typing sign, a nudge."""
        await self._client.publish(channel, payload)

    async def _read(self, key: bytes, names: Sequence[str]) -> list[Any]:
        return await self._client.hmget(key, list(names))


def _kept(answer: list[Any]) -> Kept:
    word, seq, standing = answer
    if word == b"kept":
        return Kept(seq, standing.decode())
    if word == b"over":
        raise ConversationOver
    raise HeldOff if word == b"off" else NotThisDesk


def entries(rows: list[Any] | None) -> list[tuple[int, Entry]]:
    """Numbers and entries of what a stream answered."""
    return [(int(name.split(b"-")[0]), Entry.unpack(_field(fields))) for name, fields in rows or ()]


def _field(fields: Any) -> bytes:
    # RESP3 answers a list of pairs where RESP2 answers a map; the library may hand over either.
    value: bytes = fields[b"e"] if isinstance(fields, dict) else dict(zip(fields[::2], fields[1::2], strict=True))[b"e"]
    return value


def _sealed(row: list[Any]) -> Sealed | None:
    return Sealed(row[0], row[1], row[2], int(row[3]), row[4] or b"") if all(row[:4]) else None
