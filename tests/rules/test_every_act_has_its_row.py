"""Holds the table of acts to the code: each act that is written down has its row there, and each row is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from i18n.languages import DESK_TAGS
from portal.staff.trail.audited import ACTS, Of, Tail, act_of
from tests.support.catalogues import phrases
from tests.support.source import modules

# What writes a line, by the last word of its name: the act is its first argument, or the one called so.
WRITERS = {"write", "write_if_it_can", "once_a_day", "refused", "count"}
# How long a line's act may be, and the largest number that is ever written behind one.
LONGEST, LARGEST = 40, ":1000000000"


def written() -> Iterator[tuple[str, ast.expr]]:
    """Each act the code names where it writes a line, with the module it stands in."""
    for module in modules():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            called = node.func.attr
            if called not in WRITERS | {"line", "_count"}:
                continue
            on = ast.unparse(node.func.value).rpartition(".")[2]
            if (on, called) == ("audit", "line"):
                yield from ((module.name, each.value) for each in node.keywords if each.arg == "act")
            elif "journal" in on or called == "_count":
                yield module.name, node.args[0]
            elif on.strip("_") == "book":
                yield from ((module.name, each.value) for each in node.keywords if each.arg == "line")


def begins(act: ast.expr) -> str | None:
    """The act, where it stands there in letters, or what it begins with."""
    if isinstance(act, ast.Constant):
        return act.value if isinstance(act.value, str) else None
    if isinstance(act, ast.JoinedStr) and act.values and isinstance(act.values[0], ast.Constant):
        return str(act.values[0].value) + "*"
    return None


def test_each_act_that_is_written_has_its_row() -> None:
    named = {(module, name) for module, act in written() if (name := begins(act))}
    missing = [
        (module, name)
        for module, name in named
        if act_of(name) is None
        and not (name.endswith("*") and any(one.startswith(name[:-1].rstrip(".:")) for one in ACTS))
    ]

    assert len(named) > 40
    assert missing == []


def test_each_row_is_written_somewhere() -> None:
    """By its name, or by the last word of it, where the rest stands elsewhere."""
    texts = (module.text for module in modules() if module.name != "portal.staff.trail.audited")
    words = {word for text in texts for word in re.findall(r"[a-z_]+(?:\.[a-z_]+)*", text)}

    assert [name for name in ACTS if name not in words and name.rpartition(".")[2] not in words] == []


def test_each_act_and_kind_has_words_in_every_tongue_of_the_desk() -> None:
    for tag in DESK_TAGS:
        here = phrases("audit", tag)
        assert {f"audit.act.{name}" for name in ACTS} | {f"audit.of.{kind}" for kind in Of} <= set(here)
        assert {key for key in here if key.startswith("audit.act.")} - {"audit.act.all", "audit.act.of"} == {
            f"audit.act.{name}" for name in ACTS
        }


def test_a_storm_fits_into_its_column() -> None:
    assert [act for act in ACTS.values() if len(act.name) + len(LARGEST) > LONGEST and act.tail is Tail.NUMBER] == []
