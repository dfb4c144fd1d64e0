"""Answers who is signed in: opens a session from its cookie, and ends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar, Final, cast

from portal.clock import Clock
from portal.errors import PorchlightError
from portal.ids import from_text, random_key, to_text
from portal.staff.rights import Right, Role
from portal.store.embers import Embers
from portal.store.valkey import Valkey
from portal.vault.errors import SealBroken
from portal.vault.sealing import sub
from portal.vault.sessions import SessionKeys, find_session, open_session, session_box

COOKIE: Final = "__Host-d"
ENDED_CHANNEL: Final = b"{desk}:sessions"
IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)


class SignInNeeded(PorchlightError):
    """Nobody is signed in on this connection: pages answer 303 to the sign-in page, sockets close."""

    phrase: ClassVar[str] = "desk.error.sign_in"
    status: ClassVar[int] = 401


@dataclass(frozen=True)
class Signed:
    """The person behind one request or socket, with what she may do and the keys she holds."""

    staff_id: bytes
    alias: str
    role: Role
    session: bytes  # SHA-256 of the cookie's token: what a sign-out publishes
    rights: frozenset[Right]
    csrf: str = field(repr=False)
    tongue: str = "en"
    languages: tuple[str, ...] = ()
    is_vouched: bool = False
    has_new_keys: bool = False  # granted since she signed in: the next sign-in opens them
    _keys: Mapping[str, Mapping[int, bytes]] = field(default_factory=dict, repr=False)

    def may(self, right: Right) -> bool:
        """Whether this person may do this, by role and by key."""
        return right in self.rights

    def compartment_keys(self, name: str) -> Mapping[int, bytes]:
        """Private keys of a compartment by version; empty for a person who was never granted it."""
        return self._keys.get(name, {})


@dataclass(frozen=True)
class OpenSession:
    """What a session's box held: whose it is, of which generation, and the compartment keys opened at sign-in."""

    staff_id: bytes
    generation: int
    session: bytes
    csrf: str = field(repr=False)
    keys: Mapping[str, Mapping[int, bytes]] = field(repr=False)


@dataclass(frozen=True)
class HeldSession:
    """The memory half of a session as a live desk socket holds it; `lasts` from the moment it was looked at."""

    half: bytes = field(repr=False)
    lasts: timedelta


class Sessions:
    """Two halves of each session: a box on the durable side, its key half an ember that no disk ever sees."""

    def __init__(
        self, durable: Valkey, embers: Embers, clock: Clock, *, idle: timedelta = IDLE, absolute: timedelta = ABSOLUTE
    ) -> None:
        self._durable = durable
        self._embers = embers
        self._clock = clock
        self._idle = idle
        self._absolute = absolute

    async def begin(self, staff_id: bytes, generation: int, keys: Mapping[str, Mapping[int, bytes]]) -> str:
        """Open a new session and return its token, the cookie's value; nothing of the token is kept."""
        token, ember = random_key(), random_key()
        session = find_session(token)
        ends = int((self._clock.now() + self._absolute).timestamp())
        box = session_box(ember, token, SessionKeys(staff_id, generation, keys))
        await self._embers.put(b"es:" + session, ends.to_bytes(8, "big") + ember, self._idle)
        # Whose it is must be found at a deactivation, before the box says so: the set may outlive its sessions,
        # never the other way round.
        await self._durable.sadd(_of(staff_id), session)
        await self._durable.expire(_of(staff_id), self._absolute)
        await self._durable.set(b"s:" + session, staff_id + box, ex=self._absolute)
        return to_text(token)

    async def read(self, cookie: str) -> OpenSession | None:
        """The session a cookie opens, its idle time begun anew; None when it is over, unknown or tampered with."""
        try:
            token = from_text(cookie, 32)
        except ValueError:
            return None
        session = find_session(token)
        kept = await self._embers.get(b"es:" + session)
        stored = cast("bytes | None", await self._durable.get(b"s:" + session))
        if kept is None or stored is None or len(kept) != 40:
            return None
        left = int.from_bytes(kept[:8], "big") - self._clock.now().timestamp()
        if left <= 0:
            return None
        try:
            held = open_session(kept[8:], token, stored[:16], stored[16:])
        except SealBroken:
            return None
        # Extended, never put again: a request still running cannot bring back a session that was just ended.
        await self._embers.extend(b"es:" + session, min(self._idle, timedelta(seconds=left)))
        return OpenSession(held.staff_id, held.generation, session, to_text(sub(token, "csrf")), held.compartments)

    async def hold(self, session: bytes) -> "HeldSession | None":
        """The memory half of a session and how long it lasts, for a socket that may have to bring it back.

        None when it is not there: idle too long, ended, or lost with the ember store. Begins no idle time anew.
        """
        kept = await self._embers.get(b"es:" + session)
        left = await self._embers.left(b"es:" + session)
        return HeldSession(kept, left) if kept is not None and left else None

    async def bring_back(self, session: bytes, held: "HeldSession") -> bool:
        """Plant the memory half again after the ember store was lost, for no longer than it would have lasted.

        False when the session was ended: its durable half is gone, and nothing brings it back.
        """
        if not held.lasts or not await self._durable.exists(b"s:" + session):
            return False
        await self._embers.put_new(b"es:" + session, held.half, held.lasts)
        if await self._durable.exists(b"s:" + session):
            return True
        await self._embers.delete(b"es:" + session)
        return False

    async def end(self, staff_id: bytes, session: bytes) -> None:
        """End one session: its ember first, then its box, then every socket that lives by it is told."""
        await self._embers.delete(b"es:" + session)
        await self._durable.delete(b"s:" + session)
        await self._durable.srem(_of(staff_id), session)
        await self._durable.publish(ENDED_CHANNEL, session)

    async def count(self, staff_id: bytes) -> int:
        """How many sessions of one person are alive."""
        sessions = cast("set[bytes]", await self._durable.smembers(_of(staff_id)))
        return sum([await self._embers.get(b"es:" + session) is not None for session in sessions])

    async def end_all(self, staff_id: bytes) -> int:
        """End every session of one person; returns how many there were."""
        sessions = cast("set[bytes]", await self._durable.smembers(_of(staff_id)))
        for session in sessions:
            await self.end(staff_id, session)
        return len(sessions)


def _of(staff_id: bytes) -> bytes:
    return b"sp:" + staff_id
