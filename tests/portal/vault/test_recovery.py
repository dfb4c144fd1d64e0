"""The sheet is read by somebody who has just lost everything else."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from portal.vault.errors import SheetUnreadable
from portal.vault.recovery import new_recovery, read_sheet, recovery_keys, sheet_groups
from tests.portal.vault.fixed import fixed_key

SECRET = fixed_key("sheet")
LETTERS = "".join(sheet_groups(SECRET))
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@given(st.binary(min_size=32, max_size=32))
def test_a_sheet_is_read_again(secret: bytes) -> None:
    groups = sheet_groups(secret)
    assert [len(group) for group in groups] == [4] * 14
    assert read_sheet(" ".join(groups)) == secret


def test_how_it_is_typed_does_not_matter() -> None:
    groups = sheet_groups(SECRET)
    wide = "".join(chr(ord(letter) - 0x21 + 0xFF01) for letter in LETTERS)
    for typed in (
        LETTERS,
        LETTERS.lower(),
        "-".join(groups),
        "\r\n".join(" – ".join(groups[at : at + 2]) for at in range(0, 14, 2)),
        f"\n  {LETTERS}\t",
        LETTERS.replace("O", "0").replace("I", "1").replace("B", "8"),
        wide,
    ):
        assert read_sheet(typed) == SECRET


def test_every_single_wrong_letter_is_noticed() -> None:
    for at, right in enumerate(LETTERS):
        for wrong in ALPHABET:
            if wrong != right:
                with pytest.raises(SheetUnreadable):
                    read_sheet(LETTERS[:at] + wrong + LETTERS[at + 1 :])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "56 letters; 0 were typed"),
        (LETTERS[:-1], "56 letters; 55 were typed"),
        (LETTERS + "A", "56 letters; 57 were typed"),
        (LETTERS[:-1] + "9", "the letters A to Z"),
        (LETTERS[:-1] + "ü", "the letters A to Z"),
        (LETTERS[1] + LETTERS[0] + LETTERS[2:], "two changed places"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_no_letter_of_it(typed: str, said: str) -> None:
    with pytest.raises(SheetUnreadable, match=said) as refused:
        read_sheet(typed)
    assert LETTERS[:8] not in str(refused.value)


@given(st.text(max_size=300))
def test_any_text_is_refused_in_one_way(typed: str) -> None:
    with pytest.raises(SheetUnreadable):
        read_sheet(typed)


def test_the_same_sheet_always_grows_the_same_keys() -> None:
    one, again, other = recovery_keys(SECRET), recovery_keys(SECRET), recovery_keys(new_recovery())
    assert one == again
    assert {one.root_private, one.root_public, one.open_private, one.open_public}.isdisjoint(
        {other.root_private, other.root_public, other.open_private, other.open_public}
    )
    assert len({one.root_private, one.open_private, SECRET}) == 3
