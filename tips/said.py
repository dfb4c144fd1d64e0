"""Gathers what was told as details, question by question, for whoever reads it: staff, or the reporter herself."""

from collections.abc import Iterable, Sequence
from typing import Final

from tips.asked import FACTS, Fold
from tips.tip import Facts

Answers = tuple[str, ...]
Told = list[tuple[str, list[Answers]]]

# What kind of situation, where, and then the people, each side by itself.
GROUPS: Final = ((Fold.KIND, Fold.SIGNS), (Fold.WHERE,), (Fold.THEM,), (Fold.DOING,), (Fold.LAST,))


# What she wrote to be known by, having lost her number, is for the desk: who finds the new one learns nothing by it.
SHOWN: Final = tuple(fold for fold in Fold if fold not in (Fold.LOST, Fold.HIDDEN))


def told_of(facts: Sequence[Facts], folds: Iterable[Fold] = SHOWN) -> Told:
    """Each fact of these groups that was said, with every time it was said, in the order of the page."""
    wanted = frozenset(folds)
    named = [fact for fact, ask in FACTS.items() if ask.fold in wanted]
    said = [(fact, [told.said[fact] for told in facts if fact in told.said]) for fact in named]
    return [(fact, times) for fact, times in said if times]


def by_group(facts: Sequence[Facts]) -> list[tuple[str, Told]]:
    """The same by group, as the desk reads them; no group in which nothing was said."""
    groups = [(folds[0].value, told_of(facts, folds)) for folds in GROUPS]
    return [(group, told) for group, told in groups if told]


def phrase_of(fact: str, answer: str) -> str:
    """The phrase of an answer that was tapped; nothing for one that was typed, or that this house does not know."""
    ask = FACTS[fact]
    if fact == "region":
        return f"region.{answer}" if answer in ask.choices else ""
    number = next((number for number, choice in ask.values.items() if choice == answer), "")
    return f"note.{ask.name}.{number}" if number else ""


def label_of(fact: str) -> str:
    """The phrase of the question, as the reporter was asked it."""
    return f"note.{FACTS[fact].name}.label"
