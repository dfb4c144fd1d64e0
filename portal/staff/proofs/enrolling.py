"""Gives a person her second proofs and takes them from her: digits of an app, passkeys, the slip of ten codes."""

from typing import TYPE_CHECKING, ClassVar, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere, PorchlightError
from portal.staff.proofs import slips, totp
from portal.staff.proofs.asking import HAS_ONE, NEVER_ASKED
from portal.staff.proofs.factors import Factor, Opened, Passkey, Slip, Totp
from portal.staff.proofs.second import SecondProofs
from portal.staff.proving import Proving
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit

if TYPE_CHECKING:
    from portal.services import Services

MOST: Final = 12  # of one person, the slip among them
LONGEST_NAME: Final = 40


class DigitsWrong(PorchlightError):
    """These are not the digits the app shows for this secret just now, or they were used."""

    phrase: ClassVar[str] = "coming.error.digits"
    status: ClassVar[int] = 422


class LastSecond(PorchlightError):
    """Her role asks for a second proof: she takes the last one away only after adding another."""

    phrase: ClassVar[str] = "coming.error.last_second"
    status: ClassVar[int] = 422


class TooMany(PorchlightError):
    """She has as many as one person may have."""

    phrase: ClassVar[str] = "coming.error.too_many"
    status: ClassVar[int] = 422


class Enrolling:
    """The acts on one's own second proofs. Each begins with the passphrase once more: a desk left open gains none."""

    def __init__(self, services: "Services", proving: Proving, seconds: SecondProofs) -> None:
        self._services = services
        self._proving = proving
        self._seconds = seconds

    async def mine(self, signed: Signed) -> list[Factor]:
        """What she has, the oldest first."""
        return await self._seconds.factors.of(signed.staff_id)

    async def begin_code(self, signed: Signed, passphrase: str) -> bytes:
        """A secret for her app; it counts for nothing before she has typed its digits. Raises as `Proving.prove`."""
        await self._proving.prove(signed, passphrase)
        return totp.new_secret()

    async def add_code(self, signed: Signed, secret: bytes, name: str, typed: str) -> list[str]:
        """Her app shows the digits of this secret: it is a second proof from now on.

        Answers the codes of her slip where this makes one, else nothing. Raises DigitsWrong, TooMany.
        """
        step = totp.step_of(secret, typed, self._services.clock.now())
        if step is None:
            raise DigitsWrong("digits")
        return await self._add(signed, Totp(name[:LONGEST_NAME], secret), step=step)

    async def ask_passkey(self, signed: Signed) -> str:
        """What her browser is told to make one, as JSON."""
        known = [each.opened for each in await self.mine(signed) if isinstance(each.opened, Passkey)]
        async with self._services.database.read() as connection:
            house = (await self._services.opening.read(connection)).name
        return await self._seconds.passkeys.ask_new(signed.staff_id, signed.alias, house, known)

    async def add_passkey(self, signed: Signed, passphrase: str, name: str, answer: str) -> list[str]:
        """The passkey her browser made is a second proof from now on; answers as `add_code`.

        Raises PasskeyWrong, TooMany, and as `Proving.prove`.
        """
        await self._proving.prove(signed, passphrase)
        made, count = await self._seconds.passkeys.read_new(signed.staff_id, name[:LONGEST_NAME], answer)
        return await self._add(signed, made, count=count)

    async def new_slip(self, signed: Signed, passphrase: str) -> list[str]:
        """Ten new codes in place of the old ones. Raises NotThere without a second proof; else as `Proving.prove`."""
        await self._proving.prove(signed, passphrase)
        factors = self._seconds.factors
        async with self._services.database.write() as connection:
            held = await factors.held(connection, signed.staff_id)
            if not held:
                raise NotThere("no second proof")
            old = [each.id for each in held if isinstance(each.opened, Slip)]
            await factors.remove(connection, signed.staff_id, old)
            codes = await self._slip(connection, signed)
            await self._note(connection, signed, "second.slip")
        return codes

    async def remove(self, signed: Signed, passphrase: str, factor: bytes) -> None:
        """Take one away; the slip goes with the last. Raises LastSecond, NotThere, and as `Proving.prove`."""
        await self._proving.prove(signed, passphrase)
        factors, asking = self._seconds.factors, self._services.staff.asking
        async with self._services.database.write() as connection:
            held = [each for each in await factors.held(connection, signed.staff_id) if not _is_slip(each)]
            if factor not in [each.id for each in held]:
                raise NotThere("not hers")
            if len(held) > 1:
                await factors.remove(connection, signed.staff_id, [factor])
            elif asking.asks(signed.role, NEVER_ASKED):
                raise LastSecond("asked of her role")
            else:
                await factors.remove_all(connection, signed.staff_id)
                await self._services.staff.accounts.change(connection, signed.staff_id, second=NEVER_ASKED)
            await self._note(connection, signed, "second.removed")

    async def _add(self, signed: Signed, opened: Opened, *, count: int = 0, step: int = 0) -> list[str]:
        factors, codes = self._seconds.factors, []
        async with self._services.database.write() as connection:
            held = await factors.held(connection, signed.staff_id)
            if len(held) >= MOST:
                raise TooMany("too many")
            day = self._services.clock.now().date()
            row = await factors.add(connection, signed.staff_id, opened, day, used=count)
            # The digits that proved the app are spent with that.
            if step and not await self._seconds.use_step(row, step):
                raise DigitsWrong("used")
            if not any(_is_slip(each) for each in held):
                codes = await self._slip(connection, signed)
            await self._services.staff.accounts.change(connection, signed.staff_id, second=HAS_ONE)
            await self._note(connection, signed, "second.added")
        return codes

    async def _slip(self, connection: AsyncConnection, signed: Signed) -> list[str]:
        codes = slips.new_codes()
        digests = tuple(slips.digest(code, signed.staff_id) for code in codes)
        await self._seconds.factors.add(connection, signed.staff_id, Slip(digests), self._services.clock.now().date())
        return codes

    async def _note(self, connection: AsyncConnection, signed: Signed, act: str) -> None:
        await audit.line(connection, at=self._services.clock.now(), act=act, staff_id=signed.staff_id)


def _is_slip(factor: Factor) -> bool:
    return isinstance(factor.opened, Slip)
