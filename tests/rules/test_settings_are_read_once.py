"""Holds the environment to one reader, and every setting to a line in the documentation."""

from __future__ import annotations

import ast

from portal.settings_table import TABLE
from tests.support.source import REPOSITORY, modules

# The front door hands the environment to the settings; the settings read it.
READERS = {"server", "portal.settings"}


def test_only_the_settings_read_the_environment() -> None:
    read = [
        f"{module}:{node.lineno}"
        for module in modules()
        if module.name not in READERS
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in {"environ", "environb", "getenv"}
    ]
    assert read == []


def test_every_setting_is_documented() -> None:
    documented = (REPOSITORY / "docs" / "settings.md").read_text("utf-8")

    assert TABLE
    assert [setting.name for setting in TABLE if f"`{setting.name}`" not in documented] == []
