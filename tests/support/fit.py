"""Measures in the browser whether what a page says fits the phone: all of it in sight, and the way out whole."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

NARROW, PHONE = (320, 640), (360, 640)
SIZES = (NARROW, PHONE)

_MEASURE = Path(__file__).with_suffix(".js").read_text("utf-8")
_OPEN = "() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }"


def opens_every_fold(page: Page) -> None:
    """What stands behind a tap stands on the page."""
    page.evaluate(_OPEN)


def unfit(page: Page, sizes: tuple[tuple[int, int], ...] = SIZES) -> list[str]:
    """One readable line for each thing that does not fit at one of these sizes; the page stays as it was loaded."""
    found = []
    for size in sizes:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        found += [f"{size[0]} px, {line}" for line in page.evaluate(_MEASURE)]
    return found
