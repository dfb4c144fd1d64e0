"""Holds what is due, and who could read what until when, to signed lines alone, whatever order they come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import given, settings, strategies as st

from portal.rotation.due import OLD_HALF_LASTS, due, ends_on
from portal.vault.recovery import recovery_keys
from portal.vault.sayings import say_grant, say_recovery, say_revoke, say_rotate, say_staff
from portal.vault.statements import RECOVERY, Ledger
from tests.portal.vault.chain import AS_ANA, BO, CY, keys_of, small_house
from tests.portal.vault.fixed import DAY, fixed_id, fixed_key, fixed_public

NAMES = {BO: "bo", CY: "cy"}


@dataclass
class Told:
    """The ledger, and the same told by hand: who holds what, who left since the newest version."""

    ledger: Ledger
    day: date = DAY
    holds: set[tuple[bytes, str]] = field(default_factory=set)
    left: dict[str, set[bytes]] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)

    def lets_in(self, person: bytes, name: str) -> None:
        version, public = self.ledger.compartment(name)
        if self.ledger.staff(person) is None:
            return
        line = say_grant(
            self.ledger.latest, AS_ANA, self.day, person, name, version, keys_of(NAMES[person]).open_public, public
        )
        self.ledger = self.ledger.follow(line)
        self.holds.add((person, name))

    def puts_out(self, person: bytes, name: str) -> None:
        if self.ledger.staff(person) is None:
            return
        self.ledger = self.ledger.follow(say_revoke(self.ledger.latest, AS_ANA, self.day, person, name))
        for held in [held for held in self.holds if held[0] == person and name in ("", held[1])]:
            self.holds.remove(held)
            self.left.setdefault(held[1], set()).add(person)

    def comes_back(self, person: bytes) -> None:
        keys = keys_of(NAMES[person])
        line = say_staff(self.ledger.latest, AS_ANA, self.day, person, keys.open_public, keys.sign_public)
        had = [held for held in self.holds if held[0] == person]
        self.ledger = self.ledger.follow(line)
        for held in had:
            self.holds.remove(held)
            self.left.setdefault(held[1], set()).add(person)

    def turns(self, name: str) -> None:
        version = self.ledger.compartment(name).version + 1
        public = fixed_public(f"{name} of these tests {version}")
        self.ledger = self.ledger.follow(say_rotate(self.ledger.latest, AS_ANA, self.day, name, version, public))
        stay = {held[0] for held in self.holds if held[1] == name}
        self.holds -= {(person, name) for person in stay}
        self.left.pop(name, None)
        self.newest[name] = version
        for person in sorted(stay):
            self.lets_in(person, name)


PEOPLE, COMPARTMENT = st.sampled_from((BO, CY)), st.sampled_from(("tips", "names"))
ACTS = st.one_of(
    st.tuples(st.just("lets_in"), PEOPLE, COMPARTMENT),
    st.tuples(st.just("puts_out"), PEOPLE, st.sampled_from(("tips", "names", ""))),
    st.tuples(st.just("comes_back"), PEOPLE),
    st.tuples(st.just("turns"), COMPARTMENT),
    st.tuples(st.just("a day passes")),
)
EVE = small_house()[0]


def begun() -> Told:
    told = Told(EVE)
    told.left = {}
    for person in (BO, CY):
        for name in ("tips", "names"):
            if person in EVE.holders(name, EVE.compartment(name).version):
                told.holds.add((person, name))
    return told


@settings(max_examples=40)
@given(st.lists(ACTS, max_size=14))
def test_what_is_due_is_what_somebody_left_since_the_newest_key(acts: list[tuple[str, ...]]) -> None:
    told = begun()
    for act, *rest in acts:
        if act == "a day passes":
            told.day += timedelta(days=1)
        else:
            getattr(told, act)(*rest)
        for name in ("tips", "names"):
            newest = told.ledger.compartment(name).version
            is_due = {each.compartment for each in due(told.ledger, told.day)}
            assert (name in is_due) == bool(told.left.get(name))
            assert {each.holder for each in told.ledger.history.departures(name)} == told.left.get(name, set())
            assert told.ledger.holders(name, newest) & {BO, CY} == {who for who, held in told.holds if held == name}
    for person in (BO, CY):
        held = told.ledger.history.holdings(person)
        assert all(holding.since <= (holding.until or told.day) for holding in held)
        granted = {(each.compartment, each.version) for each in told.ledger.grants(person)}
        assert {(each.compartment, each.version) for each in held if each.until is None} == granted


def test_a_ledger_that_goes_on_alone_leaves_the_history_it_came_from() -> None:
    told = begun()
    before = told.ledger.history.holdings(CY)
    told.puts_out(CY, "tips")
    assert EVE.history.holdings(CY) == before
    assert EVE.history.departures("tips") == ()


def test_an_old_half_ends_two_whole_days_after_the_day_of_the_next_key() -> None:
    told = begun()
    told.turns("tips")
    assert ends_on(told.ledger, "tips", 1) == DAY + OLD_HALF_LASTS
    assert OLD_HALF_LASTS - timedelta(days=1) >= timedelta(hours=48)
    assert ends_on(told.ledger, "tips", 2) is None
    assert told.ledger.history.place_of(0) is None
    assert fixed_id("nobody") not in told.ledger.history.past_holders()


def test_other_recovery_sheets_make_every_key_due_and_say_why() -> None:
    root = recovery_keys(fixed_key("recovery secret"))
    told = begun()
    for name in ("tips", "names"):
        version, public = told.ledger.compartment(name)
        line = say_grant(told.ledger.latest, AS_ANA, DAY, RECOVERY, name, version, root.open_public, public)
        told.ledger = told.ledger.follow(line)
    assert due(told.ledger, DAY) == ()
    told.ledger = told.ledger.follow(say_recovery(told.ledger.latest, root.signer(), DAY, fixed_public("another pair")))
    assert [(each.compartment, each.why) for each in due(told.ledger, DAY)] == [("tips", "sheets"), ("names", "sheets")]
