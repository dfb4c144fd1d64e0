"""The journeys a phone is searched after, by name, and which of them stand side by side in the tabs of one browser."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Final

from tests.support.device_search_acts import ACTED, PLAIN_ACTED
from tests.support.device_search_covered import (
    Covered,
    CoveredAndBack,
    CoveredForgotten,
    PlainCovered,
    PlainCoveredAndBack,
    PlainCoveredForgotten,
)
from tests.support.device_search_journeys import Note, PlainTalk, Receipt, Return, Talk, Walked
from tests.support.device_search_out import (
    AskedTalk,
    ClosedDoor,
    Ended,
    KeptPlainTalk,
    KeptTalk,
    LeftAsNote,
    PlainClosedDoor,
    PlainEnded,
    PlainLeftAsNote,
)
from tests.support.device_search_tongue import PlainSwitchedTalk, SwitchedTalk

Way = type[Walked]

# An advocate has three places. The first two of each five give theirs up before the others come: handed on and held
# off, left as a note and ended.
SIDE_BY_SIDE: Final = 5
_ACTED: Final[tuple[Way, ...]] = (*ACTED[:5], LeftAsNote, Ended, *ACTED[5:], ClosedDoor, SwitchedTalk)
_PLAIN_ACTED: Final[tuple[Way, ...]] = (
    *PLAIN_ACTED[:5],
    PlainLeftAsNote,
    PlainEnded,
    *PLAIN_ACTED[5:],
    PlainClosedDoor,
    PlainSwitchedTalk,
)


def _named(ways: Iterable[Way]) -> tuple[str, ...]:
    return tuple(way.name for way in ways)


def _pieces(
    first: tuple[Way, ...], covered: tuple[Way, ...], acted: tuple[Way, ...], *alone: Way
) -> list[tuple[Way, ...]]:
    """What stands side by side.

    A number kept beyond an exit is walked alone, for that exit's answer empties caches; so is a line without sockets.
    """
    fives = (acted[at : at + SIDE_BY_SIDE] for at in range(0, len(acted), SIDE_BY_SIDE))
    return [first, covered, *fives, *((way,) for way in alone)]


_SCRIPT: Final = _pieces(
    (Talk, Note, Receipt, Return), (Covered, CoveredAndBack, CoveredForgotten), _ACTED, KeptTalk, AskedTalk
)
_NO_SCRIPT: Final = _pieces(
    (PlainTalk, Note, Receipt, Return),
    (PlainCovered, PlainCoveredAndBack, PlainCoveredForgotten),
    _PLAIN_ACTED,
    KeptPlainTalk,
)
WAYS: Final = {way.name: way for way in chain(*_SCRIPT, *_NO_SCRIPT)}

# The whole table in pieces, by whether scripts run.
PIECES: Final = {True: tuple(map(_named, _SCRIPT)), False: tuple(map(_named, _NO_SCRIPT))}
