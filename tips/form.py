"""Turns what was typed into the tip form into a typed form, or says field by field what to mend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from portal.handover import WordsLeft
from portal.web.sanitise import tidy_text
from tips.tip import Child, Path, Urgency

# Field names stand in the page's source: dull ones, so that a glance at it tells nothing.
WORDS: Final = "words"
ABOUT: Final = "about"
SOON: Final = "soon"
PLACE: Final = "place"
DAY: Final = "day"
YOUNG: Final = "young"
ANSWER: Final = "answer"
REACH: Final = "reach"

TEXT_LIMITS: Final[Mapping[str, int]] = {WORDS: 8000, PLACE: 500, DAY: 500, REACH: 500}

PATHS: Final[Mapping[str, Path]] = {"1": Path.SELF, "2": Path.KNOWN, "3": Path.SAW}
URGENCIES: Final[Mapping[str, Urgency]] = {"1": Urgency.NOW, "2": Urgency.DAY, "3": Urgency.EARLIER}
CHILDREN: Final[Mapping[str, Child]] = {"1": Child.YES, "2": Child.NO, "3": Child.UNSURE}
ANSWERS: Final[Mapping[str, bool]] = {"1": True, "2": False}
_TALK_PATHS: Final[Mapping[str, Path]] = {"self": Path.SELF, "other": Path.KNOWN}

# What stands folded under "more"; a page that shows one of them filled opens the fold.
MORE: Final = (PLACE, DAY, YOUNG, ANSWER, REACH)

# Sealed parts end at 64 KiB; one body of 8,000 letters of four bytes each stays well inside.
ADDITION_LIMIT: Final = TEXT_LIMITS[WORDS]


@dataclass(frozen=True)
class TipForm:
    """A form that may be filed. Everything but `words` may be empty."""

    words: str = field(repr=False)
    path: Path = Path.UNSAID
    urgency: Urgency = Urgency.UNSAID
    child: Child = Child.UNSAID
    answer_welcome: bool | None = None
    place: str = field(default="", repr=False)
    when: str = field(default="", repr=False)
    reach: str = field(default="", repr=False)


@dataclass(frozen=True)
class Mend:
    """One thing to mend: the field's name and the phrase that says how."""

    field: str
    phrase: str


def read(typed: Mapping[str, str]) -> TipForm | tuple[Mend, ...]:
    """The form that was typed, or what to mend, in the order of the page. Unknown fields and choices are dropped."""
    text = {name: tidy_text(typed.get(name, "")) for name in TEXT_LIMITS}
    mends = []
    if not text[WORDS]:
        mends.append(Mend(WORDS, "note.error.words_missing"))
    mends.extend(Mend(name, "note.error.too_long") for name, limit in TEXT_LIMITS.items() if len(text[name]) > limit)
    if mends:
        return tuple(mends)
    return TipForm(
        words=text[WORDS],
        path=PATHS.get(typed.get(ABOUT, ""), Path.UNSAID),
        urgency=URGENCIES.get(typed.get(SOON, ""), Urgency.UNSAID),
        child=CHILDREN.get(typed.get(YOUNG, ""), Child.UNSAID),
        answer_welcome=ANSWERS.get(typed.get(ANSWER, "")),
        place=text[PLACE],
        when=text[DAY],
        reach=text[REACH],
    )


def from_talk(left: WordsLeft) -> list[TipForm]:
    """What was said in a chat as forms that may be filed one after the other; none when nothing was said.

    Everything said stands in the first one as far as it fits; what does not fit follows, and nothing is cut off.
    """
    pieces = [""]
    for text in (tidy_text(words) for words in left.words):
        for part in (text[at : at + ADDITION_LIMIT] for at in range(0, len(text), ADDITION_LIMIT)):
            joined = f"{pieces[-1]}\n{part}" if pieces[-1] else part
            if len(joined) <= ADDITION_LIMIT:
                pieces[-1] = joined
            else:
                pieces.append(part)
    first = TipForm(
        words=pieces[0],
        path=_TALK_PATHS.get(left.about, Path.UNSAID),
        urgency=Urgency.NOW if left.safe == "now" else Urgency.UNSAID,
        answer_welcome=True,
        place=tidy_text(left.region)[: TEXT_LIMITS[PLACE]],
    )
    return [first, *(TipForm(words=piece) for piece in pieces[1:])] if pieces[0] else []


def read_addition(typed: str) -> str | Mend:
    """The words to add to a tip, or what to mend."""
    text = tidy_text(typed)
    if not text:
        return Mend(WORDS, "note.error.words_missing")
    if len(text) > ADDITION_LIMIT:
        return Mend(WORDS, "note.error.too_long")
    return text


def kept_typing(typed: Mapping[str, str]) -> dict[str, str]:
    """What a page under a pass shows again: our own fields only, cut where they could not be typed honestly.

    Twice the limit is kept, so that somebody who wrote too much can shorten it instead of writing it again.
    """
    kept = {name: typed[name][: 2 * limit] for name, limit in TEXT_LIMITS.items() if typed.get(name)}
    kept |= {name: typed[name][:1] for name in (ABOUT, SOON, YOUNG, ANSWER) if typed.get(name)}
    return kept
