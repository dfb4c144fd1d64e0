"""Hands sessions that stand the keys made since they began, and opens what a session was handed."""

import logging
from collections.abc import Collection, Mapping
from typing import Final

from portal.staff.accounts import Accounts, Person
from portal.staff.sessions.session import OpenSession, Sessions
from portal.vault.errors import GrantBroken, SealBroken, SignatureWrong
from portal.vault.late_keys import open_late, read_late_line, seal_late
from portal.vault.statements import Ledger

_log = logging.getLogger("porchlight.staff")


class LateKeys:
    """What the box of a session, sealed at sign-in, cannot hold: keys that are younger than it."""

    def __init__(self, sessions: Sessions, accounts: Accounts) -> None:
        self._sessions = sessions
        self._accounts = accounts

    async def hand_out(self, ledger: Ledger, compartment: str, private: bytes) -> int:
        """Seal the newest version of a compartment to every session of its holders that lacks it; to how many.

        A session whose line its person did not sign gets nothing: she is asked for her passphrase, as she was before.
        Done twice it is done once. Raises ValkeyAway, DatabaseAway.
        """
        version, handed = ledger.compartment(compartment).version, 0
        for holder in ledger.holders(compartment, version):
            person = await self._accounts.person(holder) if len(holder) == _STAFF else None
            if person is None or not person.is_active:
                continue
            for session in await self._sessions.of(holder):
                handed += await self._hand(ledger, person, session, compartment, version, private)
        return handed

    async def open(
        self, session: OpenSession, ledger: Ledger, lacking: Collection[tuple[str, int]]
    ) -> Mapping[str, Mapping[int, bytes]]:
        """The keys among `lacking` (compartment, version) that this session was handed. Raises ValkeyAway."""
        handed = await self._sessions.handed(session.session)
        found: dict[str, dict[int, bytes]] = {}
        for name, version in lacking:
            sealed, public = handed.get(_field(name, version)), ledger.compartment_version(name, version)
            if sealed is None or public is None:
                continue
            try:
                key = open_late(session.late, sealed, public, name, version, session.staff_id, session.session)
            except (SealBroken, GrantBroken):
                _log.error("late_key_refused")
                continue
            found.setdefault(name, {})[version] = key
        return found

    async def _hand(
        self, ledger: Ledger, person: Person, session: bytes, compartment: str, version: int, private: bytes
    ) -> bool:
        public, line = ledger.staff(person.id), await self._sessions.late_line(session)
        if public is None or line is None or _field(compartment, version) in await self._sessions.handed(session):
            return False
        try:
            key = read_late_line(line, public.sign_public, person.id, session, person.generation)
        except SignatureWrong:
            _log.error("late_line_refused")
            return False
        sealed = seal_late(key, private, compartment, version, person.id, session)
        await self._sessions.hand(session, _field(compartment, version), sealed)
        return True


_STAFF: Final = 16


def _field(compartment: str, version: int) -> bytes:
    return compartment.encode() + b"/%d" % version
