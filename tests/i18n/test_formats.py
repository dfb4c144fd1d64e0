"""Holds numbers and days to reading right in either direction."""

from __future__ import annotations

import re
from datetime import date

import pytest

from i18n import formats
from i18n.languages import LANGUAGES


def test_a_number_keeps_its_order_inside_right_to_left_words() -> None:
    assert formats.isolate(911) == '<bdi dir="ltr">911</bdi>'
    assert formats.isolate("Harbour") == "<bdi>Harbour</bdi>"


def test_what_is_isolated_is_escaped() -> None:
    assert formats.isolate("<b>") == "<bdi>&lt;b&gt;</bdi>"


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("1-800-555-0142", "18005550142"),
        ("+1 (800) 555-0142", "+18005550142"),
        ("٥٥٥-٠١٤٢", "5550142"),
        ("9-8-8", "988"),
    ],
)
def test_a_telephone_dials_digits_only(written: str, dialled: str) -> None:
    assert formats.dialled(written) == dialled


def test_a_telephone_link_shows_the_number_as_people_write_it() -> None:
    assert formats.phone_link("555-0142", css_class="call") == (
        '<a href="tel:5550142" class="call"><bdi dir="ltr">555-0142</bdi></a>'
    )


@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९"])
def test_digits_of_any_script_are_read(digits: str) -> None:
    assert formats.plain_digits(digits) == "0123456789"


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_day_names_its_month(tag: str) -> None:
    written = formats.day(LANGUAGES[tag], date(2026, 11, 21))

    assert "11" not in written or re.search(r"11 ?[月월]|tháng 11", written)  # by a number that says it is a month
    assert any(character.isalpha() for character in written)
