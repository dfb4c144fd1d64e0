"""Names the question cards and the sentences an advocate can send; what they say stands in the catalogue `cards`.

A card travels as its name: each page says it in its own language, so that no engine is needed, and the log holds a name
and a choice. A sentence is a card without choices. The two letters find it at the desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from chat.consent import TAPPED
from chat.protocol.kinds import Question
from i18n.catalogue import Catalogue
from i18n.languages import ENGLISH, LANGUAGES

Company = Literal["watched", "unwatched", "entered", "went", "guest", "guest_gone"]


@dataclass(frozen=True, slots=True)
class Card:
    """One card. `keeps`: the question of the waiting room whose answer a tap is as well.

    `tells`: it tells that somebody wrote, which nobody else may learn from us.
    `after`: the card that must stand in the conversation first, because it says what this one's answer would change.
    """

    letters: str
    choices: tuple[str, ...] = ()
    keeps: Question | None = None
    after: str = ""
    tells: bool = False


CARDS: Final[Mapping[str, Card]] = {
    "safe": Card("sa", ("yes", "unsure", "no", "now"), "safe"),
    "near": Card("ne", ("yes", "soon", "no")),
    "ask": Card("as", ("yes", "later", "no")),
    "about": Card("ab", ("self", "other"), "about"),
    "need": Card("wh", ("place", "doctor", "lawyer", "money", "tonight", "papers", "talk", "else")),
    "doctor": Card("do", ("yes", "no", "unsure")),
    "leave": Card("le", ("yes", "no", "unsure", "skip")),
    "sleep": Card("sl", ("yes", "no", "unsure")),
    "harm": Card("hm", ("yes", "soon", "no", "skip")),
    "looks": Card("lk", ("yes", "no", "unsure", "skip")),
    "tonight": Card("tn", ("yes", "later", "no", "unsure")),
    "way": Card("wy", ("yes", "no", "unsure")),
    "children": Card("ch", ("yes", "no", "skip")),
    "town": Card("tw"),
    "food": Card("fo", ("yes", "no")),
    "medicine": Card("me", ("yes", "no", "unsure")),
    "pregnant": Card("pg", ("yes", "no", "unsure", "skip")),
    "papers": Card("pa", ("mine", "taken", "none", "skip")),
    "pay": Card("py", ("yes", "some", "no", "skip")),
    "debt": Card("de", ("yes", "no", "skip")),
    "lawyer": Card("lw", ("yes", "later", "no", "unsure")),
    "wish": Card("pw", ("yes", "later", "no", "unsure")),
    "speak": Card("in", ("yes", "no", "unsure")),
    "phone": Card("ph", ("yes", "later", "no")),
    "reach": Card("re", ("yes", "no", "unsure", "skip")),
    "pause": Card("br", ("yes", "no")),
    "more": Card("mo", ("yes", "no")),
    "end": Card("en", ("yes", "no")),
    "hello": Card("hi"),
    "time": Card("ti"),
    "skip": Card("sk"),
    "limits": Card("li"),
    "believe": Card("be", tells=True),
    "thanks": Card("th", tells=True),
    "look": Card("lo"),
    "wait": Card("wa"),
    "told": Card("to", tells=True),
    "number": Card("nu"),
    "exit": Card("ex"),
    "next": Card("nx"),
    "bye": Card("by", tells=True),
    "free": Card("fr"),
    "police": Card("po"),
    "never": Card("nv"),
    "redirect": Card("rd"),
    "firm": Card("fi"),
    "young": Card("yo"),
    "age": Card("ag", ("under16", "under18", "adult", "skip"), after="young"),
    "life": Card("lf"),
    "help": Card("he", ("yes", "myself", "no", "unsure")),
    "people": Card("pu"),
    "operator": Card("op"),
    "call": Card("ca", ("yes", "later", "no")),
    "hurt": Card("hu", ("yes", "no", "unsure", "skip")),
    "alone": Card("al", ("yes", "no", "skip")),
    "stay": Card("st", tells=True),
    "line": Card("ln"),
    "breathe": Card("bt", ("yes", "no", "unsure")),
    "took": Card("tk"),
    "others": Card("ot", ("yes", "no", "unsure", "skip")),
}


# The question whether words may be kept, which brings them along: no card of the book, for it is sent with words only.
KEEP: Final = "keep"
KEEP_YES: Final = "keep"
KEEP_NO: Final = "keepnot"
KEEP_CHOICES: Final = (KEEP_YES, KEEP_NO)


# The question whether somebody may join, by what he is here for: no card of the book either, for it names a person.
GuestAs = Literal["interpreter", "colleague"]
GUESTS: Final[tuple[str, ...]] = get_args(GuestAs)
GUEST_YES: Final = "guestyes"
GUEST_NO: Final = "guestno"
GUEST_CHOICES: Final = (GUEST_YES, GUEST_NO)


# What stands under the line in which a supervisor says that she writes here as well.
AWAY_CHOICE: Final = "sendaway"


# What stands beside its original, below it, until somebody has signed the words: limits, consents, the way out.
BESIDE: Final = frozenset(("young", "life", "limits", "never", "exit", KEEP, *GUESTS))


# FSI and PDI: a name written from the other side disturbs nothing.
APART: Final = "\u2068"
END_APART: Final = "\u2069"


class Speech:
    """Says a card, and what else stands in the stream as a name, in a language of the site."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def knows(self, name: str) -> bool:
        """Whether this house has such a card; a newer one may have more."""
        return name in CARDS or name == KEEP or name in GUESTS

    def keep(self, tag: str, words: str, days: int) -> str:
        """The question whether these very words may be kept, with the words."""
        language = LANGUAGES.get(tag, ENGLISH)
        asked = self._catalogue.plural(language, "cards.keep", days)
        beside = self._catalogue.beside(language, "cards.keep")
        if beside is not None:
            asked = below(asked, self._catalogue.plural(beside, "cards.keep", days))
        return f"{asked}\n\n{APART}{words}{END_APART}"

    def guest(self, tag: str, name: str, alias: str) -> str:
        """The question whether this person may join."""
        return self._card(tag, name, alias)

    def card(self, tag: str, name: str, by: str = "") -> str:
        """What it says in the mouth of `by`, an alias; an empty text for one this house does not know."""
        return self._card(tag, name, by) if name in CARDS else ""

    def choice(self, tag: str, choice: str) -> str:
        """What a choice says."""
        return self.say(tag, f"translation.choice.{choice}" if choice in TAPPED else f"cards.choice.{choice}")

    def choices(self, tag: str, name: str) -> tuple[tuple[str, str], ...]:
        """Each choice of a card with what it says."""
        known = CARDS.get(name)
        asked = {KEEP: KEEP_CHOICES} | dict.fromkeys(GUESTS, GUEST_CHOICES)
        choices = known.choices if known else asked.get(name, ())
        return tuple((choice, self.choice(tag, choice)) for choice in choices)

    def line(self, tag: str, key: str, name: str) -> str:
        """A line of the house about the one of this alias, which stands apart from what is written around it."""
        return self._catalogue.phrase(LANGUAGES.get(tag, ENGLISH), key, name=f"{APART}{name}{END_APART}")

    def away(self, tag: str) -> tuple[tuple[str, str], ...]:
        """The tap that sends away whoever joined."""
        return ((AWAY_CHOICE, self.choice(tag, AWAY_CHOICE)),)

    def company(self, tag: str, kind: Company) -> str:
        """What somebody says who reads along, writes along or is a guest from here on, or no more."""
        return self.say(tag, f"talk.{kind}")

    def _card(self, tag: str, name: str, by: str) -> str:
        key = f"cards.{name}"
        words, beside = self.line(tag, key, by), self._catalogue.beside(LANGUAGES.get(tag, ENGLISH), key)
        return words if beside is None or name not in BESIDE else below(words, self.line(beside.tag, key, by))

    def offers(self, tag: str) -> tuple[str, str, str]:
        """Whether something is in this language, the tap that shows a page in it, and the one that does not."""
        return self.say(tag, "tongues.ask"), self.say(tag, "tongues.show"), self.choice(tag, "no")

    def beside(self, tag: str, key: str) -> str:
        """The tag of the language whose words stand below these; empty where somebody has signed them."""
        beside = self._catalogue.beside(LANGUAGES.get(tag, ENGLISH), key)
        return "" if beside is None else beside.tag

    def say(self, tag: str, key: str, **values: str) -> str:
        """A line of the house."""
        return self._catalogue.phrase(LANGUAGES.get(tag, ENGLISH), key, **values)


def below(words: str, original: str) -> str:
    """Words, and below them the original, which runs its own way."""
    return f"{words}\n\n{APART}{original}{END_APART}"
