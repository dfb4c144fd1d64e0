"""Holds the environment to one reader, and every setting to a line in the documentation."""

from __future__ import annotations

import ast

import pytest

from portal.settings import TABLE
from tests.support.source import REPOSITORY, Module, modules

# The front door hands the environment to the settings; the settings read it.
READERS = {"server", "portal.settings"}


@pytest.mark.parametrize("module", [module for module in modules() if module.name not in READERS], ids=str)
def test_only_the_settings_read_the_environment(module: Module) -> None:
    read = [
        f"{module.path.name}:{node.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in {"environ", "environb", "getenv"}
    ]
    assert read == []


@pytest.mark.parametrize("name", [setting.name for setting in TABLE])
def test_every_setting_is_documented(name: str) -> None:
    documented = (REPOSITORY / "docs" / "settings.md").read_text("utf-8")

    assert f"`{name}`" in documented
