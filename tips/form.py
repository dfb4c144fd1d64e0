"""Turns what was typed into the tip form into a typed form, or says field by field what to mend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from i18n.formats import plain_digits
from portal.handover import WordsLeft
from portal.web.forms import Form
from portal.web.sanitise import tidy_text
from tips import asked
from tips.asked import MORE, NOTE, Ask, Home, How
from tips.consents import Consent, Identity
from tips.tip import Child, Names, Path, Urgency

WORDS: Final = "words"

# Sealed parts end at 64 KiB; one body of 8,000 letters of four bytes each stays well inside.
ADDITION_LIMIT: Final = 8000

ANSWERS: Final[Mapping[str, bool]] = {asked.YES: True, asked.NO: False}
_TALK_PATHS: Final[Mapping[str, Path]] = {"self": Path.SELF, "other": Path.KNOWN}

REACH: Final = tuple(ask for ask in NOTE if ask.home is Home.NAMES)

Said = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class TipForm:
    """A form that may be filed. Everything but `words` may be empty. `identity` is None where nothing was chosen."""

    words: str = field(repr=False)
    path: Path = Path.UNSAID
    urgency: Urgency = Urgency.UNSAID
    child: Child = Child.UNSAID
    answer_welcome: bool | None = None
    place: str = field(default="", repr=False)
    when: str = field(default="", repr=False)
    reach: str = field(default="", repr=False)
    names: Names = field(default=Names(), repr=False)
    facts: Said = field(default_factory=dict, repr=False)
    identity: Identity | None = None
    consents: frozenset[Consent] = frozenset()

    @property
    def all_names(self) -> Names:
        """Who she is and how to reach her, as it is sealed."""
        known = self.names
        return msgspec.structs.replace(known, reach=self.reach or known.reach)

    @property
    def says_lost(self) -> bool:
        """Whether she says that she wrote before and has lost her number."""
        return "lost" in self.facts

    @property
    def region(self) -> str:
        """The place she chose, for the numbers to call; nothing where she chose none."""
        return "".join(self.facts.get("region", ())[:1])


@dataclass(frozen=True)
class Mend:
    """One thing to mend: the field's name and the phrase that says how."""

    field: str
    phrase: str


def read(typed: Mapping[str, str]) -> TipForm | tuple[Mend, ...]:
    """The form that was typed, or what to mend, in the order of the page. Unknown fields and choices are dropped."""
    said, mends = _read(NOTE, typed)
    if not said.get(WORDS):
        mends = (Mend(WORDS, "note.error.words_missing"), *mends)
    if mends:
        return mends
    return TipForm(
        words=_one(said, WORDS),
        path=Path(_one(said, "about")),
        urgency=Urgency(_one(said, "soon")),
        child=Child(_one(said, "young")),
        answer_welcome=ANSWERS.get(_one(said, "answer")),
        place=_one(said, "place"),
        when=_one(said, "day"),
        reach=_one(said, "reach"),
        names=_names(said, without="reach"),
        facts=_facts(NOTE, said),
        identity=Identity(_one(said, "who")) if said.get("who") else None,
        consents=frozenset(Consent(each) for each in said.get("ok", ())),
    )


def read_more(typed: Mapping[str, str]) -> Said | tuple[Mend, ...]:
    """The details that were added, by what each is called once sealed, or what to mend. Nothing at all is an answer."""
    said, mends = _read(MORE, typed)
    return mends or _facts(MORE, said)


def read_names(typed: Mapping[str, str]) -> Names | tuple[Mend, ...]:
    """How she may be reached from now on, or what to mend. Nothing at all is an answer."""
    said, mends = _read(REACH, typed)
    return mends or _names(said)


def typed_names(names: Names) -> dict[str, str]:
    """What stands in the fields of somebody who left this."""
    kept = {ask: getattr(names, ask.fact) for ask in REACH}
    numbers = {ask: {choice: value for value, choice in ask.values.items()} for ask in REACH if not ask.is_typed}
    shown = {ask.name: numbers[ask].get(said, "") if ask in numbers else said for ask, said in kept.items()}
    return {name: said for name, said in shown.items() if said}


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
        place=tidy_text(left.region)[: bound_of("place")],
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


def kept_addition(typed: Mapping[str, str]) -> str:
    """What was typed into the field for more words; twice its limit, so that too much can be shortened."""
    return typed.get(WORDS, "")[: 2 * ADDITION_LIMIT]


def kept_typing(typed: Mapping[str, str], sheet: tuple[Ask, ...] = NOTE) -> dict[str, str]:
    """What a page under a pass shows again: our own fields only, cut where they could not be typed honestly.

    Twice the limit is kept, so that somebody who wrote too much can shorten it instead of writing it again. Ticks stand
    as their numbers with a space between.
    """
    kept = {ask.name: typed[ask.name][: 2 * ask.bound] for ask in sheet if ask.is_typed and typed.get(ask.name)}
    taps = {ask.name: " ".join(_tapped(ask, typed)) for ask in sheet if not ask.is_typed}
    return kept | {name: tapped for name, tapped in taps.items() if tapped}


def bound_of(name: str) -> int:
    """How many letters fit into a field of the form."""
    return next(ask.bound for ask in (*NOTE, *MORE) if ask.name == name)


def _read(sheet: tuple[Ask, ...], typed: Mapping[str, str]) -> tuple[dict[str, tuple[str, ...]], tuple[Mend, ...]]:
    said: dict[str, tuple[str, ...]] = {}
    mends = []
    for ask in sheet:
        answer: tuple[str, ...]
        if ask.is_typed:
            text = _text(ask, typed)
            if len(text) > ask.bound:
                mends.append(Mend(ask.name, "note.error.too_long"))
            answer = (text,) if text else ()
        else:
            answer = tuple(ask.values[value] for value in _tapped(ask, typed))
        if answer:
            said[ask.name] = answer
    return said, tuple(mends)


def _text(ask: Ask, typed: Mapping[str, str]) -> str:
    text = tidy_text(typed.get(ask.name, ""))
    return plain_digits(text) if ask.how is How.NUMBER else text


def _tapped(ask: Ask, typed: Mapping[str, str]) -> tuple[str, ...]:
    """What was tapped of what stands on the page, each once and in the page's order."""
    posted = typed.many(ask.name) if isinstance(typed, Form) else [typed.get(ask.name, "")]
    values = {value for each in posted for value in each.split()}
    known = tuple(value for value in ask.values if value in values)
    return known if ask.how is How.MANY else known[:1]


def _facts(sheet: tuple[Ask, ...], said: Said) -> Said:
    return {ask.fact: said[ask.name] for ask in sheet if ask.home is Home.FACTS and ask.name in said}


def _names(said: Said, *, without: str = "") -> Names:
    return msgspec.convert({ask.fact: _one(said, ask.name) for ask in REACH if ask.name != without}, Names)


def _one(said: Said, name: str) -> str:
    return "".join(said.get(name, ())[:1])
