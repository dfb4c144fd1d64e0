"""Plays a day in a house and writes a picture of every page: `python -m tests.support.screens FOLDER`."""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from tests.support.chromium import PHONE, SCREEN, Chromium, running_chromium
from tests.support.desk_navigators import Advocate, Operator
from tests.support.engines import ChromiumTab
from tests.support.house import running_house
from tests.support.navigators import Reporter, Visitor
from tests.support.neutral import neutral_site
from tests.support.plain_people import PlainVisitor
from tests.support.public_pages import PAGES, path
from tests.support.ready import put_off
from tests.support.server_process import House

SIZES = {"360": PHONE, "1280": SCREEN}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

SAID = {
    "en": ("Hi. I am at work. I cannot talk for long.", "I am here, take your time. Are you safe to write?"),
    "ar": ("مرحبا، أنا في العمل ولا أستطيع الكلام طويلا.", "أنا هنا، خذي وقتك. هل الكتابة آمنة الآن؟"),
}
TIP = {
    "en": "Four women live above the laundry. Their door is locked from outside.",
    "ar": "أربع نساء يسكنّ فوق المغسلة، والباب مقفل من الخارج.",
}
REPLY = "Thank you. Is somebody there at night?"


@dataclass
class Camera:
    """Takes the pictures of one look: size, language and scheme."""

    chromium: Chromium
    folder: Path
    size: str
    language: str
    scheme: Literal["light", "dark"]
    taken: list[str] = field(default_factory=list)

    def page(self, *, script: bool = True) -> Page:
        context = self.chromium.new_context(
            size=SIZES[self.size], language=self.language, scheme=self.scheme, script=script
        )
        return context.new_page()

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        """What is in sight; the whole page too where it is longer."""
        page.wait_for_timeout(150)
        stem = f"{name}-{self.size}-{self.language}-{self.scheme}"
        page.screenshot(path=self.folder / f"{stem}.png")
        self.taken.append(stem)
        if whole:
            page.screenshot(path=self.folder / f"{stem}-full.png", full_page=True)


def public_pages(camera: Camera, house: House) -> None:
    """Every page a person can open without having written."""
    page = camera.page()
    for name in PAGES:
        page.goto(house.public + path(name, camera.language))
        camera.take(page, name.replace(" ", "-"), whole=True)
    page.context.close()


def talk(camera: Camera, house: House, operator: Operator) -> None:
    """A conversation from the waiting room to its end, seen from both sides."""
    hello, answer = SAID[camera.language]
    desk = camera.page()
    advocate = Advocate(desk, house).signs_in(operator.name, operator.passphrase).opens_the_chats().is_ready()
    camera.take(desk, "desk-chats-empty")
    visitor = Visitor(camera.page(), house.public, camera.language).opens_home().starts_chat()
    camera.take(visitor.page, "wait", whole=True)
    visitor.answers("safe", "unsure")
    visitor.says(hello)
    camera.take(visitor.page, "wait-wrote")
    desk.wait_for_selector("#queue .queue-row")
    camera.take(desk, "desk-chats-queue")
    advocate.takes_next()
    advocate.sees(hello)
    advocate.says(answer)
    advocate.notes("She is at work until six.")
    visitor.sees(answer)
    camera.take(visitor.page, "talking")
    camera.take(desk, "desk-chats-open")
    visitor.page.click("#more-button")
    camera.take(visitor.page, "talk-more")
    visitor.page.click("#end-ask")
    visitor.page.click("#end-now")
    visitor.sees_the_end()
    camera.take(visitor.page, "ended")
    advocate.sees_the_end()
    camera.take(desk, "desk-chats-ended")
    visitor.page.context.close()
    desk.context.close()


def plain_talk(camera: Camera, house: House, operator: Operator) -> None:
    """The same conversation without script, and what its frames say at its end."""
    hello, answer = SAID[camera.language]
    desk = camera.page()
    advocate = Advocate(desk, house).signs_in(operator.name, operator.passphrase).opens_the_chats().is_ready()
    page = camera.page(script=False)
    visitor = PlainVisitor(ChromiumTab(page), house.public, camera.language).starts()
    camera.take(page, "plain-wait")
    visitor.says(hello)
    visitor.sees(hello)
    camera.take(page, "plain-wrote")
    visitor.taps_on(visitor.write, ".plain-asks > summary")
    camera.take(page, "plain-asks")
    advocate.takes_next()
    advocate.says(answer)
    visitor.sees(answer)
    camera.take(page, "plain-talking")
    visitor.asks_for_her_number()
    camera.take(page, "plain-number")
    visitor.taps_on(visitor.tab, ".plain-more > summary")
    visitor.types(hello)
    camera.take(desk, "desk-chats-plain")
    advocate.pane.locator("[data-at=close]").click()
    advocate.pane.locator("[data-at=close-now]").click()
    visitor.waits_for(lambda: not visitor.bubbles, "the words to be gone")
    visitor.sends()
    # Looked for before it is read: the answer comes into the other of the two frames.
    kept = "textarea[readonly]"
    visitor.waits_for(lambda: bool(visitor.write.shown(kept)), "the words that were not sent")
    assert visitor.write.value(kept) == hello
    camera.take(page, "plain-ended")
    page.context.close()
    desk.context.close()


def tip(camera: Camera, house: House, operator: Operator) -> None:
    """A tip from a field left empty to its erasure."""
    page = camera.page(script=False)
    reporter = Reporter(page, house.public, camera.language).opens_the_form()
    page.wait_for_timeout(3_100)
    page.click("button[name=keep][value='1']")
    camera.take(page, "note-wrong")
    reporter.opens_the_form().sends_note(TIP[camera.language])
    camera.take(page, "receipt", whole=True)
    desk = camera.page()
    Advocate(desk, house).signs_in(operator.name, operator.passphrase)
    desk.goto(f"{house.desk}/desk/tips")
    camera.take(desk, "desk-tips")
    first = desk.locator("a[href^='/desk/tips/']").first
    desk.goto(house.desk + str(first.get_attribute("href")))
    camera.take(desk, "desk-tip", whole=True)
    desk.fill("form[action$='/reply'] [name=words]", REPLY)
    desk.click("form[action$='/reply'] button[type=submit]")
    desk.context.close()
    page.goto(f"{house.public}/{camera.language}/note/back")
    page.fill("[name=number]", "12345 12345 12345 12345 12345")
    page.locator("form:has([name=number]) button[type=submit]").click()
    camera.take(page, "back-wrong")
    reporter.comes_back()
    camera.take(page, "thread", whole=True)
    page.click("button[value=ask]")
    camera.take(page, "erase")
    page.click("button[value=erase]")
    camera.take(page, "erased")
    page.context.close()


def desk_pages(camera: Camera, house: House, operator: Operator) -> None:
    """The desk's own pages."""
    page = camera.page()
    page.goto(f"{house.desk}/desk/signin")
    camera.take(page, "desk-signin")
    page.goto(f"{house.desk}/desk/welcome")
    camera.take(page, "desk-welcome")
    Advocate(page, house).signs_in(operator.name, operator.passphrase)
    for name in ("", "/calls", "/staff", "/keys", "/opening", "/me"):
        page.goto(f"{house.desk}/desk{name}")
        camera.take(page, f"desk{name.replace('/', '-') or '-home'}", whole=True)
    page.goto(f"{house.desk}/desk/staff")
    person = page.locator("a[href^='/desk/staff/']").first.get_attribute("href")
    page.goto(house.desk + str(person))
    camera.take(page, "desk-person", whole=True)
    page.goto(f"{house.desk}/desk/nothing-here")
    camera.take(page, "desk-not-there")
    page.context.close()


def before_opening(camera: Camera, house: House) -> None:
    """What the house shows before anybody has set it up."""
    page = camera.page()
    page.goto(house.public + path("home", camera.language))
    camera.take(page, "not-open")
    page.goto(f"{house.desk}/desk/setup")
    camera.take(page, "desk-setup", whole=True)
    page.context.close()


def main() -> int:
    """Writes the pictures into a folder and says how many there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="a part of a picture's name: take the looks that match it")
    told = parser.parse_args()
    told.folder.mkdir(parents=True, exist_ok=True)
    looks = [look for look in itertools.product(SIZES, SAID, SCHEMES) if told.only in "-".join(look)]
    taken = 0
    with (
        tempfile.TemporaryDirectory() as root,
        neutral_site() as neutral,
        running_chromium() as chromium,
        running_house(Path(root), exit_urls=neutral.url) as house,
    ):
        cameras = [Camera(chromium, told.folder, *look) for look in looks]
        for camera in cameras:
            before_opening(camera, house)
        page = chromium.new_context(size=SCREEN).new_page()
        operator = Operator(page, house)
        operator.sets_up()
        cameras[0].take(page, "desk-sheet", whole=True)
        operator.writes_the_sheets_down()
        put_off(operator.house)
        operator.opens_the_doors()
        page.context.close()
        acts: list[Callable[[Camera], None]] = [
            lambda camera: public_pages(camera, house),
            lambda camera: talk(camera, house, operator),
            lambda camera: plain_talk(camera, house, operator),
            lambda camera: tip(camera, house, operator),
            lambda camera: desk_pages(camera, house, operator),
        ]
        for camera in cameras:
            for act in acts:
                act(camera)
            taken += len(camera.taken)
            print(camera.size, camera.language, camera.scheme, len(camera.taken), flush=True)
    print(f"{taken} pictures in {told.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
