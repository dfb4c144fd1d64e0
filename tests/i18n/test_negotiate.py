"""Holds the choice of a first language to what the browser says."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as some

from i18n.languages import LANGUAGES
from i18n.negotiate import negotiate


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("de-DE,de;q=0.9,ar;q=0.5,en;q=0.4", "ar"),
        ("es-419", "es"),
        ("AR-eg", "ar"),
        ("en;q=0.2, es;q=0.7", "es"),
        ("fr;q=0, es;q=0.1", "es"),
        ("*", "en"),
        ("tlh, xx;q=1", "en"),
        ("fr;q=2, es;q=nonsense", "en"),
        ("es, fr", "es"),
        (",;,;q=", "en"),
        ("fr-Latn-CA-x-any", "fr"),
    ],
)
def test_the_strongest_served_wish_wins(header: str, tag: str) -> None:
    assert negotiate(header).tag == tag


@given(some.text(max_size=3000))
def test_any_header_gets_a_served_language(header: str) -> None:
    assert negotiate(header).tag in LANGUAGES


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK,en;q=0.5", "zh-Hant"),
        ("zh-Hant-CA", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("yue", "zh-Hant"),
        ("yue-Hans", "zh-Hans"),
        ("cmn", "zh-Hans"),
        ("pa-IN", "pa"),
        ("pa-Arab", "ur"),
        ("pa-PK,en;q=0.1", "ur"),
        ("fil-PH", "tl"),
        ("fa-AF", "fa"),
        ("prs", "fa"),
        ("pt-BR", "pt"),
        ("pt-PT", "pt"),
        ("ro-MD", "ro"),
    ],
)
def test_a_wish_is_met_in_a_script_that_is_read_there(header: str, tag: str) -> None:
    assert negotiate(header).tag == (tag if tag in LANGUAGES else "en")
