"""A note in the middle of being written changes its language, and nothing that was typed or tapped is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest

from i18n.languages import LANGUAGES
from tests.tips.phone import Phone
from tips.asked import NOTE

pytestmark = pytest.mark.anyio

# From each script into another, both ways of writing Chinese, and both directions.
PAIRS = [
    ("en", "ar"),
    ("zh-Hans", "zh-Hant"),
    ("zh-Hant", "ur"),
    ("ur", "fa"),
    ("fa", "hi"),
    ("hu", "ko"),
    ("uk", "th"),
]
# Signs of every script, one of two code points, a quotation mark and what markup is made of.
SAID = "老闆拿走了 میرا پاسپورٹ‌ها ਪਾਸਪੋਰਟ 여권 ёж “a” <b> & ' \U0001f54a"


@pytest.mark.parametrize(("before", "after"), PAIRS)
async def test_every_field_stands_in_the_other_language_as_it_was_left(phone: Phone, before: str, after: str) -> None:
    typed = {ask.name: f"{ask.name}: {SAID}" for ask in NOTE if ask.is_typed}
    taps = {ask.name: list(ask.values)[-1] for ask in NOTE if not ask.is_typed} | {"about": "2", "speech": "yue"}
    fields = {**typed, **taps, "k": phone.house.services.start_tokens.make(), "to": after}

    page = (await phone.posts(f"/{before}/note", fields)).text

    assert f'<html lang="{after}" dir="{LANGUAGES[after].direction}"' in page
    shown = unescape(page)
    assert [name for name, words in typed.items() if words not in shown] == []
    marked = len(re.findall(r" (?:checked|selected)[ >]", page))
    hidden = sum(f'<input type="hidden" name="{name}" value="{value}"' in page for name, value in taps.items())
    assert marked + hidden == len(taps)
    # And back again.
    again = (await phone.posts(f"/{after}/note", {**fields, "to": before})).text
    assert f'<html lang="{before}"' in again
    assert [name for name, words in typed.items() if words not in unescape(again)] == []
    assert await phone.house.shown() == [], "nothing was sent"
