"""What staff keep for themselves: the desk's card of a conversation, an entry, a shelf of tips, a backup."""

from __future__ import annotations

from io import BytesIO

from portal.vault import backups, desk_cards, entries, factors, gate_parts, interpreters, shelves, shift_notes
from portal.vault.backups import Kind
from portal.vault.sealing import seal_box
from tests.portal.vault.a_format import Format
from tests.portal.vault.fixed import fixed_id, fixed_key, fixed_public
from tests.portal.vault.formats_of_keys import KEYS
from tests.portal.vault.formats_of_paper import PAPER

KEY, OTHER = fixed_key("one"), fixed_key("other")
ID, OTHER_ID = fixed_id("one"), fixed_id("other")
PRIVATE, PUBLIC = fixed_key("private"), fixed_public("private")
WORDS = "We called at her word. مساعدة".encode()


def _read_entry(
    sealed: bytes, private: bytes = PRIVATE, row: bytes = ID, kind: str = "danger", day: str = "2026-11-22"
) -> bytes:
    return entries.open_entry({2: private}, row, kind, day, sealed)


def _read_account(sealed: bytes, private: bytes = PRIVATE, card: bytes = ID) -> str:
    return interpreters.open_account({2: private}, card, sealed)


PEPPER = fixed_key("pepper")
FIND = gate_parts.find_of(PEPPER, "case", ID)


def _read_factor(
    sealed: bytes, pepper: bytes = PEPPER, row: bytes = ID, person: bytes = OTHER_ID, kind: str = "totp"
) -> bytes:
    return factors.open_factor(pepper, row, person, kind, sealed)


def _shelf() -> shelves.SealedShelf:
    return shelves.seal_shelf(ID, WORDS, WORDS[::-1], tips_public=PUBLIC, tips_version=2, pepper=PEPPER)


def _read_shelf_key(sealed: bytes, private: bytes = PRIVATE, shelf: bytes = ID, pepper: bytes = PEPPER) -> int:
    return len(shelves.open_shelf_key(sealed, {2: private}, shelf, (OTHER, pepper)))


def _make_backup() -> bytes:
    out = BytesIO()
    sealed = backups.SealedBackup(
        out, Kind.HOUSE, root_public=OTHER, recovery_box=b"peppers, sealed", recovery_public=PUBLIC
    )
    sealed.write(WORDS)
    sealed.write(b"")
    sealed.finish()
    return out.getvalue()


def _read_backup(sealed: bytes, private: bytes = PRIVATE) -> object:
    source = BytesIO(sealed)
    cover = backups.read_cover(source)
    pieces = list(backups.open_pieces(source, cover, private))
    return cover.kind, cover.root_public, cover.recovery_box, pieces


RECORDS = (
    *KEYS,
    # The key in it is another one at each making: what stays the same is that it opens, to so many bytes.
    Format(
        "shelf-copy",
        lambda: _shelf().copy,
        _read_shelf_key,
        32,
        {"private": OTHER, "shelf": OTHER_ID, "pepper": fixed_key("another pepper")},
    ),
    Format(
        "shelf-cards",
        lambda: seal_box(KEY, "shelf-cards", WORDS, ID, steps=(256,)),
        lambda sealed, key=KEY, shelf=ID: shelves.open_shelf_cards(key, shelf, sealed),
        WORDS,
        {"key": OTHER, "shelf": OTHER_ID},
    ),
    Format(
        "shelf-words",
        lambda: seal_box(KEY, "shelf-words", WORDS, ID, steps=(256,)),
        lambda sealed, key=KEY, shelf=ID: shelves.open_shelf_words(key, shelf, sealed),
        WORDS,
        {"key": OTHER, "shelf": OTHER_ID},
    ),
    Format(
        "desk-card",
        lambda: desk_cards.seal_desk_card(KEY, ID, WORDS),
        lambda sealed, key=KEY, conversation=ID: desk_cards.open_desk_card(key, conversation, sealed),
        WORDS,
        {"key": OTHER, "conversation": OTHER_ID},
    ),
    Format(
        "entry",
        lambda: entries.seal_entry(PUBLIC, 2, ID, "danger", "2026-11-22", WORDS),
        _read_entry,
        WORDS,
        {"private": OTHER, "row": OTHER_ID, "kind": "kept", "day": "2026-11-23"},
    ),
    Format(
        "shift-note",
        lambda: shift_notes.seal_shift_note(PUBLIC, 2, ID, WORDS),
        lambda sealed, private=PRIVATE, note=ID: shift_notes.open_shift_note({2: private}, note, sealed),
        WORDS,
        {"private": OTHER, "note": OTHER_ID},
    ),
    Format(
        "interpreter-account",
        lambda: interpreters.seal_account(PUBLIC, 2, ID, "4711 / مساعدة"),
        _read_account,
        "4711 / مساعدة",
        {"private": OTHER, "card": OTHER_ID},
    ),
    Format(
        "second-proof",
        lambda: factors.seal_factor(PEPPER, ID, OTHER_ID, "totp", WORDS),
        _read_factor,
        WORDS,
        {"pepper": OTHER, "row": OTHER_ID, "person": ID, "kind": "passkey"},
    ),
    Format(
        "gate-part",
        lambda: gate_parts.seal_part(PEPPER, "consent", ID, FIND, WORDS),
        lambda sealed, pepper=PEPPER, table="consent", row=ID, find=FIND: gate_parts.open_part(
            pepper, table, row, find, sealed
        ),
        WORDS,
        {"pepper": OTHER, "table": "decision", "row": OTHER_ID, "find": gate_parts.find_of(PEPPER, "tip", ID)},
    ),
    Format(
        "backup",
        _make_backup,
        _read_backup,
        (Kind.HOUSE, OTHER, b"peppers, sealed", [WORDS, b""]),
        {"private": OTHER},
    ),
    *PAPER,
)
