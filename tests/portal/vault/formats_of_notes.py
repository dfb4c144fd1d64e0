"""The formats that tie a talk to the note it began from."""

from __future__ import annotations

from portal.vault import note_names
from tests.portal.vault.a_format import Format
from tests.portal.vault.fixed import fixed_id, fixed_key

KEY, OTHER = fixed_key("one"), fixed_key("other")
ID, OTHER_ID = fixed_id("one"), fixed_id("other")
NAME, TOKEN = OTHER_ID + b"2026-11-23", b"A" * 43

NOTES = (
    Format(
        "note-name",
        lambda: note_names.seal_note_name(KEY, ID, NAME),
        lambda sealed, key=KEY, talk=ID: note_names.open_note_name(key, talk, sealed),
        NAME,
        {"key": OTHER, "talk": OTHER_ID},
    ),
    Format(
        "note-behind",
        lambda: note_names.seal_note_token(KEY, TOKEN),
        lambda sealed, key=KEY: note_names.open_note_token(key, sealed),
        TOKEN,
        {"key": OTHER},
    ),
)
