"""Says what a tip is: its words, its card, its status, and how each act moves the status."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

import msgspec


class Path(StrEnum):
    """How near the reporter is to it. Never asked twice, never needed."""

    UNSAID = ""
    SELF = "self"
    KNOWN = "known"
    SAW = "saw"


class Urgency(StrEnum):
    """How soon somebody should look."""

    UNSAID = ""
    NOW = "now"
    DAY = "day"
    EARLIER = "earlier"


class Child(StrEnum):
    """Whether somebody under eighteen is part of it."""

    UNSAID = ""
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Status(StrEnum):
    """Where a tip stands. The four words a reporter may read about it, and no more."""

    NEW = "new"
    BEING_READ = "reading"
    ANSWERED = "answered"
    CLOSED = "closed"


class ReceiptState(StrEnum):
    """Whether a way back exists: the number is being made, is made, or was not wanted."""

    PENDING = "pending"
    MADE = "made"
    NOT_WANTED = "none"


class Kind(StrEnum):
    """What a part of words is: the first telling, what the reporter added, or a reply of staff."""

    TOLD = "told"
    ADDED = "added"
    REPLY = "reply"


class Made(StrEnum):
    """How a translation was made. A word this house does not know counts as a machine's: it promises the least."""

    PERSON = "person"
    INTERPRETER = "interpreter"
    MACHINE = "machine"


# Opened by the hundred thousand, and never part of a ring.
class Card(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What the inbox shows of a tip: no words of the reporter, only what was tapped. Sealed like the words."""

    language: str
    path: Path
    urgency: Urgency
    child: Child
    answer_welcome: bool | None
    at: datetime
    from_talk: bool = False  # said in a chat that nobody took, and left here instead
    lost: bool = False  # she says that she wrote before and lost her number
    by_phone: bool = False  # written down by an advocate for somebody on the phone


class Translation(msgspec.Struct, frozen=True):
    """The same words in the language of whoever reads them, and how they came to be. `made` as in `Made`."""

    text: str
    language: str
    made: str

    def __repr__(self) -> str:
        return "Translation(...)"

    @property
    def is_by_person(self) -> bool:
        """Somebody put it into this language, of the house or from outside."""
        return self.made in (Made.PERSON, Made.INTERPRETER)


class Words(msgspec.Struct, frozen=True):
    """One part of a tip: the first telling, an addition, or a reply. The exact time lives only in here.

    `language` is that of the text where staff said it; `same` the same words in the reporter's. `from_talk`: an
    addition said in a chat that nobody took.
    """

    kind: Kind
    text: str
    at: datetime
    place: str = ""
    when: str = ""
    alias: str = ""
    language: str = ""
    same: Translation | None = None
    from_talk: bool = False


class Names(msgspec.Struct, frozen=True):
    """What could point at the reporter: who she is and how to reach her. Sealed to the names compartment.

    `hours` is a safe time, `mask` what to say when somebody else answers, `voice` whether a message may be left
    (`yes`, `no`, or nothing said), `tongue` the language for a reply, `spoken` the one on the phone, where what is
    read in one way is spoken in several. Older parts hold `reach` alone. `changed`: when she changed it after coming
    back; None as a form left it.
    """

    reach: str = ""
    name: str = ""
    hours: str = ""
    mask: str = ""
    voice: str = ""
    tongue: str = ""
    changed: datetime | None = None
    spoken: str = ""

    def __repr__(self) -> str:
        return "Names(...)"

    @property
    def is_said(self) -> bool:
        """Whether anything stands in it."""
        return any((self.reach, self.name, self.hours, self.mask, self.voice, self.tongue, self.spoken))


def names_now(left: Iterable[Names]) -> tuple[Names, ...]:
    """What counts of everything that was left: what she changed last, alone; else all that forms left; no empty one."""
    every = list(left)
    changed = [(names.changed, place) for place, names in enumerate(every) if names.changed is not None]
    if changed:
        every = [every[max(changed)[1]]]
    return tuple(names for names in every if names.is_said)


class Facts(msgspec.Struct, frozen=True):
    """What was tapped and typed beyond the words, at one moment. Sealed under the words key.

    `said` names a fact (`tips.asked.FACTS`) and what was answered: one entry for words and for one tap, several for
    ticks. Facts this house does not know stand in it and are shown nowhere.
    """

    at: datetime
    said: dict[str, tuple[str, ...]] = {}

    def __repr__(self) -> str:
        return "Facts(...)"


def after_reply(_status: Status) -> Status:
    """A reply answers a tip, and opens a closed one again: the reporter must be able to see it."""
    return Status.ANSWERED


def after_consent(_status: Status) -> Status:
    """What she takes back or allows counts from now on, so somebody has to look."""
    return Status.NEW


def after_addition(_status: Status) -> Status:
    """Words the reporter adds are new words: nobody has read them yet, whatever was said before."""
    return Status.NEW


def may_be_set_by_staff(status: Status) -> bool:
    """Staff set `being read` and `closed`; `new` and `answered` follow from what was done."""
    return status in (Status.BEING_READ, Status.CLOSED)


def urgency_rank(urgency: Urgency, child: Child) -> int:
    """Smaller comes first in the inbox: happening now, then a child, then the last day, then the rest."""
    if urgency is Urgency.NOW:
        return 0
    if child is Child.YES:
        return 1
    if urgency is Urgency.DAY:
        return 2
    return 3


def how_long_ago(then: date, today: date) -> str:
    """`today`, `week` or `earlier`.

    Never finer: an hour on the screen would let someone holding the phone match it with what they remember.
    """
    days = (today - then).days
    if days <= 0:
        return "today"
    return "week" if days < 7 else "earlier"


def in_order(parts: Iterable[Words]) -> list[Words]:
    """Parts as they were written: the first telling, then everything by its time."""
    return sorted(parts, key=lambda part: (part.kind is not Kind.TOLD, part.at))


def open_part(parts: Sequence[Words]) -> int:
    """Where the open end of a thread begins; what stands before it is shown behind a tap.

    Open are the newest replies and what the reporter wrote after them. The rest is closed, so that somebody who is
    handed the phone sees an answer, not the story it answers. Without a reply everything is closed.
    """
    replies = [place for place, part in enumerate(parts) if part.kind is Kind.REPLY]
    if not replies:
        return len(parts)
    place = replies[-1]
    while place > 0 and parts[place - 1].kind is Kind.REPLY:
        place -= 1
    return place


def encode(part: Card | Words | Names | Facts) -> bytes:
    """The bytes to seal."""
    return msgspec.json.encode(part)


def decode_card(body: bytes) -> Card:
    """The card of opened bytes. Raises msgspec.ValidationError when they are something else."""
    return msgspec.json.decode(body, type=Card)


def decode_words(body: bytes) -> Words:
    """The words of opened bytes. Raises msgspec.ValidationError when they are something else."""
    return msgspec.json.decode(body, type=Words)


def decode_names(body: bytes) -> Names:
    """The names part of opened bytes. Raises msgspec.ValidationError when they are something else."""
    return msgspec.json.decode(body, type=Names)


def decode_facts(body: bytes) -> Facts:
    """The facts of opened bytes. Raises msgspec.ValidationError when they are something else."""
    return msgspec.json.decode(body, type=Facts)
