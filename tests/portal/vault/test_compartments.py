"""A compartment's key reaches whom the chain names, and a changed row reaches nobody."""

from __future__ import annotations

import pytest

from portal.vault.compartments import grant, new_compartment, open_grant, open_granted
from portal.vault.errors import GrantBroken, SealBroken
from portal.vault.sayings import say_revoke
from portal.vault.sealing import public_of
from portal.vault.statements import Ledger
from tests.portal.vault.chain import ANA, AS_ANA, BO, CY, LEDGER, grant_line, keys_of
from tests.portal.vault.fixed import DAY, fixed_key


def _sealed_for(ledger: Ledger, holder: bytes, name: str) -> dict[int, bytes]:
    """The rows a house keeps for one person: line number -> sealed key."""
    return {
        granted.statement: grant(
            fixed_key(f"{granted.compartment} {granted.version}"),
            keys_of(name).open_public,
            compartment=granted.compartment,
            version=granted.version,
            holder=holder,
            statement=granted.statement,
        )
        for granted in ledger.grants(holder)
    }


def test_a_holder_opens_what_was_granted() -> None:
    opened = open_granted(LEDGER, BO, keys_of("bo").open_private, _sealed_for(LEDGER, BO, "bo"))
    assert opened.keys == {"chat": {1: fixed_key("chat 1"), 2: fixed_key("chat 2")}}
    assert opened.refused == ()


def test_a_person_without_a_grant_opens_nothing_with_anybodys_rows() -> None:
    rows = _sealed_for(LEDGER, BO, "bo") | _sealed_for(LEDGER, CY, "cy")
    opened = open_granted(LEDGER, ANA, keys_of("ana").open_private, rows)
    assert opened.keys == {}
    assert opened.refused == ()


def test_a_row_without_a_line_has_no_effect() -> None:
    rows = _sealed_for(LEDGER, BO, "bo")
    injected = grant(
        fixed_key("tips 1"), keys_of("bo").open_public, compartment="tips", version=1, holder=BO, statement=99
    )
    opened = open_granted(LEDGER, BO, keys_of("bo").open_private, rows | {99: injected})
    assert set(opened.keys) == {"chat"}


def test_rows_kept_from_before_a_revocation_open_nothing() -> None:
    rows = _sealed_for(LEDGER, BO, "bo")
    revoked = LEDGER.follow(say_revoke(LEDGER.latest, AS_ANA, DAY, BO, "chat"))
    assert open_granted(revoked, BO, keys_of("bo").open_private, rows).keys == {}
    again = revoked.follow(grant_line(revoked, AS_ANA, BO, "bo", "chat", 2))
    replayed = {again.head: rows[LEDGER.grants(BO)[-1].statement]}
    opened = open_granted(again, BO, keys_of("bo").open_private, replayed)
    assert opened.keys == {}
    assert opened.refused == (again.head,)


def test_a_swapped_private_key_is_refused() -> None:
    foreign = new_compartment()
    first, second = LEDGER.grants(BO)
    rows = _sealed_for(LEDGER, BO, "bo")
    rows[second.statement] = grant(
        foreign.private, keys_of("bo").open_public, compartment="chat", version=2, holder=BO, statement=second.statement
    )
    opened = open_granted(LEDGER, BO, keys_of("bo").open_private, rows)
    assert opened.keys == {"chat": {1: fixed_key("chat 1")}}
    assert opened.refused == (second.statement,)
    with pytest.raises(GrantBroken):
        open_grant(keys_of("bo").open_private, rows[second.statement], BO, second)
    with pytest.raises(SealBroken):
        open_grant(keys_of("bo").open_private, rows[first.statement], BO, second)


def test_a_missing_row_is_named_not_passed_over() -> None:
    rows = _sealed_for(LEDGER, BO, "bo")
    newest = LEDGER.grants(BO)[-1].statement
    del rows[newest]
    assert open_granted(LEDGER, BO, keys_of("bo").open_private, rows).refused == (newest,)


def test_where_a_key_was_followed_by_a_newer_one_its_row_may_be_gone() -> None:
    rows = _sealed_for(LEDGER, BO, "bo")
    first, second = LEDGER.grants(BO)
    del rows[first.statement]
    opened = open_granted(LEDGER, BO, keys_of("bo").open_private, rows)
    assert (set(opened.keys["chat"]), opened.refused) == ({second.version}, ())


def test_a_new_compartment_is_a_pair() -> None:
    pair = new_compartment()
    assert public_of(pair.private) == pair.public
    assert new_compartment().private != pair.private
