"""Decides who may freeze a picture and who may let it go: two people, each time, and until then nobody sees it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from portal.errors import PorchlightError


class Hold(StrEnum):
    """How far a freezing has come. In every one of them the picture is shown to nobody and erased by nobody."""

    ASKED = "asked"  # one person has said so
    FROZEN = "frozen"  # two have
    FREEING = "freeing"  # one of those who may has said that it can go


Act = Literal["freeze", "free"]


class SecondPersonNeeded(PorchlightError):
    """Whoever spoke first cannot be the second person too."""

    phrase = "desk.files.second_needed"
    status = 409


@dataclass(frozen=True)
class Held:
    """A hold and who spoke: `first` and `second` for the freezing, `third` for the letting go."""

    hold: Hold
    first: bytes
    second: bytes = b""
    third: bytes = b""


def after(held: Held | None, act: Act, person: bytes) -> Held | None:
    """What a person's word makes of it; None: nothing holds the picture any more.

    Saying a second time what one said before changes nothing, and raises SecondPersonNeeded. A first word that was a
    mistake is taken back by anybody who may speak: that leads back to where it stood before.
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
        case Held(Hold.FROZEN, first, second), "free":
            return Held(Hold.FREEING, first, second, person)
        case Held(Hold.FREEING, first, second), "freeze":
            return Held(Hold.FROZEN, first, second)
        case Held(Hold.FREEING, third=third), "free" if third != person:
            return None
        case Held(Hold.FROZEN), "freeze":
            return held
    raise SecondPersonNeeded("the second word is another person's")
