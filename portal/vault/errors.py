"""What can go wrong with a seal, a lock, a statement or a pool, in words that give nothing away."""

from __future__ import annotations

from typing import ClassVar

from portal.errors import PorchlightError, TooBusy


class VaultError(PorchlightError):
    """Anything the vault refuses. The text names the rule that was broken, never a key, a word or an address."""

    phrase: ClassVar[str] = "error.unknown"
    status: ClassVar[int] = 500


class SealBroken(VaultError):
    """A Box, Seal, Lock, copy or file is not what it should be: wrong key, wrong place, changed, cut, or unknown."""


class WrongKey(VaultError):
    """A Lock was tried with a key that is not its own: the password or the receipt is another one."""

    status: ClassVar[int] = 403


class KeyMissing(VaultError):
    """The compartment version a seal names is not among the keys at hand: this person holds no grant for it."""

    status: ClassVar[int] = 403


class TooLong(VaultError):
    """The words do not fit into the largest padding step."""

    status: ClassVar[int] = 413


class ChainBroken(VaultError):
    """The chain of signed statements does not hold; nothing that comes after the last good one may be believed."""


class SignatureWrong(ChainBroken):
    """A statement was not signed by the key of the one it names as its signer."""


class RightMissing(ChainBroken):
    """A statement was signed by somebody who had no right to say it at that point of the chain."""


class RolledBack(ChainBroken):
    """The chain is shorter than, or differs from, the one this house has already seen."""


class GrantBroken(VaultError):
    """A granted compartment key is not the private half of the public key the statements name."""


class SheetUnreadable(VaultError):
    """What was typed from a recovery sheet is no recovery sheet: length, character or check does not fit."""

    status: ClassVar[int] = 400


class PoolFull(VaultError, TooBusy):
    """All Argon2 workers of this pool are busy and its waiting places are taken; try again later."""

    phrase: ClassVar[str] = TooBusy.phrase
    status: ClassVar[int] = TooBusy.status
