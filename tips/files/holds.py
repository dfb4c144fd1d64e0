"""Decides who may freeze a file, and what becomes of a frozen one: two people, each time, and nobody sees it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, cast

from portal.errors import NotThere, PorchlightError


class Hold(StrEnum):
    """How far a freezing has come. In every one of them the file is shown to nobody and erased by nobody."""

    ASKED = "asked"  # one person has said so
    FROZEN = "frozen"  # two have
    FREEING = "freeing"  # one of those who may has said what becomes of it
    DESTROYED = "destroy"  # two have said that the law wants it gone: never stored, for nothing is left to hold


# `free`: it was no such image. `police`: it stays, kept for those it was reported to. `destroy`: the law's word.
Decision = Literal["free", "police", "destroy"]
Act = Literal["freeze", Decision]
# Letters of what is written down about a decision.
FEWEST: Final = 3
DECISIONS: Final[tuple[Decision, ...]] = ("police", "free", "destroy")


class SecondPersonNeeded(PorchlightError):
    """Whoever spoke first cannot be the second person too."""

    phrase = "desk.files.second_needed"
    status = 409


class WordsNeeded(PorchlightError):
    """A decision by somebody else's order says whose, and under which number."""

    phrase = "desk.files.words_needed"
    status = 422


@dataclass(frozen=True)
class Held:
    """A hold and who spoke: `first` and `second` for the freezing, `third` for the decision that waits.

    `what`: the decision that waits for a second person, or the one by which a frozen file stays. `entry` names what was
    written down about it among the records. `is_lost`: a row, or an audit line, that said so was changed or taken away.
    """

    hold: Hold
    first: bytes
    second: bytes = b""
    third: bytes = b""
    what: str = ""
    entry: bytes = b""
    is_lost: bool = False

    @property
    def stays(self) -> bool:
        """Whether there is still a file to hold."""
        return self.hold is not Hold.DESTROYED


def after(held: Held | None, act: Act, person: bytes, entry: bytes = b"") -> Held | None:
    """What a person's word makes of it; None: nothing holds the file any more.

    Saying a second time what one said before changes nothing, and raises SecondPersonNeeded. A first word that was a
    mistake is taken back by anybody who may speak: that leads back to where it stood before. Raises NotThere for a word
    that has no place here.
    """
    match held, act:
        case None, "freeze":
            return Held(Hold.ASKED, person)
        case None, "free":
            return None
        case Held(Hold.ASKED, first), "freeze" if first != person:
            return Held(Hold.FROZEN, first, person)
        case Held(Hold.ASKED), "free":
            return None
        case Held(Hold.FROZEN, first, second), "free" | "police" | "destroy":
            return Held(Hold.FREEING, first, second, person, act, entry)
        case Held(Hold.FREEING, first, second), "freeze":
            return Held(Hold.FROZEN, first, second)
        case Held(Hold.FREEING), _ if act == (held.what or "free") and held.third != person:
            return _decided(held)
        case Held(Hold.FROZEN), "freeze":
            return held
        case (Held(Hold.ASKED), "freeze") | (Held(Hold.FREEING), _) if act in ("freeze", held.what or "free"):
            raise SecondPersonNeeded("the second word is another person's")
    raise NotThere("no such word here")


def _decided(held: Held) -> Held | None:
    match cast(Decision, held.what or "free"):
        case "police":
            return Held(Hold.FROZEN, held.first, held.second, what="police", entry=held.entry)
        case "destroy":
            return Held(Hold.DESTROYED, held.first, held.second, what="destroy", entry=held.entry)
    return None
