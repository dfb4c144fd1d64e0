"""Reads a receipt as people type it, and shows it as people copy it."""

import hmac
from dataclasses import dataclass, field
from typing import Final

from portal.vault import tips as vault
from portal.vault.digits import digits_of

DIGITS: Final = 25
GROUPS: Final = 5


@dataclass(frozen=True)
class Receipt:
    """Twenty-five digits that open one tip. Never printed: its repr is dots."""

    code: str = field(repr=False)

    @property
    def groups(self) -> tuple[str, ...]:
        """Five groups of five, in the order to be typed."""
        return tuple(vault.group_receipt(self.code))

    def __str__(self) -> str:
        return "....."


@dataclass(frozen=True)
class Mistyped:
    """Digits that cannot be a receipt, found without asking anything: `phrase` says how, `count` how many came."""

    phrase: str
    count: int


def new_receipt() -> Receipt:
    """A receipt nobody has had before."""
    return Receipt(vault.receipt_code())


def read_receipt(typed: str) -> Receipt | Mistyped:
    """The receipt that was typed, with any spaces, signs or local digits, or what is wrong with the typing.

    Told apart here, before anything slow runs, because a slip of the finger is the common case. What is told says
    nothing about any tip: the check digits are worked out from the number alone.
    """
    code = vault.read_receipt(typed)
    if code is not None:
        return Receipt(code)
    count = sum(letter.isdecimal() for letter in typed)
    if count == 0:
        return Mistyped("back.error.empty", 0)
    if count != DIGITS:
        return Mistyped("back.error.count", count)
    return Mistyped("back.error.check", count)


def is_group(receipt: Receipt, which: int, typed: str) -> bool:
    """Whether the digits that were typed are the group at this place, from 0, or the whole number with it.

    As tolerant as the number itself: digits of every script, and whatever stands between them.
    """
    wanted = "".join(receipt.groups) if len(digits := digits_of(typed)) == DIGITS else receipt.groups[which]
    return hmac.compare_digest(digits, wanted)
