"""Finds lines of the audit by day, person, act and subject, and lets them be taken away as a file."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import ColumnElement, false, or_, select

from portal.errors import NotThere
from portal.staff.proving import Proving
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit
from portal.staff.trail import audit as writing
from portal.staff.trail.audit_chain import AT_ONCE, BROKEN, Page, of_row
from portal.staff.trail.audited import ACTS, Of, Tail, names_of
from portal.store.columns import begins
from portal.store.database import page_of
from portal.vault.audit_lines import Line, sign_head
from portal.vault.statement import Head
from portal.web.csv_cells import written

if TYPE_CHECKING:
    from portal.services import Services

SHOWN: Final = 50
TAKING: Final = "audit"
SEEN: Final = "audit.seen"
HEADING: Final = ("line", "day", "act", "person", "person id", "about", "about id", "digest of the line before")


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """What somebody looks for; empty is anything. `first` and `last` are days, both within.

    `act`: an act's name, or a kind of acts (`Of`). `before`: only lines of a lower number, for the next page.
    """

    first: str = ""
    last: str = ""
    who: bytes | None = None
    act: str = ""
    about: bytes | None = None
    before: int | None = None


@dataclass(frozen=True)
class Leaf:
    """A page of lines, the newest first; `onward` where more follow behind the last of them."""

    lines: list[Line]
    onward: bool
    aliases: Mapping[bytes, str]
    is_broken: bool


class Taking(msgspec.Struct, frozen=True, array_like=True):
    """What a pass to a file says: who takes which lines away, up to which head, which she has signed."""

    staff: bytes
    asked: Asked
    number: int
    digest: bytes
    day: str
    public: bytes
    signature: bytes

    def __repr__(self) -> str:
        return "Taking(...)"


class AuditReading:
    """The acts of whoever reads the audit. Each raises DatabaseAway."""

    def __init__(self, services: "Services", proving: Proving) -> None:
        self._services = services
        self._proving = proving

    async def leaf(self, signed: Signed, asked: Asked) -> Leaf:
        """One page of lines. That she looked is written down before, once a day."""
        await self._services.staff.journal.once_a_day(SEEN, signed.staff_id)
        wanted = select(audit).where(*conditions(asked)).order_by(audit.c.n.desc()).limit(SHOWN + 1)
        noted = select(audit.c.n).where(_is_act(BROKEN)).limit(1)
        async with self._services.database.read() as connection:
            rows = (await connection.execute(wanted)).all()
            is_broken = (await connection.execute(noted)).one_or_none() is not None
        return Leaf([of_row(row) for row in rows[:SHOWN]], len(rows) > SHOWN, await self.aliases(), is_broken)

    async def aliases(self) -> Mapping[bytes, str]:
        """What everybody is called, those who left included."""
        return {person.id: person.alias for person in await self._services.staff.accounts.everyone()}

    async def take(self, signed: Signed, passphrase: str, asked: Asked) -> str:
        """Let lines leave as a file: a pass, for a minute, by which this person alone has it.

        Written down before there is a file; the head that line makes is signed with her own key, which the key book
        knows. Raises WrongPassphrase, TooManyTries, PoolFull.
        """
        unlocked = await self._proving.prove(signed, passphrase)
        at = self._services.clock.now()
        async with self._services.database.write() as connection:
            await writing.line(connection, at=at, act="audit.exported", staff_id=signed.staff_id)
            page = page_of(connection)
            head = page.head if isinstance(page, Page) and page.head is not None else Head(0, b"")
        day = at.date().isoformat()
        signature = sign_head(unlocked.signer, head, day)
        public = unlocked.keys.sign_public
        taking = Taking(signed.staff_id, asked, head.number, head.digest, day, public, signature)
        return await self._services.passes.issue(TAKING, msgspec.msgpack.encode(taking))

    async def taken(self, signed: Signed, token: str) -> Taking:
        """What a pass leads to. Raises NotThere for one that is over, or of somebody else."""
        carried = await self._services.passes.open(token, TAKING)
        taking = None if carried is None else msgspec.msgpack.decode(carried, type=Taking)
        if taking is None or taking.staff != signed.staff_id:
            raise NotThere("no such pass")
        return taking

    async def file(self, taking: Taking) -> AsyncIterator[bytes]:
        """The file, a piece at a time: the lines in their order, then the head and whose signature stands under it."""
        aliases = await self.aliases()
        yield b"\xef\xbb\xbf" + written([HEADING]).encode()
        number = 0
        while True:
            within = audit.c.n > number, audit.c.n <= taking.number, *conditions(taking.asked)
            async with self._services.database.read() as connection:
                rows = (await connection.execute(select(audit).where(*within).order_by(audit.c.n).limit(AT_ONCE))).all()
            yield written(_row(of_row(row), aliases) for row in rows).encode()
            if len(rows) < AT_ONCE:
                break
            number = rows[-1].n
        yield written(_end(taking, aliases)).encode()


def conditions(asked: Asked) -> Iterator[ColumnElement[bool]]:
    """The same as conditions on rows."""
    if asked.first:
        yield audit.c.day >= asked.first
    if asked.last:
        yield audit.c.day <= asked.last
    if asked.who is not None:
        yield audit.c.staff == asked.who
    if asked.act:
        yield or_(*(_is_act(name) for name in acts_of(asked.act))) if acts_of(asked.act) else false()
    if asked.about is not None:
        yield audit.c.subject == asked.about
    if asked.before is not None:
        yield audit.c.n < asked.before


def acts_of(asked: str) -> list[str]:
    """The acts that a word names: one, all of a kind, or none."""
    if asked in ACTS:
        return [asked]
    return names_of(Of(asked)) if asked in set(Of) else []


def _is_act(name: str) -> ColumnElement[bool]:
    tail = ACTS[name].tail
    is_it = audit.c.act == name
    return is_it if tail is Tail.NONE else or_(is_it, begins(audit.c.act, name + tail))


def _row(line: Line, aliases: Mapping[bytes, str]) -> tuple[str, ...]:
    return (
        str(line.number),
        line.day,
        line.act,
        aliases.get(line.staff, ""),
        line.staff.hex(),
        aliases.get(line.subject, ""),
        line.subject.hex(),
        "" if line.previous is None else line.previous.hex(),
    )


def _end(taking: Taking, aliases: Mapping[bytes, str]) -> list[tuple[str, ...]]:
    return [
        ("head", taking.day, str(taking.number), taking.digest.hex()),
        ("signed by", taking.day, aliases.get(taking.staff, ""), taking.staff.hex(), taking.public.hex()),
        ("signature", taking.day, taking.signature.hex()),
    ]
