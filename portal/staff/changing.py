"""Changes a person's own passphrase: the same keys under another lock, and every other session of hers over."""

import hmac
from typing import TYPE_CHECKING, ClassVar

from portal.errors import PorchlightError
from portal.staff.accounts import find_name
from portal.staff.passphrase import check_name, check_passphrase
from portal.staff.proving import Proving
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.staff.unlock import WrongPassphrase, make_lock
from portal.vault.bundles import Bundle

if TYPE_CHECKING:
    from portal.services import Services


class AnotherName(PorchlightError):
    """The sign-in name that was typed is not hers: it cannot be told whether the new passphrase holds it."""

    phrase: ClassVar[str] = "coming.passphrase.another_name"
    status: ClassVar[int] = 422


class ChangingPassphrase:
    """The act. Nothing she was granted is touched: her keys stay, so nobody has to give her any again."""

    def __init__(self, services: "Services", proving: Proving) -> None:
        self._services = services
        self._proving = proving

    async def change(self, signed: Signed, name: str, passphrase: str, newer: str) -> None:
        """Lock her keys under `newer`, then end every session of hers but this one (ASVS 5.0, 6.2.3 and 7.4.3).

        Her sign-in name is asked for because no row holds it: it may not be most of her passphrase. Raises
        WrongPassphrase, TooManyTries, PoolFull, AnotherName, NameWrong, PassphraseWeak and its kinds; whatever is
        wrong, the passphrase she has stays good.
        """
        folded = check_name(name)
        check_passphrase(newer, folded)
        before, seed = await self._proving.seed(signed, passphrase)
        accounts, ledger = self._services.staff.accounts, await self._services.staff.ledger.current()
        if not hmac.compare_digest(find_name(folded, accounts.pepper(before.pepper)), before.find):
            raise AnotherName("another name")
        number = accounts.newest_pepper()
        bundle = Bundle(seed, ledger.root, ledger.latest)
        pepper = accounts.pepper(number)
        after = await make_lock(self._services.pools, before.person, name, newer, bundle, number, pepper)
        async with self._services.database.write() as connection:
            if not await accounts.relock(connection, before, after):
                raise WrongPassphrase("changed meanwhile")
            now = self._services.clock.now()
            await audit.line(connection, at=now, act="staff.passphrase_changed", staff_id=signed.staff_id)
        sessions = self._services.staff.sessions
        for session in await sessions.of(signed.staff_id):
            if session != signed.session:
                await sessions.end(signed.staff_id, session)
