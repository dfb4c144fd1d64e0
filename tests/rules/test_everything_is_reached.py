"""Holds the house to having no dead room: every template is drawn, every script and style served, every page linked."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.support.site_map import Address, pages, posts
from tests.support.source import REPOSITORY, modules

TEMPLATES = REPOSITORY / "templates"

# Where somebody comes in: typed, led to by an answer, or asked for by a machine.
ENTRIES = {
    "/",
    "/{lang}",
    "/leave",
    "/en/",
    "/desk",
    "/desk/setup",
    "/desk/signin",
    "/health/live",
    "/health/ready",
}


@cache
def every_word() -> str:
    """All templates, all code, all scripts, as one text."""
    sources = [module.text for module in modules()]
    sources += [path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")]
    sources += [path.read_text("utf-8") for path in (REPOSITORY / "static" / "js").rglob("*.js")]
    return "\n".join(sources)


@pytest.mark.parametrize(
    "template", sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
)
def test_every_template_is_drawn_or_used_by_one_that_is(template: str) -> None:
    assert re.search(rf"[\"']{re.escape(template)}[\"']", every_word())


@pytest.mark.parametrize("module", [module for module in modules() if module.path.name != "__init__.py"], ids=str)
def test_every_module_is_imported_or_run(module: object) -> None:
    name = str(module)
    parent, _, last = name.rpartition(".")
    words = every_word()
    is_run = 'if __name__ == "__main__"' in getattr(module, "text", "")
    by_name = re.search(rf"from {re.escape(name)} import|import {re.escape(name)}\b|[\"']{re.escape(name)}[\"']", words)
    from_parent = re.search(rf"from {re.escape(parent)} import [^\n]*\b{last}\b", words) or re.search(
        rf"from {re.escape(parent)} import \([^)]*\b{last}\b", words
    )
    is_migration = ".migrations." in name  # alembic finds them by their place
    assert is_run or by_name or from_parent or is_migration


@pytest.mark.parametrize(
    "address", [each for each in [*pages("public"), *pages("desk")] if each.pattern not in ENTRIES], ids=str
)
def test_every_page_is_linked_or_led_to(address: Address) -> None:
    """The last word of its address that does not vary stands in a link, a form or a redirect somewhere."""
    fixed = [segment for segment in address.pattern.split("/") if segment and not segment.startswith("{")]
    if not fixed:
        return

    assert re.search(rf"[\"'/}} ]{re.escape(fixed[-1])}(?:[\"'/?#{{]|$)", every_word(), re.MULTILINE), fixed


def test_no_address_is_declared_twice() -> None:
    seen = [(each.face, each.pattern, method) for each in [*pages("public"), *pages("desk")] for method in ("GET",)]
    seen += [(each.face, each.pattern, "POST") for each in [*posts("public"), *posts("desk")]]

    assert len(set(seen)) == len(seen), sorted({one for one in seen if seen.count(one) > 1})


@pytest.mark.parametrize("path", sorted((REPOSITORY / "static" / "js").rglob("*.js")), ids=lambda path: path.name)
def test_every_script_is_an_entry_or_imported_by_one(path: Path) -> None:
    words = every_word()
    name = path.relative_to(REPOSITORY / "static").as_posix()

    assert f"'{name}'" in words or f'"{name}"' in words or re.search(rf"/{re.escape(path.name)}[\"']", words)
