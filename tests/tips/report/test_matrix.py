"""Holds every field to what lets it out: each identity choice, each set of consents, each exception, each reader.

The expected answers are written down here cell by cell, from the words of the decision (0018) and not from the code.
"""

from __future__ import annotations

from itertools import product
from typing import Final

import pytest
from hypothesis import given, strategies as st

from tests.tips.test_tip import NOON
from tips import asked, consents
from tips.consents import Consent, Identity, Standing
from tips.report.rules import FIELDS, IN_ORDER, Basis, Ground, Reading, Recipient, Sort, leaves, stopped
from tips.tip import Card, Facts, Names, Words

# What a reporter may have agreed to: C contact, F facts to the police, I her identity to the police, S a service.
GIVEN: Final = (
    "", "C", "F", "I", "S", "CF", "CI", "CS", "FI", "FS", "IS", "CFI", "CFS", "CIS", "FIS", "CFIS",
)  # fmt: skip
LETTERS: Final = {
    "C": Consent.CONTACT,
    "F": Consent.FACTS,
    "I": Consent.IDENTITY,
    "S": Consent.SERVICE,
}

# What of a tip may go in each case: "none", "facts" (what happened), "all" (and who told it). One line for each
# basis and reader; in it, for each choice about her name, the sets of consents under which it is more than "none".
BY_CONSENT: Final = {
    ("share_ok", "police"): {
        "F": "facts", "CF": "facts", "FS": "facts", "CFS": "facts",
        "FI": "all", "CFI": "all", "FIS": "all", "CFIS": "all",
    },
    ("confidential", "police"): {
        "F": "facts", "CF": "facts", "FS": "facts", "CFS": "facts",
        "FI": "facts", "CFI": "facts", "FIS": "facts", "CFIS": "facts",
    },
    ("anonymous", "police"): {
        "F": "facts", "CF": "facts", "FS": "facts", "CFS": "facts",
        "FI": "facts", "CFI": "facts", "FIS": "facts", "CFIS": "facts",
    },
}  # fmt: skip
# She was asked about the police: to anybody else nothing goes by her yes, whatever she ticked.
BY_EXCEPTION: Final = {
    ("minor_at_risk", "police"): "all",
    ("minor_at_risk", "child_protection"): "all",
    ("minor_at_risk", "court"): "none",
    ("imminent_harm", "police"): "all",
    ("imminent_harm", "child_protection"): "all",
    ("imminent_harm", "court"): "none",
    ("required_by_law", "police"): "all",
    ("required_by_law", "child_protection"): "all",
    ("required_by_law", "court"): "all",
}

# Each field a tip or a report can hold, and under which of the three answers it goes. For what is typed: what it was
# found to be when it was read (clear of who she is / may say it), and never unread.
TABLE: Final = """
told_on            facts
urgency            facts
child              facts
kind               facts
venues             facts
signs              facts
region             facts
often              facts
count              facts
needs              facts
text               read
place              read
when               read
added              read
account            read
town               read
address            read
online             read
speaks             read
looks              read
suspected_name     read
suspected_looks    read
suspected_handle   read
business           read
vehicle            read
plate              read
path               all
tie                all
language           all
name               all
reach              all
hours              all
mask               all
voice              all
tongue             all
spoken             all
id                 never
at                 never
day                never
status             never
receipt            never
from_talk          never
by_phone           never
answer             never
answer_welcome     never
heard_from         never
lost               never
past               never
identity           never
consents           never
reply              never
same               never
alias              never
changed            never
pictures           never
desk               never
grounds            never
harm_of_telling    never
harm_of_silence    never
a_field_of_tomorrow never
"""
EXPECTED: Final = dict(line.split() for line in TABLE.split("\n") if line)
GOES: Final = {
    # need, reading: the answers under which it leaves
    **{("facts", reading): {"facts", "all"} for reading in ("", "clear", "points")},
    **{("all", reading): {"all"} for reading in ("", "clear", "points")},
    **{("never", reading): set[str]() for reading in ("", "clear", "points")},
    ("read", ""): set[str](),
    ("read", "clear"): {"facts", "all"},
    ("read", "points"): {"all"},
}


def standing(identity: str, letters: str) -> Standing:
    given = {LETTERS[letter]: NOON for letter in letters}
    return Standing(Identity(identity), given, frozenset(Consent))


def expected(identity: str, letters: str, basis: str, recipient: str) -> str:
    if basis == "consent":
        return BY_CONSENT.get((identity, recipient), {}).get(letters, "none")
    return BY_EXCEPTION[basis, recipient]


CASES: Final = tuple(
    product(
        ("share_ok", "confidential", "anonymous"),
        GIVEN,
        ("consent", "minor_at_risk", "imminent_harm", "required_by_law"),
        ("police", "child_protection", "court"),
    )
)


@pytest.mark.parametrize("field", EXPECTED)
def test_every_combination_of_choice_consents_basis_reader_and_reading(field: str) -> None:
    wrong = []
    for identity, letters, basis, recipient in CASES:
        ground = Ground(Basis(basis), Recipient(recipient), standing(identity, letters))
        for reading in ("", "clear", "points"):
            goes = expected(identity, letters, basis, recipient) in GOES[EXPECTED[field], reading]
            if leaves(field, Reading(reading), ground) != goes:
                wrong.append(f"{identity} {letters or '-'} {basis} {recipient} {reading or 'unread'}: not {goes}")
    assert wrong == []


def test_the_cases_are_all_there_are() -> None:
    """Sixteen sets of consents, and every choice, basis, reader and reading that the code knows."""
    assert set(EXPECTED.values()) == {need for need, _ in GOES}
    assert len({frozenset(letters) for letters in GIVEN}) == len(GIVEN) == 2 ** len(Consent)
    assert set(LETTERS.values()) == set(Consent)
    assert {case[0] for case in CASES} == {choice.value for choice in Identity}
    assert {case[2] for case in CASES} == {basis.value for basis in Basis}
    assert {case[3] for case in CASES} == {recipient.value for recipient in Recipient}
    assert {reading for _, reading in GOES} == {reading.value for reading in Reading}
    assert len(CASES) == 3 * 16 * 4 * 3


def test_every_field_the_code_knows_has_its_line_here() -> None:
    assert set(FIELDS) == set(EXPECTED) - {"a_field_of_tomorrow"}


def test_the_order_of_a_report_names_each_field_that_can_leave_once() -> None:
    assert sorted(IN_ORDER) == sorted(field for field, need in EXPECTED.items() if need != "never")


def test_every_field_a_tip_can_hold_was_decided_about() -> None:
    """Whoever adds a question, or a field of a sealed part, has to say here what lets it out."""
    questions = {ask.fact for ask in (*asked.NOTE, *asked.MORE)}
    sealed = {name for part in (Card, Words, Names) for name in part.__struct_fields__} - {"kind"}
    entry = {"identity", "consents"}
    assert (questions | sealed | entry) - set(FIELDS) == set()
    # The parts that hold nothing else by name.
    assert (Facts.__struct_fields__, consents.Entry.__struct_fields__) == (
        ("at", "said"),
        ("at", "how", "language", "said", "identity"),
    )


def test_what_is_typed_never_leaves_by_the_rule_for_taps() -> None:
    typed = {ask.fact for ask in (*asked.NOTE, *asked.MORE) if ask.is_typed and ask.home is not asked.Home.NAMES}
    assert {field for field in typed if FIELDS[field] not in (Sort.TYPED, Sort.KEPT)} == set()


def test_what_opens_by_the_names_key_leaves_only_with_who_she_is() -> None:
    """But for the moment at which she changed it, which never leaves."""
    assert {FIELDS[name] for name in Names.__struct_fields__ if name != "changed"} == {Sort.WHO}


def test_an_answer_to_nothing_opens_nothing() -> None:
    """Nothing said at all: no field leaves by consent."""
    nothing = consents.live([])
    ground = Ground(Basis.CONSENT, Recipient.POLICE, nothing)
    assert [field for field in FIELDS for reading in Reading if leaves(field, reading, ground)] == []


@given(st.text(max_size=20), st.sampled_from(Reading), st.sampled_from(Basis), st.sampled_from(Recipient))
def test_a_field_of_no_name_we_know_never_leaves(
    name: str, reading: Reading, basis: Basis, recipient: Recipient
) -> None:
    ground = Ground(basis, recipient, standing("share_ok", "CFIS"))
    assert name in FIELDS or not leaves(name, reading, ground)


def test_what_stops_a_report_is_named_in_the_order_it_was_chosen() -> None:
    ground = Ground(Basis.CONSENT, Recipient.POLICE, standing("confidential", "FI"))
    chosen = {"name": Reading.UNREAD, "kind": Reading.UNREAD, "text": Reading.POINTS, "place": Reading.CLEAR}
    assert stopped(chosen, ground) == ("name", "text")
