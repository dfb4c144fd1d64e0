"""Tells a note's whole way in both browsers, with and without script, in every language, from sending to erasing."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.chromium import SCREEN, Chromium
from tests.support.desk_navigators import Advocate
from tests.support.desk_people import DeskPerson
from tests.support.engines import Engine, Tab
from tests.support.firefox import Firefox
from tests.support.line_people import HAND_S
from tests.support.navigators import words
from tests.support.open_house import OpenHouse
from tests.support.profile_search import search_profile
from tests.support.tab_people import TabReporter, TabVisitor, answers_the_note

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.timeout(300)]

LANGUAGES = ("en", "fr", "es", "ar")
TOLD = {
    "en": "four lamps above the bakery",
    "fr": "quatre lampes sur le quai",
    "es": "cuatro faroles en el muelle",
    "ar": "أربعة مصابيح عند الميناء",
}
SAME = {
    "en": "is the door locked at night",
    "fr": "la porte est-elle close la nuit",
    "es": "cierran la puerta de noche",
    "ar": "هل الباب مقفل ليلا",
}
ADDED = {
    "en": "yes since the storm",
    "fr": "oui depuis la neige",
    "es": "desde la tormenta",
    "ar": "نعم منذ العاصفة",
}
REACHED = "heron 41 after nine"
HELLO = "it is me again"


@dataclass(frozen=True)
class Way:
    """One way to tell it: script or none, the language she sends it in, and the one she comes back in."""

    script: bool
    sent: str
    back: str

    def __str__(self) -> str:
        return f"{'script' if self.script else 'none'}-{self.sent}-{self.back}"


EVERY = [Way(script, language, language) for script, language in itertools.product((True, False), LANGUAGES)]


@pytest.fixture(scope="module")
def desk(open_house: OpenHouse) -> Iterator[DeskPerson]:
    """Whoever reads and answers, signed in once."""
    with closing(open_house.admin.at(open_house.house)) as person:
        yield person.signs_in()


@dataclass
class Story:
    """One note, from its first word to its end; `tag` keeps its words apart from those of other stories."""

    tab: Tab
    house: OpenHouse
    desk: DeskPerson
    way: Way
    tag: str

    def __post_init__(self) -> None:
        self.her = TabReporter(self.tab, self.house.house.public, self.way.sent)
        self.told, self.added = f"{TOLD[self.way.sent]} {self.tag}", f"{ADDED[self.way.back]} {self.tag}"
        self.ours, self.same = f"{SAME['en']} ours {self.tag}", f"{SAME[self.way.sent]} {self.tag}"
        self.number = ""

    @property
    def secrets(self) -> list[str]:
        """What no page may show, and no device keep, after it."""
        groups = [self.number[at : at + 5] for at in range(0, 25, 5)]
        return [self.number, " ".join(groups), self.told, self.added, self.ours, self.same, REACHED, HELLO]

    def is_sent(self) -> None:
        self.her.opens_the_form()
        self.her.writes(self.told)
        self.number = self.her.sends(more=self.says_how_to_reach_her)
        assert len(self.number) == 25

    def says_how_to_reach_her(self) -> None:
        self.tab.taps("details:has([name=reach]) > summary")
        self.tab.types("[name=reach]", REACHED)

    def is_answered(self) -> None:
        answers_the_note(self.desk, self.told, self.ours, same=self.same, made="machine", theirs=self.way.sent)
        assert REACHED in self.desk.reader.page.words

    def comes_back(self) -> None:
        self.her.language = self.way.back
        self.her.comes_back_to(self.number, self.same)
        self.tab.sees(words("tips", self.way.back, "thread.by.machine"))
        shown = self.tab.words
        assert [each for each in (self.told, self.ours, REACHED) if each in shown] == [], "behind a tap"
        self.tab.taps(".bubble details > summary")
        self.tab.sees(self.ours)

    def adds(self) -> None:
        self.her.writes(self.added)
        self.her.presses_until("add", self.saying("thread.added"), "what she added")

    def changes_what_she_agreed_to(self) -> None:
        self.tab.taps("#agreed > summary")
        self.her.taps_until("#agreed form:has([name=yes]) button", self.saying("thread.agreed"), "what she agreed to")

    def takes_back_how_to_reach_her(self) -> None:
        self.tab.taps("#reached > summary")
        assert self.tab.value("[name=reach]") == REACHED
        self.her.taps_until("button[value=unreach]", self.saying("thread.reach.saved"), "that it is taken back")
        read = self.desk.reader.opens(str(self.desk.reader.answers[-1].request.url.path)).words
        assert self.added in read
        assert REACHED not in read

    def is_erased(self) -> None:
        self.her.presses_until("ask", lambda: bool(self.tab.shown("main button[value='erase']")), "the second step")
        self.her.presses_until("erase", self.saying("erased.heading"), "that it is erased")
        self.her.comes_back_to(self.number, words("tips", self.way.back, "back.error.unknown"))
        where = str(self.desk.reader.answers[-1].request.url.path)
        self.desk.reader.opens(where)
        assert self.desk.reader.answers[-1].status_code == 404
        assert self.tab.kept() == {}

    def saying(self, key: str) -> Callable[[], bool]:
        """Whether the page says this phrase, in the language she came back in."""
        phrase = words("tips", self.way.back, key)
        return lambda: phrase in self.tab.words

    def is_told(self) -> None:
        """All but its end."""
        self.is_sent()
        self.is_answered()
        self.comes_back()
        self.adds()
        self.changes_what_she_agreed_to()
        self.takes_back_how_to_reach_her()


def tag_of(engine: Engine, way: Way) -> str:
    return f"{engine.name} {way}"


def test_a_note_from_a_phone_leads_to_a_chat_and_back(
    chromium: Chromium, open_house: OpenHouse, desk: DeskPerson
) -> None:
    """With script: sent in Spanish, opened in French, a chat whose advocate finds the note, and its end."""
    way = Way(script=True, sent="es", back="fr")
    room = chromium.new_context(size=SCREEN)
    with Engine("chromium", chromium, None).visit() as tab:  # type: ignore[arg-type]  # no Firefox is asked for
        story = Story(tab, open_house, desk, way, "chat")
        story.is_told()
        advocate = Advocate(room.new_page(), open_house.house)
        advocate.signs_in(open_house.admin.name, open_house.admin.passphrase).opens_the_chats().is_ready()
        story.her.presses("talk")
        tab.until(lambda: bool(tab.shown("#start-form")), "the same door as everybody's")
        assert [each for each in story.secrets if each in tab.address] == []
        tab.page.wait_for_timeout(HAND_S * 1000)  # type: ignore[attr-defined]
        tab.taps("#start-form button")
        tab.until(lambda: bool(tab.shown("#field")), "the field to write in")
        her = TabVisitor(tab, story.her.site, "fr")
        her.writes(HELLO)
        advocate.takes_next()
        link = advocate.page.locator("[data-at=wrote]").locator("visible=true")
        link.wait_for()
        assert re.fullmatch(r"\w+ \d+, \d{4} · let them begin", link.inner_text())
        with room.expect_page() as opened:
            link.click()
        note = opened.value
        note.wait_for_selector(".tips-told")
        read = note.inner_text("main")
        assert story.told in read
        assert "Chats from this note" in read
        assert HELLO not in read
        her.ends()
        story.her.comes_back_with(story.number)
        story.is_erased()
    room.close()


@pytest.mark.long  # tests/browser/test_firefox_note.py goes a shorter way in the normal run
def test_a_note_goes_its_whole_way_without_script(
    firefox: Firefox, open_house: OpenHouse, desk: DeskPerson, chromium: Chromium
) -> None:
    """In Firefox: sent in Arabic, opened in English."""
    with Engine("firefox", chromium, firefox).visit(script=False) as tab:
        story = Story(tab, open_house, desk, Way(script=False, sent="ar", back="en"), "plain")
        story.is_told()
        story.is_erased()


@pytest.mark.long
@pytest.mark.parametrize("way", EVERY, ids=str)
def test_a_note_goes_its_whole_way(engine: Engine, open_house: OpenHouse, desk: DeskPerson, way: Way) -> None:
    with engine.visit(script=way.script) as tab:
        story = Story(tab, open_house, desk, way, tag_of(engine, way))
        story.is_told()
        story.is_erased()


@pytest.mark.long
def test_nothing_of_it_stays_on_the_phone(
    tmp_path: Path, open_house: OpenHouse, desk: DeskPerson, chromium: Chromium
) -> None:
    phone = Firefox(tmp_path).starts()
    try:
        with Engine("firefox", chromium, phone).visit(script=False) as tab:
            story = Story(tab, open_house, desk, Way(script=False, sent="fr", back="fr"), "searched")
            story.is_told()
            story.is_erased()
        phone.quits()
    finally:
        phone.is_killed()
    assert search_profile(story.secrets, phone.profile) == []
