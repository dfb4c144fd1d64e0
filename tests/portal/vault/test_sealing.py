"""Promises of the three formats and of the two functions everything rests on."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, strategies as st

from portal.vault import sealing
from portal.vault.errors import KeyMissing, SealBroken, WrongKey
from portal.vault.padding import EXACT, MESSAGE_STEPS, RECORD_STEPS
from tests.portal.vault.fixed import fixed_key, fixed_public

KEY, OTHER = fixed_key("one"), fixed_key("other")
any_bytes = st.binary(max_size=2000)
any_parts = st.lists(st.binary(max_size=20), max_size=4)


@given(any_parts)
def test_a_context_comes_apart_into_its_parts(parts: list[bytes]) -> None:
    assert sealing.split_ctx(sealing.ctx(*parts)) == tuple(parts)


@given(any_parts, any_parts)
def test_two_lists_of_parts_never_give_one_context(one: list[bytes], two: list[bytes]) -> None:
    assert (sealing.ctx(*one) == sealing.ctx(*two)) == (one == two)


def test_a_context_is_spelt_as_written_down() -> None:
    assert sealing.ctx(b"ab", "é") == b"porchlight/1\x00\x00\x00\x02ab\x00\x00\x00\x02\xc3\xa9"


@given(any_bytes)
def test_noise_is_a_context_only_if_it_is_spelt_as_one(noise: bytes) -> None:
    try:
        parts = sealing.split_ctx(sealing.PREFIX + noise)
    except SealBroken:
        return
    assert sealing.ctx(*parts) == sealing.PREFIX + noise


def test_sub_is_hkdf_expand_as_the_standard_has_it() -> None:
    by_hand = hmac.digest(KEY, sealing.ctx("sub", "message") + b"\x01", hashlib.sha256)
    assert sealing.sub(KEY, "message") == by_hand


def test_extract_is_hkdf_extract_as_the_standard_has_it() -> None:
    assert sealing.extract(KEY, OTHER) == hmac.digest(KEY, OTHER, hashlib.sha256)


def test_each_purpose_has_a_key_of_its_own() -> None:
    labels = [("message",), ("note",), ("words",), ("mess", "age"), ("confirm", "message"), ()]
    assert len({sealing.sub(KEY, *label) for label in labels}) == len(labels)


@pytest.mark.parametrize("size", [0, 1, 16, 31, 33, 64])
def test_a_key_of_another_size_is_no_key(size: int) -> None:
    short = bytes(size)
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.sub(short, "one")
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.seal_box(short, "one", b"")
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.seal_to(short, 1, b"")


@given(any_bytes, any_parts, st.sampled_from([EXACT, MESSAGE_STEPS, RECORD_STEPS]))
def test_a_box_gives_back_what_was_put_in(plaintext: bytes, aad: list[bytes], steps: tuple[int, ...]) -> None:
    box = sealing.seal_box(KEY, "one", plaintext, *aad, steps=steps)
    assert sealing.open_box(KEY, "one", box, *aad) == plaintext
    assert len(box) - 30 in steps or (not steps and len(box) == len(plaintext) + 34)


@given(any_bytes, any_parts, st.integers(0, 65535))
def test_a_seal_gives_back_what_was_put_in(plaintext: bytes, info: list[bytes], version: int) -> None:
    sealed = sealing.seal_to(fixed_public("one"), version, plaintext, *info)
    assert sealing.open_seal_with({version: KEY}, sealed, *info) == plaintext
    assert sealing.seal_version(sealed) == version
    assert len(sealed) == len(plaintext) + 52


@given(any_bytes, any_parts)
def test_a_lock_gives_back_what_was_put_in(plaintext: bytes, aad: list[bytes]) -> None:
    locked = sealing.lock(KEY, "one", plaintext, *aad)
    assert sealing.open_lock(KEY, "one", locked, *aad) == plaintext
    assert len(locked) == len(plaintext) + 50


def test_the_same_words_never_look_the_same_twice() -> None:
    assert len({sealing.seal_box(KEY, "one", b"yes") for _ in range(50)}) == 50
    assert len({sealing.seal_to(fixed_public("one"), 1, b"yes") for _ in range(50)}) == 50


def test_a_lock_tells_a_wrong_key_from_a_broken_lock() -> None:
    locked = sealing.lock(KEY, "one", b"seed")
    with pytest.raises(WrongKey):
        sealing.open_lock(OTHER, "one", locked)
    with pytest.raises(SealBroken):
        sealing.open_lock(KEY, "one", locked[:-1] + bytes((locked[-1] ^ 1,)))


def test_a_lock_without_its_confirmation_is_not_a_box() -> None:
    with pytest.raises(SealBroken):
        sealing.open_box(KEY, "one", sealing.lock(KEY, "one", b"seed")[16:])


def test_a_seal_to_a_version_not_at_hand_says_so() -> None:
    sealed = sealing.seal_to(fixed_public("one"), 3, b"key")
    with pytest.raises(KeyMissing):
        sealing.open_seal_with({2: KEY}, sealed)


@pytest.mark.parametrize("low", [bytes(32), b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"])
def test_nothing_is_sealed_to_a_point_that_opens_for_everybody(low: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the library's own refusal, in its own words
        sealing.seal_to(low, 1, b"key")


@pytest.mark.parametrize("version", [-1, 65536])
def test_a_version_that_does_not_fit_is_refused(version: int) -> None:
    with pytest.raises(OverflowError):
        sealing.seal_to(fixed_public("one"), version, b"key")


def test_public_of_is_the_librarys_own() -> None:
    assert sealing.public_of(KEY) == X25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()


@given(st.lists(st.lists(st.sampled_from(["message", "note", b"other"]), min_size=1, max_size=2), max_size=6))
def test_a_key_that_is_held_derives_what_any_key_does(labels: list[list[bytes | str]]) -> None:
    held = sealing.HeldKey(KEY)
    assert [sealing.sub(held, *label) for label in labels] == [sealing.sub(KEY, *label) for label in labels]
    assert sealing.open_box(KEY, "message", sealing.seal_box(held, "message", b"words")) == b"words"
    assert held == KEY
    assert repr(held) == "HeldKey(•••)"


def test_a_held_key_of_another_size_is_refused_like_any() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.sub(sealing.HeldKey(b"short"), "message")
