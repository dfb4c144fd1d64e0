"""Chooses the language for a person who has not chosen one."""

from __future__ import annotations

from collections.abc import Iterable

from i18n.languages import ENGLISH, LANGUAGES, Language

_LONGEST_HEADER = 1000
_MOST_RANGES = 40


def negotiate(accept_language: str) -> Language:
    """The best served language for an `Accept-Language` header (RFC 9110, 12.5.4); English when none fits.

    A regional wish is met by its language: `fr-CA` is answered in French.
    """
    for wish in _wishes(accept_language[:_LONGEST_HEADER]):
        served = LANGUAGES.get(wish) or LANGUAGES.get(wish.split("-", 1)[0])
        if served is not None:
            return served
    return ENGLISH


def _wishes(header: str) -> Iterable[str]:
    """The wished tags in lower case, the strongest wish first; refused ones (`q=0`) and `*` left out."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(",")[:_MOST_RANGES]:
        tag, _, parameters = part.partition(";")
        weight = _weight(parameters)
        if weight > 0 and (tag := tag.strip().lower()) and tag != "*":
            weighed.append((weight, tag))
    # A stable sort: among equal wishes the one named first wins.
    return [tag for _, tag in sorted(weighed, key=lambda wish: -wish[0])]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
