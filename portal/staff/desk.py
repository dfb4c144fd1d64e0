"""Puts the staff room together: the key book, the accounts, the sessions, and who is behind a cookie."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from portal.desk_settings import DeskSettings
from portal.handover import nobody_is_held
from portal.staff.accounts import Accounts
from portal.staff.household.speaking import StaffNews
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.keys.late_keys import LateKeys
from portal.staff.keys.ledger import StatementBook
from portal.staff.keys.reading import WINDOW
from portal.staff.proofs.asking import Asking
from portal.staff.rights import rights_of
from portal.staff.sessions.lasting import Limits
from portal.staff.sessions.locking import Locking
from portal.staff.sessions.session import DeskLocked, OpenSession, Sessions, Signed, SignInNeeded
from portal.staff.trail.audit_chain import AuditChain
from portal.staff.trail.journal import Journal

# Whether this person holds a conversation: the chat knows.
IsHolding = Callable[[bytes], Awaitable[bool]]

if TYPE_CHECKING:
    from portal.clock import Clock
    from portal.settings import Settings
    from portal.store.database import Database
    from portal.store.embers import Embers
    from portal.store.valkey import Valkey


class StaffRoom:
    """What other rooms need of the staff room; made once per process by the front door."""

    def __init__(
        self, settings: "Settings", clock: "Clock", database: "Database", durable: "Valkey", embers: "Embers"
    ) -> None:
        """Opens nothing yet. Raises KeysFolderWrong when the keys folder and the data folder do not lie apart."""
        self.folder = KeysFolder(settings.keys_dir, settings.data_dir)
        self.desk_settings = DeskSettings(database, self.folder)
        self.ledger = StatementBook(database, self.folder)
        self.accounts = Accounts(database, self.folder)
        self.sessions = Sessions(
            durable,
            embers,
            clock,
            lambda: limits_of(self.desk_settings.over(settings)),
        )
        self.news = StaffNews()
        self._given = settings
        self.late = LateKeys(self.sessions, self.accounts)
        self.chain = AuditChain(self.folder)
        database.beside = self.chain
        self.journal = Journal(database, clock, embers)
        self.locking = Locking(self.sessions, self.journal)
        self.heed: Callable[[Signed], None] = _nobody_heeds  # told of everybody who comes by, with her keys

    @property
    def asking(self) -> Asking:
        """Who has to have a second proof, as it counts at this moment."""
        now = self.desk_settings.over(self._given)
        return Asking(now.second_proof, now.second_proof_days)

    async def who(self, cookie: str, is_holding: IsHolding = nobody_is_held) -> Signed:
        """The person a session cookie stands for, her idle time begun anew.

        Raises SignInNeeded when it stands for nobody any more, DeskLocked when only her passphrase opens it.
        """
        signed = await self.who_even_locked(cookie, is_holding)
        if signed.is_locked:
            raise DeskLocked("locked")
        await self.sessions.touch(signed.session)
        self.heed(signed)
        return signed

    async def who_even_locked(self, cookie: str, is_holding: IsHolding = nobody_is_held) -> Signed:
        """The same, and handed over even when it is locked; for the lock's own page and the desk's line alone.

        Begins no idle time anew.
        """
        session = await self.sessions.read(cookie)
        if session is None:
            raise SignInNeeded("no such session")
        standing = await self.locking.look(session.staff_id, session.session, session.lasting, is_holding)
        if standing == "over":
            await self.sessions.end(session.staff_id, session.session)
            raise SignInNeeded("run out")
        return replace(await self._signed(session), is_locked=standing == "locked")

    async def _signed(self, session: OpenSession) -> Signed:
        person = await self.accounts.person(session.staff_id)
        if person is None or not person.is_active or person.generation != session.generation:
            raise SignInNeeded("this person may no longer be here")
        ledger = await self.ledger.current()
        granted = {(grant.compartment, grant.version) for grant in ledger.grants(person.id)}
        # What the book does not grant (any more) is not handed on, even when the session still holds the key.
        keys = {
            name: {version: private for version, private in held.items() if (name, version) in granted}
            for name, held in session.keys.items()
        }
        lacking = granted - {(name, version) for name, held in keys.items() for version in held}
        lacking = {(name, version) for name, version in lacking if version == ledger.history.newest(name)}
        if lacking:
            for name, late in (await self.late.open(session, ledger, lacking)).items():
                keys[name] = {**keys.get(name, {}), **late}
                lacking -= {(name, version) for version in late}
        keys = {name: held for name, held in keys.items() if held}
        is_shut = self.asking.shuts(person.role, person.second, session.began)
        if is_shut:
            keys = {}
        reading, would_open = session.lasting.reading(self.sessions.limits), frozenset(keys)
        if reading == "over":
            keys = {name: held for name, held in keys.items() if name not in WINDOW}
        # Before somebody has vouched for her keys a person may look at her own page and do nothing else.
        is_vouched = ledger.staff(person.id) is not None
        return Signed(
            staff_id=person.id,
            alias=person.alias,
            role=person.role,
            session=session.session,
            rights=rights_of(person.role, keys) if is_vouched and not is_shut else frozenset(),
            csrf=session.csrf,
            tongue=person.tongue,
            languages=person.languages,
            is_vouched=is_vouched,
            training=person.training,
            second=person.second,
            is_shut=is_shut,
            has_new_keys=bool(lacking) and not is_shut,
            reading=reading,
            granted=would_open,
            _keys=keys,
        )


def limits_of(settings: "Settings") -> Limits:
    """How long a session lasts, as the house is set."""
    return Limits(
        idle=timedelta(minutes=settings.desk_idle_minutes),
        absolute=timedelta(hours=settings.desk_hours),
        reading=timedelta(minutes=settings.reading_minutes),
    )


def _nobody_heeds(_signed: Signed) -> None:
    """Until the room that seals again says otherwise."""
