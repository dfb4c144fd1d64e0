"""What the server tells: facts in the past tense, one set for the visitor's page and one for the desk."""

from chat.protocol import board, translated
from chat.protocol.calls import OpenCall as OpenCall
from chat.protocol.coming_back import ComebackMade, Covered, Uncovered
from chat.protocol.company import Watchable as Watchable
from chat.protocol.guessed import TongueGuessed as TongueGuessed
from chat.protocol.handing import (
    Colleague as Colleague,
    Colleagues as Colleagues,
    Offer as Offer,
    PhoneWordMade as PhoneWordMade,
)
from chat.protocol.kinds import (
    Author,
    ConversationId,
    Door,
    Frame,
    How,
    Key,
    Line,
    Number,
    Question,
    Reason,
    State,
    WasShown,
)
from chat.protocol.locking import Locked as Locked, SignedOut as SignedOut
from chat.protocol.rows import Card as Card, Mine as Mine, OnDuty as OnDuty, Waiting as Waiting


class Here(Frame, frozen=True, kw_only=True, tag=True):
    """The server lives; sent every 15 seconds, and at once in answer to a page's Here."""


# To the visitor's page.
class Welcome(Frame, frozen=True, kw_only=True, tag=True):
    """The conversation is open to this page. What it missed follows, numbered, up to `last`."""

    state: State
    place: int  # in the queue, from 1; 0 when not waiting
    minutes: int | None  # an honest wait; null: nobody on shift can be counted on
    name: str  # the advocate's alias; empty while waiting
    last: Number
    waited: int  # seconds since the conversation began
    answers: dict[str, str]  # the waiting room's answers kept so far, by question
    machine: tuple[Number, ...] = ()  # numbers of the questions to which her yes to a machine stands


class MessageAccepted(Frame, frozen=True, kw_only=True, tag=True):
    """The message is on disk under this number."""

    key: Key
    seq: Number


class MessagePosted(Frame, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """A message of the conversation, whoever wrote it. For `system`, `text` is a word."""

    seq: Number
    author: Author
    name: str
    text: str
    key: str
    card: str = ""  # the name of a question card; `text` says it in the page's language
    choices: tuple[tuple[str, str], ...] = ()  # what can be tapped: a word, and how it reads
    of: int = 0  # of a tap: the number of its card
    choice: str = ""  # of a tap: the word
    line: str = ""  # for `system`: how it reads, where no page has words of its own for it


class MessageWithdrawn(Frame, frozen=True, kw_only=True, tag=True):
    """The words under this number were taken back: off the page with them. Carries no number of its own."""

    seq: Number


class AdvocateJoined(Frame, frozen=True, kw_only=True, tag=True):
    """An advocate took the conversation; `before`: the one who held it, and told her of it. Then no greeting comes."""

    seq: Number
    name: str
    before: str = ""


class QueueMoved(Frame, frozen=True, kw_only=True, tag=True):
    """Her place in the queue and the honest wait; sent when either changed."""

    place: int
    minutes: int | None


class LineChanged(Frame, frozen=True, kw_only=True, tag=True):
    """The advocate's line."""

    line: Line


class Typing(Frame, frozen=True, kw_only=True, tag=True):
    """The advocate is typing; holds for six seconds."""


class AnswerKept(Frame, frozen=True, kw_only=True, tag=True):
    """An answer of the waiting room is kept."""

    key: Key
    question: Question
    choice: str


class ConversationClosed(Frame, frozen=True, kw_only=True, tag=True):
    """It is over: by the advocate, the visitor, or a clock of hers. The line closes after it."""

    seq: Number
    how: How


class Refused(Frame, frozen=True, kw_only=True, tag=True):
    """What was asked under `key` was not done."""

    key: str
    reason: Reason


# To the advocate's desk. The tag stays the plain name; the class name only keeps the two apart in the code.


class QueueSnapshot(Frame, frozen=True, kw_only=True, tag=True):
    """The whole queue as it stands: sent after Resume, on every change (at most once a second) and every 15 seconds."""

    waiting: list[Waiting]  # at most 50, next first
    total: int
    ready: bool
    capacity: int
    shift: str = ""  # the word of her state; a page says Shift only where this is told
    last: bool = False  # she takes conversations, and nobody else does
    mine: list[Mine]
    door: Door = "always"  # what the chat's switch says; untouched: the hours decide, or none are set
    surge: bool = False  # far more wait than usual: half of the takes are drawn by lot, like first lines are one heap
    offers: tuple[Offer, ...] = ()  # that this advocate may say yes to
    watchable: tuple[Watchable, ...] = ()  # what colleagues hold, for one who may read along
    door_until: str = ""  # until when, as a clock on the wall of the house shows it: "17:00"; empty: no end
    calls: tuple[OpenCall, ...] = ()  # up the ladder; nothing says about whom
    on_call: str = ""  # the alias of whoever is called first now
    reached: bool | None = None  # whether alerts reach this person outside the desk; null: not told
    on_duty: tuple[OnDuty, ...] = ()  # who takes conversations now, this advocate among them
    heard: bool = True  # whether the house heard itself when it last wrote to itself
    notes: int = 0  # what earlier shifts left, and this person has not read


class TalkOpened(Frame, frozen=True, kw_only=True, tag=True):
    """The conversation is open at this desk; its messages follow, up to `last`."""

    conversation: ConversationId
    card: Card
    state: State
    last: Number
    key: str = ""  # of the Take it answers; empty after a Resume
    unanswered_s: int = 0  # seconds since her words that nobody has answered; 0 when somebody has
    since: Number = 0  # of a guest: his first number is the next one
    role: str = "owner"  # of conversation.py: `next` has it once all of it stands on this page


class CardChanged(Frame, frozen=True, kw_only=True, tag=True):
    """The visitor answered another question."""

    conversation: ConversationId
    card: Card


class DeskMessageAccepted(Frame, frozen=True, kw_only=True, tag="MessageAccepted", omit_defaults=True):
    """What was said is on disk under this number; for `unsend_s` seconds this line takes it back when asked."""

    key: Key
    conversation: ConversationId
    seq: Number
    unsend_s: int = 0


class DeskMessagePosted(Frame, frozen=True, kw_only=True, tag="MessagePosted", omit_defaults=True):
    """A message of the conversation, whoever wrote it. For `system`, `text` is a word."""

    conversation: ConversationId
    seq: Number
    author: Author
    name: str
    text: str
    key: str
    card: str = ""  # as to the visitor's page; `text` is what she reads
    of: int = 0
    choice: str = ""
    own: bool = False  # this desk's own person said it, on whatever page


class DeskMessageWithdrawn(Frame, frozen=True, kw_only=True, tag="MessageWithdrawn"):
    """The words under this number were taken back, and whether they had stood on her screen."""

    conversation: ConversationId
    seq: Number
    was_shown: WasShown


class NotePosted(Frame, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """A note between staff, numbered apart from the messages. `of`: taken down from the message of that number.

    `danger`: of a note on danger, its kind; with an `outcome` it says how that ended.
    """

    conversation: ConversationId
    seq: Number
    name: str
    text: str
    key: str
    of: int = 0
    danger: str = ""
    outcome: str = ""


class DeskLineChanged(Frame, frozen=True, kw_only=True, tag="LineChanged"):
    """The visitor's line: `hidden`, gone or covered for `gone_s`, or `left`; then her number works for `back_s`."""

    conversation: ConversationId
    line: Line
    gone_s: int
    back_s: int = 0


class DeskTyping(Frame, frozen=True, kw_only=True, tag="Typing"):
    """The visitor is typing; holds for six seconds."""

    conversation: ConversationId


class DeskConversationClosed(Frame, frozen=True, kw_only=True, tag="ConversationClosed"):
    """It is over; the desk may read it for `wrap_up_s` more seconds."""

    conversation: ConversationId
    seq: Number
    how: How
    wrap_up_s: int


class ConversationErased(Frame, frozen=True, kw_only=True, tag=True):
    """Nothing is left here for this desk: erased, given back, or never its own. Wipe it from the page."""

    conversation: ConversationId
    by: str | None = None  # who has what a broken line took from this desk, empty while it waits; null: not told


class DeskRefused(Frame, frozen=True, kw_only=True, tag="Refused"):
    """What was asked under `key` was not done; `by` is the alias of the one who was first (`taken`)."""

    key: str
    conversation: str
    reason: Reason
    by: str = ""


ToVisitor = (
    Welcome
    | MessageAccepted
    | MessagePosted
    | MessageWithdrawn
    | translated.MessageTranslated
    | AdvocateJoined
    | QueueMoved
    | LineChanged
    | Typing
    | AnswerKept
    | ComebackMade
    | Covered
    | Uncovered
    | ConversationClosed
    | TongueGuessed
    | Refused
    | Here
)
ToDesk = (
    QueueSnapshot
    | board.BoardSnapshot
    | TalkOpened
    | CardChanged
    | DeskMessageAccepted
    | DeskMessagePosted
    | DeskMessageWithdrawn
    | translated.DeskMessageTranslated
    | translated.WordsTried
    | NotePosted
    | DeskLineChanged
    | DeskTyping
    | DeskConversationClosed
    | ConversationErased
    | Colleagues
    | PhoneWordMade
    | DeskRefused
    | Locked
    | SignedOut
    | Here
)
Told = ToVisitor | ToDesk
