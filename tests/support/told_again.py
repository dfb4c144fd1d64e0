"""Tells the tests of other files once more, under other circumstances: with the rows elsewhere, for example."""

from __future__ import annotations

from collections.abc import Collection
from types import ModuleType

from _pytest.fixtures import FixtureFunctionDefinition


def told_again(*modules: ModuleType, but: Collection[str] = ()) -> dict[str, object]:
    """Every test and fixture of the modules, for a file's own names; `but`: what is about something else there."""
    found: dict[str, object] = {}
    for module in modules:
        for name, value in vars(module).items():
            is_test = name.startswith("test_") and callable(value)
            if not is_test and not isinstance(value, FixtureFunctionDefinition):
                continue
            if is_test and getattr(value, "__module__", "") != module.__name__:
                continue
            assert not (is_test and name in found), f"two tests are called {name}"
            found[name] = value
    missing = set(but) - set(found)
    assert not missing, f"there is no such test any more: {missing}"
    return {name: value for name, value in found.items() if name not in but}
