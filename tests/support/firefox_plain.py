"""Begins talks in Firefox as Tor Browser's safest mode has them, on phones that can lose their line or fall asleep."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psutil
import pytest

from tests.support.cut_line import Line, line_to
from tests.support.desk_people import DeskLine
from tests.support.firefox import Firefox
from tests.support.firefox_tab import FirefoxTab
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.plain_people import PlainVisitor, waits_like_a_hand

HELLO = "four lanterns by the old canal"
HERS = "the copper kettle stands on the seventh shelf"
THEIRS = "a paper heron was folded at noon"
UNSENT = "an umbrella nobody opened"
# Sooner than the desk would take an advocate for gone.
STILL_HERE_S = 10.0


@dataclass
class SafestHouse:
    """An open house whose visitors come over a line that can be cut, and the one advocate who answers there."""

    ready: OpenHouse
    line: Line
    desk: DeskLine

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.line.port}"


@dataclass
class SafestTalk:
    """One talk that has begun: she, the tab she holds, and who answers her."""

    visitor: PlainVisitor
    tab: FirefoxTab
    house: SafestHouse
    conversation: str

    @property
    def desk(self) -> DeskLine:
        return self.house.desk

    @property
    def line(self) -> Line:
        return self.house.line

    def answers(self, text: str) -> None:
        """The advocate's words."""
        self.desk.says(self.conversation, text)

    def ends(self) -> None:
        """The advocate's end, if nobody has ended it yet."""
        if not self.is_over:
            self.desk.ends(self.conversation)

    @property
    def is_over(self) -> bool:
        """Whether the desk has heard of an end."""
        return any(fact["type"] == "ConversationClosed" for fact in self.told)

    @property
    def was_gone(self) -> bool:
        """Whether the desk was told that her line broke."""
        return any(fact["type"] == "LineChanged" and fact["line"] == "gone" for fact in self.told)

    @property
    def told(self) -> list[dict[str, Any]]:
        """What the desk has heard of this talk so far."""
        return [fact for fact in self.desk.line.heard if fact.get("conversation") == self.conversation]

    @property
    def shown(self) -> list[str]:
        """Which of the words of the talk a person could see now, in the page and in its frames."""
        pages = [self.tab, *self.tab.frames()]
        words = "\n".join(each for page in pages for each in [page.words, *page.fields])
        return [text for text in (HELLO, HERS, THEIRS, UNSENT) if text in words]

    def loses_its_stream(self) -> None:
        """The line is away until the browser has given the words up: its own page stands in their place."""
        words = self.visitor.words
        self.line.cut()
        words.until(lambda: not words.words, "the browser's own page in the place of the words")
        self.line.mend()

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """The phone sleeps: no process of its browser runs, and what was on its line is gone."""
        family = self.tab.firefox.family()
        for each in family:
            with suppress(psutil.NoSuchProcess):
                each.suspend()
        try:
            self.line.cut()
            yield
            self.line.mend()
        finally:
            for each in family:
                with suppress(psutil.NoSuchProcess):
                    each.resume()

    def lets_pass(self, seconds: float) -> None:
        """So long nothing is said, and the advocate stays at her desk."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            time.sleep(min(left, STILL_HERE_S))
            self.desk.line.say("Here")


@pytest.fixture(scope="module")
def safest_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SafestHouse]:
    """One such house for all stories of a file."""
    # The house has to know the line's address as its own before it starts; the line learns the house's port after.
    with line_to(0) as line, ExitStack() as stack:
        root = tmp_path_factory.mktemp("h")
        ready = stack.enter_context(open_house_at(root, public_origin=f"http://127.0.0.1:{line.port}"))
        line.to_port = ready.house.port
        desk = ready.admin.signs_in().opens_the_line()
        stack.callback(desk.close)
        yield SafestHouse(ready, line, desk)


@pytest.fixture(scope="module")
def safest_phones(
    request: pytest.FixtureRequest, firefox: Firefox, safest_house: SafestHouse
) -> Iterator[list[FirefoxTab]]:
    """One phone for each story, the notice before Start open on all: the time a start token needs is waited once."""
    stories = [
        item
        for item in request.session.items
        if item.path == request.path and "safest_talk" in getattr(item, "fixturenames", ())
    ]
    with ExitStack() as stack:
        stack.enter_context(firefox.safest_mode())
        tabs = [stack.enter_context(firefox.visit(script=False)) for _ in stories]
        for tab in tabs:
            tab.opens(safest_house.ready.neutral.origin + "/before")
            tab.opens(f"{safest_house.origin}/en/talk")
        waits_like_a_hand()
        yield tabs


@pytest.fixture
def safest_talk(safest_phones: list[FirefoxTab], safest_house: SafestHouse) -> Iterator[SafestTalk]:
    """She has said hello and been taken; no talk outlives its story."""
    tab = safest_phones.pop()
    tab.comes_to_the_front()
    visitor = PlainVisitor(tab, safest_house.origin)
    visitor.presses_start()
    visitor.says(HELLO)
    talk = SafestTalk(visitor, tab, safest_house, safest_house.desk.takes_next())
    talk.desk.hears(HELLO)
    yield talk
    talk.line.mend()
    talk.ends()
