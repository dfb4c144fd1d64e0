"""Gathers what the form of a draft offers: what may leave on its ground, with what was said to each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from i18n.languages import DESK_TAGS, LANGUAGES, Language
from tips.report.draft import Draft
from tips.report.gather import Says, Told, answers
from tips.report.rules import IN_ORDER, Ground, Reading, Sort, leaves, sort_of


@dataclass(frozen=True)
class Offered:
    """One field the author may choose: what was said to it, whether she has to read it first, what she chose before."""

    name: str
    says: tuple[str, ...] = field(repr=False)
    is_typed: bool
    may_point: bool
    chosen: str


def offered(told: Told, ground: Ground, typed: Mapping[str, str], says: Says, spoken: Language) -> list[Offered]:
    """Every field that was answered and may leave on this ground, in the order of a report.

    The author's own account is no field of the tip and has its place in the form by itself.
    """
    found = []
    for name in IN_ORDER:
        if name == "account" or not leaves(name, Reading.CLEAR, ground):
            continue
        said = tuple(answer.value for answer in answers(name, told, says, spoken))
        if said:
            is_typed, chosen = sort_of(name) is Sort.TYPED, typed.get(f"f_{name}", "")
            found.append(Offered(name, said, is_typed, ground.lets_who, chosen))
    return found


def regions(told: Told) -> tuple[str, ...]:
    """Where it is, as far as it was tapped: the law on children is another in each region."""
    answered = answers("region", told, lambda phrase: phrase, LANGUAGES[DESK_TAGS[0]])
    return tuple(answer.code for answer in answered) or ("",)


def typed_of(draft: Draft) -> dict[str, str]:
    """A draft as the form posts it."""
    texts = ("whom", "purpose", "harm_of_telling", "harm_of_silence", "grounds", "account")
    typed = {name: getattr(draft, name) for name in texts}
    typed |= {f"f_{name}": reading.value or "yes" for name, reading in draft.fields.items()}
    return {**typed, "recipient": draft.recipient.value, "at_once": "yes" if draft.at_once else ""}
