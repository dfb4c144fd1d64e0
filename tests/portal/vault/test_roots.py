"""Holds the chain to one root at a time: named by the one before, and believed by its own first word."""

from __future__ import annotations

import pytest

from portal.vault.errors import ChainBroken, RightMissing, SignatureWrong
from portal.vault.recovery import RecoveryKeys, recovery_keys
from portal.vault.sayings import say_recovery, say_root, say_tombstone
from portal.vault.statements import Ledger, Statement
from tests.portal.vault.chain import AS_ANA, CHAIN, CY, LEDGER, ROOT_KEYS, ROOT_PUBLIC, grant_line
from tests.portal.vault.fixed import DAY, fixed_id, fixed_key

NEXT, THIEF = recovery_keys(fixed_key("next")), recovery_keys(fixed_key("thief"))


def handed_over(ledger: Ledger, old: RecoveryKeys, new: RecoveryKeys) -> tuple[Ledger, list[Statement]]:
    """The old root's last word and the new one's first."""
    last = say_root(ledger.latest, old.signer(), DAY, old.root_public, new.root_public)
    ledger = ledger.follow(last)
    first = say_recovery(ledger.latest, new.signer(), DAY, new.open_public)
    return ledger.follow(first), [last, first]


AFTER, LINES = handed_over(LEDGER, ROOT_KEYS, NEXT)
WHOLE = [*CHAIN, *LINES]


def test_the_whole_chain_is_believed_by_its_newest_root_alone() -> None:
    ledger = Ledger.verify(WHOLE, NEXT.root_public, AFTER.latest)

    assert ledger.root == NEXT.root_public
    assert ledger.recovery == NEXT.open_public
    assert ledger.knows_root(ROOT_PUBLIC)
    assert ledger.agrees_with(LEDGER.latest)
    with pytest.raises(ChainBroken):
        Ledger.verify(WHOLE, ROOT_PUBLIC)
    with pytest.raises(ChainBroken):
        Ledger.verify(CHAIN, NEXT.root_public)


def test_a_second_recovery_follows_the_first() -> None:
    third = recovery_keys(fixed_key("third"))
    ledger, lines = handed_over(AFTER, NEXT, third)

    assert Ledger.verify([*WHOLE, *lines], third.root_public, ledger.latest).root == third.root_public


def test_what_the_recovery_pair_held_is_gone_with_the_old_root() -> None:
    assert LEDGER.recovery == ROOT_KEYS.open_public
    assert AFTER.grants(b"recovery") == ()


def test_the_old_root_says_nothing_after_its_last_word() -> None:
    for line in (
        say_tombstone(AFTER.latest, ROOT_KEYS.signer(), DAY, fixed_id("tip")),
        say_root(AFTER.latest, ROOT_KEYS.signer(), DAY, ROOT_PUBLIC, THIEF.root_public),
    ):
        with pytest.raises(SignatureWrong):
            AFTER.follow(line)


def test_until_the_new_root_has_spoken_nobody_does() -> None:
    silent = LEDGER.follow(LINES[0])
    with pytest.raises(RightMissing):
        silent.follow(grant_line(silent, AS_ANA, CY, "cy", "records"))
    with pytest.raises(ChainBroken):
        Ledger.verify([*CHAIN, LINES[0]], NEXT.root_public)


def test_nobody_but_the_root_names_another_and_only_its_own_successor() -> None:
    with pytest.raises(RightMissing):
        LEDGER.follow(say_root(LEDGER.latest, AS_ANA, DAY, ROOT_PUBLIC, THIEF.root_public))
    for before, after in ((THIEF.root_public, NEXT.root_public), (ROOT_PUBLIC, ROOT_PUBLIC)):
        with pytest.raises(ChainBroken):
            LEDGER.follow(say_root(LEDGER.latest, ROOT_KEYS.signer(), DAY, before, after))


def test_a_chain_of_somebody_elses_that_names_our_root_is_refused() -> None:
    """All he can take from ours is what it looks like: our root's first word stands over other lines."""
    his = Ledger(THIEF.root_public)
    first = say_recovery(his.latest, THIEF.signer(), DAY, THIEF.open_public)
    his = his.follow(first)
    last = say_root(his.latest, THIEF.signer(), DAY, THIEF.root_public, NEXT.root_public)
    for lines in ([first, last], [first, last, LINES[1]]):
        with pytest.raises(ChainBroken):
            Ledger.verify(lines, NEXT.root_public)


def test_whoever_finds_the_old_sheets_writes_no_other_past() -> None:
    """The old root's key signs any line that could have stood before its last word; the new root never signed those."""
    forged = say_tombstone(LEDGER.latest, ROOT_KEYS.signer(), DAY, fixed_id("tip"))
    ledger = LEDGER.follow(forged)
    last = say_root(ledger.latest, ROOT_KEYS.signer(), DAY, ROOT_PUBLIC, NEXT.root_public)

    for lines in ([*CHAIN, forged, last], [*CHAIN, forged, last, LINES[1]], [*CHAIN, forged]):
        with pytest.raises(ChainBroken):
            Ledger.verify(lines, NEXT.root_public)
