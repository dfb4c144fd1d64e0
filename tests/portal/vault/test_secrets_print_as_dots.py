"""A secret that is printed by mistake, in a log or in a traceback, shows dots."""

from __future__ import annotations

import pytest

from portal.vault.bundles import Bundle, password_keys, staff_keys
from portal.vault.compartments import OpenedGrants, new_compartment
from portal.vault.conversations import ConversationKeys
from portal.vault.recovery import recovery_keys
from portal.vault.sessions import SessionKeys
from portal.vault.statements import NOTHING_SAID, Signer
from portal.vault.tips import ReceiptKeys, TipKeys
from tests.portal.vault.fixed import fixed_key

KEY = fixed_key("secret")
SECRETS = (
    ConversationKeys(KEY, KEY),
    TipKeys(KEY, KEY),
    ReceiptKeys(KEY, KEY),
    Bundle(KEY, KEY, NOTHING_SAID),
    staff_keys(KEY),
    password_keys(KEY, KEY),
    new_compartment(),
    OpenedGrants({"chat": {1: KEY}}, ()),
    SessionKeys(KEY[:16], 1, {"chat": {1: KEY}}),
    recovery_keys(KEY),
    Signer(b"root", KEY),
)


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: type(secret).__name__)
def test_it_shows_its_name_and_dots(secret: object) -> None:
    for shown in (repr(secret), str(secret), f"{secret}", repr([secret])):
        assert "•••" in shown
        assert "\\x" not in shown
        assert "b'" not in shown
    assert repr(secret) == f"{type(secret).__name__}(•••)"
