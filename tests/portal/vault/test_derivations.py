"""Everything that is computed and not drawn at random gives the bytes it gave on the first day.

The values in `tests/golden/derivations.json` stand for names of rows and keys in somebody's database: if one of them
changes, receipts no longer find their tips and passwords no longer open their bundles.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from portal.vault import (
    audit_lines,
    bundles,
    comebacks,
    conversations,
    passwords,
    recovery,
    sealing,
    sessions,
    sheets,
    tips,
)
from portal.vault.statement import Head
from tests.portal.vault.a_format import GOLDEN
from tests.portal.vault.fixed import fixed_key

ONE, PEPPER = fixed_key("one"), fixed_key("pepper")
SHEET: Final = sheets.Sheet(2, ONE[:4], PEPPER)
RECEIPT: Final = "4210987654321098765432111"
COMEBACK: Final = "31415926535810"


def derived() -> Mapping[str, str]:
    """Name -> what comes out today, as hexadecimal or as text."""
    staff, root = bundles.staff_keys(ONE), recovery.recovery_keys(ONE)
    line, head = audit_lines.next_line(
        Head(7, ONE), PEPPER, day="2026-11-23", act="tip.opened", staff=ONE[:16], subject=PEPPER[:16]
    )
    password, receipt = bundles.password_keys(ONE, PEPPER), tips.receipt_keys(ONE, PEPPER)
    return {
        "ctx": sealing.ctx(b"tip", "é", b"").hex(),
        "sub": sealing.sub(ONE, "message").hex(),
        "sub of two labels": sealing.sub(ONE, "sheets", b"\x01\x02").hex(),
        "extract": sealing.extract(ONE, PEPPER).hex(),
        "argon2id filing": passwords.argon2id(passwords.FILING, RECEIPT.encode(), ONE[:16]).hex(),
        "parameters filing": passwords.FILING.encode().hex(),
        "parameters staff": passwords.STAFF.encode().hex(),
        "receipt read": str(tips.read_receipt(RECEIPT)),
        "receipt find": receipt.find.hex(),
        "receipt lock": receipt.lock.hex(),
        "password verifier": password.verifier.hex(),
        "password stored": password.stored.hex(),
        "password lock": password.lock.hex(),
        "password bytes": bundles.password_bytes("Ame\u0301lie").hex(),
        "salt for an unknown name": bundles.salt_for_unknown(PEPPER, "nobody").hex(),
        "staff open public": staff.open_public.hex(),
        "staff sign public": staff.sign_public.hex(),
        "root public": root.root_public.hex(),
        "recovery public": root.open_public.hex(),
        "recovery sheet": " ".join(recovery.sheet_groups(ONE)),
        "sheet of three": " ".join(SHEET.groups()),
        "sheet proof": SHEET.proof().hex(),
        "sheet set": sheets.set_of_root(root.root_public).hex(),
        "visitor copy name": conversations.find_visitor(ONE).hex(),
        "comeback key": comebacks.comeback_key(ONE).hex(),
        "comeback read": str(comebacks.read_comeback(COMEBACK)),
        "comeback name": comebacks.find_comeback(ONE, COMEBACK).hex(),
        "comeback repeat": comebacks.find_repeat(ONE, COMEBACK, ONE[:16]).hex(),
        "session name": sessions.find_session(ONE).hex(),
        "audit digest": head.digest.hex(),
        "audit mark": (line.mark or b"").hex(),
        "audit head signed": audit_lines.sign_head(staff.signer(ONE[:16]), head, "2026-11-23").hex(),
    }


def test_what_is_derived_is_what_it_was_on_the_first_day() -> None:
    assert derived() == json.loads((GOLDEN / "derivations.json").read_text("utf-8"))


def test_the_sheet_of_the_first_day_is_read() -> None:
    sheet = json.loads((GOLDEN / "derivations.json").read_text("utf-8"))["recovery sheet"]
    assert recovery.read_sheet(sheet) == ONE


def test_the_sheet_of_three_of_its_first_day_is_read() -> None:
    sheet = json.loads((GOLDEN / "derivations.json").read_text("utf-8"))["sheet of three"]
    assert sheets.read_paper(sheet) == SHEET


def test_the_receipt_of_the_first_day_is_read() -> None:
    assert tips.read_receipt(" ".join(tips.group_receipt(RECEIPT))) == RECEIPT
