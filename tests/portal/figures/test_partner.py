"""The file for partners: every row stands for so many people, in the standard's words, and nothing else leaves."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as some

from portal.figures.partner import BETWEEN, COLUMNS, HEAD, LEAST_K, SharedSaid, facts_of, shared
from portal.figures.partner_pages import PARTNERS, TAKING, PartnerPages
from portal.figures.shape import regions_counted
from portal.records.case_fields import CASE_FIELDS, PERSON_FIELDS
from portal.records.case_words import CaseBody, PersonBody
from portal.records.fields import MISSING
from portal.records.htcds import CASE, MISSING as NOT_SAID, PERSON, Why
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.figures.quarters import a_quarter, closed
from tests.portal.staff.conftest import ada
from tests.portal.staff.walker import PASSPHRASE, Walker, acts, give, join

__all__ = ["ada", "house", "prepared"]
pytestmark = pytest.mark.anyio

KESTREL = "The kestrel sleeps above the shop"
HERE = regions_counted("ca-on")
# Every word that the standard has for one of our choices, the word for the kind, and the codes of regions.
THEIRS = {
    code.value
    for of in (*CASE.values(), *PERSON.values(), NOT_SAID)
    for codes in of.values()
    if not isinstance(codes, Why)
    for code in codes
}
KNOWN = THEIRS | {"", "sex", "labour", "Unknown", "CA"} | {code.upper() for code in HERE}


def said_by(fields: tuple[str, ...]) -> some.SearchStrategy[dict[str, tuple[str, ...]]]:
    """What a form may say, and what no form says: words in place of a code."""
    codes = {field.name: (*field.codes[:9], *MISSING, KESTREL, "us") for field in (*CASE_FIELDS, *PERSON_FIELDS)}
    each = {name: some.lists(some.sampled_from(codes[name]), min_size=1, max_size=3).map(tuple) for name in fields}
    return some.fixed_dictionaries({}, optional=each).map(dict)


CASES = said_by(("likelihood", "kind", "region", "venues", "control", "recruited"))
PEOPLE = said_by(("role", "gender", "languages", "age"))


@given(
    some.lists(some.tuples(CASES, some.lists(PEOPLE, max_size=2), some.integers(1, 9)), max_size=6),
    some.integers(5, 12),
)
@settings(max_examples=40, deadline=None)
def test_each_row_stands_for_k_people_and_says_nothing_but_the_standards_words(
    told: list[tuple[dict[str, tuple[str, ...]], list[dict[str, tuple[str, ...]]], int]], k: int
) -> None:
    facts = [
        fact
        for case, people, times in told
        for fact in facts_of(SharedSaid(said=case), [SharedSaid(said=each) for each in people], HERE) * times
    ]
    rows = shared(facts, k)
    assert all(count >= k and count % k == 0 for count in Counter(rows).values())
    assert len(rows) <= len(facts)
    assert {word for row in rows for cell in row for word in cell.split(BETWEEN)} <= KNOWN
    assert rows == sorted(rows), "the order of rows tells which came first"


def a_case(**said: tuple[str, ...]) -> SharedSaid:
    return SharedSaid(said={"kind": ("labour",), "region": ("ca-on",), **said})


def test_columns_are_told_more_roughly_before_rows_are_left_out() -> None:
    """Ten of two provinces and of ten means of control: nobody is alone once both are left out, and all are told."""
    woman = [SharedSaid(said={"role": ("potential_victim",), "gender": ("woman",)})]
    controls = next(field for field in CASE_FIELDS if field.name == "control").codes
    facts = [
        fact
        for at in range(10)
        for fact in facts_of(a_case(region=("ca-on" if at > 1 else "ca-nu",), control=(controls[at],)), woman, HERE)
    ]
    rows = [dict(zip(HEAD, row, strict=True)) for row in shared(facts, 5)]
    assert len(rows) == 10
    assert {(row["vic_TypeOfLabourExploitation"], row["prs_Gender"], row["hte_Country"]) for row in rows} == {
        ("labour", "Female", "CA")
    }
    assert {row["vic_MethodsOfControl"] for row in rows} == {""}
    assert {row["hte_State"] for row in rows} == {""}


def test_few_people_are_left_out_and_a_k_that_protects_nobody_is_refused() -> None:
    facts = facts_of(a_case(), [], HERE) * 4
    assert shared(facts, 5) == []
    assert shared([], 5) == []
    assert len(shared(facts * 3, 5)) == 10, "a whole number of k: two files never differ by one"
    with pytest.raises(ValueError, match="too low"):
        shared(facts, LEAST_K - 1)


def test_a_case_that_is_none_and_a_suspected_person_have_no_row() -> None:
    suspected = SharedSaid(said={"role": ("suspected_person",), "gender": ("man",)})
    assert facts_of(a_case(likelihood=("none",)), [suspected], HERE) == []
    (alone,) = facts_of(a_case(likelihood=("potential",)), [suspected], HERE)
    assert alone["prs_Gender"] == ("Unknown",)
    assert set(HEAD) == {column.field for column in COLUMNS}


async def test_the_file_holds_cases_of_closed_quarters_and_no_word_or_name_of_anybody(house: ChatHouse) -> None:
    services, book = house.services, house.services.cases
    services.settings = replace(services.settings, partner_group=5)
    person = PersonBody(
        said={"role": ("potential_victim",), "gender": ("woman",), "languages": ("ti",)}, words={"description": KESTREL}
    )
    body = CaseBody(
        said={"likelihood": ("potential",), "kind": ("labour",), "region": ("ca-on",), "venues": ("agriculture",)},
        words={"situation": KESTREL, "plan": KESTREL},
        by="Robin",
    )
    for _ in range(5):
        await book.begin(house.advocate, body, [person])
    pages = PartnerPages(services, None)  # type: ignore[arg-type] # nobody proves anything here
    assert await pages.rows(house.advocate) == []
    await a_quarter(house, **{"ca-on": 20})
    await closed(house)
    await book.begin(house.advocate, body, [person])  # of the quarter that runs: not in it yet
    without_names = replace(house.advocate, _keys={"records": dict(house.advocate.compartment_keys("records"))})
    rows = await pages.rows(without_names)
    assert [dict(zip(HEAD, row, strict=True)) for row in rows] == 5 * [
        {
            "vic_MethodsOfControl": "",
            "vic_MethodOfRecruitment": "Unknown",
            "vic_TypeOfLabourExploitation": "Agriculture",
            "vic_TypeOfSexExploitation": "",
            "hte_State": "CA-ON",
            "prs_Gender": "Female",
            "hte_Country": "CA",
        }
    ]


async def test_the_file_is_for_who_holds_the_records_proves_that_it_is_her_and_is_written_down(ada: Walker) -> None:
    viewer = await join(ada, alias="Vera", role="statistics_viewer")
    await give(ada, "Vera")
    assert (await viewer.open("/desk/figures"), await viewer.open(PARTNERS)) == (203, 404)
    assert await ada.open(PARTNERS) == 203
    assert await ada.post(f"{PARTNERS}/take", {"passphrase": "not hers at all"}) == 203
    assert ada.sees("passphrase")
    assert "figures.shared" not in await acts(ada.services)
    assert await ada.post(f"{PARTNERS}/take", {"passphrase": PASSPHRASE}) == 200
    assert list(csv.reader(io.StringIO(ada.page))) == [list(HEAD)]
    assert ada.headers["cache-control"] == "no-store"
    assert "figures.shared" in await acts(ada.services)
    theirs = await ada.services.passes.issue(TAKING, bytes(16))
    assert await ada.open(f"{PARTNERS}/file/{theirs}") == 404
