"""Chooses the language for a person who has not chosen one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from i18n.languages import ENGLISH, LANGUAGES, Language

_LONGEST_HEADER = 1000
_MOST_RANGES = 40
# Where traditional characters are read when a wish names no script; Cantonese is mostly asked for from Hong Kong.
_TRADITIONAL = frozenset(("tw", "hk", "mo", "yue"))
# Filipino is Tagalog by its official name; Dari is Persian as Afghanistan writes it; Moldovan is Romanian.
_SAME = {"fil": "tl", "prs": "fa", "mo": "ro", "cmn": "zh-hans", "pnb": "ur"}
# Written in two ways, and named without either: the first that is served. Inuktitut has a tag for its own east, too.
_TWO_WAYS = {"iu": ("iu-cans", "iu-latn"), "ike": ("iu-cans", "iu-latn"), "crk": ("crk-latn", "crk-cans")}


def negotiate(accept_language: str, served: Mapping[str, Language] = LANGUAGES) -> Language:
    """The best served language for an `Accept-Language` header (RFC 9110, 12.5.4); English when none fits.

    A regional wish is met by its language: `fr-CA` is answered in French. Where a script decides whether somebody can
    read it at all, the wish is met by its script.
    """
    by_lower = {tag.lower(): language for tag, language in served.items()}
    for wish in _wishes(accept_language[:_LONGEST_HEADER]):
        for tag in _met_by(wish):
            if tag in by_lower:
                return by_lower[tag]
    return ENGLISH


def _met_by(wish: str) -> Iterable[str]:
    """The tags, in lower case, that meet a wish: itself, its script, its language, and what its readers read too."""
    yield wish
    language, *parts = wish.split("-")
    yield from _by_script(language, parts)
    yield from (tag for tag in _TWO_WAYS.get(language, ()) if "-" not in wish or tag.rpartition("-")[2] in parts)
    yield from _TWO_WAYS.get(language, ())
    yield _SAME.get(language, language)


def _by_script(language: str, parts: list[str]) -> Iterable[str]:
    """Chinese in the characters that are read there, Punjabi of Pakistan in the letters that are; none for others."""
    if language in ("zh", "yue"):
        is_traditional = "hant" in parts or ("hans" not in parts and not _TRADITIONAL.isdisjoint((language, *parts)))
        yield "zh-hant" if is_traditional else "zh-hans"
    if language == "pa" and not {"arab", "pk"}.isdisjoint(parts):
        yield "ur"


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
