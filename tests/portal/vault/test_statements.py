"""What somebody with the database in his hands can do to the chain of statements: nothing that is believed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from portal.vault.errors import ChainBroken, RolledBack, SignatureWrong
from portal.vault.sayings import (
    say_granter,
    say_revoke,
)
from portal.vault.statements import (
    NOTHING_SAID,
    Head,
    Kind,
    Ledger,
    Signer,
    Statement,
    sign_statement,
)
from tests.portal.vault.chain import (
    ANA,
    AS_ANA,
    BO,
    CHAIN,
    CY,
    DEE,
    LEDGER,
    ROOT_KEYS,
    ROOT_PUBLIC,
    ROOT_SIGNER,
    grant_line,
    keys_of,
)
from tests.portal.vault.fixed import DAY, fixed_id, fixed_key, fixed_public

STRANGER = Signer(fixed_id("stranger"), fixed_key("stranger"))
FOREIGN = fixed_public("a key of the database writer")


def test_keys_come_from_the_chain() -> None:
    assert LEDGER.head == len(CHAIN)
    assert LEDGER.compartment("chat") == (2, fixed_public("chat 2"))
    assert LEDGER.compartment("tips") == (1, fixed_public("tips 1"))
    assert LEDGER.compartment_version("chat", 1) == fixed_public("chat 1")
    assert LEDGER.compartment_version("chat", 3) is None
    assert LEDGER.recovery == ROOT_KEYS.open_public
    bo = LEDGER.staff(BO)
    assert bo is not None
    assert bo.open_public == keys_of("bo").open_public
    assert LEDGER.staff(DEE) is None
    assert [(grant.compartment, grant.version) for grant in LEDGER.grants(BO)] == [("chat", 1), ("chat", 2)]
    assert LEDGER.holders("chat") == {BO}
    assert LEDGER.holders("tips") == {CY}
    assert LEDGER.holders("chat", 3) == frozenset()
    assert LEDGER.may(ANA, "may_grant")
    assert not LEDGER.may(BO, "may_grant")
    assert not LEDGER.may(DEE, "may_grant")


def test_a_compartment_no_line_names_gives_no_key_to_seal_to() -> None:
    with pytest.raises(ChainBroken):
        LEDGER.compartment("attic")


def test_a_kept_chain_is_believed_again() -> None:
    lines = [Statement.from_row(line.to_row()) for line in CHAIN]
    assert Ledger.verify(lines, ROOT_PUBLIC, LEDGER.latest).latest == LEDGER.latest
    assert Ledger.verify((), ROOT_PUBLIC, NOTHING_SAID).head == 0


def test_a_longer_chain_than_the_known_head_is_believed() -> None:
    assert Ledger.verify(CHAIN, ROOT_PUBLIC, CHAIN[4].head()).head == len(CHAIN)


def test_following_leaves_the_ledger_as_it_was() -> None:
    further = LEDGER.follow(say_revoke(LEDGER.latest, AS_ANA, DAY, BO))
    assert further.staff(BO) is None
    assert further.grants(BO) == ()
    assert LEDGER.staff(BO) is not None
    assert len(LEDGER.grants(BO)) == 2


def test_a_chain_that_was_cut_off_is_refused() -> None:
    for length in range(len(CHAIN)):
        with pytest.raises(RolledBack):
            Ledger.verify(CHAIN[:length], ROOT_PUBLIC, LEDGER.latest)


def test_a_chain_of_the_same_length_with_another_end_is_refused() -> None:
    """Ana's right was taken away; with the key she kept and the database she writes another past."""
    before = LEDGER
    known = before.follow(say_granter(before.latest, ROOT_SIGNER, DAY, ANA, ()))
    other_past = [*CHAIN, grant_line(before, AS_ANA, CY, "cy", "chat", 2)]
    assert Ledger.verify(other_past, ROOT_PUBLIC).head == known.head
    with pytest.raises(RolledBack):
        Ledger.verify(other_past, ROOT_PUBLIC, known.latest)


def test_lines_out_of_order_doubled_or_missing_are_refused() -> None:
    for at in range(len(CHAIN) - 1):
        exchanged = [*CHAIN[:at], CHAIN[at + 1], CHAIN[at], *CHAIN[at + 2 :]]
        doubled = [*CHAIN[: at + 1], *CHAIN[at:]]
        missing = [*CHAIN[:at], *CHAIN[at + 1 :]]
        for lines in (exchanged, doubled, missing):
            with pytest.raises(ChainBroken):
                Ledger.verify(lines, ROOT_PUBLIC)


@given(st.lists(st.integers(0, len(CHAIN) - 1), max_size=len(CHAIN) + 2))
def test_no_choice_of_true_lines_makes_another_chain_up_to_the_head(order: list[int]) -> None:
    if order == list(range(len(CHAIN))):
        return
    with pytest.raises(ChainBroken):
        Ledger.verify([CHAIN[at] for at in order], ROOT_PUBLIC, LEDGER.latest)


def test_a_chain_of_another_root_is_refused() -> None:
    with pytest.raises(SignatureWrong):
        Ledger.verify(CHAIN, FOREIGN)


def _with_the_key_changed(line: Statement) -> Statement:
    return replace(line, keys=(FOREIGN, *line.keys[1:]))


@pytest.mark.parametrize("at", [at for at, line in enumerate(CHAIN) if line.keys])
def test_a_swapped_key_is_refused(at: int) -> None:
    lines = [*CHAIN[:at], _with_the_key_changed(CHAIN[at]), *CHAIN[at + 1 :]]
    with pytest.raises(ChainBroken):
        Ledger.verify(lines, ROOT_PUBLIC)


@pytest.mark.parametrize("at", range(len(CHAIN)))
def test_a_line_signed_by_the_writers_own_key_in_anothers_name_is_refused(at: int) -> None:
    ledger = Ledger.verify(CHAIN[:at], ROOT_PUBLIC)
    line = CHAIN[at]
    forged = sign_statement(
        ledger.latest,
        Signer(line.signer, fixed_key("writer")),
        DAY,
        line.kind,
        subject=line.subject,
        compartment=line.compartment,
        version=line.version,
        keys=line.keys,
        rights=line.rights,
    )
    with pytest.raises(SignatureWrong):
        ledger.follow(forged)


def test_a_revoked_grant_cannot_be_replayed() -> None:
    revoked = LEDGER.follow(say_revoke(LEDGER.latest, AS_ANA, DAY, BO, "chat"))
    assert revoked.grants(BO) == ()
    old = next(line for line in CHAIN if line.kind is Kind.GRANT and line.subject == BO)
    with pytest.raises(ChainBroken):
        revoked.follow(old)
    with pytest.raises(ChainBroken):
        revoked.follow(replace(old, number=revoked.head + 1, previous=revoked.latest.digest))


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (b"\x00\x00\x00\x0a2026-11-21", b"\x00\x00\x00\x0820261121"),
        (b"chat", b"CHAT"),
        (b"grant", b"great"),
        (b"\x00\x00\x00\x04\x00\x00\x00\x0d", b"\x00\x00\x00\x05\x00\x00\x00\x00\x0d"),
    ],
)
def test_a_line_has_one_spelling(found: bytes, put: bytes) -> None:
    row = CHAIN[-1].to_row()
    assert found in row
    with pytest.raises(ChainBroken):
        LEDGER.follow(Statement.from_row(row.replace(found, put)))


def test_noise_is_no_line() -> None:
    for noise in (b"", b"\x01", b"\x01\x01", b"\x01\x01" + bytes(64), bytes(400), b"\x01\x01" + b"\xff" * 400):
        with pytest.raises(ChainBroken):
            Statement.from_row(noise)


def test_a_ledger_knows_every_head_it_went_through() -> None:
    for seen in (NOTHING_SAID, *(line.head() for line in CHAIN)):
        assert LEDGER.agrees_with(seen)
    for other in (Head(LEDGER.head + 1, FOREIGN), Head(3, FOREIGN), Head(3, CHAIN[3].head().digest), Head(0, FOREIGN)):
        assert not LEDGER.agrees_with(other)


def test_a_head_is_its_number_and_its_digest() -> None:
    with pytest.raises(RolledBack):
        Ledger.verify(CHAIN, ROOT_PUBLIC, Head(LEDGER.head, fixed_key("another digest")))
    with pytest.raises(RolledBack):
        Ledger.verify(CHAIN, ROOT_PUBLIC, Head(3, CHAIN[3].head().digest))
