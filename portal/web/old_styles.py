"""Writes a style sheet's logical properties as the older ones where both mean the same in every direction of writing.

Sheets are written once, for both directions. What runs down the page, and what is alike on both sides, is the same in
Arabic and in English. Phones of 2018 know it only by its older name; without it the way out would not stay in sight.
"""

from __future__ import annotations

import re
from typing import Final

_SIZES = {"block-size": "height", "inline-size": "width"}
_ENDS = {"block-start": "top", "block-end": "bottom"}

_ONE_FOR_ONE: Final = {
    **{f"{bound}{name}": f"{bound}{older}" for bound in ("", "min-", "max-") for name, older in _SIZES.items()},
    **{f"inset-{end}": older for end, older in _ENDS.items()},
    **{f"{kind}-{end}": f"{kind}-{older}" for kind in ("margin", "padding", "border") for end, older in _ENDS.items()},
    **{f"border-{end}-{part}": f"border-{older}-{part}" for end, older in _ENDS.items() for part in ("width", "color")},
    # Still read by every engine, between flexible boxes too where it knows that.
    "gap": "grid-gap",
    "column-gap": "grid-column-gap",
}
_DOWN = ("top", "bottom")
_ACROSS = ("left", "right")
_PAIRS: Final = {
    "inset": ("", (*_DOWN, *_ACROSS)),
    "margin-block": ("margin", _DOWN),
    "padding-block": ("padding", _DOWN),
    "scroll-padding-block": ("scroll-padding", _DOWN),
    "margin-inline": ("margin", _ACROSS),
    "padding-inline": ("padding", _ACROSS),
    "border-inline": ("border", _ACROSS),
}
_DECLARATION = re.compile(r"(?<=[{;])([a-z-]+):([^;{}]+)(?=[;}])")
# Split at spaces outside parentheses: `calc(1px + 2px) 4px` is two values.
_VALUES = re.compile(r"(?:[^\s(]|\([^()]*(?:\([^()]*\)[^()]*)*\))+")


def with_older_names(sheet: str) -> str:
    """The squeezed sheet with older names; what differs between the directions of writing stays as it is."""
    return _DECLARATION.sub(lambda found: _older(found[1], found[2]), sheet)


def _older(name: str, value: str) -> str:
    if name in _ONE_FOR_ONE:
        return f"{_ONE_FOR_ONE[name]}:{value}"
    if name == "position" and value == "sticky":
        return "position:-webkit-sticky;position:sticky"
    if name in _PAIRS:
        kind, sides = _PAIRS[name]
        values = [value] if kind == "border" else _VALUES.findall(value)
        # Two values across differ by the direction of writing; down the page they do not.
        if len(values) == 1 or sides is _DOWN:
            return ";".join(
                f"{kind}-{side}:{each}".removeprefix("-")
                for side, each in zip(sides, [*values, *values, *values, *values], strict=False)
            )
    return f"{name}:{value}"
