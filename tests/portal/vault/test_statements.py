"""What somebody with the database in his hands can do to the chain of statements: nothing that is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from portal.vault.errors import ChainBroken, RightMissing, RolledBack, SignatureWrong
from portal.vault.sayings import (
    say_compartment,
    say_grant,
    say_granter,
    say_recovery,
    say_revoke,
    say_rotate,
    say_staff,
    say_tombstone,
)
from portal.vault.statements import (
    NOTHING_SAID,
    RECOVERY,
    Head,
    KeyRight,
    Kind,
    Ledger,
    Signer,
    Statement,
    sign_statement,
)
from tests.portal.vault.chain import (
    ANA,
    AS_ANA,
    AS_BO,
    AS_CY,
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
    staff_line,
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


@settings(max_examples=60, deadline=None)
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


Say = Callable[[Signer], Statement]
LATEST = LEDGER.latest
DEE_KEYS = keys_of("dee")
NEEDS_A_RIGHT: dict[str, tuple[KeyRight, Say]] = {
    "staff": (KeyRight.VOUCH, lambda by: staff_line(LEDGER, by, DEE, "dee")),
    "granter": (KeyRight.VOUCH, lambda by: say_granter(LATEST, by, DAY, CY, ())),
    "rotate": (KeyRight.ROTATE, lambda by: say_rotate(LATEST, by, DAY, "tips", 2, FOREIGN)),
    "grant": (KeyRight.GRANT, lambda by: grant_line(LEDGER, by, CY, "cy", "names")),
    "revoke": (KeyRight.GRANT, lambda by: say_revoke(LATEST, by, DAY, CY, "tips")),
    "revoke-all": (KeyRight.VOUCH, lambda by: say_revoke(LATEST, by, DAY, CY)),
}


@pytest.mark.parametrize("what", NEEDS_A_RIGHT)
def test_each_kind_needs_its_right(what: str) -> None:
    needed, say = NEEDS_A_RIGHT[what]
    assert LEDGER.follow(say(AS_ANA)).head == LEDGER.head + 1
    assert LEDGER.follow(say(ROOT_SIGNER)).head == LEDGER.head + 1
    for nobody in (AS_BO, STRANGER):
        with pytest.raises(RightMissing):
            LEDGER.follow(say(nobody))
    for right in KeyRight:
        given_one = LEDGER.follow(say_granter(LEDGER.latest, ROOT_SIGNER, DAY, BO, (right,)))
        line = _after(given_one, say(AS_BO))
        if right is needed:
            assert given_one.follow(line).head == given_one.head + 1
        else:
            with pytest.raises(RightMissing):
                given_one.follow(line)


def _after(ledger: Ledger, line: Statement) -> Statement:
    """The same line, said by Bo at the end of another chain."""
    return sign_statement(
        ledger.latest, AS_BO, line.day, line.kind,
        subject=line.subject, compartment=line.compartment, version=line.version, keys=line.keys, rights=line.rights,
    )  # fmt: skip


def test_the_first_version_of_a_compartment_needs_its_right() -> None:
    ledger = Ledger.verify(CHAIN[:6], ROOT_PUBLIC)
    with pytest.raises(ChainBroken):
        ledger.compartment("names")
    names = fixed_public("names 1")
    assert ledger.follow(say_compartment(ledger.latest, AS_ANA, DAY, "names", names)).compartment("names").version == 1
    with pytest.raises(RightMissing):
        ledger.follow(say_compartment(ledger.latest, STRANGER, DAY, "names", names))


def test_a_right_that_was_taken_away_signs_nothing_more() -> None:
    without = LEDGER.follow(say_granter(LEDGER.latest, ROOT_SIGNER, DAY, ANA, (KeyRight.VOUCH,)))
    with pytest.raises(RightMissing):
        without.follow(grant_line(without, AS_ANA, CY, "cy", "names"))
    gone = LEDGER.follow(say_revoke(LEDGER.latest, ROOT_SIGNER, DAY, ANA))
    with pytest.raises(RightMissing):
        gone.follow(staff_line(gone, AS_ANA, DEE, "dee"))


def test_nobody_hands_out_a_right_she_has_not() -> None:
    cy_vouches = LEDGER.follow(say_granter(LEDGER.latest, AS_ANA, DAY, CY, (KeyRight.VOUCH,)))
    for subject in (CY, BO):
        with pytest.raises(RightMissing):
            cy_vouches.follow(say_granter(cy_vouches.latest, AS_CY, DAY, subject, (KeyRight.VOUCH, KeyRight.GRANT)))
    assert cy_vouches.follow(say_granter(cy_vouches.latest, AS_CY, DAY, BO, (KeyRight.VOUCH,))).may(BO, "may_vouch")


def test_a_revoked_grant_cannot_be_replayed() -> None:
    revoked = LEDGER.follow(say_revoke(LEDGER.latest, AS_ANA, DAY, BO, "chat"))
    assert revoked.grants(BO) == ()
    old = next(line for line in CHAIN if line.kind is Kind.GRANT and line.subject == BO)
    with pytest.raises(ChainBroken):
        revoked.follow(old)
    with pytest.raises(ChainBroken):
        revoked.follow(replace(old, number=revoked.head + 1, previous=revoked.latest.digest))


def test_a_grant_names_a_living_holder_a_known_version_and_their_true_keys() -> None:
    bo, tips = keys_of("bo").open_public, fixed_public("tips 1")
    for holder, name, version, holder_public, public in (
        (DEE, "tips", 1, bo, tips),
        (BO, "attic", 1, bo, tips),
        (BO, "tips", 2, bo, tips),
        (BO, "tips", 1, FOREIGN, tips),
        (BO, "tips", 1, bo, FOREIGN),
        (BO, "tips", 1, keys_of("cy").open_public, tips),
    ):
        with pytest.raises(ChainBroken):
            LEDGER.follow(say_grant(LEDGER.latest, AS_ANA, DAY, holder, name, version, holder_public, public))
    assert LEDGER.follow(say_grant(LEDGER.latest, AS_ANA, DAY, BO, "tips", 1, bo, tips)).holders("tips") == {BO, CY}


def test_new_keys_for_a_person_take_their_grants_and_rights_away() -> None:
    new = LEDGER.follow(staff_line(LEDGER, ROOT_SIGNER, ANA, "ana after a lost password"))
    assert not new.may(ANA, "may_vouch")
    with pytest.raises(SignatureWrong):
        new.follow(staff_line(new, AS_ANA, DEE, "dee"))
    bo = LEDGER.follow(staff_line(LEDGER, AS_ANA, BO, "bo after a lost password"))
    assert bo.grants(BO) == ()
    assert bo.holders("chat") == frozenset()


def test_only_the_root_speaks_for_the_recovery_pair() -> None:
    by_ana = (
        say_recovery(LEDGER.latest, AS_ANA, DAY, FOREIGN),
        say_revoke(LEDGER.latest, AS_ANA, DAY, RECOVERY),
        say_granter(LEDGER.latest, AS_ANA, DAY, RECOVERY, ()),
    )
    for line in by_ana:
        with pytest.raises(RightMissing):
            LEDGER.follow(line)
    assert LEDGER.follow(say_recovery(LEDGER.latest, ROOT_SIGNER, DAY, FOREIGN)).recovery == FOREIGN
    with pytest.raises(ChainBroken):
        LEDGER.follow(say_granter(LEDGER.latest, ROOT_SIGNER, DAY, RECOVERY, (KeyRight.VOUCH,)))
    with pytest.raises(RightMissing):
        LEDGER.follow(staff_line(LEDGER, Signer(RECOVERY, fixed_key("writer")), DEE, "dee"))


def test_the_recovery_pair_is_granted_like_anybody_else() -> None:
    line = say_grant(LEDGER.latest, AS_ANA, DAY, RECOVERY, "tips", 1, ROOT_KEYS.open_public, fixed_public("tips 1"))
    assert LEDGER.follow(line).holders("tips") == {CY, RECOVERY}


def test_a_rotation_goes_one_version_on_with_a_key_never_used_before() -> None:
    for version, public in ((1, FOREIGN), (2, FOREIGN), (4, FOREIGN), (3, fixed_public("chat 1")), (3, ROOT_PUBLIC)):
        with pytest.raises(ChainBroken):
            LEDGER.follow(say_rotate(LEDGER.latest, AS_ANA, DAY, "chat", version, public))
    with pytest.raises(ChainBroken):
        LEDGER.follow(say_compartment(LEDGER.latest, AS_ANA, DAY, "chat", FOREIGN))
    with pytest.raises(ChainBroken):
        LEDGER.follow(say_compartment(LEDGER.latest, AS_ANA, DAY, "attic", FOREIGN))
    assert LEDGER.follow(say_rotate(LEDGER.latest, AS_ANA, DAY, "chat", 3, FOREIGN)).compartment("chat").version == 3


def test_one_key_never_belongs_to_two() -> None:
    bo = keys_of("bo")
    for keys in ((bo.open_public, DEE_KEYS.sign_public), (DEE_KEYS.open_public, bo.sign_public), (FOREIGN, FOREIGN)):
        with pytest.raises(ChainBroken):
            LEDGER.follow(say_staff(LEDGER.latest, AS_ANA, DAY, DEE, *keys))
    left = LEDGER.follow(say_revoke(LEDGER.latest, AS_ANA, DAY, BO))
    with pytest.raises(ChainBroken):
        left.follow(say_staff(left.latest, AS_ANA, DAY, DEE, bo.open_public, bo.sign_public))


FILLED = {"subject": DEE, "compartment": "tips", "version": 1, "keys": (FOREIGN,), "rights": (KeyRight.VOUCH,)}
UNUSED = {
    Kind.STAFF: ("compartment", "version", "rights"),
    Kind.GRANTER: ("compartment", "version", "keys"),
    Kind.COMPARTMENT: ("subject", "rights"),
    Kind.ROTATE: ("subject", "rights"),
    Kind.GRANT: ("rights",),
    Kind.REVOKE: ("version", "keys", "rights"),
    Kind.TOMBSTONE: ("compartment", "version", "keys", "rights"),
}
TRUE_LINES = {
    **{kind: say(ROOT_SIGNER) for kind, (_, say) in NEEDS_A_RIGHT.items()},
    "tombstone": say_tombstone(LATEST, ROOT_SIGNER, DAY, DEE),
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in UNUSED.items() for name in names if kind != Kind.COMPARTMENT]
)
def test_a_field_a_kind_does_not_use_must_be_empty(kind: Kind, name: str) -> None:
    line = TRUE_LINES[kind]
    assert LEDGER.follow(line)
    fields = {each: getattr(line, each) for each in ("subject", "compartment", "version", "keys", "rights")}
    more = sign_statement(LEDGER.latest, ROOT_SIGNER, DAY, kind, **(fields | {name: FILLED[name]}))
    with pytest.raises(ChainBroken):
        LEDGER.follow(more)


def test_a_tombstone_is_anybodys_on_the_staff_to_say() -> None:
    erased = fixed_id("an erased tip")
    further = LEDGER.follow(say_tombstone(LEDGER.latest, AS_BO, DAY, erased))
    assert further.is_erased(erased)
    assert not LEDGER.is_erased(erased)
    with pytest.raises(RightMissing):
        LEDGER.follow(say_tombstone(LEDGER.latest, STRANGER, DAY, erased))


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
