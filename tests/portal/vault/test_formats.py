"""Promises that hold for every format: it opens as it should, and refuses everything that is not just so."""

from __future__ import annotations

import pytest

from portal.vault.errors import SealBroken, VaultError
from tests.portal.vault.a_format import GOLDEN, Format
from tests.portal.vault.formats import ALL, AUTHENTICATED, PLAIN

MANY = 5_000

each_format = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.name)
each_authenticated = pytest.mark.parametrize("kind", AUTHENTICATED, ids=lambda kind: kind.name)
each_plain = pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.name)
each_wrong_part = pytest.mark.parametrize(
    ("kind", "part"), [pytest.param(kind, part, id=f"{kind.name}-{part}") for kind in ALL for part in kind.wrong]
)


@each_format
def test_what_was_sealed_opens(kind: Format) -> None:
    assert kind.read(kind.make()) == kind.holds


@each_format
def test_bytes_sealed_by_the_first_version_still_open(kind: Format) -> None:
    assert kind.read(kind.golden()) == kind.holds


def test_every_golden_file_is_one_of_a_known_format() -> None:
    assert {path.stem for path in GOLDEN.glob("*.hex")} == {kind.name for kind in ALL}


@each_wrong_part
def test_one_wrong_part_is_refused(kind: Format, part: str) -> None:
    sealed = kind.make()
    assert kind.read(sealed) == kind.holds
    with pytest.raises(VaultError):
        kind.read(sealed, **{part: kind.wrong[part]})


@each_format
def test_every_other_version_and_suite_is_refused(kind: Format) -> None:
    sealed = kind.make()
    at = sealed.index(b"\x01\x01", 16) if kind.name in ("lock", "receipt-copy", "bundle") else 0
    assert sealed[at : at + 2] == b"\x01\x01"
    for place in (at, at + 1):
        for value in range(256):
            if value != 1:
                with pytest.raises(VaultError):
                    kind.read(sealed[:place] + bytes((value,)) + sealed[place + 1 :])


@each_format
def test_every_shorter_length_is_refused(kind: Format) -> None:
    sealed = kind.make()
    # A file that is filled up to a step is long: of it the first bytes and the last, and some between.
    every = range(len(sealed))
    for length in every if len(sealed) < MANY else {*every[:400], *every[-400:], *every[::4001]}:
        with pytest.raises(VaultError):
            kind.read(sealed[:length])


@each_format
def test_bytes_left_over_are_refused(kind: Format) -> None:
    sealed = kind.make()
    for more in (b"\0", b"\x01", b"\x01\x01", sealed):
        with pytest.raises(VaultError):
            kind.read(sealed + more)


@each_authenticated
def test_every_changed_bit_is_refused(kind: Format) -> None:
    sealed = kind.make()
    # Long padding is one stretch of the same cipher: its first and last bytes stand for what lies between.
    ends = 400 if len(sealed) < MANY else 60
    places = [at for at in range(len(sealed)) if at < ends or at >= len(sealed) - ends]
    for at in places:
        for bit in range(8):
            changed = bytearray(sealed)
            changed[at] ^= 1 << bit
            with pytest.raises(VaultError):
                kind.read(bytes(changed))


@each_authenticated
def test_no_format_opens_as_another(kind: Format) -> None:
    sealed = kind.make()
    for other in AUTHENTICATED:
        if other is not kind:
            with pytest.raises(VaultError):
                other.read(sealed)


@each_plain
def test_a_plain_file_has_one_spelling(kind: Format) -> None:
    assert kind.make() == kind.golden()


def test_peppers_out_of_order_or_doubled_are_refused() -> None:
    kind = next(kind for kind in PLAIN if kind.name == "pepper")
    sealed = kind.make()
    start, first, second = sealed[:4], sealed[4:38], sealed[38:]
    for rows in (second + first, first + first):
        with pytest.raises(SealBroken):
            kind.read(start + rows)
