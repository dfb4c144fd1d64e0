"""Holds what counts as agreed: the latest word at an hour, nothing that was never said, and no late copy of a form."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from tests.tips.test_tip import NOON
from tips.consents import Consent, Entry, How, Identity, first_entry, in_order, is_news, live, narrowed

NOTHING: frozenset[Consent] = frozenset()


def minute(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


def tap(consent: Consent, yes: bool, at: int) -> Entry:
    """One tap on coming back, so many minutes after noon."""
    return Entry(minute(at), How.VISIT.value, "en", {consent.value: yes})


def sent(given: frozenset[Consent] = NOTHING, identity: Identity | None = None, at: int = 0) -> Entry:
    """A form with these ticks."""
    return first_entry(given, identity, how=How.FORM, language="en", at=minute(at))


def test_nothing_said_is_nobody_and_nothing() -> None:
    standing = live([])
    assert standing.identity is Identity.ANONYMOUS
    assert not any(standing.allows(consent) for consent in Consent)
    assert standing.asked == NOTHING


def test_a_blank_means_no_and_was_asked() -> None:
    standing = live([sent()])
    assert (dict(standing.given), standing.asked) == ({}, frozenset(Consent))


def test_a_chat_asked_nothing() -> None:
    entry = first_entry(frozenset(Consent), None, how=How.TALK, language="en", at=NOON)
    assert (entry.said, live([entry]).asked) == ({}, NOTHING)


@pytest.mark.parametrize("consent", Consent)
@pytest.mark.parametrize("other", Consent)
def test_one_consent_gives_no_other(consent: Consent, other: Consent) -> None:
    assert live([sent(frozenset({consent}))]).allows(other) == (consent is other)


@pytest.mark.parametrize("identity", Identity)
def test_no_choice_about_her_name_agrees_to_anything(identity: Identity) -> None:
    standing = live([sent(identity=identity)])
    assert (standing.identity, dict(standing.given)) == (identity, {})


@pytest.mark.parametrize("consent", Consent)
def test_what_was_live_at_an_hour_is_told_from_what_is_live_now(consent: Consent) -> None:
    entries = [sent(), tap(consent, True, 5), tap(consent, False, 10), tap(consent, True, 15)]
    hours = {at: live(entries, minute(at)).allows(consent) for at in (0, 4, 5, 9, 10, 14, 15, 99)}
    assert hours == {0: False, 4: False, 5: True, 9: True, 10: False, 14: False, 15: True, 99: True}
    assert live(entries).given[consent] == minute(15), "taken back and given anew counts from the new yes"


def test_given_twice_counts_from_the_first_yes() -> None:
    entries = [tap(Consent.CONTACT, True, 1), tap(Consent.CONTACT, True, 9)]
    assert live(entries).given[Consent.CONTACT] == minute(1)


@given(st.permutations([tap(Consent.FACTS, True, 1), tap(Consent.FACTS, False, 1), tap(Consent.SERVICE, True, 0)]))
def test_of_two_words_at_one_moment_taking_back_wins(entries: list[Entry]) -> None:
    standing = live(entries)
    assert not standing.allows(Consent.FACTS)
    assert standing.allows(Consent.SERVICE)


@given(st.permutations(list(Identity)))
def test_of_two_choices_at_one_moment_the_more_careful_counts(choices: list[Identity]) -> None:
    entries = [Entry(NOON, "visit", "en", identity=choice.value) for choice in choices[:2]]
    assert live(entries).identity is max(choices[:2], key=list(Identity).index)
    assert live([*entries, Entry(minute(1), "visit", "en", identity="share_ok")]).identity is Identity.SHARE_OK


@given(st.lists(st.builds(tap, st.sampled_from(Consent), st.booleans(), st.integers(0, 500)), unique_by=lambda e: e.at))
def test_the_last_word_on_each_is_what_counts_in_any_order_of_rows(entries: list[Entry]) -> None:
    last = {name: yes for entry in in_order(entries) for name, yes in entry.said.items()}
    assert {consent.value for consent in live(entries[::-1]).given} == {name for name, yes in last.items() if yes}


def test_what_this_house_does_not_know_counts_for_nothing() -> None:
    entry = Entry(NOON, "pigeon", "en", {"to_the_press": True, "contact": True}, "famous")
    standing = live([entry])
    assert (list(standing.given), standing.identity) == ([Consent.CONTACT], Identity.ANONYMOUS)


def test_the_same_form_again_is_no_news() -> None:
    first = sent(frozenset({Consent.CONTACT}), Identity.CONFIDENTIAL)
    again = sent(frozenset({Consent.CONTACT}), Identity.CONFIDENTIAL, at=1)
    assert not is_news(again, [first])


def test_a_late_copy_of_a_form_gives_nothing_again_that_was_taken_back() -> None:
    first = sent(frozenset({Consent.IDENTITY}))
    taken = tap(Consent.IDENTITY, False, 5)
    assert not is_news(sent(frozenset({Consent.IDENTITY}), at=6), [first, taken])


@pytest.mark.parametrize(
    ("again", "news"),
    [
        (sent(frozenset({Consent.CONTACT, Consent.FACTS}), at=1), True),
        (sent(NOTHING, at=1), True),
        (sent(frozenset({Consent.CONTACT}), Identity.SHARE_OK, at=1), True),
        (sent(frozenset({Consent.CONTACT}), Identity.ANONYMOUS, at=1), False),
        (Entry(minute(1), "talk", "en"), False),
    ],
)
def test_a_form_that_says_something_else_is_news(again: Entry, news: bool) -> None:
    assert is_news(again, [sent(frozenset({Consent.CONTACT}))]) == news


def test_an_entry_does_not_print_what_was_agreed() -> None:
    assert "contact" not in repr(sent(frozenset({Consent.CONTACT})))


def test_another_tip_of_hers_takes_back_and_never_gives() -> None:
    here = live([sent(frozenset({Consent.FACTS, Consent.CONTACT}), Identity.SHARE_OK, at=0)])
    elsewhere = [sent(frozenset({Consent.SERVICE, Consent.CONTACT}), Identity.CONFIDENTIAL, at=5)]
    found = narrowed(here, [elsewhere])
    assert set(found.given) == {Consent.CONTACT}
    assert found.identity is Identity.CONFIDENTIAL
    assert narrowed(here, [[sent(at=-5)]]).given == here.given
    assert narrowed(here, [[*elsewhere, tap(Consent.FACTS, True, at=6)]]).given == here.given
    assert narrowed(live([]), [[sent(frozenset(Consent), Identity.SHARE_OK, at=5)]]) == live([])


@given(
    st.lists(st.builds(tap, st.sampled_from(Consent), st.booleans(), st.integers(0, 9)), max_size=5),
    st.lists(st.builds(tap, st.sampled_from(Consent), st.booleans(), st.integers(0, 9)), max_size=5),
)
def test_linked_tips_never_agree_to_more_than_the_one_that_is_reported(here: list[Entry], there: list[Entry]) -> None:
    assert set(narrowed(live(here), [there]).given.items()) <= set(live(here).given.items())
