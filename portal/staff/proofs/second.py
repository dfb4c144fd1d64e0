"""Checks a second proof at the sign-in: six digits, a passkey, or a code of the slip; each good once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from portal.staff.accounts import Lock
from portal.staff.proofs import slips, totp
from portal.staff.proofs.asking import HAS_ONE
from portal.staff.proofs.factors import Factor, Factors, Slip, Totp
from portal.staff.proofs.passkeys import LONGEST_ANSWER, Passkeys, Shown

if TYPE_CHECKING:
    from portal.services import Services

# Wrong digits beside the right passphrase: with so many in a day no digits are taken until the next, so that whoever
# found a passphrase does not try six digits until some fit. Passkeys and the slip go on: nobody guesses those.
MOST_WRONG: Final = 10
REMEMBERED: Final = timedelta(hours=24)
# A step stays acceptable for a window either way; then its digits are wrong anyway.
STEP_KEPT: Final = timedelta(seconds=totp.STEP_S * (2 * totp.WINDOW + 2))
LONGEST_CODE: Final = 60
# Looked up where a name is nobody's, so that it costs the same questions.
NOBODY: Final = bytes(16)


@dataclass(frozen=True)
class SecondTyped:
    """What came with a name and a passphrase: typed signs, or what a browser says of a passkey; both may be empty."""

    code: str = ""
    passkey: str = ""

    def __repr__(self) -> str:
        return "SecondTyped(...)"


NOTHING: Final = SecondTyped()


@dataclass(frozen=True)
class Found:
    """Which proof fits. It counts only once it is used up: of two sign-ins with one code, one comes in."""

    factor: Factor
    step: int = 0
    place: int = 0
    shown: Shown | None = None


class SecondProofs:
    """Where every second proof is tried."""

    def __init__(self, services: "Services") -> None:
        self._durable = services.durable
        self._clock = services.clock
        accounts = services.staff.accounts
        self.factors = Factors(services.database, accounts)
        self.passkeys = Passkeys(services.settings, accounts, services.embers, services.clock)

    async def look(self, lock: Lock | None, typed: SecondTyped) -> Found | None:
        """Which proof of this person fits, if any; asked before anybody knows whether the passphrase does.

        The same questions for a name nobody has: who asks learns nothing from the time.
        """
        person = NOBODY if lock is None else lock.person.id
        factors, wrong = await self.factors.of(person), await self.wrong(person)
        if typed.passkey:
            shown = await self.passkeys.read(typed.passkey[: LONGEST_ANSWER + 1], factors)
            return None if shown is None else Found(shown.factor, shown=shown)
        code, found = typed.code[:LONGEST_CODE], None
        for factor in factors:
            if isinstance(factor.opened, Totp) and wrong < MOST_WRONG:
                step = totp.step_of(factor.opened.secret, code, self._clock.now())
                found = found if step is None else Found(factor, step=step)
            if isinstance(factor.opened, Slip):
                place = slips.find(code, person, factor.opened.digests)
                found = found if place is None else Found(factor, place=place)
        return found

    async def use(self, found: Found) -> bool:
        """Use it up. False when it was before: it proves nothing then. Raises ValkeyAway, DatabaseAway."""
        factor = found.factor
        if found.shown is not None:
            if not await self.passkeys.use_up(found.shown.challenge):
                return False
            # Most devices count nothing; of one that does, a copy shows by a number that was there before.
            return found.shown.count == 0 or await self.factors.mark_used(factor, found.shown.count)
        if isinstance(factor.opened, Slip):
            bit = 1 << found.place
            return not factor.used & bit and await self.factors.mark_used(factor, factor.used | bit)
        return await self.use_step(factor.id, found.step)

    async def use_step(self, secret: bytes, step: int) -> bool:
        """Remember, for as long as it matters, that the digits of this step were accepted; False if they were."""
        name = b"f2:" + secret + step.to_bytes(8, "big")
        return bool(await self._durable.set(name, b"1", px=int(STEP_KEPT.total_seconds() * 1000), nx=True))

    async def failed(self, person: bytes = NOBODY) -> None:
        """A sign-in failed; of a person whose passphrase was right, for want of the second proof."""
        async with self._durable.pipeline(transaction=True) as pipe:
            pipe.incr(_wrong(person))
            pipe.pexpire(_wrong(person), int(REMEMBERED.total_seconds() * 1000), nx=True)
            await pipe.execute()

    async def wrong(self, person: bytes) -> int:
        """How often in the last day her passphrase was right and the second proof was not."""
        return int(await self._durable.get(_wrong(person)) or 0)

    async def take_wrong(self, person: bytes) -> int:
        """The same, and forgotten: she has come in and is told."""
        return int(await self._durable.getdel(_wrong(person)) or 0)


def needs_one(lock: Lock) -> bool:
    """Whether this person comes in with a second proof only."""
    return lock.person.second == HAS_ONE


def _wrong(person: bytes) -> bytes:
    return b"f2w:" + person
