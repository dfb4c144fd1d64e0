"""Holds the house to having no dead room: every template is drawn, every script and style served, every page linked."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from tests.support.site_map import Address, pages, posts
from tests.support.source import REPOSITORY, Module, imports, modules

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


def test_every_template_is_drawn_or_used_by_one_that_is() -> None:
    templates = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
    quoted = set(re.findall(r"[\"']([\w/.-]+\.html)[\"']", every_word()))

    assert templates
    assert [template for template in templates if template not in quoted] == []


def test_every_module_is_imported_or_run() -> None:
    asked = [module for module in modules() if module.path.name != "__init__.py"]

    assert asked
    assert [str(module) for module in asked if not is_imported_or_run(module)] == []


def is_imported_or_run(module: Module) -> bool:
    is_run = 'if __name__ == "__main__"' in module.text
    is_migration = ".migrations." in module.name  # alembic finds them by their place
    quoted = (f'"{module.name}"', f"'{module.name}'")
    return is_run or is_migration or module.name in imported() or any(name in every_word() for name in quoted)


@cache
def imported() -> frozenset[str]:
    """Every module that another one imports."""
    return frozenset[str]().union(*(imports(module) - {module.name} for module in modules()))


def test_every_page_is_linked_or_led_to() -> None:
    """The last word of its address that does not vary stands in a link, a form or a redirect somewhere."""
    asked = [each for each in [*pages("public"), *pages("desk")] if each.pattern not in ENTRIES]

    assert asked
    assert [str(address) for address in asked if not is_linked(address)] == []


def is_linked(address: Address) -> bool:
    fixed = [segment for segment in address.pattern.split("/") if segment and not segment.startswith("{")]
    if not fixed:
        return True
    led = rf"[\"'/}} ]{re.escape(fixed[-1])}(?:[\"'/?#{{]|$)"
    return re.search(led, every_word(), re.MULTILINE) is not None


def test_no_address_is_declared_twice() -> None:
    seen = [(each.face, each.pattern, method) for each in [*pages("public"), *pages("desk")] for method in ("GET",)]
    seen += [(each.face, each.pattern, "POST") for each in [*posts("public"), *posts("desk")]]

    assert len(set(seen)) == len(seen), sorted({one for one in seen if seen.count(one) > 1})


def test_every_script_is_an_entry_or_imported_by_one() -> None:
    scripts = sorted((REPOSITORY / "static" / "js").rglob("*.js"))

    assert scripts
    assert [path.name for path in scripts if not is_entry_or_imported(path)] == []


def is_entry_or_imported(path: Path) -> bool:
    words = every_word()
    name = path.relative_to(REPOSITORY / "static").as_posix()
    is_entry = f"'{name}'" in words or f'"{name}"' in words
    return is_entry or re.search(rf"/{re.escape(path.name)}[\"']", words) is not None
