"""Keeps what a visitor answered while waiting, as one small card that is sealed as a whole."""

from typing import Final, Literal

import msgspec

from chat.protocol.kinds import Question
from i18n.spoken import SPOKEN
from portal.web.sanitise import strip_markup, tidy_text

CHOICES: Final[dict[Question, frozenset[str]]] = {
    "safe": frozenset({"yes", "unsure", "no", "now"}),
    "about": frozenset({"self", "other"}),
    "cutoff": frozenset({"5", "30", "60", "go"}),
    "phone": frozenset({"cannot"}),
    "reads": frozenset({"taps"}),
    "spoken": frozenset(SPOKEN),
    "kin": frozenset({"yes"}),
}
TYPED: Final[frozenset[Question]] = frozenset({"name", "region"})
# Questions that stand apart on the card: a house of yesterday reads no others than it knew.
APART: Final[tuple[Question, ...]] = ("spoken", "kin")


# How her page hears: by a websocket, by asking again and again, or without script. The desk is shown which.
Way = Literal["", "poll", "plain"]

# How she came back from behind a cover: with the word she chose, or without it although she has one.
CameBack = Literal["", "word", "held"]


class UnknownChoice(ValueError):
    """The question has no such choice."""


class Answers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The card as it is sealed: the page's language, how it hears, a choice per question, when "safe" was answered, how
    she came back from behind a cover. `note`: the name of the note it began from, sealed once more under the staff key.
    `spoken`: the tag of what she speaks on the phone; `kin`: `yes` where she would like somebody who knows Indigenous
    communities.
    """

    language: str = ""
    given: dict[Question, str] = {}
    safe_ms: int = 0
    way: Way = ""
    back: CameBack = ""
    note: str = ""
    spoken: str = ""
    kin: str = ""

    def __repr__(self) -> str:
        return "Answers(...)"

    def with_answer(self, question: Question, choice: str, *, at_ms: int) -> "Answers":
        """The card with one more answer; an empty choice takes the answer back. Raises UnknownChoice."""
        choice = read_choice(question, choice)
        if question in APART:
            return msgspec.structs.replace(self, **{question: choice})
        given = {asked: kept for asked, kept in self.given.items() if asked != question}
        if choice:
            given[question] = choice
        return msgspec.structs.replace(
            self, given=given, safe_ms=(at_ms if choice else 0) if question == "safe" else self.safe_ms
        )

    def get(self, question: Question) -> str:
        """The choice, or an empty text when the question was not answered."""
        return self.told.get(question, "")

    @property
    def told(self) -> dict[Question, str]:
        """Every answer by its question."""
        apart: dict[Question, str] = {question: said for question in APART if (said := getattr(self, question))}
        return {**self.given, **apart} if apart else self.given


def read_choice(question: Question, choice: str) -> str:
    """The choice as it is kept. Raises UnknownChoice for one the question does not offer."""
    if question in TYPED:
        return " ".join(tidy_text(strip_markup(choice)).split())
    if choice and choice not in CHOICES[question]:
        raise UnknownChoice
    return choice


_decoder = msgspec.json.Decoder(Answers)


def write_answers(answers: Answers) -> bytes:
    """The card as the bytes that are sealed."""
    return msgspec.json.encode(answers)


def read_answers(raw: bytes) -> Answers:
    """The card from the bytes that were sealed."""
    return _decoder.decode(raw)
