"""Knows what engines call the languages that we call otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

# In the order in which they are taken, where an engine has several. Portuguese of either side of the sea is understood
# on the other; one script of Chinese is not the other.
_OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "zh-Hans": ("zh-hans", "zh-cn", "zh"),
    "zh-Hant": ("zh-hant", "zh-tw", "zt"),
    "pt": ("pt", "pt-pt", "pt-br", "pb"),
    "tl": ("tl", "fil"),
    "he": ("he", "iw"),
}
_OURS: Final = {other: tag for tag, others in _OTHER_NAMES.items() for other in others}


def by_tag(codes: Iterable[str]) -> dict[str, str]:
    """The engine's code of each language it has, by our tag: `{"zh-Hans": "zh", "es": "es"}`."""
    found: dict[str, str] = {}
    for code in codes:
        tag = _OURS.get(code.lower(), code)
        if tag not in found or _rank(tag, code) < _rank(tag, found[tag]):
            found[tag] = code
    return found


def pairs_of(targets: Mapping[str, Collection[str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Each pair of our tags an engine has, with its own codes; `targets` says what each code is translated into."""
    tags = by_tag({*targets, *(code for codes in targets.values() for code in codes)})
    return {
        (source, target): (spoken, wanted)
        for source, spoken in tags.items()
        for target, wanted in tags.items()
        if source != target and wanted in targets.get(spoken, ())
    }


def _rank(tag: str, code: str) -> int:
    names = _OTHER_NAMES.get(tag, (code.lower(),))
    return names.index(code.lower()) if code.lower() in names else len(names)
