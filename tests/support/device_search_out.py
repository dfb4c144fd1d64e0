"""More ways into a talk and out of it that a phone is searched after: by questions, a closed door, a note, an end."""

from __future__ import annotations

from tests.support.desk_people import turns_the_switch
from tests.support.device_search_acts import HeldOff, PlainPage, ScriptPage
from tests.support.device_search_journeys import RECEIVED, PlainTalk, Talk, Walked, canary, written
from tests.support.plain_people import PlainVisitor


class Over(Walked):
    """A way that ends on a page with nothing to write in: only the exit is left to press."""

    @property
    def being_sent(self) -> list[str]:
        return []

    def tries_again(self) -> None:
        self.tab.taps("[data-leave]")


class LeftAsNote(Over, Talk):
    """With script: held off, all her words left as a note, the unsent ones too; its number stands on the page."""

    name = "words left as a note"

    def goes_on(self) -> None:
        self.is_heard()
        HeldOff().goes(ScriptPage(self))
        self.types("#field", "left")
        leave = "#choice [type=submit]"
        self.tab.until(lambda: bool(self.tab.shown(leave)), "the way to a note")
        self.tab.taps(leave)
        self.tokens += written(*self.tab.text(".slip-number").split())


class PlainLeftAsNote(Over, PlainTalk):
    """The same without script; what was not sent stays behind, as the page says."""

    name = "words left as a note without script"

    def goes_on(self) -> None:
        visitor = self.is_heard()
        HeldOff().goes(PlainPage(self, visitor))
        visitor.types(self.unsent)
        leave = "form[action$='/talk/note'] button"
        visitor.waits_for(lambda: bool(visitor.words.shown(leave)), "the way to a note")
        visitor.taps_on(visitor.words, leave)
        self.tokens += written(*self.tab.text(".slip-number").split())


class Ended(Over, Talk):
    """With script: words typed and not sent, then the talk ended by her."""

    name = "ended by her"

    def goes_on(self) -> None:
        self.is_heard()
        self.types("#field", "unsent")
        for where in ("#more-button", "#end-ask", "#end-now"):
            self.tab.taps(where)
        self.tab.sees("The chat has ended.")
        self.visit.conversations.pop()


class PlainEnded(Over, PlainTalk):
    """The same without script."""

    name = "ended by her without script"

    def goes_on(self) -> None:
        visitor = self.is_heard()
        visitor.types(self.unsent)
        visitor.ends()
        self.tab.sees("The chat has ended.")
        self.visit.conversations.pop()


class AskedTalk(Talk):
    """With script, where sockets are cut off: by questions; the long notice opened while she waits."""

    name = "talk by questions"

    def begins(self) -> None:
        assert self.visit.line is not None
        self.visit.line.refused = b"Upgrade: websocket"
        super().begins()

    def goes_on(self) -> None:
        assert self.visit.line is not None
        before = self.visit.line.refusals
        self.is_heard()
        assert self.visit.line.refusals > before, "it had a socket"
        self.types("#field", "unsent")

    def is_answered(self) -> str:
        self.tab.taps("#long > summary")
        self.tab.until(lambda: bool(self.tab.shown("#long dd")), "the long notice")
        return super().is_answered()


class ClosedDoor(Talk):
    """With script: Start at a door that has closed, words typed there; once it is open they begin the talk."""

    name = "door closed at Start"

    def goes_on(self) -> None:
        finds_it_closed(self)
        self.tab.taps("#start-form button")
        self.tab.text(f"#log li.bubble[{RECEIVED}]")
        self.tab.sees(self.is_answered())
        self.types("#field", "unsent")


class PlainClosedDoor(PlainTalk):
    """The same without script."""

    name = "door closed at Start without script"

    def goes_on(self) -> None:
        finds_it_closed(self)
        visitor = PlainVisitor(self.tab, self.visit.origin)
        visitor.presses_start()
        visitor.sees(self.is_answered())
        self.unsent = canary("unsent")
        self.typed.append(self.unsent)
        visitor.types(self.unsent)

    @property
    def being_sent(self) -> list[str]:
        return [self.unsent]


def finds_it_closed(walked: Walked) -> None:
    """Words typed at the closed door; looked again, it is closed still; looked again, it is open."""
    tab, keeper = walked.tab, walked.visit.keeper
    assert keeper is not None
    look = "button[value=look]"
    turns_the_switch(keeper, "closed")
    try:
        tab.taps("#start-form button")
        tab.sees("The chat is closed now")
        walked.types("#words", "at a closed door")
        came = tab.address
        tab.taps(look)
        tab.until(
            lambda: tab.address != came and tab.value("#words") == walked.typed[-1], "the page anew, her words on it"
        )
    finally:
        turns_the_switch(keeper, "hours")
    tab.taps(look)
    tab.sees("Your words go with you.")


class KeptTalk(Talk):
    """The same, but she said that her number outlives the exit, and left by it before she came back."""

    name = "number kept with script"

    def loses_her_page(self) -> None:
        self.tab.taps("label.card:has(#cut-stays)")
        self.tab.until(lambda: "stays open" in self.tab.text("#cut-stays-said"), "that it is kept")
        self.tab.taps("[data-leave]")
        self.tab.is_at(self.visit.neutral)


class KeptPlainTalk(PlainTalk):
    """The same, but she said that her number outlives the exit, and left by it before she came back."""

    name = "number kept without script"

    def loses_her_page(self, visitor: PlainVisitor) -> None:
        frame = visitor.tab.frame("iframe[name=number]")
        visitor.taps_on(frame, "form[action$='/talk/keep'] button")
        visitor.waits_for(lambda: "stays open" in frame.text("main"), "that it is kept")
        visitor.leaves()
        self.tab.is_at(self.visit.neutral)
