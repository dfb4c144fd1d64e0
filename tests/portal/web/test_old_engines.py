"""The public sheet loses nothing that matters where an engine of early 2018 reads it."""

from __future__ import annotations

import re

from portal.web.assets import Assets
from tests.support.old_style import lost

# What an engine of early 2018 may do without: it is decoration, or an older declaration stands before it.
DISPENSABLE = re.compile(
    r":(?:has|is|focus-visible)\b|^@|accent-color|text-underline-offset|text-decoration-thickness|color-scheme|"
    r"forced-color-adjust|border-(?:start|end)-|border-inline-(?:start|end)|-inline-(?:start|end):|conic-gradient|"
    r"overflow-wrap:anywhere|height:(?:100dvh|var\(|clamp\()|grid-(?:column-)?gap:|grid-template-columns:repeat\(auto-fill"
)


def test_an_engine_of_early_2018_loses_only_what_it_can_do_without() -> None:
    sheet = Assets.load().asset("css/public.css").plain.decode()

    assert [each for each in lost(sheet) if not DISPENSABLE.search(each)] == []
