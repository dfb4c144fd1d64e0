"""Who may say what in the chain of statements, and that a line says nothing besides."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.vault.errors import ChainBroken, RightMissing, SignatureWrong
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
    RECOVERY,
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
