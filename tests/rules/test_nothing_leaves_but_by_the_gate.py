"""Holds whatever makes something to be taken away to the gate, or to a reason; and the house to sending nothing."""

from __future__ import annotations

import ast

from portal.staff.trail.audited import Of, names_of
from tests.support.source import Module, imports, modules, reaches
from tests.support.ways_out import GATE, WAYS_OUT

# What tells a module that hands something out: a file for a browser to keep, a table, a word of the audit that says
# so, a key given to somebody who does not work here.
SIGNS = ("content-disposition", "attachment;")
TABLES = ("portal.web.csv_cells",)
CALLS = frozenset({"open_guest_copy"})
# What can reach another machine: a mail, a hook, an engine.
SENDERS = {"smtplib", "http.client", "urllib.request", "requests", "httpx", "aiosmtplib", "ssl"}
RULE, GATEWAY = "portal.consent.rule", "portal.consent.gate"
# Reads a form that a browser posts; nothing of it goes out.
READS = {"portal.web.multipart"}


def hands_out(module: Module) -> bool:
    texts = [each.value for each in ast.walk(module.tree) if isinstance(each, ast.Constant)]
    named = {each.func.id for each in ast.walk(module.tree) if isinstance(each, ast.Call) and hasattr(each.func, "id")}
    is_sign = any(isinstance(text, str) and any(sign in text.lower() for sign in SIGNS) for text in texts)
    return is_sign or bool(named & CALLS) or bool(imports(module) & {*TABLES, *SENDERS})


def takes_leave(module: Module) -> bool:
    """Whether it names the gate's leave, or asks for it: a `Passage` in its hands, or a call of the gate."""
    named = {each.id for each in ast.walk(module.tree) if isinstance(each, ast.Name)}
    asked = {each.attr for each in ast.walk(module.tree) if isinstance(each, ast.Attribute)}
    return "Passage" in named or bool({"may_leave", "passage"} & asked) or "let_in" in named


def test_whatever_can_be_taken_away_stands_in_the_list_of_ways_out() -> None:
    found = {module.name for module in modules() if hands_out(module)} - READS
    assert found <= set(WAYS_OUT), "say in tests/support/ways_out.py what guards it"
    named = {module.name for module in modules()}
    assert set(WAYS_OUT) <= named, "the list names a module that is not there"


def test_whatever_is_said_to_be_guarded_by_the_gate_asks_it() -> None:
    guarded = [module for module in modules() if module.name in WAYS_OUT and WAYS_OUT[module.name].guard == GATE]
    assert len(guarded) >= 3
    assert [module.name for module in guarded if not takes_leave(module)] == []


def test_a_leave_is_made_by_the_rule_alone() -> None:
    made = {
        module.name
        for module in modules()
        for each in ast.walk(module.tree)
        if isinstance(each, ast.Call) and getattr(each.func, "id", getattr(each.func, "attr", "")) == "Passage"
    }
    assert made == {RULE}


def test_every_act_of_the_audit_that_says_something_left_is_known_here() -> None:
    assert set(names_of(Of.EXPORT)) == {
        *("gate.left", "tip.exported"),  # by the gate
        *("file.copied", "audit.exported", "house.backed_up"),  # held by decisions 0022, 0035, and sealed whole
        "directory.handed_on",  # organisations, no person
        *("figures.taken", "figures.shared"),  # counts, and k-anonymous lines
    }


def test_no_report_consent_or_record_is_in_the_hands_of_what_reaches_another_machine() -> None:
    """Nothing is ever sent by itself: what can send knows no report, and what makes a report cannot send."""
    rooms = ("portal.consent", "portal.duty", "portal.records", "tips.report")
    makes = [module for module in modules() if reaches(module.name, *rooms)]
    assert len(makes) > 20
    assert {str(module): found for module in makes if (found := imports(module) & {*SENDERS, "socket"})} == {}
    for module in modules():
        if reaches(module.name, "portal.alerts.ways", "i18n"):
            assert not {name for name in imports(module) if reaches(name, *rooms)}, module.name
