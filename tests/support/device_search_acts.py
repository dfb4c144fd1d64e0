"""What an advocate does in a talk, as a phone is searched after it: one act a journey, with script and without."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Final

from tests.support.device_search_journeys import PlainTalk, Talk, Walked, canary
from tests.support.plain_people import PlainVisitor
from tests.support.spoken import new_key

TRIES: Final = 4


class Act(ABC):
    """One act, told from both sides: what the desk does, and what she reads and taps."""

    name: ClassVar[str]
    needs_colleague: ClassVar[bool] = False

    @abstractmethod
    def goes(self, page: Page) -> None:
        """All of it."""


class Page(ABC):
    """Her page, with script or without, and the desk that has her."""

    def __init__(self, walked: Walked) -> None:
        self.walked = walked
        self.desk = walked.visit.desk
        self.conversation = walked.visit.conversations[-1]

    def receives(self, what: str) -> str:
        """Words nobody ever wrote before, for or about her: none of them may stand on the phone."""
        self.walked.received.append(canary(what))
        return self.walked.received[-1]

    @abstractmethod
    def sees(self, text: str) -> None:
        """The page says so."""

    @abstractmethod
    def taps(self, choice: str) -> None:
        """One answer of a card; the page shows that it was tapped."""

    @abstractmethod
    def says(self, text: str) -> None:
        """Words of hers, received."""

    @abstractmethod
    def asks_for_digits(self) -> None:
        """Digits to say on the phone are shown."""


class Card(Act):
    """A question card is answered by one tap."""

    name = "card answered"

    def goes(self, page: Page) -> None:
        page.desk.does("Ask", page.conversation, card="sleep")
        page.sees("Do you have a safe place to sleep tonight?")
        page.taps("unsure")


class TakenBack(Act):
    """The advocate's words are taken back after they had stood there. A slow browser may need a second try."""

    name = "words taken back"

    def goes(self, page: Page) -> None:
        for _ in range(TRIES):
            words = page.receives("wrong")
            seq = page.desk.says(page.conversation, words)
            page.sees(words)
            key = new_key()
            page.desk.line.say("Withdraw", key=key, conversation=page.conversation, seq=seq)
            if page.desk.line.hear("MessageAccepted", "Refused", key=key)["type"] == "MessageAccepted":
                page.sees("took a message back.")
                return
        raise AssertionError("the words were never taken back in time")


class HandedOn(Act):
    """Somebody else has her from here on."""

    name = "handed on"
    needs_colleague = True

    def goes(self, page: Page) -> None:
        visit = page.walked.visit
        assert visit.colleague is not None
        colleague = visit.colleague.signs_in().opens_the_line()
        page.desk.does("HandOff", page.conversation, to="", note=page.receives("handed note"))
        colleague.takes_over(page.conversation)
        visit.conversations.remove(page.conversation)
        visit.elsewhere.append((colleague, page.conversation))
        page.sees("is with you now.")
        answer = page.receives("colleague")
        colleague.says(page.conversation, answer)
        page.sees(answer)


class Kept(Act):
    """Words are shown to her, and kept by her yes."""

    name = "words kept"

    def goes(self, page: Page) -> None:
        words = page.receives("kept")
        page.desk.does("AskKeep", page.conversation, text=words)
        page.sees(words)
        page.taps("keep")
        page.sees("Kept, as you said to")


class HeldOff(Act):
    """She is warned, goes on, and is held off."""

    name = "held off"

    def goes(self, page: Page) -> None:
        page.desk.does("Ask", page.conversation, card="firm")
        page.sees("I cannot go on with words like these.")
        page.walked.typed.append(canary("after the warning"))
        page.says(page.walked.typed[-1])
        what = page.receives("held off for")
        page.desk.hears(page.walked.typed[-1])
        page.desk.does("HoldOff", page.conversation, why="abuse", hours=1, text=what)
        page.walked.visit.conversations.remove(page.conversation)
        page.sees("This chat is stopped for some hours.")


class Danger(Act):
    """A child is in danger: she reads what an age changes before anybody asks for it."""

    name = "danger of a child"

    def goes(self, page: Page) -> None:
        page.desk.does("MarkDanger", page.conversation, danger="child", who="")
        page.desk.does("Ask", page.conversation, card="young")
        page.sees("Please read this before you say your age.")
        page.desk.does("Ask", page.conversation, card="age")
        page.sees("How old are you? You can skip this.")
        page.taps("skip")
        page.desk.does("EndDanger", page.conversation, outcome="passed", text=page.receives("danger"), done=["told"])


class Guest(Act):
    """A third person comes in by her yes, writes, and is sent away."""

    name = "guest by her yes"
    needs_colleague = True

    def goes(self, page: Page) -> None:
        invited = page.walked.visit.colleague
        assert invited is not None
        guest = invited.signs_in().opens_the_line()
        ready = page.desk.does("AskColleagues", page.conversation, answered="Colleagues")["ready"]
        person = next(each["person"] for each in ready if each["name"] == invited.alias)
        page.desk.does("AskGuest", page.conversation, person=person, come_as="interpreter")
        page.sees("sees only what is written after you say yes")
        page.taps("guestyes")
        page.sees("I can read here now")
        guest.does("ComeIn", page.conversation, answered="TalkOpened")
        words = page.receives("guest")
        guest.does("Say", page.conversation, text=words)
        page.sees(words)
        page.desk.does("SendAway", page.conversation)
        page.sees("I am not in this chat any more.")
        guest.close()


class Joined(Act):
    """A supervisor reads along, joins, writes, and goes."""

    name = "joined by a supervisor"
    needs_colleague = True

    def goes(self, page: Page) -> None:
        supervisor = page.walked.visit.colleague
        assert supervisor is not None
        line = supervisor.signs_in().opens_the_line()
        line.does("Watch", page.conversation, answered="TalkOpened")
        page.sees("I am reading along now, to help.")
        line.does("Whisper", page.conversation, text=page.receives("whispered"))
        line.does("Join", page.conversation, answered="TalkOpened")
        words = page.receives("joined")
        line.does("Say", page.conversation, text=words)
        page.sees(words)
        line.line.say("StopWatching", key=new_key(), conversation=page.conversation)
        line.line.hear("ConversationErased", conversation=page.conversation)
        line.close()


class Digits(Act):
    """Digits for the phone stand on the page. Six are too few to be looked for; what is said around them is not."""

    name = "digits for the phone"

    def goes(self, page: Page) -> None:
        page.asks_for_digits()


class ScriptPage(Page):
    """With script."""

    def sees(self, text: str) -> None:
        self.walked.tab.sees(text)

    def taps(self, choice: str) -> None:
        tap = f"#log .tap[value={choice}]"
        self.walked.tab.until(lambda: bool(self.walked.tab.shown(tap)), f"the answer {choice}")
        self.walked.tab.taps(tap)
        self.walked.tab.until(lambda: bool(self.walked.tab.shown(f"{tap}[aria-pressed=true]")), f"{choice}, tapped")

    def says(self, text: str) -> None:
        self.walked.tab.types("#field", text)
        self.walked.tab.taps("#send")
        self.sees(text)

    def asks_for_digits(self) -> None:
        tab = self.walked.tab
        tab.taps("#more-button")
        tab.until(lambda: bool(tab.shown("#call > summary")), "the fold of the phone")
        tab.taps("#call > summary")
        tab.taps("#call button")
        tab.until(lambda: bool(tab.shown("#call .slip-number")), "the digits")
        tab.taps("#more-button")


class PlainPage(Page):
    """Without script."""

    def __init__(self, walked: Walked, visitor: PlainVisitor) -> None:
        super().__init__(walked)
        self._visitor = visitor

    def sees(self, text: str) -> None:
        self._visitor.waits_for(lambda: text in self._visitor.words.words, f"{text!r} in the frame of words")

    def taps(self, choice: str) -> None:
        tap = f".tap[value={choice}]"
        visitor = self._visitor
        visitor.waits_for(lambda: bool(visitor.words.shown(tap)), f"the answer {choice}")
        visitor.taps_on(visitor.words, tap)
        visitor.waits_for(lambda: bool(visitor.words.shown(f"{tap}[aria-pressed=true]")), f"{choice}, tapped")

    def says(self, text: str) -> None:
        self._visitor.says(text)

    def asks_for_digits(self) -> None:
        visitor = self._visitor
        visitor.opens_more("phone")
        visitor.taps_on(visitor.tab, "form[action$='/talk/phone'] button")
        digits = visitor.tab.frame("iframe[name=digits]")
        visitor.waits_for(lambda: bool(digits.shown(".slip-number")), "the digits")


class ActedTalk(Talk):
    """A name given, words sent, an answer read, the act, words typed and not sent."""

    act: ClassVar[Act]

    def goes_on(self) -> None:
        self.is_heard()
        self.act.goes(ScriptPage(self))
        self.types("#field", "unsent")


class PlainActedTalk(PlainTalk):
    """The same without script."""

    act: ClassVar[Act]

    def goes_on(self) -> None:
        visitor = self.is_heard()
        self.act.goes(PlainPage(self, visitor))
        visitor.types(self.unsent)


_ACTS: Final = (HandedOn(), HeldOff(), Card(), TakenBack(), Kept(), Danger(), Guest(), Digits(), Joined())


def _journey(kind: type[Walked], act: Act, name: str) -> type[Walked]:
    """A journey of its own, with this act in it."""
    return type(name, (kind,), {"act": act, "name": name, "needs_colleague": act.needs_colleague})


ACTED: Final = tuple(_journey(ActedTalk, act, act.name) for act in _ACTS)
PLAIN_ACTED: Final = tuple(_journey(PlainActedTalk, act, f"{act.name} without script") for act in _ACTS)
