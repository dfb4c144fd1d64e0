"""Holds the three sheets to giving the secret by any two, and nothing by one."""

from __future__ import annotations

from itertools import permutations

import pytest

from portal.vault.errors import SealBroken, SheetUnreadable, VaultError, WrongKey
from portal.vault.keyfiles import locks_in, open_peppers, seal_peppers
from portal.vault.recovery import new_recovery, sheet_groups
from portal.vault.sealing import open_lock
from portal.vault.sheets import LOCKS_BYTES, Sheet, new_sheets, open_with, proof_of, read_half, read_paper
from tests.portal.vault.a_format import GOLDEN
from tests.portal.vault.fixed import fixed_key, fixed_public

SECRET = fixed_key("recovery secret")
MADE = new_sheets(SECRET)
OTHERS = new_sheets(new_recovery())


def test_any_two_give_the_secret_in_either_order() -> None:
    for one, other in permutations(MADE.sheets, 2):
        assert open_with(MADE.locks, one, other) == SECRET


def test_what_is_on_paper_is_read_back_whole() -> None:
    for sheet in MADE.sheets:
        groups = sheet.groups()
        assert [len(group) for group in groups] == [4] * 16
        for typed in (" ".join(groups), "-".join(groups).lower(), "\n".join(groups)):
            assert read_paper(typed) == sheet


def test_the_single_sheet_of_an_older_house_is_still_read() -> None:
    assert read_paper(" ".join(sheet_groups(SECRET))) == SECRET


def test_one_sheet_opens_none_of_the_locks() -> None:
    """Whatever somebody with one of them tries as the other, itself and every known value among it."""
    one = MADE.sheets[0]
    guesses = [Sheet(number, one.of, key) for number in (2, 3) for key in (one.secret, bytes(32), fixed_key("guess"))]
    for guess in guesses:
        with pytest.raises(WrongKey):
            open_with(MADE.locks, one, guess)
    for at in range(6, LOCKS_BYTES, 82):
        with pytest.raises(WrongKey):
            open_lock(one.secret, "sheets", MADE.locks[at : at + 82], one.of, b"\x01\x02")


def test_sheets_of_two_sets_the_same_one_twice_and_one_of_a_drill_are_refused() -> None:
    drill = new_sheets(SECRET, is_drill=True)
    first, second, _ = MADE.sheets
    for one, other in ((first, first), (first, OTHERS.sheets[1]), (first, drill.sheets[1])):
        with pytest.raises(SheetUnreadable):
            open_with(MADE.locks, one, other)
    # A set made again for the same secret has other Locks.
    with pytest.raises(WrongKey):
        open_with(new_sheets(SECRET).locks, first, second)


def test_a_letter_copied_wrongly_is_noticed() -> None:
    # The same sheet in each run: a check of two bytes lets one in 65,536 pass, which then opens no Lock.
    letters = "".join(Sheet(2, SECRET[:4], SECRET).groups())
    for at, right in enumerate(letters):
        wrong = "A" if right != "A" else "B"
        with pytest.raises(SheetUnreadable):
            read_paper(letters[:at] + wrong + letters[at + 1 :])


@pytest.mark.parametrize("typed", ["", "A" * 63, "A" * 65, "A" * 64, "é" * 64, "AAAA " * 4000])
def test_what_is_no_sheet_is_refused(typed: str) -> None:
    with pytest.raises(VaultError):
        read_paper(typed)


def test_the_locks_travel_in_the_recovery_box_of_the_first_day() -> None:
    """Byte by byte: the peppers as they always stood, then the Locks; a house with one sheet has the first alone."""
    box, locks = (bytes.fromhex((GOLDEN / f"{name}.hex").read_text()) for name in ("recovery-box", "sheet-locks"))
    assert seal_peppers({1: SECRET}, fixed_public("private"), locks)[-LOCKS_BYTES:] == locks
    assert (locks_in(box + locks), locks_in(box)) == (locks, None)
    assert open_peppers(box + locks, fixed_key("private")) == open_peppers(box, fixed_key("private"))
    for cut in range(len(box) + 1, len(box) + LOCKS_BYTES):
        for read in (locks_in, lambda cut: open_peppers(cut, fixed_key("private"))):
            with pytest.raises(SealBroken):
                read((box + locks)[:cut])


def test_half_the_letters_prove_a_paper_and_are_not_the_sheet() -> None:
    """Three papers shown to one screen: of none of them are more than half the letters ever typed."""
    for sheet in MADE.sheets:
        half = " ".join(group[:2] for group in sheet.groups())
        assert proof_of(read_half(half)) == sheet.proof()
        assert proof_of(read_half(half.replace("O", "0"))) == sheet.proof()
        with pytest.raises(SheetUnreadable):
            read_half(" ".join(sheet.groups()))
    assert len({sheet.proof() for sheet in (*MADE.sheets, *OTHERS.sheets)}) == 6
