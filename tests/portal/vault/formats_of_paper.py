"""The formats of the recovery sheets: the Locks they open, a card, and a root's last word."""

from __future__ import annotations

from itertools import combinations

from portal.vault import sheet_cards, sheets
from portal.vault.recovery import recovery_keys
from portal.vault.sayings import say_recovery, say_root
from portal.vault.sealing import HEADER, lock
from portal.vault.statements import Ledger, Statement
from tests.portal.vault.a_format import Format
from tests.portal.vault.chain import CHAIN, LEDGER, ROOT_KEYS
from tests.portal.vault.fixed import DAY, fixed_key

KEY, OTHER = fixed_key("one"), fixed_key("other")
SECRET, NEXT = fixed_key("recovery secret"), recovery_keys(fixed_key("next"))
OF = sheets.set_of_root(recovery_keys(SECRET).root_public)
THREE = tuple(sheets.Sheet(number, OF, fixed_key(f"sheet {number}")) for number in sheets.NUMBERS)


def locks_of(three: tuple[sheets.Sheet, ...]) -> bytes:
    """The Locks as `new_sheets` makes them, for sheets that are the same in every run."""
    locked = (
        lock(sheets._key(one, other), "sheets", SECRET, OF, bytes([one.number, other.number]))
        for one, other in combinations(three, 2)
    )
    return HEADER + OF + b"".join(locked)


def _read_locks(sealed: bytes, three: tuple[sheets.Sheet, ...] = THREE) -> set[bytes]:
    return {sheets.open_with(sealed, one, other) for one, other in combinations(three, 2)}


def _last_word() -> Statement:
    return say_root(LEDGER.latest, ROOT_KEYS.signer(), DAY, ROOT_KEYS.root_public, NEXT.root_public)


def _read_root(row: bytes, before: int = len(CHAIN), root: bytes = NEXT.root_public) -> bytes:
    last = Statement.from_row(row)
    first = say_recovery(last.head(), NEXT.signer(), DAY, NEXT.open_public)
    return Ledger.verify([*CHAIN[:before], last, first], root).root


OTHERS = tuple(sheets.Sheet(number, OF, fixed_key(f"other {number}")) for number in sheets.NUMBERS)

PAPER = (
    Format("sheet-locks", lambda: locks_of(THREE), _read_locks, {SECRET}, {"three": OTHERS}),
    Format(
        "sheet-card",
        lambda: sheet_cards.seal_sheet_card(KEY, OF, 2, b"kept by Bo"),
        lambda sealed, pepper=KEY, of=OF, number=2: sheet_cards.open_sheet_card(pepper, of, number, sealed),
        b"kept by Bo",
        {"pepper": OTHER, "of": bytes(4), "number": 3},
    ),
    Format(
        "statement-root",
        lambda: _last_word().to_row(),
        _read_root,
        NEXT.root_public,
        {"before": len(CHAIN) - 1, "root": ROOT_KEYS.root_public},
    ),
)
