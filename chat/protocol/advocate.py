"""What an advocate's desk may say."""

from chat.protocol.calls import CallHelp, SayYes
from chat.protocol.company import CompanyAsked
from chat.protocol.handing import HandingAsked, UseWord
from chat.protocol.kinds import (
    Asked,
    Boundary,
    CardName,
    ConversationId,
    Danger,
    Frame,
    Hours,
    Key,
    Lasts,
    Number,
    Outcome,
    Shift,
    ShortText,
    StepName,
    Text,
    Ticked,
    Why,
)
from chat.protocol.translated import TryWords as TryWords


class HeldTalk(Frame, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the desk got with one of its conversations before the line was cut."""

    conversation: ConversationId
    last: Number = 0
    last_note: Number = 0


class Resume(Asked, frozen=True, kw_only=True, tag=True):
    """The first frame: the session's form token, and how far each open conversation got."""

    csrf: str
    talks: tuple[HeldTalk, ...] = ()


class Ready(Asked, frozen=True, kw_only=True, tag=True):
    """Whether this advocate takes new conversations now."""

    ready: bool


class TurnShift(Asked, frozen=True, kw_only=True, tag="Shift"):
    """Where she is in her shift from now on. `knows`: she was told that she is the last one, or holds somebody.

    `closes`: as the last one out she closes the chat for so many minutes first. Of `line.5`.
    """

    state: Shift
    knows: bool = False
    closes: Lasts = 0


class Take(Asked, frozen=True, kw_only=True, tag=True):
    """Ask for one waiting conversation; exactly one of all who ask gets it.

    `why` is asked for where it passes over a row that stands before it; null from a page that cannot be asked.
    """

    key: Key
    conversation: ConversationId
    why: Why | None = None


class Say(Asked, frozen=True, kw_only=True, tag=True):
    """Words for the visitor; sent again with the same key it is the same message."""

    key: Key
    conversation: ConversationId
    text: Text


class Ask(Asked, frozen=True, kw_only=True, tag=True):
    """Send a question card, or a sentence of the phrasebook, by its name."""

    key: Key
    conversation: ConversationId
    card: CardName


class StillHere(Asked, frozen=True, kw_only=True, tag=True):
    """Tell the visitor that the advocate is still here. Sent by a key of hers, never by software."""

    key: Key
    conversation: ConversationId


class Withdraw(Asked, frozen=True, kw_only=True, tag=True):
    """Take back what was said under this number a moment ago, on this line."""

    key: Key
    conversation: ConversationId
    seq: Number


class TakeDown(Asked, frozen=True, kw_only=True, tag=True):
    """Keep a message, or a piece of it word for word, as a note for staff: for the record."""

    key: Key
    conversation: ConversationId
    seq: Number
    text: Text


class AskKeep(Asked, frozen=True, kw_only=True, tag=True):
    """Ask the visitor whether these very words may be kept after the chat. Of `line.4`."""

    key: Key
    conversation: ConversationId
    text: Text


class Note(Asked, frozen=True, kw_only=True, tag=True):
    """Words for staff only; they travel and rest apart from what the visitor can ever read."""

    key: Key
    conversation: ConversationId
    text: Text


class MarkDanger(Asked, frozen=True, kw_only=True, tag=True):
    """She is in danger of this kind: whoever is on call is told at once. Said again it changes kind or `who`."""

    key: Key
    conversation: ConversationId
    danger: Danger
    who: ShortText = ""


class EndDanger(Asked, frozen=True, kw_only=True, tag=True):
    """The danger is over, or nothing more can be done: what was done, for the records. `done`: the steps ticked."""

    key: Key
    conversation: ConversationId
    outcome: Outcome
    text: Text = ""
    done: tuple[StepName, ...] = ()


class MayBeOther(Asked, frozen=True, kw_only=True, tag=True):
    """Whether somebody else may be writing: it stands on the card for whoever holds her next."""

    key: Key
    conversation: ConversationId
    is_other: bool


class Tick(Asked, frozen=True, kw_only=True, tag=True):
    """A stage the talk has gone through, or that she is a child: on the card, for whoever holds her next.

    Of `line.5`.
    """

    key: Key
    conversation: ConversationId
    of: Ticked
    is_set: bool


class TickStep(Asked, frozen=True, kw_only=True, tag=True):
    """A step of the danger that is marked was done, or not after all: on the card, for a new page and whoever is next.

    Of `line.5`.
    """

    key: Key
    conversation: ConversationId
    step: StepName
    is_set: bool


class HoldOff(Asked, frozen=True, kw_only=True, tag=True):
    """End it for this advocate and offer it to nobody for so many hours. Warned first; reviewed by a supervisor."""

    key: Key
    conversation: ConversationId
    why: Boundary
    hours: Hours
    text: Text = ""


class Typing(Asked, frozen=True, kw_only=True, tag=True):
    """The advocate is typing in this conversation now."""

    conversation: ConversationId


class Close(Asked, frozen=True, kw_only=True, tag=True):
    """End the conversation; the desk's copy lives on until its wrap-up clock ends."""

    key: Key
    conversation: ConversationId


class Here(Asked, frozen=True, kw_only=True, tag=True):
    """The desk lives; sent every 15 seconds. It renews the lease on every conversation this advocate holds."""


Held = (
    Say
    | Ask
    | StillHere
    | Withdraw
    | TakeDown
    | AskKeep
    | Note
    | MarkDanger
    | EndDanger
    | MayBeOther
    | Tick
    | TickStep
    | CallHelp
    | HoldOff
    | TryWords
    | Typing
    | Close
)
Spoken = Resume | Ready | TurnShift | Take | Held | HandingAsked | UseWord | CompanyAsked | SayYes | Here
