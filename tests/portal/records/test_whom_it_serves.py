"""Everybody the hotline is for can be written down as she is, and nothing about her has to be."""

from __future__ import annotations

from portal.directory.kinds import AREAS, KINDS, PHASES, POPULATIONS, SUBKINDS
from portal.records.case_fields import PERSON_FIELDS
from portal.records.fields import BY_NAME, FIELDS, MISSING
from tests.support.source import REPOSITORY
from tips.asked import NOTE

_BY_NAME = {field.name: set(field.listed) for field in PERSON_FIELDS}


def test_a_person_is_written_down_as_she_is() -> None:
    """Minors and adults; women, men, trans people and whoever is neither; citizens, residents, others."""
    assert {"under16", "under18", "adult"} <= _BY_NAME["age"]
    assert {"woman", "man", "trans_woman", "trans_man", "non_binary", "two_spirit"} <= _BY_NAME["gender"]
    assert {"citizen", "resident", "worker", "student", "visitor", "claimant", "none"} <= _BY_NAME["standing"]
    assert {"self", "known"} <= set(BY_NAME["who"].listed), "for herself, and on behalf of another"
    assert {"minors", "adults", "women", "men", "trans", "citizens", "residents", "foreign"} <= set(POPULATIONS)


def test_each_of_it_may_be_unknown_or_not_said_and_no_form_asks_for_it() -> None:
    assert set(MISSING) == {"unknown", "undisclosed", "na"}
    for field in (*FIELDS, *PERSON_FIELDS):
        assert not set(MISSING) & set(field.listed), "offered beside every list, by the form"
    for form in ("record_form.html", "case_parts.html", "case_person.html", "case_facts.html"):
        text = (REPOSITORY / "templates" / "desk" / form).read_text("utf-8")
        assert "undisclosed" in text or "case_parts.html" in text, form
        assert " required" not in text, form
    # The public form asks none of it: not how old she is, what she is, nor which papers she has.
    assert not {ask.fact for ask in NOTE} & {"age", "gender", "standing", "status", "papers", "birth"}


def test_both_kinds_of_trafficking_and_all_others_stand_beside_each_other() -> None:
    assert set(BY_NAME["kind"].listed) == {"sex", "labour", "both", "other"}


def test_the_directory_has_the_classes_fields_and_phases_of_the_plan() -> None:
    assert set(KINDS) == {"ngo", "police", "government", "network"}
    assert SUBKINDS == {"ngo": ("direct", "indirect"), "police": ("municipal", "provincial", "federal")}
    assert set(AREAS) == {"trafficking", "assault", "youth", "violence", "labour", "health", "immigration"}
    assert PHASES == ("emergency", "transition", "long_term")
