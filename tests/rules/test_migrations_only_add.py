"""Holds each migration to adding: during a rolling restart the version before it goes on reading and writing.

That version names its own columns in each statement. So a new column must stand without it (empty, or filled by the
database), nothing it names may go or change, and nothing it writes may be refused by a rule that came after it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.store.revisions import FOLDER

MAKES = {"create_table", "add_column", "create_index", "execute", "get_bind"}
# What a statement of its own may begin with.
SAYS = ("CREATE INDEX ", "CREATE VIRTUAL TABLE ", "CREATE FUNCTION ", "CREATE TRIGGER ")
# What each table refuses from its first day on is no news to whoever knows the table.
FROM_THE_FIRST_DAY = {"0001_staff.py"}


def objections(path: Path) -> Iterator[str]:
    """Every line of the way up that takes something from the version before."""
    tree = ast.parse(path.read_text("utf-8"))
    down = next(each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "downgrade")
    made = {_first_word(each) for each in _acts(tree) if each.func.attr == "create_table"}  # type: ignore[attr-defined]
    for each in _acts(tree):
        if down.lineno <= each.lineno <= (down.end_lineno or 0):
            continue
        act, call = each.func.attr, ast.unparse(each)  # type: ignore[attr-defined]
        if act not in MAKES:
            yield f"{path.name}:{each.lineno} {act} changes what the version before works with"
        if act == "add_column" and "nullable=False" in call and "server_default=" not in call:
            yield f"{path.name}:{each.lineno} the version before cannot write a row: {call}"
        if act == "create_index" and "unique=True" in call and _named(each.args[1]) not in made:
            yield f"{path.name}:{each.lineno} refuses rows that the version before writes"
        if act == "add_column" and ("unique=True" in call or "CheckConstraint" in call or "ForeignKey" in call):
            yield f"{path.name}:{each.lineno} refuses rows that the version before writes"
    if path.name not in FROM_THE_FIRST_DAY:
        said_down = {each.value for each in ast.walk(down) if isinstance(each, ast.Constant)}
        said = [each for each in _statements(tree) if each not in said_down]
        yield from (f"{path.name}: {each[:60]!r}" for each in said if not each.startswith(SAYS))


def _acts(tree: ast.Module) -> Iterator[ast.Call]:
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and ast.unparse(each.func).startswith("op."):
            yield each


def _first_word(call: ast.Call) -> str:
    return _named(call.args[0])


def _named(argument: ast.expr) -> str:
    return ast.unparse(argument).strip("'\"")


def _statements(tree: ast.Module) -> Iterator[str]:
    """The words of SQL that stand in the file by themselves."""
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            words = each.value.strip()
            if words.split(" ")[0] in {"CREATE", "ALTER", "DROP", "UPDATE", "DELETE", "INSERT", "PRAGMA"}:
                yield words


def test_each_step_only_adds_what_the_version_before_need_not_know() -> None:
    paths = sorted(FOLDER.glob("versions/*.py"))
    assert len(paths) > 30
    assert [each for path in paths for each in objections(path)] == []


@pytest.mark.parametrize(
    "step",
    [
        'op.drop_column("tips", "day")',
        'op.alter_column("tips", "day", new_column_name="date")',
        'op.rename_table("tips", "notes")',
        'op.add_column("tips", sa.Column("look", sa.String(10), nullable=False))',
        'op.add_column("tips", sa.Column("look", sa.String(10), unique=True))',
        'op.create_index("tips_once", "tips", ["day"], unique=True)',
        'op.execute("UPDATE tips SET day = 0")',
    ],
)
def test_a_step_that_takes_something_away_is_found(step: str, tmp_path: Path) -> None:
    path = tmp_path / "0099_wrong.py"
    path.write_text(f"def upgrade():\n    {step}\n\n\ndef downgrade():\n    pass\n", "utf-8")
    assert [*objections(path)] != []
