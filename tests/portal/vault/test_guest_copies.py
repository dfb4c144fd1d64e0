"""What a visitor's yes seals to a guest opens for that person, in that conversation, with that private half alone."""

from __future__ import annotations

import secrets

import pytest

from portal.vault.errors import SealBroken
from portal.vault.guests import find_guest, guest_copy, guest_pair, open_guest_copy


def test_a_guest_copy_opens_for_whom_it_was_sealed_alone() -> None:
    (private, public), (other, of_other) = guest_pair(), guest_pair()
    key, conversation, person = secrets.token_bytes(32), secrets.token_bytes(16), secrets.token_bytes(16)
    copy = guest_copy(key, public, conversation, person)
    assert open_guest_copy(copy, private, conversation, person) == key
    assert find_guest(public) != find_guest(of_other)
    for attempt in ((other, conversation, person), (private, person, person), (private, conversation, conversation)):
        with pytest.raises(SealBroken):
            open_guest_copy(copy, *attempt)


def test_a_copy_of_another_length_is_none() -> None:
    private, public = guest_pair()
    with pytest.raises(SealBroken):
        open_guest_copy(guest_copy(b"x" * 16, public, b"c" * 16, b"p" * 16), private, b"c" * 16, b"p" * 16)
