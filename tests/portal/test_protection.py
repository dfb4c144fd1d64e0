"""Holds the ages of protection to being sourced, dated, and said as their sources say them."""

from __future__ import annotations

from datetime import date

import pytest

from i18n.catalogue import Catalogue
from i18n.languages import LANGUAGES
from portal.numbers import region_ids
from portal.protection import Rule, protection

RULES = protection().rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.region)
def test_a_rule_is_of_a_region_we_know_and_has_a_source_of_its_own_country(rule: Rule) -> None:
    assert rule.region in set(region_ids())
    assert any(public in rule.source for public in (".gov.", "gouv.", "quebec.ca", "children's aid society"))
    assert 14 <= rule.reports_under <= rule.under <= 19


def test_each_region_has_one_rule_at_most_and_the_day_of_checking_is_known() -> None:
    assert len({rule.region for rule in RULES}) == len(RULES)
    assert date(2026, 11, 22) <= protection().checked <= date(2026, 11, 30)
    assert protection().rule("ca-nu") is None, "not read in any official text: it may not ship"
    assert protection().rule("us") is None


def test_the_rules_are_as_their_sources_say() -> None:
    assert {rule.region: (rule.under, rule.reports_under, rule.kind) for rule in RULES} == {
        "ca-bc": (19, 19, "all"),
        "ca-on": (18, 16, "may"),
        "ca-qc": (18, 18, "some"),
    }


@pytest.mark.parametrize("tag", ["en", "fr"])
def test_every_kind_is_said_with_its_ages_in_every_language_of_the_desk(tag: str) -> None:
    catalogue, language = Catalogue.load(), LANGUAGES[tag]
    for rule in RULES:
        said = catalogue.phrase(language, f"danger.protects.{rule.kind}", age=rule.under, must=rule.reports_under)
        assert str(rule.under) in said
        assert str(rule.reports_under) in said
        assert str(rule.reports_under) in catalogue.phrase(language, "desk.card.protects", age=rule.reports_under)
    for key in ("desk.card.protects_unchecked", "danger.protects.unchecked"):
        assert not any(letter.isdigit() for letter in catalogue.phrase(language, key)), "no age where none was read"
