"""Lets a signed-in person prove once more that it is her, before what a stranger at her desk must not do."""

from collections.abc import Awaitable
from typing import Final, TypeVar

from portal.staff.accounts import Lock
from portal.staff.sessions.session import Signed
from portal.staff.trail.journal import Journal
from portal.staff.unlock import Unlocked, Unlocking, WrongPassphrase

_T = TypeVar("_T")

# In the audit.
WRONG: Final = "proof.failed"


class Proving:
    """The one door to grants, exports, keys and second proofs."""

    def __init__(self, unlocking: Unlocking, journal: Journal) -> None:
        self._unlocking = unlocking
        self._journal = journal

    async def prove(self, signed: Signed, passphrase: str) -> Unlocked:
        """Her own keys, opened for this one act, never stored.

        A session began with both proofs, so one of them again is enough to tell her from whoever found her desk open
        (ASVS 5.0, 7.5.3); and it is the passphrase, because only it opens keys. Raises WrongPassphrase, which is
        written down, TooManyTries, PoolFull.
        """
        return await self._noted(signed, self._unlocking.by_id(signed.staff_id, passphrase, is_counted=False))

    async def seed(self, signed: Signed, passphrase: str) -> tuple[Lock, bytes]:
        """Her row and the seed of her keys, for the act that locks them under another passphrase. Raises as `prove`."""
        return await self._noted(signed, self._unlocking.seed(signed.staff_id, passphrase))

    async def _noted(self, signed: Signed, proof: Awaitable[_T]) -> _T:
        try:
            return await proof
        except WrongPassphrase:
            await self._journal.refused(WRONG, signed.staff_id)
            raise
