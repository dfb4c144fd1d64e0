"""Every field and choice of a case has its code in the exchange standard, or says why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

import pytest

from portal.records.case_fields import CASE_FIELDS, CASE_WORDS, NAMES, PERSON_FIELDS, PERSON_WORDS
from portal.records.case_words import CaseBody, Status
from portal.records.fields import BY_NAME, MISSING as MISSING_WORDS, Field
from portal.records.htcds import CASE, MISSING, PERSON, RECORD, STATUS, WORDS, Code, Mapped, Why, codes_of, said_as

# The lists of the standard's own field reference, as far as ours lead into them.
THEIRS = {
    "cas_Status": ["Active", "FollowUp", "Closed", "ClosedReferred"],
    "vic_TypeOfSexExploitation": ["Prostitution", "Pornography", "RemoteInteractiveServices", "PrivateSexualServices"],
    "vic_TypeOfLabourExploitation": [
        "Agriculture",
        "Aquafarming",
        "Begging",
        "Construction",
        "DomesticWork",
        "Hospitality",
        "IllicitActivities",
        "Manufacturing",
        "MiningOrDrilling",
        "Peddling",
        "Transportation",
        "Other",
    ],
    "vic_MethodsOfControl": [
        "DebtBondage",
        "TakesEarnings",
        "RestrictsFinancialAccess",
        "Threats",
        "PsychologicalAbuse",
        "PhysicalAbuse",
        "SexualAbuse",
        "FalsePromises",
        "PsychoactiveSubstances",
        "RestrictsMovement",
        "RestrictsMedicalCare",
        "ExcessiveWorkingHours",
        "UsesChildren",
        "ThreatOfLawEnforcement",
        "WithholdsNecessities",
        "WithholdsDocuments",
        "Other",
    ],
    "prs_Gender": ["Male", "Female", "Transgender/NonConforming", "Unknown"],
}
AS_THEY_ARE = {"hte_State", "hte_Country", "hte_Description", "cas_ReasonForCaseClosure", "vic_", "per_"}


@pytest.mark.parametrize(("fields", "mapping"), [(CASE_FIELDS, CASE), (PERSON_FIELDS, PERSON)])
def test_every_field_and_every_choice_is_mapped(
    fields: Sequence[Field], mapping: Mapping[str, Mapping[str, Mapped]]
) -> None:
    assert set(mapping) == {field.name for field in fields}
    for field in fields:
        of = mapping[field.name]
        assert set(of) == {""} or set(of) == set(field.listed), field.name
        for choice in (*field.codes, *MISSING_WORDS):
            codes_of(mapping, field.name, choice)


def test_the_record_of_a_contact_uses_the_same_words() -> None:
    for name, of in RECORD.items():
        assert set(of) == {""} or set(of) == set(BY_NAME[name].listed)


def test_a_case_says_itself_in_the_words_of_the_standard() -> None:
    said = {"kind": ("both",), "venues": ("domestic", "caregiving"), "control": ("debt",), "likelihood": ("potential",)}
    assert said_as(CaseBody(said={**said, "region": ("ca-on",)})) == [
        ("vic_TypeOfSexExploitation", "both"),
        ("vic_TypeOfLabourExploitation", "both"),
        ("hte_State", "ca-on"),
        ("hte_Country", "ca-on"),
        ("vic_TypeOfLabourExploitation", "DomesticWork"),
        ("vic_MethodsOfControl", "DebtBondage"),
        ("vic_MethodOfRecruitment", "Unknown"),
    ]


def test_every_status_and_every_text_is_mapped() -> None:
    assert set(STATUS) == set(get_args(Status))
    assert set(WORDS) == {*CASE_WORDS, *PERSON_WORDS, *NAMES}
    assert set(MISSING) == set(MISSING_WORDS)
    assert {WORDS[name] for name in NAMES} == {Why.NAMES}


def test_no_value_is_none_of_theirs() -> None:
    every = [*STATUS.values(), *WORDS.values(), *MISSING.values()]
    every += [mapped for mapping in (CASE, PERSON) for of in mapping.values() for mapped in of.values()]
    for code in [code for mapped in every if not isinstance(mapped, Why) for code in mapped]:
        if code.value and code.field in THEIRS:
            assert code.value in THEIRS[code.field], code
        elif not code.value:
            assert code.field in {*AS_THEY_ARE, *THEIRS}, code


def test_what_is_missing_says_so_only_where_they_can() -> None:
    assert codes_of(PERSON, "gender", "unknown") == [Code("prs_Gender", "Unknown")]
    assert codes_of(PERSON, "gender", "undisclosed") == ()
    assert codes_of(CASE, "region", "ca-on") == (Code("hte_State"), Code("hte_Country"))
    assert codes_of(CASE, "kind", "other") == ()
