"""The ways through the house that a phone is searched after: each types, reads and carries words of its own."""

from __future__ import annotations

import re
import secrets
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from portal.vault.comebacks import group_comeback
from tests.support.cut_line import Line
from tests.support.desk_people import DeskLine, DeskPerson
from tests.support.device_search_phone import Tab
from tests.support.plain_people import PlainVisitor

LANGUAGE = "en"
RECEIVED = "data-sent=received"
# Fewer digits than these stand by chance in some file.
TELLING_DIGITS = 10


def canary(what: str) -> str:
    """A sentence with a word in it that nobody ever wrote before."""
    return f"the {what} heron {secrets.token_hex(5)} stands behind the café"


@dataclass
class Visit:
    """Where a journey goes: the house's public address, an advocate at its desk, the talks she took."""

    origin: str
    desk: DeskLine
    neutral: str = ""  # where the exit leads
    conversations: list[str] = field(default_factory=list)
    colleague: DeskPerson | None = None
    keeper: DeskPerson | None = None  # whoever opens and closes the chat
    line: Line | None = None  # between the phone and the house
    elsewhere: list[tuple[DeskLine, str]] = field(default_factory=list)  # what a colleague has, and her line

    def at(self, path: str) -> str:
        return f"{self.origin}/{LANGUAGE}/{path}"


@dataclass
class Earlier:
    """A note that was sent from elsewhere, and the desk's reply to it."""

    number: str
    words: str
    reply: str


@dataclass
class Walked(ABC):
    """One way through the house in one tab. `typed`, `received` and `tokens` fill while it is walked."""

    visit: Visit
    tab: Tab
    earlier: Earlier
    name: ClassVar[str]
    needs_colleague: ClassVar[bool] = False
    typed: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    @abstractmethod
    def begins(self) -> None:
        """Up to the page whose start token has to grow old."""

    @abstractmethod
    def goes_on(self) -> None:
        """All the way to where the visit ends, words still standing in a field."""

    @abstractmethod
    def tries_again(self) -> None:
        """What she does when the line is gone: she presses what she would have pressed."""

    @property
    @abstractmethod
    def being_sent(self) -> list[str]:
        """Those of the typed words that the last press sends."""

    def types(self, where: str, what: str) -> None:
        """Types words that nobody ever typed before, and remembers them."""
        self.typed.append(canary(what))
        self.tab.types(where, self.typed[-1])

    def comes_back(self, groups: list[str], button: str) -> None:
        """Opens the page for a number in the same tab, as after a page that was lost, and types it as it was shown."""
        self.tab.opens(self.visit.at("talk/back"))
        self.tab.types("[name=number]", " ".join(groups))
        self.tab.taps(button)

    def is_answered(self) -> str:
        """The advocate takes her and answers; these are her words."""
        desk = self.visit.desk
        conversation = desk.takes_next()
        self.visit.conversations.append(conversation)
        self.tokens.append(conversation)
        self.received.append(canary("answered"))
        desk.says(conversation, self.received[-1])
        return self.received[-1]

    def opens_from_home(self, door: str) -> None:
        self.tab.opens(self.visit.at(""))
        self.tab.taps(f"a[href='/{LANGUAGE}/{door}']")
        self.tab.is_at(self.visit.at(door))


class Note(Walked):
    """A note, filled in, sent back once because the main field was empty, not sent yet."""

    name = "note"

    def begins(self) -> None:
        self.opens_from_home("note")

    def goes_on(self) -> None:
        self.tab.taps("details.more:has([name=reach]) > summary")
        for name in ("place", "day", "reach"):
            self.types(f"[name={name}]", name)
        self.tab.taps("button[name=keep][value='2']")
        self.tab.is_at(self.visit.at("note/"))
        self.types("[name=words]", "note")

    @property
    def being_sent(self) -> list[str]:
        return self.typed

    def tries_again(self) -> None:
        self.tab.taps("button[name=keep][value='1']")


class Receipt(Walked):
    """A note, sent back once because the main field was empty, then sent; its number stands on the page."""

    name = "receipt"

    def begins(self) -> None:
        self.opens_from_home("note")

    def goes_on(self) -> None:
        self.types("[name=place]", "sent place")
        self.tab.taps("button[name=keep][value='1']")
        self.tab.is_at(self.visit.at("note/"))
        self.types("[name=words]", "sent")
        self.tab.taps("button[name=keep][value='1']")
        self.tokens += written(*self.tab.text(".slip-number").split())

    @property
    def being_sent(self) -> list[str]:
        return []

    def tries_again(self) -> None:
        self.tab.taps("[data-leave]")


class Return(Walked):
    """A note opened again with its number; the reply and the earlier words read, more words sent, more typed."""

    name = "return"

    def begins(self) -> None:
        self.tab.opens(self.visit.at("note/back"))
        groups = re.findall(r"\d{5}", self.earlier.number)
        self.tab.types("[name=number]", " ".join(groups))
        self.tokens += written(*groups)

    def goes_on(self) -> None:
        self.tab.taps("form:has([name=number]) button[type=submit]")
        self.tab.sees(self.earlier.reply)
        self.tab.taps("details.more:first-of-type > summary")
        self.tab.sees(self.earlier.words)
        self.received += [self.earlier.reply, self.earlier.words]
        self.types("[name=words]", "added")
        self.tab.taps("button[value=add]")
        self.tab.sees("We have your words.")
        self.types("[name=words]", "unsent")

    @property
    def being_sent(self) -> list[str]:
        return self.typed[-1:]

    def tries_again(self) -> None:
        self.tab.taps("button[value=add]")


class Talk(Walked):
    """A talk with script: a name given, words sent, an answer read, come back to by its number, more words typed."""

    name = "talk with script"

    def begins(self) -> None:
        self.opens_from_home("talk")

    def goes_on(self) -> None:
        self.is_heard()
        for where in ("#more-button", "#cut > summary", "#cut-show"):
            self.tab.taps(where)
        groups = self.tab.text("#cut .slip-number").split()
        self.tokens += written(*groups)
        self.loses_her_page()
        self.comes_back(groups, "#back-form button")
        self.tab.taps("#show-words")
        self.tab.sees(self.received[-1])
        self.types("#field", "unsent")

    def is_heard(self) -> None:
        """Start, a name, a message, an answer."""
        self.tab.taps("#start-form button")
        for asked in ("name", "region"):
            self.types(f"#questions [name={asked}]", asked)
        self.types("#field", "said")
        self.tab.taps("#send")
        self.tab.text(f"#log li.bubble[{RECEIVED}]")
        self.tab.sees(self.is_answered())

    def loses_her_page(self) -> None:
        """How she lost the page she had; here she only opens another."""

    @property
    def being_sent(self) -> list[str]:
        return self.typed[-1:]

    def tries_again(self) -> None:
        self.tab.taps("#send")


class PlainTalk(Walked):
    """A talk without script: the same."""

    name = "talk without script"

    def begins(self) -> None:
        self.opens_from_home("talk")

    def goes_on(self) -> None:
        visitor = self.is_heard()
        groups = group_comeback(visitor.asks_for_her_number())
        self.tokens += written(*groups)
        self.loses_her_page(visitor)
        self.comes_back(groups, "main form button")
        visitor.sees_the_talk()
        visitor.taps_on(visitor.words, ".plain-earlier button")
        # All of them stand still, without what may yet be taken back; one tap more, and they go on.
        visitor.waits_for(lambda: bool(visitor.words.shown(".plain-earlier p")), "the words that stand still")
        visitor.taps_on(visitor.words, ".plain-earlier button")
        visitor.sees(self.received[-1])
        visitor.types(self.unsent)

    def is_heard(self) -> PlainVisitor:
        """Start, a name, a message, an answer."""
        visitor = PlainVisitor(self.tab, self.visit.origin)
        visitor.presses_start()
        visitor.write.taps("details.plain-asks > summary")
        self.asked = [canary("name"), canary("region")]
        said, self.unsent = canary("said"), canary("unsent")
        self.typed += [*self.asked, said, self.unsent]
        for where, words in zip(("name", "region"), self.asked, strict=True):
            visitor.write.types(f"[name={where}]", words)
        visitor.says(said)
        visitor.sees(self.is_answered())
        return visitor

    def loses_her_page(self, visitor: PlainVisitor) -> None:
        """How she lost the page she had; here she only opens another."""

    @property
    def being_sent(self) -> list[str]:
        return [*self.asked, self.unsent]  # one form: what was asked stands beside the words

    def tries_again(self) -> None:
        PlainVisitor(self.tab, self.visit.origin).sends()


def written(*groups: str) -> list[str]:
    """A number as it may be written: in one piece, in its groups, and so many neighbours of them that they tell."""
    few = next(count for count in range(1, len(groups) + 1) if len("".join(groups[:count])) >= TELLING_DIGITS)
    parts = [groups, *(groups[at : at + few] for at in range(len(groups) - few + 1))]
    return [mark.join(part) for part in parts for mark in ("", " ", "-")]
