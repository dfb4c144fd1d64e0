"""Chooses the language for a person who has not chosen one."""

from __future__ import annotations

from collections.abc import Iterable

from i18n.languages import ENGLISH, LANGUAGES, Language

_LONGEST_HEADER = 1000
_MOST_RANGES = 40
_BY_LOWER = {tag.lower(): language for tag, language in LANGUAGES.items()}
# Where traditional characters are read when a wish names no script; Cantonese is mostly asked for from Hong Kong.
_TRADITIONAL = frozenset(("tw", "hk", "mo", "yue"))
# Filipino is Tagalog by its official name; Dari is Persian as Afghanistan writes it; Moldovan is Romanian.
_SAME = {"fil": "tl", "prs": "fa", "mo": "ro", "cmn": "zh-hans", "pnb": "ur"}


def negotiate(accept_language: str) -> Language:
    """The best served language for an `Accept-Language` header (RFC 9110, 12.5.4); English when none fits.

    A regional wish is met by its language: `fr-CA` is answered in French. Where a script decides whether somebody can
    read it at all, the wish is met by its script.
    """
    for wish in _wishes(accept_language[:_LONGEST_HEADER]):
        served = _BY_LOWER.get(wish) or _by_script(wish) or _BY_LOWER.get(_nearest(wish.split("-", 1)[0]))
        if served is not None:
            return served
    return ENGLISH


def _by_script(wish: str) -> Language | None:
    """Chinese in the characters that are read there, Punjabi of Pakistan in the letters that are; None for others."""
    language, *parts = wish.split("-")
    if language in ("zh", "yue"):
        is_traditional = "hant" in parts or ("hans" not in parts and not _TRADITIONAL.isdisjoint((language, *parts)))
        return LANGUAGES.get("zh-Hant" if is_traditional else "zh-Hans")
    if language == "pa" and not {"arab", "pk"}.isdisjoint(parts):
        return LANGUAGES.get("ur")
    return None


def _nearest(language: str) -> str:
    """The language among those known that somebody of this one reads: the same under another name, or its sister."""
    return _SAME.get(language, language)


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
