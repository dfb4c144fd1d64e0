"""Holds the order in which people are served to what they wished and to nothing they are."""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields
from pathlib import Path

from chat.queue import tier_for
from chat.speakers import Wish
from portal.directory.kinds import POPULATIONS
from portal.records.case_fields import PERSON_FIELDS
from portal.records.fields import BY_NAME
from tests.support.source import REPOSITORY
from tips.tip import urgency_rank

# Whatever decides who is next, who is asked first, who is let in, whose tip stands on top, and who is called for it.
ORDERING = (
    *(
        "chat/queue.py",
        "chat/speakers.py",
        "chat/surge.py",
        "chat/likeness.py",
        "chat/heaps.py",
        "chat/availability.py",
    ),
    *("chat/seats.py", "chat/start.py", "chat/boundaries.py", "chat/handing.py", "chat/desk_speakers.py"),
    *("chat/store/desk.py", "chat/store/desk_scripts.py", "chat/store/first_offer.py", "chat/store/offers.py"),
    *("chat/store/surge.py", "chat/store/surge_scripts.py", "chat/sockets/shares.py", "portal/crowd.py"),
    *("portal/doors.py", "portal/threshold.py", "portal/alerts/ladder.py", "tips/crowd/lanes.py", "tips/crowd/door.py"),
    *("tips/inbox.py", "tips/search.py"),
)
WORKS_HERE = {"status", "standing", "resident"}  # how a conversation stands, and words that mean another thing in code
WHO_SHE_IS = (
    (
        {field.name for field in PERSON_FIELDS if field.name in ("age", "gender", "standing")}
        | {code for field in PERSON_FIELDS if field.name in ("gender", "standing") for code in field.listed}
        | set(BY_NAME["age"].listed)
        | set(POPULATIONS)
        | {"race", "religion", "faith", "colour", "nationality", "origin", "sex", "disability", "income"}
    )
    - WORKS_HERE
    - {"other", "none", "worker", "visitor", "man", "student", "adult", "families"}
)
# What the words mean here: how long ago a form was drawn; what an advocate was signed off for.
EXCUSED = {("tips/crowd/lanes.py", "age"), ("chat/availability.py", "indigenous")}


def words_of(path: Path) -> set[str]:
    """Every name and every text in a module, taken to pieces; docstrings are prose and decide nothing."""
    tree = ast.parse(path.read_text("utf-8"))
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                found.add(name.lower())
            case ast.Constant(value=str(text)) if id(node) not in prose:
                found.add(text.lower())
    return found


def test_what_decides_who_is_next_knows_nothing_of_who_somebody_is() -> None:
    missing = [name for name in ORDERING if not (REPOSITORY / name).is_file()]
    assert missing == []
    assert {"gender", "citizen", "minors", "indigenous", "two_spirit"} <= WHO_SHE_IS
    asked = {(name, word) for name in ORDERING for word in words_of(REPOSITORY / name) & WHO_SHE_IS}
    assert asked == EXCUSED


def test_her_place_follows_from_danger_alone_and_what_she_is_offered_first_from_her_own_wish() -> None:
    assert list(inspect.signature(tier_for).parameters) == ["safe"]
    assert {field.name for field in fields(Wish)} == {"language", "kin"}
    assert list(inspect.signature(urgency_rank).parameters) == ["urgency", "child"]
