"""Holds every table to a kind with its days, what deletes it and who holds it, or to a reason why it stays."""

from __future__ import annotations

import importlib
from dataclasses import fields

import portal.assembly
import tips.routes
from portal.desk_settings import CHANGEABLE
from portal.retention.rules import KEPT, RULES, STAY
from portal.settings import Settings
from portal.settings_table import BY_FIELD
from portal.staff.household.settings_rules import GROUPS
from portal.store.database import metadata
from tests.support.source import REPOSITORY

# Named so that every table is known here.
ROOMS = (portal.assembly, tips.routes)
PAGE = (REPOSITORY / "docs" / "retention.md").read_text("utf-8")


def test_every_table_stands_in_one_rule() -> None:
    named = sorted(table for rule in RULES for table in rule.tables)
    assert named == sorted(metadata.tables)


def test_what_holds_words_of_anybody_goes_one_day() -> None:
    """Whatever is sealed to a compartment, or has a last day, is purged by something that stands in the code."""
    goes = {table for rule in KEPT for table in rule.tables}
    # An account number of the house's own; until when the chat's switch stands; photos that two people keep and free.
    not_of_anybody = {"interpreters", "chat_switch", "tip_file_holds"}
    words = {
        table.name
        for table in metadata.sorted_tables
        if "until" in table.c or any("sealed" in column.info for column in table.columns)
    }
    assert words - goes - not_of_anybody == set()


def test_each_rule_names_settings_that_count_and_something_that_deletes() -> None:
    known = {each.name for each in fields(Settings)}
    at_the_desk = {rule.field for rule in GROUPS["keeping"]}
    for rule in KEPT:
        assert rule.purged_by, rule.kind
        room, _, act = rule.purged_by.rpartition(".")
        module, _, book = room.rpartition(".")
        assert callable(getattr(getattr(importlib.import_module(module), book), act)), rule.kind
        assert set(rule.settings) <= known & CHANGEABLE & at_the_desk, rule.kind
    assert [rule.kind for rule in STAY if not rule.stays or rule.purged_by or rule.settings] == []


def test_the_page_has_a_line_for_each_kind_with_its_settings() -> None:
    lines = {line.split("|")[1].strip(): line for line in PAGE.splitlines() if line.startswith("| ")}
    missing = [rule.kind for rule in KEPT if rule.kind not in lines]
    assert missing == []
    unnamed = {
        rule.kind: [name for each in rule.settings if (name := BY_FIELD[each].name) not in PAGE] for rule in KEPT
    }
    assert {kind: names for kind, names in unnamed.items() if names} == {}
    before = " ".join(PAGE[: PAGE.index("## The clock of a tip")].lower().split())
    assert [rule.kind for rule in STAY if rule.kind.removeprefix("The ").lower() not in before] == []
