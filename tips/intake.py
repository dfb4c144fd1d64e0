"""Files a tip: kept and sealed to staff first, the way back after it, so that nothing slow stands before the words."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec

from portal.ids import random_id, random_key
from portal.services import Services
from portal.vault import tip_desk, tips as vault
from portal.vault.errors import SealBroken
from portal.vault.passwords import FILING
from portal.vault.sealing import extract, open_box, seal_box, sub
from portal.vault.tip_channels import channel
from portal.vault.tips import TipKeys
from tips import consents, parts, store
from tips.access import Doors, Visit
from tips.consents import Entry, How
from tips.crowd.tally import Tally
from tips.form import TipForm
from tips.receipt import Receipt, new_receipt
from tips.tip import Card, Facts, Kind, Names, ReceiptState, Status, Urgency, Words, after_addition

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
    is_recent: bool = False  # so near that a talk with a person is offered beside it
    region: str = ""  # the place she chose, for the numbers to call on the next page

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
    """A tip staff can read from now on.

    `is_fresh`: it was sent a moment ago, so what the next page offers goes to whoever sent it. `may_show_number`: the
    number may stand there.
    """

    filing: Filing = field(repr=False)
    is_fresh: bool

    @property
    def may_show_number(self) -> bool:
        """Whether a number was asked for, and just now."""
        return self.is_fresh and self.filing.wants_number


class Intake:
    """The acts between the form and the receipt."""

    def __init__(self, services: Services, doors: Doors) -> None:
        self._services = services
        self._doors = doors
        self._tally = Tally(services)

    async def filed_before(self, start_token: str) -> Filed | None:
        """What this start token filed, if it did. Raises ValkeyAway."""
        for name in _names_of(start_token):
            kept = await self._services.start_tokens.spent_on(name)
            filing = None if kept is None else _filing_in(kept, start_token)
            if filing is not None:
                return self._filed(filing)
        return None

    async def remember(self, start_token: str, filing: Filing) -> None:
        """What was sent with this token has become a part of that tip: sent again it leads to the same page."""
        await self._services.start_tokens.spend(start_token, seal_box(_own_key(start_token), "filing", filing.encode()))

    async def file_tip(
        self,
        form: TipForm,
        *,
        language: str,
        start_token: str,
        wants_number: bool,
        from_talk: bool = False,
        by_phone: bool = False,
    ) -> Filed:
        """Seal and commit the tip; when this returns, staff have it.

        The same start token always leads to the same tip: a second tap, or a resend on a bad line, files nothing new,
        and other words sent with it are added to the first. Public keys come from the verified statements only.
        Raises DatabaseAway, ValkeyAway, ChainBroken; then nothing was promised and the form can be sent again.
        """
        now = self._services.clock.now()
        how = How.PHONE if by_phone else How.TALK if from_talk else How.FORM
        filing = await self._first_filing(form, start_token, wants_number, now)
        sealed, sealed_parts = await self._seal(form, filing, language, now, how)
        async with self._services.database.write() as connection:
            is_new = await store.insert_tip(connection, sealed, sealed_parts)
            if not is_new:
                is_hers = await store.read_hers(connection, filing.tip) is not None
                kept = await store.read_parts(connection, filing.tip) if is_hers else []
                additions = self._additions(form, filing, kept, language, now, how)
                for addition in additions:
                    await store.insert_part(connection, filing.tip, addition)
                if additions:
                    await store.set_status(connection, filing.tip, after_addition(Status.NEW))
        if filing.is_urgent:
            await self._services.alerts.raise_("tip", filing.tip)
        if is_new:
            await self._tally.came(is_tip=True)
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
        kept = store.StoredReceipt(keys.find, pepper, copy, channel(keys, self._doors.newest_pepper))
        async with services.database.write() as connection:
            is_kept = await store.keep_receipt(connection, filing.tip, kept)
        return filing.receipt if is_kept else None

    def _filed(self, filing: Filing) -> Filed:
        return Filed(filing, is_fresh=self._services.clock.now() - filing.at <= SHOWN_AGAIN_FOR)

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
            is_recent=form.urgency is Urgency.DAY,
            region=form.region,
        )
        # The ember store remembers what a token was spent on, under the token's plain hash. Boxed under a key that
        # needs the token itself, which only the page has, its memory alone opens no tip.
        box = seal_box(_own_key(start_token), "filing", offered.encode())
        for name in _names_of(start_token):
            filing = _filing_in(await self._services.start_tokens.spend(name, box), start_token)
            if filing is not None:
                return filing
        return offered

    async def _seal(
        self, form: TipForm, filing: Filing, language: str, now: datetime, how: How
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
        card = Card(
            language,
            form.path,
            form.urgency,
            form.child,
            form.answer_welcome,
            now,
            from_talk=how is How.TALK,
            lost=form.says_lost,
            by_phone=how is How.PHONE,
        )
        sealed = store.SealedTip(
            id=filing.tip,
            day=parts.day_of(now),
            status=Status.NEW,
            receipt=ReceiptState.PENDING if filing.wants_number else ReceiptState.NOT_WANTED,
            card=parts.seal_card(keys.words, filing.tip, card),
            words_copy=copies.words,
            names_copy=copies.names,
            # Of every tip, so that its being there tells nothing. The key is forgotten here: only the desk opens it.
            desk_copy=tip_desk.desk_copy(
                random_key(),
                filing.tip,
                tips_public=tips_public,
                tips_version=tips_version,
                pepper=self._doors.newest_pepper,
            ),
        )
        # Every tip has one part of each kind, empty ones too: the disk must not tell who said what.
        return sealed, [
            parts.seal_words(keys.words, filing.tip, random_id(), _words(form, Kind.TOLD, now)),
            parts.seal_facts(keys.words, filing.tip, random_id(), Facts(now, dict(form.facts))),
            parts.seal_consent(keys.words, filing.tip, random_id(), _entry(form, language, now, how)),
            parts.seal_names(keys.names, filing.tip, random_id(), form.all_names, now),
        ]

    def _additions(
        self,
        form: TipForm,
        filing: Filing,
        kept: list[store.SealedPart],
        language: str,
        now: datetime,
        how: How,
    ) -> list[store.SealedPart]:
        """What a form that is sent once more says otherwise than the tip it made; nothing where it says the same."""
        if not kept:
            return []  # erased meanwhile: erased is erased
        keys, tip, added = filing.visit.keys, filing.tip, []
        sent = _words(form, Kind.ADDED, now)
        known = parts.open_words(keys.words, tip, kept)
        if not any((was.text, was.place, was.when) == (sent.text, sent.place, sent.when) for was in known):
            added.append(parts.seal_words(keys.words, tip, random_id(), sent))
        said = dict(form.facts)
        if said and not any(was.said == said for was in parts.open_facts(keys.words, tip, kept)):
            added.append(parts.seal_facts(keys.words, tip, random_id(), Facts(now, said)))
        names, left = form.all_names, parts.open_names(keys.names, tip, kept)
        # What she changed after coming back stands: a late copy of the form brings no old number back.
        if names not in (Names(), *left) and not any(each.changed for each in left):
            added.append(parts.seal_names(keys.names, tip, random_id(), names, now))
        entry = _entry(form, language, now, how)
        if consents.is_news(entry, parts.open_consents(keys.words, tip, kept)):
            added.append(parts.seal_consent(keys.words, tip, random_id(), entry))
        return added


def _names_of(start_token: str) -> tuple[str, str]:
    """What a token is spent under; where a talk was begun with it, the second: it counts once here too."""
    return start_token, f"note {start_token}"


def _filing_in(kept: bytes, start_token: str) -> Filing | None:
    try:
        return Filing.decode(open_box(_own_key(start_token), "filing", kept))
    except SealBroken:
        return None


def _own_key(start_token: str) -> bytes:
    return sub(extract(b"porchlight/1 start token", start_token.encode()), "filing")


def _words(form: TipForm, kind: Kind, now: datetime) -> Words:
    return Words(kind=kind, text=form.words, at=now, place=form.place, when=form.when)


def _entry(form: TipForm, language: str, now: datetime, how: How) -> Entry:
    return consents.first_entry(form.consents, form.identity, how=how, language=language, at=now)
