"""The formats of what staff write about a tip: its key, one entry, and the card."""

from __future__ import annotations

from portal.vault import tip_desk
from tests.portal.vault.a_format import Format
from tests.portal.vault.fixed import fixed_id, fixed_key, fixed_public

KEY, OTHER = fixed_key("one"), fixed_key("other")
ID, OTHER_ID = fixed_id("one"), fixed_id("other")
PRIVATE, PUBLIC = fixed_key("private"), fixed_public("private")
PEPPER, OLD_PEPPER = fixed_key("pepper 2"), fixed_key("pepper 1")
WORDS = "call back after nine. بعد التاسعة".encode()

DESK = (
    Format(
        "tip-desk-key",
        lambda: tip_desk.desk_copy(KEY, ID, tips_public=PUBLIC, tips_version=2, pepper=PEPPER),
        lambda sealed, privates={2: PRIVATE}, tip=ID, peppers=(OLD_PEPPER, PEPPER): tip_desk.open_desk_key(
            sealed, privates, tip, peppers
        ),
        KEY,
        {"privates": {2: OTHER}, "tip": OTHER_ID, "peppers": (OLD_PEPPER,)},
    ),
    Format(
        "tip-desk-entry",
        lambda: tip_desk.seal_desk_entry(KEY, ID, OTHER_ID, WORDS),
        lambda sealed, key=KEY, tip=ID, part=OTHER_ID: tip_desk.open_desk_entry(key, tip, part, sealed),
        WORDS,
        {"key": OTHER, "tip": OTHER_ID, "part": ID},
    ),
    Format(
        "tip-desk-card",
        lambda: tip_desk.seal_desk_card(KEY, ID, WORDS),
        lambda sealed, key=KEY, tip=ID: tip_desk.open_desk_card(key, tip, sealed),
        WORDS,
        {"key": OTHER, "tip": OTHER_ID},
    ),
)
