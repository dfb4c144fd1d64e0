"""Knows who keeps which recovery sheet, and which of them are shown to be on paper."""

import hmac
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.paper.tables import recovery_sheets
from portal.staff.trail import audit
from portal.staff.trail.audit_chain import NOBODY
from portal.vault.errors import SealBroken, SheetUnreadable
from portal.vault.sheet_cards import LONGEST_NAME, open_sheet_card, seal_sheet_card
from portal.vault.sheets import Sheet, proof_of, read_half
from portal.web.throttle import Throttle

if TYPE_CHECKING:
    from portal.services import Services


class SheetWrong(PorchlightError):
    """What was typed is not this house's recovery sheet."""

    phrase: ClassVar[str] = "desk.error.sheet_wrong"
    status: ClassVar[int] = 422


class HalfWrong(SheetWrong):
    """What was typed is not the first two letters of each group of a sheet of this house."""

    phrase: ClassVar[str] = "deskpaper.wrong.half"


class NameMissing(SheetWrong):
    """A sheet is kept by somebody, and the house has to know by whom."""

    phrase: ClassVar[str] = "deskpaper.wrong.name"


class AnothersSheet(SheetWrong):
    """The letters are right, and the sheet is in somebody else's name."""

    phrase: ClassVar[str] = "deskpaper.wrong.anothers"


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed about one sheet: whose it is, the proof of its paper, and the day that was shown (or empty)."""

    proof: bytes
    name: str = ""
    day: str = ""

    def __repr__(self) -> str:
        return "Card(...)"


@dataclass(frozen=True)
class Kept:
    """One sheet as the desk may say it: its number, who keeps it (or nobody yet), and since which day on paper."""

    number: int
    name: str
    day: str

    @property
    def is_done(self) -> bool:
        """Whether somebody is named, and has shown that the paper is right."""
        return bool(self.name and self.day)


@dataclass(frozen=True)
class _Row:
    number: int
    of: bytes
    card: Card


class Holders:
    """The acts on who keeps the three sheets. None of them ever sees a whole sheet."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._pace = Throttle(burst=20, each_second=0.2, names=1)

    async def kept(self) -> list[Kept]:
        """The three sheets in order; empty in a house that has one. Raises CardForged."""
        async with self._services.database.read() as connection:
            rows = await self._rows(connection)
        return [Kept(row.number, row.card.name, row.card.day) for row in rows]

    async def name(self, staff_id: bytes, names: Mapping[int, str]) -> None:
        """Write down who keeps a sheet. In another name it has to be shown again that the paper is there."""
        async with self._services.database.write() as connection:
            for row in await self._rows(connection):
                name = clean_name(names.get(row.number, ""))
                if name and name != row.card.name:
                    await self._keep(connection, row, Card(proof=row.card.proof, name=name))
                    await self._note(connection, "sheet.named", staff_id, row.number)
            await self._weigh(connection)

    async def prove(self, staff_id: bytes, typed: str, name: str, number: int | None = None) -> None:
        """Believe that a sheet is on paper: somebody typed the first two letters of each group.

        `staff_id` is `NOBODY` where a person typed them who has no account; `number` says which sheet it must be.
        Raises HalfWrong, NameMissing, AnothersSheet.
        """
        if staff_id == NOBODY and not self._pace.allows():
            raise HalfWrong("pace")
        try:
            proof = proof_of(read_half(typed))
        except SheetUnreadable:
            raise HalfWrong("unreadable") from None
        name = clean_name(name)
        async with self._services.database.write() as connection:
            row = _of_proof(await self._rows(connection), proof)
            if row is None or number not in (None, row.number):
                raise HalfWrong("none of this house's")
            if not (name or row.card.name):
                raise NameMissing("nobody")
            if name and row.card.name and name.casefold() != row.card.name.casefold():
                raise AnothersSheet("another name")
            day = self._services.clock.now().date().isoformat()
            await self._keep(connection, row, Card(proof=proof, name=row.card.name or name, day=day))
            await self._note(connection, "sheet.on_paper", staff_id, row.number)
            await self._weigh(connection)

    async def _weigh(self, connection: AsyncConnection) -> None:
        """The list of what has to be done before the doors open knows one thing: all three, or not yet."""
        rows = await self._rows(connection)
        is_done = bool(rows) and all(row.card.name and row.card.day for row in rows)
        await self._services.opening.change(connection, is_sheet_kept=is_done)

    async def _rows(self, connection: AsyncConnection) -> list[_Row]:
        accounts = self._services.staff.accounts
        found = (await connection.execute(select(recovery_sheets).order_by(recovery_sheets.c.number))).all()
        if found:
            await accounts.ready()
        return [_opened(row, accounts.pepper(row.pepper)) for row in found]

    async def _keep(self, connection: AsyncConnection, row: _Row, card: Card) -> None:
        accounts = self._services.staff.accounts
        number = accounts.newest_pepper()
        sealed = _sealed(accounts.pepper(number), row.of, row.number, card)
        await connection.execute(
            update(recovery_sheets).where(recovery_sheets.c.number == row.number).values(pepper=number, card=sealed)
        )

    async def _note(self, connection: AsyncConnection, act: str, staff_id: bytes, number: int) -> None:
        at = self._services.clock.now()
        await audit.line(connection, at=at, act=act, staff_id=staff_id, subject=bytes([number]))


class CardForged(PorchlightError):
    """A row about a sheet was not written by this house."""

    phrase: ClassVar[str] = "desk.error.row"
    status: ClassVar[int] = 503


async def begin(
    connection: AsyncConnection, sheets: Sequence[Sheet], names: Sequence[str], number: int, pepper: bytes
) -> None:
    """Write three new sheets down in the place of those there were, inside the caller's transaction.

    `names` may be empty words: then whoever shows her paper says whose it is.
    """
    await connection.execute(delete(recovery_sheets))
    for sheet, name in zip(sheets, names, strict=True):
        card = _sealed(pepper, sheet.of, sheet.number, Card(proof=sheet.proof(), name=clean_name(name)))
        await connection.execute(
            insert(recovery_sheets).values(number=sheet.number, of_set=sheet.of, pepper=number, card=card)
        )


def clean_name(typed: str) -> str:
    """One printable line of at most 80 letters."""
    text = unicodedata.normalize("NFC", typed[:400])
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_NAME]


def _of_proof(rows: Sequence[_Row], proof: bytes) -> _Row | None:
    found = [row for row in rows if hmac.compare_digest(row.card.proof, proof)]
    return found[0] if found else None


def _sealed(pepper: bytes, of: bytes, number: int, card: Card) -> bytes:
    return seal_sheet_card(pepper, of, number, msgspec.msgpack.encode(card))


def _opened(row: Any, pepper: bytes) -> _Row:  # Any: a row of the database, typed nowhere before this line
    try:
        card = msgspec.msgpack.decode(open_sheet_card(pepper, row.of_set, row.number, row.card), type=Card)
    except (SealBroken, msgspec.MsgspecError):
        raise CardForged("a row about a sheet was changed from outside") from None
    return _Row(row.number, row.of_set, card)
