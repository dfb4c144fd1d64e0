"""Asks axe-core what a person with a disability would stumble over on a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"

# WCAG 2.2 AA and what axe calls best practice: the public promise is "clean", not "mostly".
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

RUN = """async tags => {
    const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return found.violations.map(one => ({
        id: one.id, impact: one.impact, help: one.help,
        nodes: one.nodes.map(node => ({ where: node.target.join(" "), why: node.failureSummary })),
    }));
}"""


@cache
def source() -> str:
    """The library's text; it is evaluated by the driver, so the page's own policy stays as it is."""
    if not SOURCE.exists():
        raise FileNotFoundError("axe-core is needed for the browser tests: npm ci --prefix tests")
    return SOURCE.read_text("utf-8")


def violations(page: Page) -> list[str]:
    """One readable line for each thing axe objects to; an empty list is a clean page."""
    # From the top: what happens to lie half under the bar after a scroll would count as a small target.
    page.evaluate("scrollTo(0, 0)")
    # The library is large: a page that was asked before has it already.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source() + ";0")
    found: list[dict[str, Any]] = page.evaluate(RUN, TAGS)
    return [
        f"{one['id']} ({one['impact']}): {one['help']} at {node['where']}: {' '.join(str(node['why']).split())}"
        for one in found
        for node in one["nodes"]
    ]
