"""A password opens one person's keys, and only with the pepper that is in no database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.vault.bundles import (
    Bundle,
    lock_bundle,
    new_seed,
    open_bundle,
    password_bytes,
    password_keys,
    salt_for_unknown,
    staff_keys,
)
from portal.vault.errors import WrongKey
from portal.vault.sessions import find_session
from portal.vault.statements import NOTHING_SAID
from tests.portal.vault.fixed import fixed_id, fixed_key

ARGON, PEPPER = fixed_key("argon"), fixed_key("pepper")
BUNDLE = Bundle(fixed_key("seed"), fixed_key("root"), NOTHING_SAID)


def test_the_right_password_is_recognised_and_opens() -> None:
    keys = password_keys(ARGON, PEPPER)
    again = password_keys(ARGON, PEPPER)
    assert again.fits(keys.stored)
    assert open_bundle(again.lock, fixed_id("ana"), lock_bundle(keys.lock, fixed_id("ana"), BUNDLE)) == BUNDLE


@pytest.mark.parametrize(("argon", "pepper"), [("another", "pepper"), ("argon", "another")])
def test_another_password_or_pepper_neither_fits_nor_opens(argon: str, pepper: str) -> None:
    keys, other = password_keys(ARGON, PEPPER), password_keys(fixed_key(argon), fixed_key(pepper))
    assert not other.fits(keys.stored)
    with pytest.raises(WrongKey):
        open_bundle(other.lock, fixed_id("ana"), lock_bundle(keys.lock, fixed_id("ana"), BUNDLE))


def test_what_the_database_keeps_of_a_password_opens_nothing() -> None:
    keys = password_keys(ARGON, PEPPER)
    locked = lock_bundle(keys.lock, fixed_id("ana"), BUNDLE)
    for known in (keys.stored, keys.verifier):
        with pytest.raises(WrongKey):
            open_bundle(known, fixed_id("ana"), locked)


def test_one_password_typed_on_two_keyboards_is_one_password() -> None:
    assert password_bytes("Ame\u0301lie") == password_bytes("Am\u00e9lie")
    assert password_bytes("a b") != password_bytes("a  b")


def test_an_unknown_name_always_takes_the_same_salt() -> None:
    assert salt_for_unknown(PEPPER, "nobody") == salt_for_unknown(PEPPER, "nobody")
    assert salt_for_unknown(PEPPER, "nobody") != salt_for_unknown(PEPPER, "somebody")
    assert salt_for_unknown(PEPPER, "nobody") != salt_for_unknown(fixed_key("another"), "nobody")
    assert len(salt_for_unknown(PEPPER, "nobody")) == 16


def test_a_seed_grows_two_pairs_that_share_nothing() -> None:
    keys = staff_keys(new_seed())
    assert len({keys.open_private, keys.open_public, keys.sign_private, keys.sign_public}) == 4


def test_half_a_key_is_not_locked() -> None:
    for half in (replace(BUNDLE, seed=bytes(31)), replace(BUNDLE, root_public=bytes(31))):
        with pytest.raises(ValueError, match="32 bytes"):
            lock_bundle(PEPPER, fixed_id("ana"), half)


def test_the_name_of_a_session_is_not_its_token() -> None:
    assert find_session(PEPPER) != PEPPER
    assert len(find_session(PEPPER)) == 32
