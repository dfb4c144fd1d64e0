"""Tells the house, before anybody's keys are open, what a referral belongs to; a stolen disk tells it to nobody."""

from collections.abc import Mapping
from typing import Final

from portal.consent.terms import Kind, Subject
from portal.directory.referral import Referral
from portal.ids import from_text
from portal.vault.errors import SealBroken
from portal.vault.gate_parts import open_part, seal_part

_REFERRAL: Final = "referral"
# No mark by which rows are found: two referrals for one person are not told from two for two.
_NO_FIND: Final = b""


def shut(pepper: bytes, row: bytes, referral: Referral) -> bytes:
    """What it belongs to, sealed under the pepper; one that belongs to nothing is as long as any other."""
    return seal_part(pepper, _REFERRAL, row, _NO_FIND, f"{referral.about}.{referral.about_id}".encode())


def belongs_to(peppers: Mapping[int, bytes], number: int, row: bytes, part: bytes | None) -> Subject | None:
    """What a row belongs to; None for nothing, for a row from before, and for one of somebody else's."""
    if part is None or number not in peppers:
        return None
    try:
        kind, _, name = open_part(peppers[number], _REFERRAL, row, _NO_FIND, part).decode().partition(".")
        return Subject(Kind(kind), from_text(name, 16))
    except (SealBroken, ValueError):
        return None
