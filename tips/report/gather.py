"""Gathers what may stand in a report: asks the rule about every chosen field, and leaves the others out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from i18n import formats
from i18n.languages import LANGUAGES, Language
from i18n.spoken import SPOKEN
from tips.asked import FACTS, NOTE, Ask, How
from tips.report.rules import Ground, Reading, leaves
from tips.report.sheet import Answer, Line
from tips.tip import Card, Facts, Kind, Names, Words

Says = Callable[[str], str]
"""The words of a phrase in the reader's language."""


@dataclass(frozen=True)
class Told:
    """A tip as it was when its report was drafted. `names` is empty for somebody without that key."""

    day: date
    card: Card
    words: tuple[Words, ...] = field(repr=False)
    facts: tuple[Facts, ...] = field(repr=False)
    names: tuple[Names, ...] = field(repr=False)
    account: str = field(repr=False, default="")


_NOTED: Mapping[str, Ask] = {ask.fact: ask for ask in NOTE}


def lines(
    told: Told, chosen: Mapping[str, Reading], ground: Ground, says: Says, language: Language
) -> tuple[Line, ...]:
    """One line for each chosen field that this ground lets out and that something was said to, in the order chosen."""
    found = []
    for name, reading in chosen.items():
        said = answers(name, told, says, language) if leaves(name, reading, ground) else ()
        if said:
            found.append(Line(name, says(f"report.field.{name}"), said))
    return tuple(found)


def answers(name: str, told: Told, says: Says, language: Language) -> tuple[Answer, ...]:
    """Everything that was said to this field, for whoever works here to look at; whether it leaves says `lines`."""
    card = told.card
    match name:
        case "told_on":
            return (Answer(formats.day(language, told.day), told.day.isoformat()),)
        case "urgency" | "child" | "path":
            return _tapped(_NOTED[name], [getattr(card, name).value], says)
        case "language":
            return _tongue(card.language)
        case "account":
            return _typed([told.account])
        case "text" | "place" | "when":
            return _typed(getattr(words, name) for words in told.words if words.kind is Kind.TOLD)
        case "added":
            added = [words for words in told.words if words.kind is Kind.ADDED]
            return _typed("\n".join(filter(None, (words.text, words.place, words.when))) for words in added)
        case "name" | "reach" | "hours" | "mask":
            return _typed(getattr(left, name) for left in told.names)
        case "voice":
            return _tapped(_NOTED[name], [left.voice for left in told.names], says)
        case "tongue":
            return tuple(answer for left in told.names for answer in _tongue(left.tongue))
        case "spoken":
            said = [SPOKEN[left.spoken] for left in told.names if left.spoken in SPOKEN]
            return tuple(Answer(each.own_name, each.tag) for each in said)
        case _:
            return _fact(name, told.facts, says)


def _fact(name: str, facts: Iterable[Facts], says: Says) -> tuple[Answer, ...]:
    ask = FACTS.get(name)
    if ask is None:
        return ()
    said = [answer for part in facts for answer in part.said.get(name, ())]
    return _typed(said) if ask.is_typed else _tapped(ask, said, says)


def _typed(said: Iterable[str]) -> tuple[Answer, ...]:
    return tuple(Answer(words) for words in _once(said) if words.strip())


def _tapped(ask: Ask, said: Iterable[str], says: Says) -> tuple[Answer, ...]:
    """Only answers that stand in our own list: by the rule for taps no free word may leave."""
    numbers = {choice: number for number, choice in ask.values.items()}
    known = [answer for answer in _once(said) if answer in numbers]
    if ask.how is How.LIST:
        return tuple(Answer(says(f"region.{answer}"), answer) for answer in known)
    return tuple(Answer(says(f"note.{ask.name}.{numbers[answer]}"), answer) for answer in known)


def _tongue(tag: str) -> tuple[Answer, ...]:
    return (Answer(LANGUAGES[tag].own_name, tag),) if tag in LANGUAGES else ()


def _once(said: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(said))
