"""Holds the rule who has to have a second proof to asking more at the desk, and never less than the server's file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from portal.desk_settings import laid_over
from portal.records.contact import blank
from portal.services import Services
from portal.settings import Settings
from portal.staff.household.proof_rules import kept_of, read_rule, rule_of
from portal.staff.household.settings_rules import GROUPS
from portal.staff.proofs.asking import NEVER_ASKED
from portal.staff.rights import Role
from tests.portal.staff.walker import PASSPHRASE, Walker, acts
from tests.support.rooms import running, wire

ROLES = [role.value for role in Role]
some = st.lists(st.sampled_from(ROLES), unique=True)


@settings(max_examples=30)
@given(some, st.integers(0, 90), some, st.integers(0, 90))
def test_whatever_a_row_says_no_less_is_asked_than_the_servers_file_does(
    file: list[str], days: int, row: list[str], row_days: int
) -> None:
    given_ = replace(Settings(), second_proof=tuple(file), second_proof_days=days)
    rows = {"second_proof": " ".join(row) or "nobody", "second_proof_days": str(row_days)}

    now = rule_of(laid_over(given_, rows))
    assert not now.asks_less_than(rule_of(given_))
    assert now.roles == {*file, *row}


@settings(max_examples=30)
@given(some, some, st.integers(1, 7))
def test_what_is_kept_of_a_rule_gives_that_rule(file: list[str], ticked: list[str], days: int) -> None:
    given_ = replace(Settings(), second_proof=tuple(file), second_proof_days=7)
    rule = read_rule(given_, ticked, str(days))

    kept = {name: value for name, value in kept_of(given_, rule).items() if value is not None}
    assert rule_of(laid_over(given_, kept)) == rule


@pytest.mark.anyio
async def test_asking_more_is_a_press_and_asking_less_the_passphrase_too(ada: Walker, services: Services) -> None:
    where = "/desk/settings/proof"
    assert not services.staff.asking.asks(Role.ADVOCATE, NEVER_ASKED)
    await ada.post(where, {"second_proof": ["advocate", "supervisor", "nobody"], "second_proof_days": "3"})
    assert ada.sees("Saved. Whoever is asked sees it at her next sign-in.")
    assert services.staff.asking.asks(Role.ADVOCATE, NEVER_ASKED)
    assert services.staff.asking.days == 3
    async with running(wire(services.settings, services.clock)) as other:
        await other.desk_settings.look()
        assert other.staff.asking == services.staff.asking

    less: dict[str, str | list[str]] = {"second_proof": ["advocate"], "second_proof_days": "3"}
    for passphrase, said in (("", "This asks less than now."), ("not hers at all", "passphrase")):
        await ada.post(where, {**less, "passphrase": passphrase})
        assert ada.sees(said)
        assert services.staff.asking.asks(Role.SUPERVISOR, NEVER_ASKED)
    # Nor by the way back of other settings, nor beyond the file's days.
    await ada.post("/desk/settings/back", {"field": "second_proof"})
    await ada.post(where, {"second_proof": ["advocate", "supervisor"], "second_proof_days": "8"})
    assert ada.sees("This has to be a whole number within the range.")
    assert services.staff.asking.asks(Role.SUPERVISOR, NEVER_ASKED)

    await ada.post(where, {**less, "passphrase": PASSPHRASE})
    assert ada.sees("It asks less than before")
    assert not services.staff.asking.asks(Role.SUPERVISOR, NEVER_ASKED)
    written = [act for act in await acts(services) if act.startswith("set.")]
    assert written == ["set.second_proof.more", "set.second_proof_days.more", "set.second_proof.less"]


@pytest.mark.anyio
async def test_records_are_kept_as_long_as_is_set_at_the_desk(ada: Walker, services: Services) -> None:
    rules = {rule.field: str(getattr(services.now, rule.field)) for rule in GROUPS["keeping"]}
    # What names people never outlives them, nor they their case.
    await ada.post("/desk/settings/numbers", {"group": "keeping", **rules, "case_people_days": "731"})
    assert ada.sees("This does not go with another number")
    await ada.post("/desk/settings/numbers", {"group": "keeping", **rules, "record_days": "40"})

    sealed = await services.contacts.seal(blank("phone"))
    assert (services.clock.now().date().fromisoformat(sealed.until) - services.clock.now().date()).days == 40
