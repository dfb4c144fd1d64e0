"""A sheet is served with the older names of what means the same in every direction, and loses nothing that matters."""

from __future__ import annotations

import re

import pytest

from portal.web.assets import Assets
from portal.web.old_styles import with_older_names
from tests.support.old_style import lost

# What an engine of early 2018 may do without: it is decoration, or an older declaration stands before it.
DISPENSABLE = re.compile(
    r":(?:has|is|focus-visible)\b|^@|accent-color|text-underline-offset|text-decoration-thickness|color-scheme|"
    r"forced-color-adjust|border-(?:start|end)-|border-inline-(?:start|end)|-inline-(?:start|end):|conic-gradient|"
    r"overflow-wrap:anywhere|height:(?:100dvh|var\(|clamp\()|grid-(?:column-)?gap:|grid-template-columns:repeat\(auto-fill"
)


@pytest.mark.parametrize(
    ("logical", "older"),
    [
        ("a{inset-block-start:0}", "a{top:0}"),
        ("a{margin-block:1px 2px}", "a{margin-top:1px;margin-bottom:2px}"),
        ("a{padding-block:calc(1px + 2px)}", "a{padding-top:calc(1px + 2px);padding-bottom:calc(1px + 2px)}"),
        ("a{margin-inline:auto;color:red}", "a{margin-left:auto;margin-right:auto;color:red}"),
        ("a{border-inline:1px solid}", "a{border-left:1px solid;border-right:1px solid}"),
        ("a{min-inline-size:0;max-block-size:8rem}", "a{min-width:0;max-height:8rem}"),
        ("a{border-block-end:1px solid}", "a{border-bottom:1px solid}"),
        ("a{border-block-end-width:5px}", "a{border-bottom-width:5px}"),
        ("a{inset:0}", "a{top:0;bottom:0;left:0;right:0}"),
        ("a{position:sticky}", "a{position:-webkit-sticky;position:sticky}"),
        ("a{gap:4px 12px}", "a{grid-gap:4px 12px}"),
        ("@media (min-width:1px){a{inline-size:50%}}", "@media (min-width:1px){a{width:50%}}"),
    ],
)
def test_what_is_alike_in_every_direction_gets_its_older_name(logical: str, older: str) -> None:
    assert with_older_names(logical) == older


@pytest.mark.parametrize(
    "kept",
    [
        "a{margin-inline:1px 2px}",
        "a{border-inline-start:5px solid}",
        "a{margin-inline-end:8px}",
        "a{--gap:1px;color:red}",
        "@supports not (inset:0){a{color:red}}",
    ],
)
def test_what_differs_by_direction_and_all_else_stays(kept: str) -> None:
    assert with_older_names(kept) == kept


def test_an_engine_of_early_2018_loses_only_what_it_can_do_without() -> None:
    sheet = Assets.load().asset("css/public.css").plain.decode()

    assert [each for each in lost(sheet) if not DISPENSABLE.search(each)] == []
