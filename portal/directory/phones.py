"""Reads telephone numbers as people write them, keeps them in E.164, and shows them as people read them."""

import re
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from i18n.formats import plain_digits

# Three to six digits are dialled as they stand, in one country alone: 911, 211, 233733.
_SHORT: Final = re.compile(r"[0-9]{3,6}")
_BETWEEN: Final = re.compile(r"[ ().-]+")


class NoNumber(ValueError):
    """What was typed is no telephone number."""


def country_of(region: str) -> str:
    """The country of a region of ours as telephone numbers name it; Canada where nobody said."""
    return region.partition("-")[0].upper() or "CA"


def read_phone(typed: str, country: str) -> str:
    """The number in E.164, or a short one as it is dialled. `country` counts where none is written. Raises NoNumber."""
    plain = plain_digits(typed).strip().strip('"')
    short = _BETWEEN.sub("", plain)
    if _SHORT.fullmatch(short):
        return short
    try:
        number = phonenumbers.parse(plain, country)
    except NumberParseException:
        raise NoNumber from None
    if not phonenumbers.is_possible_number(number):
        raise NoNumber
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def shown(number: str, country: str) -> str:
    """A number as somebody in `country` dials it, parted as it is read there. Digits are those on the keys."""
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number)
    code = phonenumbers.country_code_for_region(country)
    abroad = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    if parsed.country_code != code:
        return abroad
    if code == 1:  # North America dials the 1 too, from any phone
        return abroad.removeprefix("+").replace(" ", "-", 1)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
