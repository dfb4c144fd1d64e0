"""Reads a reply as it was typed at the desk, with or without the same in the reporter's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from i18n.languages import LANGUAGES
from portal.web.sanitise import tidy_text
from tips.form import ADDITION_LIMIT, WORDS, Mend
from tips.tip import Made, Translation

SAME: Final = "same"
MADE: Final = "made"
OWN: Final = "own"
THEIRS: Final = "theirs"
FIELDS: Final = (WORDS, SAME, MADE, OWN, THEIRS)


@dataclass(frozen=True)
class Reply:
    """A reply that may be left. `language`: the text's own; `same`: the same for the reporter, where it was typed."""

    text: str = field(repr=False)
    language: str
    same: Translation | None = field(default=None, repr=False)


def read_reply(typed: Mapping[str, str], *, own: str, theirs: str) -> Reply | Mend:
    """The reply, or the one thing to mend. `own` and `theirs`: the languages where none was chosen.

    Words in the second field need one word more: how they were made. Without it she would be told nothing, or a guess.
    """
    text, other = tidy_text(typed.get(WORDS, "")), tidy_text(typed.get(SAME, ""))
    if not text:
        return Mend(WORDS, "desktips.answer.empty")
    for name, each in ((WORDS, text), (SAME, other)):
        if len(each) > ADDITION_LIMIT:
            return Mend(name, "desktips.answer.too_long")
    language = _served(typed.get(OWN, ""), own)
    if not other:
        return Reply(text, language)
    try:
        made = Made(typed.get(MADE, ""))
    except ValueError:
        return Mend(MADE, "desktips.same.made_missing")
    return Reply(text, language, Translation(other, _served(typed.get(THEIRS, ""), theirs), made.value))


def kept_reply(typed: Mapping[str, str]) -> dict[str, str]:
    """What the page shows again: our own fields only, twice their limit, so that too much can be shortened."""
    return {name: typed[name][: 2 * ADDITION_LIMIT] for name in FIELDS if typed.get(name)}


def _served(tag: str, otherwise: str) -> str:
    return tag if tag in LANGUAGES else otherwise
