"""The guarded doors of the tip room: by receipt, by visit, and by a grant; not yours and not there are one answer."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import Away
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault import tip_desk, tips as vault
from portal.vault.errors import KeyMissing, SealBroken, WrongKey
from portal.vault.passwords import FILING
from portal.vault.sealing import sub
from portal.vault.tip_channels import open_channel
from portal.vault.tips import ReceiptKeys, TipKeys
from tips import store
from tips.receipt import Receipt

_log = logging.getLogger("porchlight.tips")

VISIT: Final = "visit"
TELLING: Final = "telling"
TALKING: Final = "talking"
VISIT_LASTS: Final = timedelta(minutes=30)
TALKING_LASTS: Final = timedelta(hours=12)

_ID: Final = 16
_KEY: Final = 32


@dataclass(frozen=True)
class Visit:
    """A reporter at her own tip: its id and both keys."""

    tip: bytes
    keys: TipKeys = field(repr=False)

    @property
    def group(self) -> bytes:
        """The name under which every pass of this tip hangs, so that leaving drops them all. Known to nobody else."""
        return sub(self.keys.words, "passes")[:_ID]

    def encode(self) -> bytes:
        """The bytes to carry under a pass."""
        return self.tip + self.keys.words + self.keys.names

    @classmethod
    def decode(cls, carried: bytes) -> "Visit":
        """The visit that was carried."""
        return cls(carried[:_ID], TipKeys(carried[_ID : _ID + _KEY], carried[_ID + _KEY : _ID + 2 * _KEY]))


@dataclass(frozen=True)
class OpenTip:
    """A tip an advocate may read: its row, the key to the words, and the key to the names where she has that grant.

    `desk_key`, to what staff wrote, is None where nothing was written yet and the tip came without such a key.
    """

    sealed: store.SealedTip
    words_key: bytes = field(repr=False)
    names_key: bytes | None = field(repr=False)
    desk_key: bytes | None = field(default=None, repr=False)


class Doors:
    """The one way to each kind of tip."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._peppers: Mapping[int, bytes] | None = None
        self._every: Mapping[int, bytes] | None = None

    async def tip_for_receipt(self, receipt: Receipt, *, has_waited: bool = False) -> Visit | None:
        """The tip a receipt opens; None for a receipt that was never given and for one whose tip is erased.

        Costs one Argon2 run in every case, and after it one look-up that finds a row or does not. Raises PoolFull,
        DatabaseAway. `has_waited`: on a page that holds a place.
        """
        services = self._services
        salt = await self.receipt_salt()
        argon = await services.pools.coming_back.run(FILING, receipt.code.encode("ascii"), salt, has_waited=has_waited)
        by_find = {keys.find: keys for keys in self._keys_by_pepper(argon).values()}
        async with services.database.read() as connection:
            stored = await store.find_receipt(connection, list(by_find))
        if stored is None:
            return None
        try:
            keys = by_find[stored.find]
            if stored.channel_copy is not None:  # The words are gone; it opens the empty thread in their place.
                return Visit(*open_channel(stored.channel_copy, keys))
            return None if stored.copy is None else Visit(*vault.open_receipt_copy(stored.copy, keys))
        except (WrongKey, SealBroken):
            # A row somebody else wrote: to the reporter it is a number that opens nothing.
            return None

    async def begin_visit(self, visit: Visit) -> str:
        """A token for the hidden fields of this visit's pages. Opens nothing after half an hour, or after leaving."""
        return await self._services.passes.issue(VISIT, visit.encode(), group=visit.group, lasts=VISIT_LASTS)

    async def visit_for_token(self, token: str) -> Visit | None:
        """The visit of a page's token, or None when it is over."""
        carried = await self._services.passes.open(token, VISIT)
        return None if carried is None else Visit.decode(carried)

    async def begin_telling(self, visit: Visit) -> str:
        """A token that adds details to the tip just sent and reads nothing of it: for whoever took no number."""
        return await self._services.passes.issue(TELLING, visit.encode(), group=visit.group, lasts=VISIT_LASTS)

    async def telling_for_token(self, token: str) -> Visit | None:
        """The tip to which the page with this token may add; None when it is over. Never a door to what it holds."""
        carried = await self._services.passes.open(token, TELLING)
        return None if carried is None else Visit.decode(carried)

    async def begin_talking(self, visit: Visit) -> str:
        """A token for a talk that begins from this tip: it says which tip, adds to it, and reads nothing of it."""
        return await self._services.passes.issue(TALKING, visit.encode(), group=visit.group, lasts=TALKING_LASTS)

    async def talking_for_token(self, token: str) -> Visit | None:
        """The tip a talk with this token began from; None when it is over."""
        carried = await self._services.passes.open(token, TALKING)
        return None if carried is None else Visit.decode(carried)

    async def end_visit(self, token: str) -> None:
        """Drop the visit and every page of its tip that still stands under a pass. Unknown tokens are no matter."""
        for kind in (VISIT, TELLING, TALKING):
            carried = await self._services.passes.open(token, kind)
            if carried is not None:
                await self._services.passes.drop(Visit.decode(carried).group)

    async def tip_for_advocate(self, connection: AsyncConnection, signed: Signed, tip_id: bytes) -> OpenTip | None:
        """The tip, for somebody who holds the grant; None when it is not there or she does not."""
        sealed = await store.read_tip(connection, tip_id)
        return None if sealed is None else self.open_for_staff(signed, sealed, whole=True)

    def open_for_staff(self, signed: Signed, sealed: store.SealedTip, *, whole: bool = False) -> OpenTip | None:
        """The keys of a tip as far as this person's grants reach; None when they do not reach the words.

        `whole`: also the key to the desk's entries where the list has nothing to show of them.
        A tip whose keys were not kept by this house is not there either: a reply would be sealed to somebody else.
        """
        peppers = self._live_peppers().values()
        try:
            privates = signed.compartment_keys("tips")
            words_key = vault.open_words_key(sealed.words_copy, privates, sealed.id, peppers)
            desk_key = None
            if sealed.desk_copy is not None and (sealed.desk_card is not None or whole):
                desk_key = tip_desk.open_desk_key(sealed.desk_copy, privates, sealed.id, peppers)
        except KeyMissing:
            return None
        except SealBroken:
            _log.error("tip_key_refused")
            return None
        try:
            names_key: bytes | None = vault.open_names_key(
                sealed.names_copy, signed.compartment_keys("names"), sealed.id, peppers
            )
        except (KeyMissing, SealBroken):
            names_key = None
        return OpenTip(sealed, words_key, names_key, desk_key)

    async def receipt_salt(self) -> bytes:
        """The house's salt for every receipt, 16 bytes. Raises Away while this process could not read it yet."""
        salt = (await self._services.opening.facts()).receipt_salt
        if not salt:
            # Without it a true number would be told to open nothing.
            raise Away("the facts of the house are not known")
        return salt

    @property
    def live_peppers(self) -> Collection[bytes]:
        """Every pepper a row of this house may be marked with."""
        return self._live_peppers().values()

    @property
    def newest_pepper(self) -> bytes:
        """The pepper that new rows are marked with."""
        peppers = self._live_peppers()
        return peppers[max(peppers)]

    def newest_receipt_keys(self, argon: bytes) -> tuple[int, ReceiptKeys]:
        """The pepper to make new receipts with, by its number, and what the receipt gives under it."""
        by_pepper = self._keys_by_pepper(argon)
        number = max(by_pepper)
        return number, by_pepper[number]

    def _keys_by_pepper(self, argon: bytes) -> dict[int, ReceiptKeys]:
        # A receipt is found by the pepper it was made with, also by one whose marks are believed no more.
        every = self._services.staff.folder.every_pepper() if self._every is None else self._every
        self._every = every
        return {number: vault.receipt_keys(argon, pepper) for number, pepper in every.items()}

    def _live_peppers(self) -> Mapping[int, bytes]:
        if self._peppers is None:
            self._peppers = self._services.staff.folder.peppers()
        return self._peppers
