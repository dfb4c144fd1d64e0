"""What stands inside the desk's frames: the card, a row of the queue, a conversation she holds."""

from typing import Literal

from chat.protocol.kinds import Agreed, ConversationId, Danger, Frame, Outcome, State


class Card(Frame, frozen=True, kw_only=True):
    """What the visitor answered while waiting; an empty text means not answered."""

    language: str = ""
    writes: str = ""  # the language her words look like, where that is another; a guess of this line, kept nowhere
    safe: str = ""
    safe_s: int = 0  # seconds since that answer
    about: str = ""
    cutoff: str = ""
    phone: str = ""
    reads: str = ""
    name: str = ""
    region: str = ""
    spoken: str = ""  # the tag of what she speaks on the phone, where that is another thing than what she reads
    kin: str = ""  # `yes`: she would like somebody who knows Indigenous communities
    way: str = ""  # how her page hears: empty by a websocket, `poll` by asking, `plain` without script
    danger: Danger | Literal[""] = ""  # what staff marked, with `danger_s` seconds since; `who` is coming, if anybody
    danger_s: int = 0
    who: str = ""
    outcome: Outcome | Literal[""] = ""  # how it ended; empty while it lasts
    other: bool = False  # somebody else may be writing, as staff marked it `other_s` seconds ago: name no place
    other_s: int = 0
    child: bool = False  # marked as a child by staff; what she tapped stands in the conversation
    stages: tuple[str, ...] = ()  # of the talk, as staff ticked them
    steps: tuple[str, ...] = ()  # of the danger that lasts, those that were done
    back: str = ""  # from behind a cover: `word` with the one she chose, `held` without it although she has one
    recorded: bool = False  # after the end: its record is written
    wrote: bool = False  # the talk began from a note; `note` and `day` only for whoever may open notes
    note: str = ""
    day: str = ""
    hers: Agreed = ""  # whether a machine translates her words for this desk, and the desk's for her
    theirs: Agreed = ""
    engine: str = ""  # how it is: ready, slow, away; empty where none is asked


class Waiting(Frame, frozen=True, kw_only=True):
    """One row of the queue."""

    conversation: ConversationId
    place: int
    waited_s: int
    language: str
    safe: str
    about: str
    name: str
    region: str
    words: int  # messages already written; read only by taking
    returned: bool  # given back by a line that broke
    danger: bool = False  # marked by staff, and not over
    heap: int = 0  # in a surge: rows of one number began alike; 0 for one that is like no other
    like: int = 0  # how many others of its heap wait; the first few of them have rows
    lot: bool = False  # in a surge: drawn by lot, and next
    other: bool = False  # somebody else may be writing
    kin: bool = False  # she would like somebody who knows Indigenous communities
    first: Literal["", "me", "others"] = ""  # whom it is offered to before all others, for `first_s` seconds more
    first_s: int = 0


class OnDuty(Frame, frozen=True, kw_only=True):
    """Somebody who takes conversations now, what she speaks, and whether she knows Indigenous communities."""

    name: str
    languages: tuple[str, ...]
    kin: bool = False


class Mine(Frame, frozen=True, kw_only=True):
    """One conversation this advocate holds; `offer`: how far an offer of it has come, `to`: to whom, or who reads."""

    conversation: ConversationId
    state: State
    offer: str = ""  # offered, reading, declined, phone
    to: str = ""  # empty of one offered to whoever is ready
    read: int = 0  # the number up to which this person has read it, on whatever page
