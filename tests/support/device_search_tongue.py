"""The language switched in the middle of a talk, as a phone is searched after it: the draft goes along, unsent."""

from __future__ import annotations

from tests.support.device_search_journeys import PlainTalk, Talk

OTHER = "es"


class SwitchedTalk(Talk):
    """With script: a name given, words sent, an answer read, words typed, the page taken in another language."""

    name = "language switched with script"

    def goes_on(self) -> None:
        self.is_heard()
        self.types("#field", "unsent")
        self.tab.taps("#more-button")
        self.tab.taps("#tongues summary")
        self.tab.taps(f"#tongues [lang={OTHER}]")
        self.tab.until(lambda: self.tab.attribute("html", "lang") == OTHER, "the page in the other language")
        self.tab.sees(self.received[-1])


class PlainSwitchedTalk(PlainTalk):
    """The same without script."""

    name = "language switched without script"

    def goes_on(self) -> None:
        visitor = self.is_heard()
        visitor.types(self.unsent)
        visitor.write.taps(".plain-tongues > summary")
        visitor.write.taps(f".plain-tongues [lang={OTHER}]")
        self.tab.until(lambda: self.tab.attribute("html", "lang") == OTHER, "the page in the other language")
        visitor.sees_the_talk()
        visitor.sees(self.received[-1])
