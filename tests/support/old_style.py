"""Reads a served style sheet as an engine of early 2018 would: what it does not know is not there.

No such engine can be had here. This is what their makers' notes say of Chrome 64, Firefox 58 and Safari 11, done to the
sheet and shown in today's Chromium; how those engines draw what is left, nobody has seen.
"""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Page, Route

# Names with a direction of writing in them came to these engines later, or under other names.
LATER_NAMES: Final = re.compile(
    r"inset|gap|accent-color|text-underline-offset|text-decoration-thickness|color-scheme|forced-color-adjust|"
    r".*(?:inline|block)(?:-(?:start|end|size).*)?|border-(?:start|end)-(?:start|end)-radius"
)
LATER_VALUES: Final = re.compile(r"\b(?:min|max|clamp)\(|\d[sld]v[hw]\b|conic-gradient|^anywhere$")
LATER_SELECTORS: Final = (":has(", ":is(", ":where(", ":focus-visible", ":focus-within", "::marker")
LATER_MEDIA: Final = ("prefers-color-scheme", "forced-colors", "prefers-reduced-motion", "prefers-contrast")


def as_of_2018(sheet: str) -> str:
    """The squeezed sheet without what an engine of early 2018 drops."""
    kept, rest = [], sheet
    while rest:
        head, _, rest = rest.partition("{")
        body, rest = _block(rest)
        if head.startswith("@supports"):
            kept.append(as_of_2018(body) if head.startswith("@supports not") else "")
        elif head.startswith("@media"):
            kept.append("" if any(word in head for word in LATER_MEDIA) else f"{head}{{{as_of_2018(body)}}}")
        elif not any(word in head for word in LATER_SELECTORS):
            kept.append(f"{head}{{{';'.join(_known(body))}}}")
    return "".join(kept)


def lost(sheet: str) -> list[str]:
    """Every declaration such an engine drops, with its selector; those that stand in for an older one included.

    What a sheet offers only to engines that say they know it is no loss.
    """
    offered = re.compile(r"@supports (?!not)[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
    return [
        f"{head}{{{declaration}}}"
        for head, body in re.findall(r"([^{}]+)\{([^{}]*)\}", offered.sub("", sheet))
        for declaration in body.split(";")
        if declaration and declaration not in _known(body)
    ]


def shown_as_of_2018(page: Page) -> Page:
    """The page with its sheet as such an engine reads it; answers the page."""

    def older(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=as_of_2018(answer.text()))

    page.route("**/a/*.css", older)
    return page


def _block(text: str) -> tuple[str, str]:
    depth = 1
    for place, letter in enumerate(text):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth == 0:
            return text[:place], text[place + 1 :]
    return text, ""


def _known(body: str) -> list[str]:
    declarations = [each for each in body.split(";") if each]
    is_grid = "display:grid" in declarations
    return [each for each in declarations if _is_known(*each.split(":", 1), is_grid=is_grid)]


def _is_known(name: str, value: str, *, is_grid: bool) -> bool:
    if name.startswith("--"):
        return True
    if name.startswith("grid-") and name.endswith("gap"):
        return is_grid
    return not LATER_NAMES.fullmatch(name) and not LATER_VALUES.search(value)
