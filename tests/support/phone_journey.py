"""A phone on a line that can be cut, with somebody who answers, in either browser; it can be locked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from tests.support.cut_line import Line
from tests.support.desk_people import DeskLine
from tests.support.engines import ChromiumTab, Tab
from tests.support.firefox_tab import FirefoxTab
from tests.support.open_house import OpenHouse
from tests.support.tab_people import TabVisitor

HERS = "four lanterns by the old canal"
THEIRS = "a paper heron was folded at noon"
STILL_HERE_S = 10.0


@dataclass
class Phone:
    """One tab on a line that can be cut, and the advocate who answers; `talk` is what she holds of it."""

    tab: Tab
    line: Line
    ready: OpenHouse
    desk: DeskLine
    her: TabVisitor = field(init=False)
    talk: str = ""

    def __post_init__(self) -> None:
        self.her = TabVisitor(self.tab, f"http://127.0.0.1:{self.line.port}")

    def is_heard(self, words: str = HERS, answer: str = THEIRS) -> None:
        """From the first page to the first answer."""
        self.her.starts()
        self.her.writes(words)
        self.talk = self.desk.takes_next()
        self.desk.says(self.talk, answer)
        self.tab.sees(answer)

    def leaves(self) -> None:
        self.her.leaves()
        self.tab.is_at(self.ready.neutral.url)

    def stays(self, seconds: float) -> None:
        """So long nothing is said, and the advocate stays at her desk."""
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            time.sleep(min(left, STILL_HERE_S))
            self.desk.line.say("Here")

    def all_at_the_desk(self) -> list[str]:
        """Every word of this talk as the desk has it, in its order."""
        posted = [fact for fact in self.desk.line.heard if fact.get("conversation") == self.talk]
        return [fact["text"] for fact in posted if fact["type"] == "MessagePosted" and fact["author"] != "system"]


@contextmanager
def locked(tab: Tab) -> Iterator[None]:
    """No script of the page runs, as in a pocket: Firefox's processes stand still, Chromium's page is halted."""
    if isinstance(tab, FirefoxTab):
        family = tab.firefox.family()
        for each in family:
            each.suspend()
        try:
            yield
        finally:
            for each in family:
                try:
                    each.resume()
                except psutil.NoSuchProcess:
                    continue
        return
    assert isinstance(tab, ChromiumTab)
    halted = tab.page.context.new_cdp_session(tab.page)
    halted.send("Debugger.enable")
    halted.send("Debugger.pause")
    try:
        yield
    finally:
        halted.send("Debugger.disable")
