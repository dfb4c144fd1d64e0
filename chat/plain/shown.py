"""Turns what a visitor is told into what stands in the frame of words, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from chat.consent import NO, STOP, YES
from chat.protocol import server
from chat.protocol.translated import MessageTranslated

Kind = Literal["own", "theirs", "card", "gone", "note", "line", "waits", "talks", "asks", "off", "over"]

# How everything stands just now: on a page that only grows, the last of these hides those before it. That somebody is
# writing is not shown: nothing could take it off the page again.
NOW: Final[frozenset[Kind]] = frozenset({"waits", "talks", "asks", "off"})

# Messages whose translation may still come into a frame that is drawn.
REMEMBERED: Final = 60

# What the advocate did that is told in a line of the house, with her alias.
LINES: Final[dict[str, str]] = {
    "withdrawn": "talk.withdrawn",
    "here": "talk.still_here",
    "kept": "talk.kept",
    "unkept": "talk.unkept",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing in the frame: a bubble, a line between bubbles, or how everything stands now.

    `phrase` is a catalogue key, for what the house says; `text` is what a person wrote. `seq` is the number of words
    that may be taken back, and of `gone` the number of those that were.
    """

    kind: Kind
    phrase: str = ""
    name: str = ""
    text: str = ""
    before: str = ""  # who held her before, and told the one who has her now
    place: int = 0
    minutes: int | None = None
    seq: int = 0
    choices: Sequence[tuple[str, str]] = ()  # of a card: what can be tapped
    chosen: str = ""  # of a card: what was tapped last
    may_choose: bool = False  # she has waited so long that other ways are offered
    made: MessageTranslated | None = None  # what a machine made of these words
    is_moved: bool = False  # of words drawn before, with others after them: those stay, and these stand here again
    stops: int = 0  # of how everything stands: the question by which she stops the machine; 0: none is at work


class Reading:
    """Reads facts in their order; remembers who the advocate is and how things stand."""

    def __init__(self, *, choice_after_s: int) -> None:
        self._choice_after_s = choice_after_s
        self._may_choose = False
        self._name = ""
        self._is_waiting = True
        self._is_held_off = False
        self._place: tuple[int, int | None] = (0, None)
        self._line_broke = False
        self._is_asked = False
        self._tapped: dict[int, str] = {}  # number of a card -> the latest answer to it
        self._machine: set[int] = set()  # questions to which her yes to a machine stands
        self._said: dict[int, server.MessagePosted] = {}  # drawn here, the newest last: a translation may follow
        self._made: dict[int, MessageTranslated] = {}  # of this batch, for words of the same one
        self.is_over = False

    def shows(self, told: Sequence[server.ToVisitor]) -> list[Shown]:
        """What to add to the frame for these facts; of how everything stood only the last is worth a line."""
        for fact in told:
            if isinstance(fact, server.MessagePosted) and fact.of:
                self._tapped[fact.of] = fact.choice
        self._made = {fact.seq: fact for fact in told if isinstance(fact, MessageTranslated)}
        shown = [one for fact in told for one in self._shows(fact)]
        last = max((at for at, one in enumerate(shown) if one.kind in NOW), default=0)
        return [one for at, one in enumerate(shown) if one.kind not in NOW or at == last]

    def _shows(self, fact: server.ToVisitor) -> list[Shown]:
        match fact:
            case server.Welcome():
                self._may_choose = fact.waited >= self._choice_after_s
                self._is_waiting, self._name, self._place = (
                    fact.state == "waiting",
                    fact.name,
                    (fact.place, fact.minutes),
                )
                self._is_held_off = self._is_waiting and not fact.place
                self._machine = set(fact.machine)
                return [self._now()]
            case server.QueueMoved():
                self._place = fact.place, fact.minutes
                return [self._now()] if self._is_waiting else []
            case server.AdvocateJoined():
                self._is_waiting, self._name, self._line_broke = False, fact.name, False
                self._is_held_off = False
                phrase = "talk.handed" if fact.before else "talk.joined"
                return [Shown("note", phrase, name=self._name, before=fact.before), self._now()]
            case server.LineChanged():
                return self._line(fact)
            case server.MessagePosted():
                return self._message(fact)
            case server.MessageWithdrawn():
                self._said.pop(fact.seq, None)
                return [Shown("gone", seq=fact.seq)]
            case MessageTranslated():
                return self._translated(fact)
            case server.ConversationClosed():
                self.is_over = True
                return [Shown("over", "talk.ended.quiet" if fact.how == "quiet" else "")]
        return []

    def _message(self, fact: server.MessagePosted) -> list[Shown]:
        if fact.author == "visitor":
            self._said[fact.seq] = fact
            return [Shown("own", text=fact.text), *(self._turned(fact) or self._stayed())]
        if fact.choices:
            chosen = self._tapped.get(fact.seq, "")
            return [Shown("card", "", fact.name, fact.text, seq=fact.seq, choices=fact.choices, chosen=chosen)]
        if fact.author == "advocate":
            self._said[fact.seq] = fact
            if len(self._said) > REMEMBERED:
                del self._said[next(iter(self._said))]
            made = self._made.pop(fact.seq, None)
            return [Shown("theirs", name=fact.name, text=fact.text, seq=fact.seq, made=made)]
        if fact.line and fact.text == "translated":
            return [Shown("line", text=fact.line)]
        if fact.text == "returned":
            self._is_waiting, self._is_asked, name = True, False, self._name
            return [Shown("note", "talk.returned", name=name), self._now()]
        if fact.text in ("held_off", "let_in"):
            self._is_waiting, self._is_asked, self._is_held_off = True, False, fact.text == "held_off"
            return [Shown("note", f"talk.{fact.text}"), self._now()]
        if fact.text in LINES:
            return [Shown("note", LINES[fact.text], name=fact.name)]
        if fact.text == "asked":
            self._is_asked = True
            return [self._now()]
        if fact.text == "stayed":
            return self._stayed()
        return [Shown("note", "comeback.came"), *self._stayed()] if fact.text == "back" else []

    def _translated(self, made: MessageTranslated) -> list[Shown]:
        """One that comes later than its words: in their place where they are the newest, else below what followed."""
        said = self._said.get(made.seq)
        if said is None or self._made.pop(made.seq, None) is None:
            return []  # drawn with its words; or they are not in this frame, and it says nothing without them
        is_moved = next(reversed(self._said)) != made.seq
        return [Shown("theirs", name=said.name, text=said.text, seq=made.seq, made=made, is_moved=is_moved)]

    def _turned(self, fact: server.MessagePosted) -> list[Shown]:
        """She let a machine translate, or no more."""
        was = bool(self._machine)
        if fact.choice == YES:
            self._machine.add(fact.of)
        elif fact.choice == NO:
            self._machine.discard(fact.of)
        elif fact.choice == STOP:
            self._machine.clear()
        return [self._now()] if was != bool(self._machine) else []

    def _stayed(self) -> list[Shown]:
        """Whatever she says or taps answers the question."""
        was, self._is_asked = self._is_asked, False
        return [self._now()] if was else []

    def _line(self, fact: server.LineChanged) -> list[Shown]:
        """Said when it broke and when it is whole again; a weak moment is worth no line."""
        broke = fact.line == "gone" or (self._line_broke and fact.line == "weak")
        if broke == self._line_broke:
            return []
        self._line_broke = broke
        return [Shown("note", "talk.other_gone" if broke else "talk.other_back", name=self._name)]

    def _now(self) -> Shown:
        if self._is_held_off:
            return Shown("off")
        if self._is_waiting:
            return Shown("waits", place=self._place[0], minutes=self._place[1], may_choose=self._may_choose)
        stops = max(self._machine, default=0)
        return Shown("asks" if self._is_asked else "talks", name=self._name, stops=stops)
