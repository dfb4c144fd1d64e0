"""Finds one number for each plural form of a language, so that a script can be given every form of a phrase."""

from collections.abc import Mapping
from functools import cache

from chat.queue import ANSWER_MINUTES
from i18n.locales import locale_of

# The shortest honest wait, in minutes, and one beyond which only the forms of millions are left.
NEAREST = ANSWER_MINUTES
FARTHEST = 200


@cache
def plural_samples(tag: str) -> Mapping[str, int]:
    """The CLDR category of each form that an honest wait can take, with the smallest number that takes it."""
    form = locale_of(tag).plural_form
    samples: dict[str, int] = {}
    for number in range(NEAREST, FARTHEST + 1):
        samples.setdefault(form(number), number)
    # A browser without plural rules asks for "other"; every language has that form.
    samples.setdefault("other", FARTHEST)
    return samples
