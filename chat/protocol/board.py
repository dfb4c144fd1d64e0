"""What a supervisor's board is told: how many and how long, who is on and in which state; nobody's words or figures."""

from chat.protocol.kinds import Door, Frame


class OnBoard(Frame, frozen=True, kw_only=True):
    """Somebody who is on, by alias, and her state; nothing says how much she did, or since when."""

    name: str
    shift: str


class CalledFor(Frame, frozen=True, kw_only=True):
    """How many calls of one kind are open, for how long the oldest is, and how many of them nobody said yes to."""

    kind: str
    count: int
    since_s: int
    unheard: int


class BoardSnapshot(Frame, frozen=True, kw_only=True, tag=True):
    """How the house stands now: after each change, at most once a second, and every 15 seconds."""

    waiting: int
    longest_s: int  # of those who wait; 0 while nobody does
    held: int  # conversations in somebody's hands
    heavy: int  # of those, in which danger was marked
    places: int  # of all who take conversations now; who holds how many is told nowhere
    people: tuple[OnBoard, ...]
    calls: tuple[CalledFor, ...] = ()
    surge: bool = False
    on_call: str = ""  # the alias of whoever is called first now; empty: nobody
    door: Door = "always"
    door_until: str = ""
    heard: bool = True  # whether the house heard itself when it last wrote to itself
