"""Walks a report's whole way at the desk: drafted, sent back, mended, approved by a second person, taken as a file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_tip_journey import HAND_MS, newest_tip
from tests.support.axe import violations
from tests.support.chromium import Chromium
from tests.support.desk_people import DeskPerson
from tests.support.open_house import OpenHouse, open_house_at

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = "A van takes four women to the mill each night. ثلاث منهن بلا جوازات."
NAME = "Ana Quill"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready


def tells(page: Page, house: OpenHouse) -> None:
    """A reporter who lets the facts go to the police, and not who she is."""
    page.goto(f"{house.house.public}/en/note")
    page.fill("#words", WORDS)
    for group in page.locator("details").all():
        group.evaluate("group => group.open = true")
    page.fill("input[name=called]", NAME)
    page.fill("input[name=reach]", "555 0199")
    page.fill("input[name=them]", "Rex of the mill")
    page.locator("#ok input[value='2'], input[name=ok][value='2']").first.check()
    page.wait_for_timeout(HAND_MS)
    page.click("main button[name=keep][value='1']")
    expect(page.locator("h1")).to_be_visible()


def at_the_desk(chromium: Chromium, person: DeskPerson) -> Page:
    page = chromium.new_context(size=(1280, 800)).new_page()
    person.signs_in_with(page)
    return page


def test_a_report_goes_its_whole_way_by_two_people(chromium: Chromium, house: OpenHouse) -> None:
    ada = house.admin.invites("Ada", "advocate", ["en"], "tips", "names")
    sol = house.admin.invites("Sol", "supervisor", ["en"], "tips", "names")
    reporter = chromium.new_context().new_page()
    tells(reporter, house)

    author = at_the_desk(chromium, ada)
    newest_tip(author, house, "A van takes four women")
    author.click("a[href$='/report']")
    expect(author.get_by_text("No report yet.")).to_be_visible()
    assert violations(author) == []
    author.click("text=The sender’s consent")
    expect(author.get_by_text(NAME)).to_have_count(0)
    expect(author.locator("[name=f_name], [name=f_reach]")).to_have_count(0)
    author.click("text=Give it to a second person")
    expect(author.get_by_text("Say to whom it goes.").first).to_be_visible()
    assert violations(author) == []
    author.fill("#f-whom", "Sergeant Vale, Mill Town")
    author.fill("#f-purpose", "Look in on the people at the mill.")
    author.fill("#f-harm_of_telling", "They may be moved before anybody comes.")
    author.fill("#f-harm_of_silence", "It goes on every night.")
    author.check("[name=f_text][value=clear]")
    author.check("[name=f_suspected_name][value=clear]")
    author.click("text=Give it to a second person")
    expect(author.get_by_text("It waits for a supervisor who did not write it.")).to_be_visible()
    expect(author.locator("#export")).to_have_count(0)
    address = author.url

    second = at_the_desk(chromium, sol)
    newest_tip(second, house, "A van takes four women")
    second.goto(address)
    assert violations(second) == []
    second.fill("#f-return", "Leave out the nickname: only three people use it.")
    second.click("text=Send it back")
    expect(second.get_by_text("sent back", exact=True)).to_be_visible()

    author.goto(address)
    expect(author.get_by_text("only three people use it", exact=False)).to_be_visible()
    author.click("text=Write it anew")
    assert author.input_value("#f-whom") == "Sergeant Vale, Mill Town"
    author.check("[name=f_suspected_name][value='']")
    author.click("text=Give it to a second person")
    # From her pocket: the phone's page, the list it leads to, the tip, its report.
    second.set_viewport_size({"width": 390, "height": 844})
    second.goto(f"{house.house.desk}/desk/pocket")
    second.click("a.pocket-go[href='/desk/tips?show=reports']")
    second.locator("a.tips-row").first.click()
    second.click("h2 a[href$='/report']")
    second.locator(".report-list a").first.click()
    assert second.url == address
    assert second.evaluate("document.documentElement.scrollWidth") <= 390
    second.click("text=Approve it")
    expect(second.get_by_text("approved", exact=True)).to_be_visible()

    author.goto(address)
    author.select_option("#f-language", "fr")
    author.fill("#export-passphrase", ada.passphrase)
    assert violations(author) == []
    with author.expect_download() as download:
        author.click("text=Take the file")
    assert download.value.suggested_filename.startswith("report-")
    body = Path(download.value.path()).read_bytes()
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    assert "A van takes four women to the mill each night." in " ".join(text.split())
    assert "Ce qui s’est passé" in text
    assert [word for word in (NAME, "555 0199", "Rex", "They may be moved", "Ada", "Sol") if word in text] == []

    for page in (reporter, author, second):
        page.context.close()
