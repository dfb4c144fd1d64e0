"""Knows what a visitor has allowed a machine to translate: for each direction nothing asked, yes since when, or no."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

# Whose words: hers, put into the desk's language, or the desk's, put into hers.
Direction = Literal["hers", "theirs"]
DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)

# What she can tap: yes or no under each question, and "stop" for both at once, at any time.
YES: Final = "machineyes"
NO: Final = "machineno"
STOP: Final = "machinestop"
EQUAL: Final = (YES, NO)
TAPPED: Final = (*EQUAL, STOP)

Standing = Literal["", "yes", "no"]


@dataclass(frozen=True, slots=True)
class Consent:
    """What she said for one direction.

    `since`: words up to this number are not meant by it; a first yes means all of them, one after a no only what comes
    after it. `asked`: the number of the question. `engine`: whose machine it named; a yes holds for no other.
    """

    standing: Standing = ""
    since: int = 0
    asked: int = 0
    engine: str = ""

    def covers(self, seq: int, engine: str) -> bool:
        """Whether the words under this number may go to this engine."""
        return self.standing == "yes" and self.engine == engine and seq > self.since


NOT_ASKED: Final = Consent()
REFUSED: Final = Consent("no")
_REFUSED: Final = b"-"


def read_consent(raw: bytes | None) -> Consent:
    """From the field as it is kept: nothing, `-`, or `<since> <asked> <engine>`."""
    if not raw:
        return NOT_ASKED
    if raw == _REFUSED:
        return REFUSED
    since, asked, engine = raw.decode().split(" ", 2)
    return Consent("yes", int(since), int(asked), engine)
