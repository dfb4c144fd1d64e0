"""Holds links to leading by TLS to a named site, with nothing in them that follows a reader, and text to a few tags."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings, strategies as st

from portal.library.links import BadLink, checked_link, is_own
from portal.library.markdown import bad_links, drawn, links_out
from portal.web.sanitise import clean_markup


@pytest.mark.parametrize(
    "url",
    [
        "https://www.coe.int/en/web/anti-human-trafficking",
        "https://example.org",
        "https://example.org/a?page=2#part",
        "https://xn--bcher-kva.example/",
    ],
)
def test_a_plain_address_may_stand(url: str) -> None:
    assert checked_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://example.org:8443/",
        "https://name@example.org/",
        "https://name:word@example.org/",
        "https://example.org/?utm_source=x",
        "https://example.org/?a=1&UTM_Campaign=x",
        "https://example.org/?fbclid=",
        "https://example.org/?gclid=1",
        "https://example.org/?mc_eid=1",
        "https://example.org/?ref=us",
        "https://example.org/a b",
        "https://example.org/\n",
        'https://example.org/"><script>',
        "https://-example.org/",
        "https://bücher.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org/",
        "ftp://example.org/",
        "https://example.org/" + "x" * 300,
        "https://example.org:x/",
    ],
)
def test_an_address_that_follows_or_misleads_may_not(url: str) -> None:
    with pytest.raises(BadLink):
        checked_link(url)
    assert not is_own(url)


def test_an_address_of_this_site_is_told_from_another() -> None:
    assert [is_own(url) for url in ("../numbers", "details", "../read/work", "/leave", "../../x", "..", "//x")] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip
    assert not links_out("see [here](../numbers)")
    assert links_out("see [here](https://example.org/)")
    assert bad_links("[a](../numbers) [b](https://example.org/?fbclid=1) [c](https://example.org/)") == [
        "https://example.org/?fbclid=1"
    ]


def test_text_is_drawn_with_a_few_tags_and_links_that_tell_nothing() -> None:
    page = drawn("# One\n\n#### Four\n\nA **bold** [link](https://example.org/).\n\n- a\n- b\n")

    assert "<h2>One</h2>" in page
    assert "<h3>Four</h3>" in page
    assert '<a href="https://example.org/" rel="nofollow noopener noreferrer">link</a>' in page
    assert '<ul class="bullets">' in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://example.org/x.png)",
        "<a href=https://example.org onclick=x>y</a>",
        '[x](https://example.org/ "onclick=x")',
        "<https://example.org/>",
        "`<b>`",
        "<style>*{display:none}</style>",
        "<!-- x -->",
        "[a]: https://example.org/\n\n[a]",
    ],
)
def test_markup_of_the_writers_own_is_text(text: str) -> None:
    page = drawn(text)

    assert set(re.findall(r"</?([a-z0-9]+)", page)) <= {"p", "a", "strong", "em"}
    assert not re.search(r"<[^>]*(?:on[a-z]+=|src=|style=|title=|javascript:|data:)", page)
    assert all("noreferrer" in link for link in re.findall(r"<a [^>]*>", page))


def test_what_no_reader_of_ours_made_is_cleaned_too() -> None:
    assert clean_markup('<p style="x" onclick="y">a</p><iframe src="x"></iframe><a href="http://x.example">b</a>') == (
        "<p>a</p><a>b</a>"
    )


@settings(max_examples=25)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60))
def test_whatever_is_typed_only_a_few_tags_come_of_it(text: str) -> None:
    page = drawn(text)

    assert set(re.findall(r"<([a-z0-9]+)", page)) <= {
        "p", "a", "strong", "em", "h2", "h3", "ul", "ol", "li", "br", "blockquote",
    }  # fmt: skip
