"""Lists every question a reporter may answer: its name on the page, what it is called once sealed, how it is answered.

The list is read once on the server (`tips.form`), drawn by one template (`templates/tips/asks.html`) and named again at
the desk. What a question is called once sealed never changes and never means something else; an answer that is tapped
is kept as a word, and its number on the page is its place in the list, so new answers are only ever added at the end.
Not asked, and to stay so: papers, immigration status, day of birth, numbers of documents, payment.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Final

from i18n.languages import LANGUAGES
from i18n.spoken import SPOKEN
from portal.numbers import numbers
from tips.consents import Consent, Identity
from tips.tip import Child, Path, Urgency

YES: Final = "yes"
NO: Final = "no"


class How(Enum):
    """How a question is answered."""

    LINE = "line"  # one line of words
    LINES = "lines"  # several lines of words
    NUMBER = "number"  # one line in which the digits of every script are read
    ONE = "one"  # one tap among a few
    MANY = "many"  # any number of ticks
    LIST = "list"  # one of a long list, by the list's own words


class Home(StrEnum):
    """Into which sealed part an answer goes, and so by which key it opens."""

    WORDS = "words"
    CARD = "card"
    FACTS = "facts"
    NAMES = "names"
    CONSENT = "consent"


class Fold(StrEnum):
    """Where a question stands: in view, or in one of the groups that open by a tap."""

    VIEW = "view"
    NOW = "now"  # beside whom to call, where it is happening now
    REACH = "reach"
    SHARE = "share"
    KIND = "kind"
    SIGNS = "signs"
    WHERE = "where"
    THEM = "them"
    DOING = "doing"
    LAST = "last"
    LOST = "lost"  # asked of nobody but who says that she wrote before and lost her number
    WORK = "work"  # in view for whoever comes from the page about rights at work
    HIDDEN = "hidden"  # stands in the page as a field that nobody fills in


@dataclass(frozen=True)
class Ask:
    """One question. `name` stands in the page's source, dull on purpose; `fact` is what its answer is called sealed.

    `bound` counts letters. `choices` are kept words, in the order of the page. `skipped_by` are the paths on which it
    is not asked; an answer that comes nevertheless is read.
    """

    name: str
    fact: str
    how: How
    home: Home
    fold: Fold
    bound: int = 0
    choices: tuple[str, ...] = ()
    has_hint: bool = False
    rows: int = 0
    skipped_by: frozenset[Path] = frozenset()

    @property
    def is_typed(self) -> bool:
        """Answered with letters, not with taps."""
        return self.how in (How.LINE, How.LINES, How.NUMBER)

    @property
    def values(self) -> Mapping[str, str]:
        """What the page posts, and the word it is kept as."""
        if self.how is How.LIST:
            return {choice: choice for choice in self.choices}
        return {str(number): choice for number, choice in enumerate(self.choices, start=1)}


def regions() -> tuple[str, ...]:
    """The places a reporter may choose, in the order of the file: parts of a country where it has some."""
    known = numbers()
    whole = {region.country for region in known.regions if region.id != region.country}
    return tuple(region.id for region in known.regions if region.id not in whole)


_SELF: Final = frozenset({Path.SELF})
_SAW: Final = frozenset({Path.SAW})
_KINDS: Final = ("labour", "sex", "both", "other", "unsure")
_VENUES: Final = (
    "agriculture", "food_processing", "restaurant", "hotel", "construction", "factory", "cleaning", "domestic",
    "caregiving", "landscaping", "forestry", "health_care", "temp_agency", "sales_crew", "begging", "carnival",
    "entertainment", "recreation", "beauty", "massage", "bar", "escort", "outdoor", "residential", "remote_sexual",
    "pornography", "personal_servitude", "illicit", "other",
)  # fmt: skip
_SIGNS: Final = (
    "papers_held", "not_alone", "little_pay", "debt", "other_job", "offer_too_good", "moved_blind", "threat_removal",
    "bad_housing", "no_doctor", "fears_for_family", "spoken_for", "phone_watched", "moved_often", "lost_here",
    "marks", "controlled", "gifts", "nothing_on_them", "changed_fast", "young_with_adult", "worn_out",
)  # fmt: skip
_NEEDS: Final = ("leave_now", "bed", "doctor", "food", "lawyer", "listener", "interpreter", "other")

_AREA: Final = Ask("area", "region", How.LIST, Home.FACTS, Fold.WHERE, choices=regions())

_KIND: Final = Ask("kind", "kind", How.ONE, Home.FACTS, Fold.KIND, choices=_KINDS)

_THEM: Final = (
    Ask("count", "count", How.ONE, Home.FACTS, Fold.THEM, choices=("one", "few", "many", "unsure")),
    Ask("speak", "speaks", How.LINE, Home.FACTS, Fold.THEM, bound=200),
    Ask("looks", "looks", How.LINES, Home.FACTS, Fold.THEM, bound=1000, has_hint=True, rows=2, skipped_by=_SELF),
    Ask("needs", "needs", How.MANY, Home.FACTS, Fold.THEM, choices=_NEEDS, skipped_by=_SAW),
)

_DOING: Final = (
    Ask("them", "suspected_name", How.LINE, Home.FACTS, Fold.DOING, bound=300, has_hint=True),
    Ask("build", "suspected_looks", How.LINES, Home.FACTS, Fold.DOING, bound=1000, has_hint=True, rows=2),
    Ask("line", "suspected_handle", How.NUMBER, Home.FACTS, Fold.DOING, bound=300),
    Ask("firm", "business", How.LINE, Home.FACTS, Fold.DOING, bound=300),
    Ask("car", "vehicle", How.LINE, Home.FACTS, Fold.DOING, bound=300),
    Ask("plate", "plate", How.NUMBER, Home.FACTS, Fold.DOING, bound=60),
)

# Of somebody who wrote before and has lost her number: that she says so, and what only she would know of the old note.
LOST: Final = (
    Ask("past", "past", How.LINES, Home.FACTS, Fold.LOST, bound=1000, has_hint=True, rows=2),
    Ask("again", "lost", How.ONE, Home.FACTS, Fold.HIDDEN, choices=(YES,)),
)

# In the order of the page, which is short to look at and light to carry.
NOTE: Final[tuple[Ask, ...]] = (
    Ask("words", "text", How.LINES, Home.WORDS, Fold.VIEW, bound=8000, has_hint=True, rows=5),
    Ask("about", "path", How.ONE, Home.CARD, Fold.VIEW, choices=(Path.SELF, Path.KNOWN, Path.SAW)),
    Ask("place", "place", How.LINE, Home.WORDS, Fold.VIEW, bound=500, has_hint=True),
    Ask("soon", "urgency", How.ONE, Home.CARD, Fold.VIEW, choices=(Urgency.NOW, Urgency.DAY, Urgency.EARLIER)),
    replace(_AREA, fold=Fold.NOW),
    Ask("day", "when", How.LINE, Home.WORDS, Fold.VIEW, bound=500, has_hint=True),
    Ask("young", "child", How.ONE, Home.CARD, Fold.VIEW, choices=(Child.YES, Child.NO, Child.UNSURE), has_hint=True),
    replace(_KIND, fold=Fold.WORK),
    *LOST,
    *_THEM,
    *_DOING,
    Ask("who", "identity", How.ONE, Home.CONSENT, Fold.SHARE, choices=tuple(Identity), has_hint=True),
    Ask("ok", "consents", How.MANY, Home.CONSENT, Fold.SHARE, choices=tuple(Consent), has_hint=True),
    Ask("answer", "answer", How.ONE, Home.CARD, Fold.REACH, choices=(YES, NO), has_hint=True),
    Ask("called", "name", How.LINE, Home.NAMES, Fold.REACH, bound=200, has_hint=True),
    Ask("reach", "reach", How.NUMBER, Home.NAMES, Fold.REACH, bound=500, has_hint=True),
    Ask("hours", "hours", How.LINE, Home.NAMES, Fold.REACH, bound=200),
    Ask("mask", "mask", How.LINE, Home.NAMES, Fold.REACH, bound=300),
    Ask("voice", "voice", How.ONE, Home.NAMES, Fold.REACH, choices=(YES, NO)),
    Ask("tongue", "tongue", How.LIST, Home.NAMES, Fold.REACH, choices=tuple(LANGUAGES)),
    Ask("speech", "spoken", How.LIST, Home.NAMES, Fold.REACH, choices=tuple(SPOKEN)),
)

# On a page of its own, reached when the words are safe: all facts, with the long lists that would weigh down the first.
MORE: Final[tuple[Ask, ...]] = (
    _KIND,
    Ask("work", "venues", How.MANY, Home.FACTS, Fold.KIND, choices=_VENUES),
    Ask("signs", "signs", How.MANY, Home.FACTS, Fold.SIGNS, choices=_SIGNS, has_hint=True),
    _AREA,
    Ask("town", "town", How.LINE, Home.FACTS, Fold.WHERE, bound=200),
    Ask("spot", "address", How.NUMBER, Home.FACTS, Fold.WHERE, bound=300, has_hint=True),
    Ask("web", "online", How.LINE, Home.FACTS, Fold.WHERE, bound=300, has_hint=True),
    Ask("often", "often", How.ONE, Home.FACTS, Fold.WHERE, choices=("once", "ongoing", "unsure")),
    *_THEM,
    *_DOING,
    Ask(
        "tie",
        "tie",
        How.ONE,
        Home.FACTS,
        Fold.LAST,
        choices=("family", "friend", "co_worker", "provider", "neighbour", "other"),
        skipped_by=_SELF | _SAW,
    ),
    Ask("heard", "heard_from", How.LINE, Home.FACTS, Fold.LAST, bound=200),
)

FACTS: Final[Mapping[str, Ask]] = {ask.fact: ask for ask in (*MORE, *LOST)}
"""Every fact that may stand in the part `facts`, by what it is called there, in the order of the pages."""


def asked(sheet: tuple[Ask, ...], fold: Fold, path: Path = Path.UNSAID) -> tuple[Ask, ...]:
    """The questions of one group, as somebody on this path is asked them."""
    return tuple(ask for ask in sheet if ask.fold is fold and path not in ask.skipped_by)
