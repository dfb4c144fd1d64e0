"""Answers who is signed in: opens a session from its cookie, and ends it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar, Final, cast

from portal.clock import Clock
from portal.errors import PorchlightError
from portal.ids import from_text, random_key, to_text
from portal.staff.rights import Right, Role
from portal.staff.sessions.lasting import KEPT, Lasting, Limits, Reading
from portal.store.embers import Embers
from portal.store.valkey import Valkey
from portal.vault.errors import SealBroken
from portal.vault.late_keys import late_line, late_private
from portal.vault.sealing import sub
from portal.vault.sessions import SessionKeys, find_session, open_session, session_box
from portal.vault.statement import Signer

COOKIE: Final = "__Host-d"
ENDED_CHANNEL: Final = b"{desk}:sessions"
LOCKED_CHANNEL: Final = b"{desk}:locks"  # hears which session was locked
LIMITS: Final = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))

# The memory half: when the session ends (8 bytes), the ember (32), and this word where it is locked. The word is a
# part of it and no key of its own, which could be lost, or run out, while the session stands.
_HALF: Final = 40
_LOCKED: Final = b"l"
_LATEST: Final = 2**40  # seconds since 1970: no session lasts as long


class SignInNeeded(PorchlightError):
    """Nobody is signed in on this connection: pages answer 303 to the sign-in page, sockets close."""

    phrase: ClassVar[str] = "desk.error.sign_in"
    status: ClassVar[int] = 401


class DeskLocked(PorchlightError):
    """The session stands, and nobody works in it before the passphrase: pages answer 303 to the page that asks it."""

    phrase: ClassVar[str] = "desk.error.locked"
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
    training: frozenset[str] = frozenset()  # what she was signed off for
    second: str = ""  # how her second proof stands
    is_shut: bool = False  # nothing opens before she has made one
    reading: Reading = "open"  # whether what is kept still opens to her without her passphrase (`reading`)
    granted: frozenset[str] = frozenset()  # what she would open
    is_locked: bool = False  # only the lock's own page and the desk's line are ever handed one that is
    _keys: Mapping[str, Mapping[int, bytes]] = field(default_factory=dict, repr=False)

    def may(self, right: Right) -> bool:
        """Whether this person may do this, by role and by key."""
        return right in self.rights

    def held(self) -> frozenset[str]:
        """The compartments she holds a key of."""
        return frozenset(self._keys)

    def compartment_keys(self, name: str) -> Mapping[int, bytes]:
        """Private keys of a compartment by version; empty for a person who was never granted it."""
        return self._keys.get(name, {})


@dataclass(frozen=True)
class OpenSession:
    """What a session's box held: whose it is, of which generation, and the compartment keys opened at sign-in."""

    staff_id: bytes
    generation: int
    session: bytes
    lasting: Lasting
    began: date
    csrf: str = field(repr=False)
    keys: Mapping[str, Mapping[int, bytes]] = field(repr=False)
    late: bytes = field(repr=False)  # opens the keys it was handed since


@dataclass(frozen=True)
class HeldSession:
    """The memory half of a session as a live desk socket holds it; `lasts` from the moment it was looked at."""

    half: bytes = field(repr=False)
    lasts: timedelta
    lasting: Lasting


class Sessions:
    """Two halves of each session: a box on the durable side, its key half an ember that no disk ever sees."""

    def __init__(
        self, durable: Valkey, embers: Embers, clock: Clock, limits: Callable[[], Limits] = lambda: LIMITS
    ) -> None:
        self._durable = durable
        self._embers = embers
        self._clock = clock
        self._limits = limits

    @property
    def limits(self) -> Limits:
        """How long a session lasts, as the house is set now."""
        return self._limits()

    @property
    def _lasts(self) -> timedelta:
        return self.limits.idle + KEPT

    async def begin(
        self,
        staff_id: bytes,
        generation: int,
        keys: Mapping[str, Mapping[int, bytes]],
        signer: Signer | None = None,
    ) -> str:
        """Open a new session and return its token, the cookie's value; nothing of the token is kept.

        With her `signer` it can be handed keys that are made later; without, she signs in again for them.
        """
        token, ember = random_key(), random_key()
        session = find_session(token)
        ends = int((self._clock.now() + self.limits.absolute).timestamp())
        box = session_box(ember, token, SessionKeys(staff_id, generation, keys))
        await self._embers.put(b"es:" + session, ends.to_bytes(8, "big") + ember, self._lasts)
        # Whose it is must be found at a deactivation, before the box says so: the set may outlive its sessions,
        # never the other way round.
        await self._durable.sadd(_of(staff_id), session)
        await self._durable.expire(_of(staff_id), self.limits.absolute + KEPT)
        if signer is not None:
            line = late_line(late_private(ember, token), signer, session, generation)
            await self._durable.set(b"sk:" + session, line, ex=self.limits.absolute + KEPT)
        await self._durable.set(b"s:" + session, staff_id + box, ex=self.limits.absolute + KEPT)
        return to_text(token)

    async def read(self, cookie: str) -> OpenSession | None:
        """The session a cookie opens; None when it is unknown or tampered with. Whether it still stands says `lasting`.

        Reading renews nothing.
        """
        try:
            token = from_text(cookie, 32)
        except ValueError:
            return None
        session = find_session(token)
        held = await self.hold(session)
        stored = cast("bytes | None", await self._durable.get(b"s:" + session))
        if held is None or stored is None:
            return None
        try:
            opened = open_session(held.half[8:_HALF], token, stored[:16], stored[16:])
        except SealBroken:
            return None
        csrf, late = to_text(sub(token, "csrf")), late_private(held.half[8:_HALF], token)
        began = (self._clock.now() + held.lasting.left - self.limits.absolute).date()
        return OpenSession(
            opened.staff_id, opened.generation, session, held.lasting, began, csrf, opened.compartments, late
        )

    async def touch(self, session: bytes) -> None:
        """A hand was there: its idle time begins anew.

        Extended, never put again: a request still running cannot bring back a session that was just ended.
        """
        await self._embers.extend(b"es:" + session, self._lasts)

    async def lock(self, session: bytes) -> bool:
        """Lock it, and tell every line that lives by it. True for the one who did; its time runs on."""
        if not await self._embers.mark(b"es:" + session, _LOCKED, size=_HALF):
            return False
        await self._durable.publish(LOCKED_CHANNEL, session)
        return True

    async def carry(self, staff_id: bytes, session: bytes) -> None:
        """Let one that has run out last a little longer, with all that belongs to it: somebody is still held."""
        kept = int(KEPT.total_seconds() * 1000)
        await self._embers.extend(b"es:" + session, KEPT)
        for half in (b"s:", b"sk:", b"sg:"):
            await self._durable.pexpire(half + session, kept, gt=True)
        await self._durable.pexpire(_of(staff_id), kept, gt=True)

    async def hold(self, session: bytes) -> "HeldSession | None":
        """The memory half of a session and how long it lasts, for a socket that may have to bring it back.

        None when it is not there: run out, ended, or lost with the ember store. Begins no idle time anew.
        """
        half = await self._embers.get(b"es:" + session)
        lasts = await self._embers.left(b"es:" + session)
        if half is None or not lasts or half[_HALF:] not in (b"", _LOCKED):
            return None
        ends = int.from_bytes(half[:8], "big")
        if ends > _LATEST:
            return None  # it is being written over at this moment
        left = timedelta(seconds=ends - self._clock.now().timestamp())
        return HeldSession(half, lasts, Lasting(self._lasts - lasts, left, is_locked=half.endswith(_LOCKED, _HALF)))

    async def stands(self, session: bytes) -> bool:
        """Whether it is there, unlocked and within its time: what works on behind the pages with its keys asks so."""
        held = await self.hold(session)
        return held is not None and not held.lasting.is_locked and not held.lasting.has_run_out(self.limits)

    async def bring_back(self, session: bytes, held: "HeldSession", *, is_locked: bool = False) -> bool:
        """Plant the memory half again after the ember store was lost, for no longer than it would have lasted.

        False when the session was ended: its durable half is gone, and nothing brings it back. A locked one comes back
        locked, `is_locked` also one that was locked after `held` was looked at.
        """
        if not held.lasts or not await self._durable.exists(b"s:" + session):
            return False
        half = held.half[:_HALF] + _LOCKED if is_locked else held.half
        await self._embers.put_new(b"es:" + session, half, held.lasts)
        if await self._durable.exists(b"s:" + session):
            return True
        await self._quench(session)
        return False

    async def end(self, staff_id: bytes, session: bytes) -> None:
        """End one session: its ember first, then its box, then every socket that lives by it is told."""
        await self._quench(session)
        await self._durable.delete(b"s:" + session, b"sk:" + session, b"sg:" + session)
        await self._durable.srem(_of(staff_id), session)
        # A desk that brought it back between the two: without its box nothing brings it back once more.
        try:
            await self._quench(session)
        finally:
            await self._durable.publish(ENDED_CHANNEL, session)

    async def _quench(self, session: bytes) -> None:
        """Let no copy of its memory half stand, locked or not."""
        await self._embers.quench(b"es:" + session, size=_HALF + len(_LOCKED))

    async def end_for_another(self, staff_id: bytes, session: bytes) -> None:
        """End one in whose place the same person has just begun another: her desk's lines move over to that."""
        await self._durable.set(b"sm:" + session, b"1", ex=KEPT)
        await self.end(staff_id, session)

    async def has_moved(self, session: bytes) -> bool:
        """Whether another session of the same person took the place of this one."""
        return bool(await self._durable.exists(b"sm:" + session))

    async def of(self, staff_id: bytes) -> list[bytes]:
        """The sessions of one person that are alive."""
        sessions = cast("set[bytes]", await self._durable.smembers(_of(staff_id)))
        return [session for session in sorted(sessions) if await self._embers.get(b"es:" + session) is not None]

    async def count(self, staff_id: bytes) -> int:
        """How many sessions of one person are alive."""
        return len(await self.of(staff_id))

    async def late_line(self, session: bytes) -> bytes | None:
        """What a session says of itself, signed by its person; None where it can be handed nothing."""
        return cast("bytes | None", await self._durable.get(b"sk:" + session))

    async def handed(self, session: bytes) -> Mapping[bytes, bytes]:
        """What it was handed since it began: sealed keys, by compartment and version."""
        return cast("dict[bytes, bytes]", await self._durable.hgetall(b"sg:" + session))

    async def handed_many(self, session: bytes) -> int:
        """How many those are."""
        return await self._durable.hlen(b"sg:" + session)

    async def hand(self, session: bytes, name: bytes, sealed: bytes) -> None:
        """Lay a sealed key beside a session, for as long as that may last."""
        await self._durable.hset(b"sg:" + session, name, sealed)
        await self._durable.expire(b"sg:" + session, self.limits.absolute + KEPT)

    async def end_all(self, staff_id: bytes) -> int:
        """End every session of one person; returns how many there were."""
        sessions = cast("set[bytes]", await self._durable.smembers(_of(staff_id)))
        for session in sessions:
            await self.end(staff_id, session)
        return len(sessions)


def _of(staff_id: bytes) -> bytes:
    return b"sp:" + staff_id
