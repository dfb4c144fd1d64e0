"""The people of the story of a potential labour case, from the first word in Spanish to the figures of its quarter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from portal.figures.periods import SETTLES, quarter_of
from portal.ids import random_id, to_text
from tests.browser.talk_people import Advocate, Story, Visitor
from tests.support.axe import violations
from tests.support.desk_people import DeskPerson
from tests.support.disk_search import search
from tests.support.server_process import REPOSITORY

# Words, a name and a number of the story that may stand nowhere but under their seals. Nobody else has them.
CANARIES: Final = {
    "her words": "el capataz guarda mi pasaporte en la caja azul",
    "her name": "Marisol Quebranta",
    "her number": "807 555 0177",
    "one line": "Papers held by an employer at a greenhouse.",
    "note": "Can be reached while the boiler room is loud.",
    "harm of telling": "The foreman may hear of it from the loading dock.",
    "harm of silence": "The vans leave for another county on Friday.",
    "grounds": "A cousin was struck with a shovel this morning.",
}
HOUSES: Final = {"Casa Farolito": "+18075550121", "Puerta del Lago": "+18075550122"}
TOLD, OTHER = HOUSES


@dataclass
class Told:
    """A house with a small directory, its advocate and its supervisor."""

    story: Story
    ada: DeskPerson
    kim: DeskPerson
    services: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, story: Story) -> Told:
        """Ada answers, Kim supervises, and two services stand in the directory."""
        admin = story.ready.admin
        ada = admin.invites("Ada", "advocate", ["en", "es"], "chat", "records", "names")
        told = cls(story, ada, admin.invites("Kim", "supervisor", ["en"], "chat", "records", "names"))
        for name, number in HOUSES.items():
            owner = _made(admin, "/desk/directory/add", name=name, kind="ngo", sub="direct")
            words: dict[str, str | list[str]] = {"name": name, "is_always": "yes", "original": "es"}
            words |= {"needs": ["bed", "lawyer"], "regions": ["ca-on"], "phone0": number, "kind0": "phone"}
            words["about.es"] = "Una cama segura, de día y de noche."
            told.services[name] = _made(admin, f"{owner}/add", **words)
        return told

    @property
    def desk(self) -> str:
        return self.story.ready.house.desk

    @contextmanager
    def at_her_desk(self, person: DeskPerson) -> Iterator[Page]:
        """A browser in which this person has signed in."""
        with self.story.chromium.visit(size=(1280, 800)) as page:
            person.signs_in_with(page)
            yield page


def _made(admin: DeskPerson, path: str, **fields: str | list[str]) -> str:
    answer = admin.posts(path, **fields)
    return urlsplit(answer.headers["location"]).path


def asks_for_help(visitor: Visitor, advocate: Advocate) -> None:
    """In Spanish, and the advocate has her."""
    visitor.starts()
    visitor.says(CANARIES["her words"])
    advocate.is_ready()
    advocate.takes_next()
    advocate.sees(CANARIES["her words"])


def is_sent_a_card(visitor: Visitor, page: Page, told: Told) -> None:
    """One press at the service; she reads it in Spanish, its number as text."""
    page.goto(f"{told.desk}{told.services[TOLD]}")
    page.get_by_role("button", name="Send the card").click()
    expect(page.locator("h1")).to_have_text(TOLD)
    visitor.sees("Una cama segura, de día y de noche.")
    visitor.sees(TOLD)
    visitor.sees("555-0121")
    assert visitor.page.locator("#log a[href^='tel:']").count() == 0


def is_recorded(advocate: Advocate) -> None:
    """The record beside the words that are over: a labour case in Ontario, likely, a supervisor now."""
    record = advocate.page.locator(".pane-record:visible")
    expect(record.locator("form")).to_be_visible()
    record.locator("[name=type][value=crisis]").check()
    record.locator("[name=case][value=yes]").check()
    record.locator("[name=kind][value=labour]").check()
    record.locator("[name=supervisor][value=now]").check()
    record.locator("[name=region]").select_option("ca-on")
    record.locator("[name=line]").fill(CANARIES["one line"])
    record.locator("[name=line]").press("Enter")
    expect(record.get_by_role("status")).to_contain_text("Record kept.")


def becomes_a_case(advocate: Advocate) -> str:
    """In one press, in a tab beside; answers its address."""
    with advocate.page.expect_popup() as opened:
        advocate.page.locator(".pane-record:visible").get_by_role("link", name="Make a case of it").click()
    page = opened.value
    page.get_by_role("button", name="New case from this").click()
    expect(page.locator("main")).to_contain_text(CANARIES["one line"])
    address = page.url
    page.get_by_role("link", name="Change").first.click()
    page.get_by_label("Kind").select_option("labour")
    page.get_by_role("button", name="Keep").click()
    # The record said that it is about herself: she stands in it already.
    page.get_by_text("Potential victim").click()
    page.locator("section[aria-labelledby=people] a[href*='/person/']:not([href$=new])").click()
    page.locator("[name=name]").fill(CANARIES["her name"])
    page.locator("[name=reach]").fill(CANARIES["her number"])
    page.get_by_role("button", name="Keep").click()
    page.get_by_label("Note", exact=True).fill(CANARIES["note"])
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("main")).to_contain_text(CANARIES["note"])
    assert violations(page) == []
    page.close()
    return address


def is_closed(page: Page, case: str) -> None:
    """What whoever works on it presses to close it."""
    page.goto(case)
    page.get_by_text("Follow up, close, open again").click()
    page.select_option("#status", "referred")
    page.fill("#why", "A house took over.")
    page.get_by_role("button", name="Set", exact=True).click()


def weighs_both_harms(page: Page, told: Told, case: str) -> None:
    """A supervisor's entry: from the red line above her desk, in two steps."""
    page.goto(case)
    page.get_by_label("Agreed").check()
    page.get_by_label("Harm of a report").fill(CANARIES["harm of telling"])
    page.get_by_label("Harm of no report").fill(CANARIES["harm of silence"])
    page.get_by_role("button", name="Keep the entry").click()
    expect(page.locator("main")).to_contain_text(CANARIES["harm of telling"])


def agrees_to_one_service_only(page: Page, told: Told, case: str) -> None:
    """Her yes, in Spanish, to one house: what happened, and how to reach her."""
    page.goto(f"{told.desk}/desk/consents?about={_about(case)}")
    page.select_option("#f-to", label=TOLD)
    for what in ("story", "reach"):
        page.locator(f"[name=what][value={what}]").check()
    page.locator("[name=purpose][value=help]").check()
    page.select_option("#f-language", "es")
    page.fill("#f-who", "la de la caja azul")
    page.click("#new-consent button[type=submit]")
    expect(page.locator("#standing")).to_contain_text(TOLD)
    assert violations(page) == []


def is_led_there(page: Page, told: Told, case: str) -> None:
    """A warm transfer, step by step, to the house she agreed to; and to the other nothing is told."""
    page.goto(case)
    page.locator("section[aria-labelledby=referrals] li a").first.click()
    expect(page.locator("h1")).to_have_text(TOLD)
    tells(page, "story", "reach")
    for step in page.locator("[name=steps]").all():
        step.check()
    page.locator("[name=outcome][value=reached]").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#refused")).to_have_count(0)
    page.goto(f"{told.desk}{told.services[OTHER]}?for={_about(case)}")
    page.locator("#send button").last.click()
    expect(page.locator("h1")).to_have_text(OTHER)
    tells(page, "story")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#refused")).to_contain_text("Nothing leaves")
    assert violations(page) == []


def tells(page: Page, *what: str) -> None:
    """What of her the service is told on the phone."""
    page.locator("#told").evaluate("each => each.open = true")
    for each in what:
        page.locator(f"[name=told][value={each}]").check()


def asks_for_the_police(page: Page, case: str) -> None:
    """What of the case the provincial police may be told."""
    page.goto(f"{case}/tell")
    page.select_option("#f-to", "police.provincial")
    for what in ("story", "place"):
        page.locator(f"[name=what][value={what}]").check()
    page.get_by_role("button", name="Ask what may be told").click()


def decides_to_report(page: Page, told: Told, case: str) -> str:
    """The exception: somebody may come to harm now; answers its address. It waits for a second person."""
    page.goto(f"{told.desk}/desk/duty/new?about={_about(case)}")
    page.locator("[name=basis][value=imminent_harm]").check()
    page.locator("[name=plan][value=report]").check()
    page.select_option("#f-to", "police.provincial")
    for what in ("story", "place"):
        page.locator(f"[name=what][value={what}]").check()
    page.fill("#f-grounds", CANARIES["grounds"])
    page.fill("#f-harm_of_telling", CANARIES["harm of telling"])
    page.fill("#f-harm_of_silence", CANARIES["harm of silence"])
    assert violations(page) == []
    page.click("#new-decision button[type=submit]")
    expect(page.locator("#own-waits")).to_be_visible()
    return page.url


def _about(case: str) -> str:
    return f"case.{case.rpartition('/')[2]}"


def others_call(told: Told, how_many: int) -> None:
    """Other people phone from two provinces, as many from each; each leaves the short record of a call."""
    for region in ("ca-on", "ca-bc") * how_many:
        said = {"channel": "phone", "minutes": "7", "language": "es", "type": "crisis", "case": "none"}
        kept = told.ada.posts("/desk/record", row=to_text(random_id()), **said, region=region, line="Asked for a bed.")
        assert kept.status_code == 303


def the_quarter_passes(told: Told) -> date:
    """The same house on the day after the quarter has settled; answers the first day of that quarter."""
    house, today = told.story.ready.house, datetime.now(UTC).date()
    quarter = quarter_of(today)
    house.stop()
    house.settings["DAYS_LATER"] = str((quarter.ends - today).days + SETTLES.days + 1)
    house.program = (str(REPOSITORY / "tests" / "support" / "later_house.py"),)
    house.start()
    return quarter.begins


def nobody_is_found(told: Told, pages: Sequence[str]) -> list[str]:
    """Where a word, the name or the number of the story can be read: on these pages, on the disk, in a log."""
    house = told.story.ready.house
    seen = [f"{word} on a page" for word in CANARIES.values() for page in pages if word in page]
    folders = [house.data, house.keys, house.logs, house.temporary]
    return seen + [str(found) for found in search(list(CANARIES.values()), folders)]
