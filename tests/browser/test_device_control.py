"""Holds the search to finding, in both browsers' own files, what a careless site left there."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.chromium import Chromium
from tests.support.device_search_careless import PACKED, CarelessSite, careless_site
from tests.support.device_search_phone import ChromiumPhone, FirefoxPhone, Phone
from tests.support.device_search_walk import SETTLES_S
from tests.support.profile_search import search_profile

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

STORED = {"title", "local", "session", "cookie", "database", "cached plain", *(f"cached {way}" for way in PACKED)}


def visits(phone: Phone, site: CarelessSite) -> None:
    """Writes into two pages; sends one of them; closes the browser as a person does."""
    phone.starts()
    tab = phone.opens_tab()
    tab.opens(site.origin)
    tab.until(lambda: bool(tab.shown("body[data-done]")), "everything stored")
    tab.types("#once", site.word("field"))
    tab.types("#words", site.word("posted"))
    tab.taps("button")
    tab.until(lambda: bool(tab.shown("#sent")), "the answer")
    other = phone.opens_tab()
    other.opens(site.origin)
    other.types("#unsent", site.word("unsent"))


@pytest.mark.parametrize("engine", ["chromium", pytest.param("firefox", marks=pytest.mark.long)])
def test_what_a_careless_site_leaves_is_found(chromium: Chromium, short_tmp_path: Path, engine: str) -> None:
    """A page answered 200, a remembered field, words not sent, every store, every way of packing a cached body.

    Firefox keeps no post, whatever it was answered.
    """
    phone: Phone = FirefoxPhone(short_tmp_path, script=True)
    if engine == "chromium":
        phone = ChromiumPhone(chromium.driver, short_tmp_path, script=True)
    with careless_site() as site:
        visits(phone, site)
        time.sleep(SETTLES_S)
        phone.quits()
    words = {word: way for way, word in site.words.items()}
    found = {words[each.word] for each in search_profile(words, short_tmp_path)}

    assert found == STORED | {"field", "unsent"} | ({"posted"} if engine == "chromium" else set())
