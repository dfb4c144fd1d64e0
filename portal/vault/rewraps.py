"""Seals to a compartment's newest version what was sealed to an older one: the same content, in the same place.

One function for each kind of row that is sealed to a compartment. What must not open for whoever was put out is
sealed again like this; then the old private half can be erased, and with it the last way in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.vault.errors import SealBroken
from portal.vault.marks import MARK_BYTES, is_marked, mark
from portal.vault.sealing import open_seal_with, seal_to
from portal.vault.secret import Dotted


@dataclass(frozen=True, slots=True, repr=False)
class Turn(Dotted):
    """What sealing again needs: a compartment's private keys by version, its newest version, and the peppers.

    `peppers` are all that are live, `pepper` the newest of them.
    """

    privates: Mapping[int, bytes]
    version: int
    public: bytes
    peppers: Collection[bytes]
    pepper: bytes

    def again(self, sealed: bytes, *info: bytes | str) -> bytes:
        """The same, sealed to the newest version. Raises `SealBroken`, and `KeyMissing` without the key it has now."""
        return seal_to(self.public, self.version, open_seal_with(self.privates, sealed, *info), *info)


def tip_copy_again(copy: bytes, turn: Turn, tip_id: bytes, which: str) -> bytes:
    """A tip's key for the desk: `which` is `words`, `names` or `desk`. Raises as `again`, also without our mark."""
    sealed = turn.again(_marked(copy, turn, "tip-copy", tip_id, which), "tip", tip_id, which)
    return sealed + mark(turn.pepper, "tip-copy", tip_id, which, sealed)


def shelf_copy_again(copy: bytes, turn: Turn, shelf_id: bytes) -> bytes:
    """The key of a shelf. Raises as `again`, also without our mark."""
    sealed = turn.again(_marked(copy, turn, "shelf-copy", shelf_id), "shelf", shelf_id)
    return sealed + mark(turn.pepper, "shelf-copy", shelf_id, sealed)


def file_keys_again(sealed: bytes, turn: Turn, tip_id: bytes, file_id: bytes) -> bytes:
    """The keys of a frozen file. Its row's mark is its own room's. Raises as `again`."""
    return turn.again(sealed, "tip", tip_id, "file", file_id)


def entry_again(sealed: bytes, turn: Turn, row: bytes, kind: str, day: str) -> bytes:
    """An entry of the records. Its row's mark is its own room's. Raises as `again`."""
    return turn.again(sealed, "entry", row, kind, day)


def account_again(sealed: bytes, turn: Turn, card: bytes) -> bytes:
    """The account number of an interpreters' line. Its row's mark is its own room's. Raises as `again`."""
    return turn.again(sealed, "interpreter account", card)


def _marked(copy: bytes, turn: Turn, purpose: str, *place: bytes | str) -> bytes:
    sealed, found = copy[:-MARK_BYTES], copy[-MARK_BYTES:]
    if not is_marked(turn.peppers, found, purpose, *place, sealed):
        raise SealBroken("this copy was not made here")
    return sealed
