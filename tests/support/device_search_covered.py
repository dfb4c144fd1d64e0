"""The ways through a cover that a phone is searched after: back by the word, back without it, and left covered."""

from __future__ import annotations

from tests.support.device_search_journeys import PlainTalk, Talk, canary
from tests.support.plain_people import PlainVisitor

HELD_S = 1.5


class Covered(Talk):
    """With script: a word chosen, words typed and not sent, the talk covered by one tap; so the visit ends."""

    name = "covered and closed"

    def goes_on(self) -> None:
        self.is_heard()
        for where in ("#more-button", "#near > summary"):
            self.tab.taps(where)
        self.types("#near-word", "word")
        self.word = self.typed[-1]
        self.tab.taps("#near button")
        self.tab.sees("This word brings you back.")
        self.tab.taps("#more-button")
        self.types("#field", "unsent")
        self.tab.taps("#hide")
        self.tab.sees("Kitchen measures")

    @property
    def being_sent(self) -> list[str]:
        return []

    def tries_again(self) -> None:
        self.tab.taps("#cover button")


class CoveredAndBack(Covered):
    """The same, and back by the word."""

    name = "covered and back"

    def goes_on(self) -> None:
        super().goes_on()
        self.tab.types("#find", self.word)
        self.tab.sees(self.received[-1])

    def tries_again(self) -> None:
        self.tab.taps("#send")


class CoveredForgotten(CoveredAndBack):
    """The same, and back by a long press and the question."""

    name = "covered, forgotten word"

    def goes_on(self) -> None:
        Covered.goes_on(self)
        self.tab.holds("#cover button", HELD_S)
        self.tab.taps("#show-words")
        self.tab.sees(self.received[-1])


class PlainCovered(PlainTalk):
    """Without script: a word chosen by a form, the whole tab covered by one; so the visit ends."""

    name = "covered and closed without script"

    def goes_on(self) -> None:
        visitor = self.is_heard()
        visitor.opens_more("word")
        self.word = canary("word")
        self.typed.append(self.word)
        self.tab.types("#word", self.word)
        self.tab.taps("form[action$='/talk/word'] button")
        frame = self.tab.frame("iframe[name=word]")
        visitor.waits_for(lambda: "brings you back" in frame.words, "that the word was taken")
        visitor.types(self.unsent)
        self.tab.taps("form[action$='/talk/cover'] button")
        self.tab.sees("Kitchen measures")

    @property
    def being_sent(self) -> list[str]:
        return []

    def tries_again(self) -> None:
        self.tab.taps("button[value=more]")

    def is_back(self) -> None:
        """Both frames stand again, and the words in them."""
        visitor = PlainVisitor(self.tab, self.visit.origin)
        visitor.sees_the_talk()
        visitor.sees(self.received[-1])


class PlainCoveredAndBack(PlainCovered):
    """The same, and back by the word."""

    name = "covered and back without script"

    def goes_on(self) -> None:
        super().goes_on()
        self.tab.types("#find", self.word)
        self.tab.taps("button[value=find]")
        self.is_back()

    def tries_again(self) -> None:
        PlainVisitor(self.tab, self.visit.origin).shows_new_words()


class PlainCoveredForgotten(PlainCoveredAndBack):
    """The same, and back by "More" and the question."""

    name = "covered, forgotten word, without script"

    def goes_on(self) -> None:
        PlainCovered.goes_on(self)
        self.tab.taps("button[value=more]")
        self.tab.taps("button[value=open]")
        self.is_back()
