"""Files a tip: kept and sealed to staff first, the way back after it, so that nothing slow stands before the words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec

from portal.ids import random_id
from portal.services import Services
from portal.vault import tips as vault
from portal.vault.errors import SealBroken
from portal.vault.passwords import FILING
from portal.vault.sealing import extract, open_box, seal_box, sub
from portal.vault.tips import TipKeys
from tips import parts, store
from tips.access import Doors, Visit
from tips.form import TipForm
from tips.receipt import Receipt, new_receipt
from tips.tip import Card, Kind, Names, ReceiptState, Status, Urgency, Words, after_addition

# A number that was shown is not shown again to whoever finds the tab and sends the form once more.
SHOWN_AGAIN_FOR: Final = timedelta(minutes=10)


class Filing(msgspec.Struct, frozen=True):
    """One filing on its way from the form to the receipt. Lives only under passes and the form's start token."""

    tip: bytes
    words_key: bytes
    names_key: bytes
    code: str
    wants_number: bool
    is_urgent: bool
    at: datetime

    @property
    def visit(self) -> Visit:
        """The reporter at the tip she has just sent."""
        return Visit(self.tip, TipKeys(self.words_key, self.names_key))

    @property
    def receipt(self) -> Receipt:
        """The number that will open it."""
        return Receipt(self.code)

    def __repr__(self) -> str:
        return "Filing(...)"

    def encode(self) -> bytes:
        """The bytes to carry under a pass."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, carried: bytes) -> "Filing":
        """The filing that was carried."""
        return msgspec.msgpack.decode(carried, type=cls)


@dataclass(frozen=True)
class Filed:
    """A tip staff can read from now on. `may_show_number`: the number may stand on the next page."""

    filing: Filing = field(repr=False)
    may_show_number: bool


class Intake:
    """The acts between the form and the receipt."""

    def __init__(self, services: Services, doors: Doors) -> None:
        self._services = services
        self._doors = doors

    async def filed_before(self, start_token: str) -> Filed | None:
        """What this start token filed, if it did. Raises ValkeyAway."""
        kept = await self._services.start_tokens.spent_on(start_token)
        if kept is None:
            return None
        try:
            return self._filed(Filing.decode(open_box(_own_key(start_token), "filing", kept)))
        except SealBroken:
            return None

    async def file_tip(
        self, form: TipForm, *, language: str, start_token: str, wants_number: bool, from_talk: bool = False
    ) -> Filed:
        """Seal and commit the tip; when this returns, staff have it.

        The same start token always leads to the same tip: a second tap, or a resend on a bad line, files nothing new,
        and other words sent with it are added to the first. Public keys come from the verified statements only.
        Raises DatabaseAway, ValkeyAway, ChainBroken; then nothing was promised and the form can be sent again.
        """
        now = self._services.clock.now()
        filing = await self._first_filing(form, start_token, wants_number, now)
        sealed, sealed_parts = await self._seal(form, filing, language, now, from_talk)
        async with self._services.database.write() as connection:
            if not await store.insert_tip(connection, sealed, sealed_parts):
                kept = await store.read_parts(connection, filing.tip)
                addition = self._addition(form, filing, kept, now)
                if addition is not None:
                    await store.insert_part(connection, filing.tip, addition)
                    await store.set_status(connection, filing.tip, after_addition(Status.NEW))
        if filing.is_urgent:
            await self._services.alerts.raise_("tip", filing.tip)
        return self._filed(filing)

    async def make_receipt(self, filing: Filing) -> Receipt | None:
        """Make the way back and commit it; only a receipt this returns may be shown.

        Safe to do twice. None when the tip is gone meanwhile. Raises PoolFull when the place has to be held a little
        longer, DatabaseAway when the number is not safe yet.
        """
        services = self._services
        salt = await self._doors.receipt_salt()
        argon = await services.pools.filing.run(FILING, filing.code.encode("ascii"), salt)
        pepper, keys = self._doors.newest_receipt_keys(argon)
        copy = vault.receipt_copy(filing.visit.keys, filing.tip, keys)
        async with services.database.write() as connection:
            is_kept = await store.keep_receipt(connection, filing.tip, store.StoredReceipt(keys.find, pepper, copy))
        return filing.receipt if is_kept else None

    def _filed(self, filing: Filing) -> Filed:
        is_fresh = self._services.clock.now() - filing.at <= SHOWN_AGAIN_FOR
        return Filed(filing, filing.wants_number and is_fresh)

    async def _first_filing(self, form: TipForm, start_token: str, wants_number: bool, now: datetime) -> Filing:
        keys = TipKeys.new()
        offered = Filing(
            tip=random_id(),
            words_key=keys.words,
            names_key=keys.names,
            code=str.__str__(new_receipt().code),
            wants_number=wants_number,
            is_urgent=form.urgency is Urgency.NOW,
            at=now,
        )
        # The ember store remembers what a token was spent on, under the token's plain hash. Boxed under a key that
        # needs the token itself, which only the page has, its memory alone opens no tip.
        own = _own_key(start_token)
        kept = await self._services.start_tokens.spend(start_token, seal_box(own, "filing", offered.encode()))
        try:
            return Filing.decode(open_box(own, "filing", kept))
        except SealBroken:
            # The token was spent on another page of ours: this filing stands for itself.
            return offered

    async def _seal(
        self, form: TipForm, filing: Filing, language: str, now: datetime, from_talk: bool
    ) -> tuple[store.SealedTip, list[store.SealedPart]]:
        keys = filing.visit.keys
        ledger = await self._services.staff.ledger.current()
        tips_version, tips_public = ledger.compartment("tips")
        names_version, names_public = ledger.compartment("names")
        copies = vault.staff_copies(
            keys,
            filing.tip,
            tips_public=tips_public,
            tips_version=tips_version,
            names_public=names_public,
            names_version=names_version,
            pepper=self._doors.newest_pepper,
        )
        card = Card(language, form.path, form.urgency, form.child, form.answer_welcome, now, from_talk)
        sealed = store.SealedTip(
            id=filing.tip,
            day=parts.day_of(now),
            status=Status.NEW,
            receipt=ReceiptState.PENDING if filing.wants_number else ReceiptState.NOT_WANTED,
            card=parts.seal_card(keys.words, filing.tip, card),
            words_copy=copies.words,
            names_copy=copies.names,
        )
        told = parts.seal_words(keys.words, filing.tip, random_id(), _words(form, Kind.TOLD, now))
        # Every tip has a names part, an empty one too: the disk must not tell who left a way to be reached.
        reach = parts.seal_names(keys.names, filing.tip, random_id(), Names(form.reach), now)
        return sealed, [told, reach]

    def _addition(
        self, form: TipForm, filing: Filing, kept: list[store.SealedPart], now: datetime
    ) -> store.SealedPart | None:
        if not kept:
            return None  # erased meanwhile: erased is erased
        sent = _words(form, Kind.ADDED, now)
        known = parts.open_words(filing.words_key, filing.tip, kept)
        if any((was.text, was.place, was.when) == (sent.text, sent.place, sent.when) for was in known):
            return None
        return parts.seal_words(filing.words_key, filing.tip, random_id(), sent)


def _own_key(start_token: str) -> bytes:
    return sub(extract(b"porchlight/1 start token", start_token.encode()), "filing")


def _words(form: TipForm, kind: Kind, now: datetime) -> Words:
    return Words(kind=kind, text=form.words, at=now, place=form.place, when=form.when)
