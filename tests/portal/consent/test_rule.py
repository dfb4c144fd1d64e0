"""The gate's rule: what is asked, against every state of a consent and every use of an exception, written out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from portal.consent.rule import Agreement, Excepted, Leaving, MayNotLeave, decide
from portal.consent.terms import EXCEPTION_REACHES, LEVELS, Basis, Kind, Purpose, Recipient, Subject, What, Whom

TODAY = date(2026, 11, 23)
CASE, OTHER_CASE = Subject(Kind.CASE, b"c" * 16), Subject(Kind.CASE, b"d" * 16)
SHELTER, CLINIC = Recipient(Whom.ORGANISATION, "hope-house"), Recipient(Whom.ORGANISATION, "clinic")
POLICE = Recipient(Whom.POLICE, "municipal")
BOTH = frozenset({What.STORY, What.NAME})

YES = Agreement(id=b"a", about=CASE, to=SHELTER, what=BOTH, purpose=Purpose.HELP, until=TODAY)
LAWFUL = Excepted(id=b"e", about=CASE, basis=Basis.MINOR, to=POLICE, what=BOTH, until=TODAY, by=b"robin", second=b"kim")


def asks(to: Recipient = SHELTER, what: frozenset[What] = BOTH, purpose: Purpose = Purpose.HELP) -> Leaving:
    return Leaving(about=(CASE,), to=to, what=what, purpose=purpose)


def leaves(leaving: Leaving, *agreed: Agreement, made: tuple[Excepted, ...] = ()) -> bool:
    try:
        decide(leaving, agreed, made, TODAY)
    except MayNotLeave:
        return False
    return True


CONSENTS = {
    "none": ((), False),
    "live": ((YES,), True),
    "two that cover it together": (
        (replace(YES, what=frozenset({What.STORY})), replace(YES, what=frozenset({What.NAME}))),
        True,
    ),
    "of another reader": ((replace(YES, to=CLINIC),), False),
    "of a kind of reader and no name": ((replace(YES, to=Recipient(Whom.ORGANISATION)),), False),
    "for the police": ((replace(YES, to=Recipient(Whom.POLICE, "any")),), False),
    "of other things": ((replace(YES, what=frozenset({What.STORY, What.NEEDS})),), False),
    "for something else": ((replace(YES, purpose=Purpose.REPORT),), False),
    "of another case": ((replace(YES, about=OTHER_CASE),), False),
    "of another kind of thing with the same id": ((replace(YES, about=Subject(Kind.TIP, CASE.id)),), False),
    "of somebody else in the case": ((replace(YES, person=b"p" * 16),), False),
    "until yesterday": ((replace(YES, until=TODAY - timedelta(days=1)),), False),
    "taken back": ((replace(YES, ended=2),), False),
    "taken back and given anew": ((replace(YES, ended=2), replace(YES, id=b"n", number=3)), True),
    "given, and a later one to the same reader taken back": (
        (YES, replace(YES, id=b"n", what=frozenset({What.NAME}), number=2, ended=3)),
        False,
    ),
    "given, and one to another reader taken back": ((YES, replace(YES, to=CLINIC, number=2, ended=3)), True),
}


@pytest.mark.parametrize("state", CONSENTS)
def test_it_leaves_by_a_live_yes_to_this_reader_for_this_purpose_and_by_nothing_else(state: str) -> None:
    agreed, is_let = CONSENTS[state]
    assert leaves(asks(), *agreed) is is_let


EXCEPTIONS = {
    "one person, no emergency": (replace(LAWFUL, second=b""), False),
    "the same person twice": (replace(LAWFUL, second=b"robin"), False),
    "two people": (LAWFUL, True),
    "two people, required by law": (replace(LAWFUL, basis=Basis.LAW), True),
    "one person, imminent harm, it cannot wait": (replace(LAWFUL, basis=Basis.HARM, second=b"", at_once=True), True),
    "one person, imminent harm, it can wait": (replace(LAWFUL, basis=Basis.HARM, second=b""), False),
    "one person, a minor, it cannot wait": (replace(LAWFUL, second=b"", at_once=True), False),
    "one person, required by law, it cannot wait": (replace(LAWFUL, basis=Basis.LAW, second=b"", at_once=True), False),
    "two people, of other things": (replace(LAWFUL, what=frozenset({What.STORY})), False),
    "two people, another reader": (replace(LAWFUL, to=Recipient(Whom.CHILD_PROTECTION)), False),
    "two people, another level of police": (replace(LAWFUL, to=Recipient(Whom.POLICE, "federal")), False),
    "two people, another case": (replace(LAWFUL, about=OTHER_CASE), False),
    "two people, last week": (replace(LAWFUL, until=TODAY - timedelta(days=1)), False),
    "nobody at all": (replace(LAWFUL, by=b""), False),
}


@pytest.mark.parametrize("state", EXCEPTIONS)
def test_it_leaves_by_an_exception_that_two_people_stand_behind_or_by_an_emergency(state: str) -> None:
    made, is_let = EXCEPTIONS[state]
    assert leaves(asks(POLICE, purpose=Purpose.REPORT), made=(made,)) is is_let


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("whom", Whom)
def test_an_exception_reaches_offices_that_the_law_means_and_no_service(basis: Basis, whom: Whom) -> None:
    key = {Whom.POLICE: "any", Whom.ORGANISATION: "hope-house", Whom.PERSON: "Ana"}.get(whom, "")
    to = Recipient(whom, key)
    made = replace(LAWFUL, basis=basis, to=to)
    assert leaves(asks(to, purpose=Purpose.REPORT), made=(made,)) is (whom in EXCEPTION_REACHES[basis])
    assert not {Whom.ORGANISATION, Whom.PERSON, Whom.HERSELF} & EXCEPTION_REACHES[basis]


def test_a_yes_to_the_police_of_any_level_is_one_to_each_and_not_the_other_way_round() -> None:
    for level in LEVELS:
        asked = asks(Recipient(Whom.POLICE, level))
        assert leaves(asked, replace(YES, to=Recipient(Whom.POLICE, "any")))
        assert leaves(asked, replace(YES, to=Recipient(Whom.POLICE, "municipal"))) is (level == "municipal")


def test_a_name_is_known_again_by_its_letters_and_an_organisation_is_no_person() -> None:
    asked = asks(Recipient(Whom.PERSON, " ana  TORRES "))
    assert leaves(asked, replace(YES, to=Recipient(Whom.PERSON, "Ana Torres")))
    assert not leaves(asked, replace(YES, to=Recipient(Whom.PERSON, "Ana Torre")))
    assert not leaves(asked, replace(YES, to=Recipient(Whom.ORGANISATION, "Ana Torres")))


def test_what_is_refused_says_what_is_not_covered_and_what_leaves_says_by_what() -> None:
    with pytest.raises(MayNotLeave) as refused:
        decide(asks(), [replace(YES, what=frozenset({What.STORY}))], (), TODAY)
    assert refused.value.missing == {What.NAME}
    passage = decide(asks(what=frozenset({What.NAME})), [YES], (), TODAY)
    assert (passage.ground, passage.rests, passage.lets(What.NAME), passage.lets(What.STORY)) == (
        "consent",
        (b"a",),
        True,
        False,
    )
    urgent = replace(LAWFUL, basis=Basis.HARM, second=b"", at_once=True)
    passage = decide(asks(POLICE, purpose=Purpose.REPORT), (), (urgent,), TODAY)
    assert (passage.ground, passage.has_second) == ("imminent_harm", False)


def test_nothing_leaves_that_is_nothing_or_about_nothing() -> None:
    assert not leaves(asks(what=frozenset()), YES)
    assert not leaves(Leaving(about=(), to=SHELTER, what=BOTH, purpose=Purpose.HELP), YES)


RECIPIENTS = st.builds(Recipient, st.sampled_from(Whom), st.sampled_from(["", "any", "municipal", "hope-house", "Ana"]))
THINGS = st.frozensets(st.sampled_from(What), max_size=4)
AGREED = st.builds(
    Agreement,
    id=st.just(b"a"),
    about=st.sampled_from([CASE, OTHER_CASE]),
    to=RECIPIENTS,
    what=THINGS,
    purpose=st.sampled_from(Purpose),
    until=st.sampled_from([TODAY, TODAY - timedelta(days=1)]),
    number=st.integers(1, 4),
    ended=st.sampled_from([0, 0, 5]),
)


@given(st.lists(AGREED, max_size=4), RECIPIENTS, THINGS, st.sampled_from(Purpose))
@settings(max_examples=60)
def test_without_an_exception_each_thing_that_leaves_is_in_a_yes_that_stands(
    agreed: list[Agreement], to: Recipient, what: frozenset[What], purpose: Purpose
) -> None:
    if not leaves(asks(to, what, purpose), *agreed):
        return
    for thing in what:
        assert any(
            thing in each.what and each.to.whom is to.whom and each.purpose is purpose and each.about == CASE
            for each in agreed
            if not each.ended and each.until >= TODAY
        )


@given(st.lists(AGREED, min_size=1, max_size=4), RECIPIENTS, THINGS)
@settings(max_examples=40)
def test_taking_back_never_lets_out_more(agreed: list[Agreement], to: Recipient, what: frozenset[What]) -> None:
    first, *others = agreed
    ended = [replace(first, ended=9), *others]
    assert not leaves(asks(to, what), *ended) or leaves(asks(to, what), *agreed)
