"""Finds one number for each plural form of a language, so that a script can be given every form of a phrase."""

from collections.abc import Mapping
from functools import cache

from babel.core import Locale

# Beyond this only the forms of millions are left, and no wait is that long.
FARTHEST = 200


@cache
def plural_samples(tag: str) -> Mapping[str, int]:
    """The CLDR category of each form that whole numbers up to 200 take, with the smallest number that takes it."""
    form = Locale.parse(tag, sep="-").plural_form
    samples: dict[str, int] = {}
    for number in range(FARTHEST + 1):
        samples.setdefault(form(number), number)
    # A browser without plural rules asks for "other"; every language has that form.
    samples.setdefault("other", FARTHEST)
    return samples
