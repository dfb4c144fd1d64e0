"""Knows what an open conversation is to the one who holds it: its keys, and the fence its writes must carry."""

from dataclasses import dataclass
from typing import Final, Literal

from chat.consent import NOT_ASKED, Consent, Direction
from portal.vault.conversations import ConversationKeys
from portal.vault.secret import Dotted

# No talk lives longer, whatever else fails: the stores drop every key of it by themselves.
LASTS_HOURS: Final = 48

Standing = Literal["waiting", "talking", "ended", "erased"]
# `next`: reads it, and is to have it once all of it stands on her page. `watcher`: reads along. Both under no fence:
# nothing they say reaches the visitor. `joined`: reads along and writes, by her own mark and under no fence either.
# `guest`: reads from `since` on, and writes, by the visitor's yes.
Role = Literal["owner", "next", "watcher", "joined", "guest"]
NO_FENCE: Final = 0
# Who speaks for the desk where the house talks with itself: nobody's staff id.
HOUSE: Final = b"porchlight-house"


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in clear about a conversation. Times are milliseconds since 1970."""

    standing: Standing
    owner: bytes  # staff id, or empty
    fence: int
    seq: int
    notes: int
    arrived_ms: int
    tier: int
    has_spoken: bool
    words: int
    how: str
    ended_ms: int
    joined: int  # the number of the latest joining, 0 for none
    lost_ms: int | None  # when the newest line of the visitor's page broke
    hidden_ms: int | None = None  # since when her page is out of view
    shown: int = 0  # the last number that stood on her screen
    left_ms: int = 0  # until when her number brings her back after the exit; negative once it no longer does
    is_held_off: bool = False  # by an advocate, for a while: nobody is offered it, and no words are taken
    covered_ms: int | None = None  # since when her page is covered
    took_ms: int = 0  # when somebody took it first; 0 for never
    hers: Consent = NOT_ASKED  # whether a machine may translate her words
    theirs: Consent = NOT_ASKED  # and those of the desk

    @property
    def is_over(self) -> bool:
        """Nothing can be said any more."""
        return self.standing in ("ended", "erased")

    @property
    def agreed(self) -> tuple[int, ...]:
        """The numbers of the questions to which her yes to a machine stands."""
        return tuple(sorted({each.asked for each in (self.hers, self.theirs) if each.standing == "yes"}))

    def consent(self, direction: Direction) -> Consent:
        """What she said to a machine, for these words."""
        return self.hers if direction == "hers" else self.theirs


@dataclass(frozen=True, slots=True, repr=False)
class VisitorTalk(Dotted):
    """A conversation opened by its visitor's token."""

    id: bytes
    talk_key: bytes
    token: bytes
    facts: Facts


@dataclass(frozen=True, slots=True, repr=False)
class DeskTalk(Dotted):
    """A conversation opened at a desk; `fence` is the number of the take of the one who holds it."""

    id: bytes
    keys: ConversationKeys
    ember: bytes
    fence: int
    staff_id: bytes
    alias: str
    facts: Facts
    passed_over: bool = False  # by this very take: somebody who stood before it
    role: Role = "owner"
    since: int = 0  # a guest is handed no number before this one
    tongue: str = ""  # in which she reads her desk, and writes
    reads: tuple[str, ...] = ()  # the languages she said she reads
