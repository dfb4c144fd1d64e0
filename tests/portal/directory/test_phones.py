"""Numbers are kept in one form and shown as the people of a country dial them."""

from __future__ import annotations

import pytest

from portal.directory.phones import NoNumber, country_of, read_phone, shown


@pytest.mark.parametrize(
    ("typed", "country", "kept", "in_canada", "in_mexico"),
    [
        ("1-833-900-1010", "CA", "+18339001010", "1-833-900-1010", "+1 833-900-1010"),
        ("(416) 555-0142", "CA", "+14165550142", "1-416-555-0142", "+1 416-555-0142"),
        ("+52 800 553 3000", "CA", "+528005533000", "+52 800 553 3000", "800 553 3000"),
        ("٨٣٣ ٩٠٠ ١٠١٠", "CA", "+18339001010", "1-833-900-1010", "+1 833-900-1010"),
        ("9-8-8", "CA", "988", "988", "988"),
        ('"+44 1234 234567"', "CA", "+441234234567", "+44 1234 234567", "+44 1234 234567"),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, country: str, kept: str, in_canada: str, in_mexico: str) -> None:
    assert read_phone(typed, country) == kept
    assert read_phone(kept, "FR") == kept
    assert (shown(kept, "CA"), shown(kept, "MX")) == (in_canada, in_mexico)


@pytest.mark.parametrize("typed", ["", "call us", "12", "+999 1234", "1234567890123456789", "0"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NoNumber):
        read_phone(typed, "CA")


def test_a_region_has_the_country_its_numbers_are_of() -> None:
    assert [country_of(region) for region in ("ca-on", "us", "mx", "")] == ["CA", "US", "MX", "CA"]
