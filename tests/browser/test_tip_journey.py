"""Walks the whole way of a note in Chromium without script: send, number, come back, read the reply, answer, erase."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse

pytestmark = [pytest.mark.browser, pytest.mark.journey]

# A start token counts only after three seconds: nobody fills the form faster by hand.
HAND_MS = 3100
WORDS = "A white van stops at the farm each day at six."
REPLY = "Thank you. Was it there on Sunday too?"
ANSWER = "Yes, on Sunday at seven."


class Reporter:
    """Somebody with a phone and no script."""

    def __init__(self, page: Page, house: OpenHouse, language: str = "en") -> None:
        self.page = page
        self.at = f"{house.house.public}/{language}"

    def opens_the_form(self) -> None:
        self.page.goto(f"{self.at}/note")

    def writes(self, words: str) -> None:
        self.page.fill("#words", words)
        self.page.wait_for_timeout(HAND_MS)

    def presses(self, name: str, value: str) -> None:
        self.page.click(f"main button[name={name}][value='{value}']")
        self.page.wait_for_load_state()

    @property
    def number(self) -> str:
        return self.page.inner_text(".slip-number")

    def comes_back_with(self, number: str) -> None:
        self.page.goto(f"{self.at}/note/back")
        self.page.fill("#number", number)
        self.page.click("main form button")
        self.page.wait_for_load_state()

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words, exact=True)).to_be_visible()

    def does_not_see(self, words: str) -> None:
        expect(self.page.get_by_text(words, exact=True)).not_to_be_visible()


@pytest.fixture
def visit(chromium: Chromium) -> Iterator[BrowserContext]:
    """A phone's browser, script off, its back-forward cache on."""
    context = chromium.new_context(script=False)
    yield context
    context.close()


@pytest.fixture
def reporter(visit: BrowserContext, open_house: OpenHouse) -> Reporter:
    return Reporter(visit.new_page(), open_house)


@pytest.fixture
def desk(chromium: Chromium, open_house: OpenHouse) -> Iterator[Page]:
    """The desk, signed in, also without script."""
    context = chromium.new_context(script=False, size=(1280, 800))
    page = context.new_page()
    open_house.admin.signs_in_with(page)
    yield page
    context.close()


def newest_tip(desk: Page, open_house: OpenHouse, words: str) -> None:
    """Opens tips from the inbox until the one with these words is on the page."""
    desk.goto(f"{open_house.house.desk}/desk/tips")
    addresses = [row.get_attribute("href") for row in desk.locator("a.tips-row").all()]
    for address in addresses:
        desk.goto(f"{open_house.house.desk}{address}")
        if desk.get_by_text(words).count():
            return
    raise AssertionError(f"no tip with {words!r} among {len(addresses)}")


def test_a_note_goes_its_whole_way_without_script(reporter: Reporter, desk: Page, open_house: OpenHouse) -> None:
    reporter.opens_the_form()
    reporter.page.check("#about input[value='3']")
    reporter.presses("keep", "1")
    expect(reporter.page.locator(".summary")).to_be_focused()
    expect(reporter.page.locator("#about input[value='3']")).to_be_checked()

    reporter.writes(WORDS)
    reporter.presses("keep", "1")
    reporter.sees("We have your note.")
    number = reporter.number
    reporter.page.click("main form[action='/leave'] button", no_wait_after=True)
    reporter.page.wait_for_url(f"{open_house.neutral.url}**")

    newest_tip(desk, open_house, WORDS)
    desk.click("button:has-text('I am reading this')")
    desk.fill("#words", REPLY)
    desk.click("button:has-text('Post reply')")
    expect(desk.locator(".tips-thread").get_by_text(REPLY)).to_be_visible()

    reporter.comes_back_with(number)
    reporter.sees("Answered")
    reporter.sees(REPLY)
    reporter.does_not_see(WORDS)
    reporter.page.click("summary")
    reporter.sees(WORDS)

    reporter.page.fill("#words", ANSWER)
    reporter.presses("do", "add")
    reporter.sees("We have your words.")
    reporter.sees(ANSWER)
    desk.reload()
    expect(desk.locator(".tips-thread").get_by_text(ANSWER)).to_be_visible()

    reporter.presses("do", "ask")
    reporter.sees("Erase your note?")
    reporter.presses("do", "open")
    reporter.sees("Your note")
    reporter.presses("do", "ask")
    reporter.presses("do", "erase")
    reporter.sees("You erased your note.")

    reporter.comes_back_with(number)
    expect(reporter.page.locator(".wrong")).to_have_text(
        "That number does not open a note. Check each group and try again."
    )
    assert desk.reload().status == 404  # type: ignore[union-attr]


def test_whoever_need_not_come_back_gets_no_number(reporter: Reporter) -> None:
    reporter.opens_the_form()
    reporter.writes("Only this once.")
    reporter.presses("keep", "2")
    reporter.sees("You chose not to come back, so there is no number.")
    assert reporter.page.locator(".slip-number").count() == 0


def test_happening_now_shows_whom_to_call_first(reporter: Reporter) -> None:
    reporter.opens_the_form()
    panel = reporter.page.locator("#now")
    expect(panel).to_be_hidden()
    reporter.page.check("#soon input[value='1']")
    expect(panel).to_contain_text("If someone is in danger now, call first.")
    reporter.page.fill("#words", "Now, at the corner.")
    reporter.page.select_option("#area", "ca-nt")
    reporter.presses("keep", "3")
    expect(panel).to_contain_text("867-669-1111")
    assert reporter.page.input_value("#words") == "Now, at the corner."
    reporter.page.wait_for_timeout(HAND_MS)
    reporter.presses("keep", "2")
    first = reporter.page.locator("main > *").first
    expect(first).to_contain_text("Is it happening right now?")
    expect(first).to_contain_text("867-669-1111")


def test_what_is_agreed_to_is_ticked_seen_and_taken_back_without_script(
    reporter: Reporter, desk: Page, open_house: OpenHouse
) -> None:
    page = reporter.page
    reporter.opens_the_form()
    told = page.locator(".on-young")
    expect(told).to_be_hidden()
    page.check("#young input[value='1']")
    expect(told).to_be_visible()
    page.check("#young input[value='2']")
    expect(told).to_be_hidden()
    page.click("summary:has-text('Who we may tell')")
    page.check("#ok input[value='3']")
    page.check("#who input[value='1']")
    reporter.writes("They may know who I am, for now.")
    reporter.presses("keep", "1")
    number = reporter.number
    reporter.presses("do", "more")
    page.click("summary:has-text('What you noticed')")
    page.check("#signs input[value='1']")
    reporter.presses("do", "tell")
    reporter.sees("We have what you added.")

    reporter.comes_back_with(number)
    page.click("summary:has-text('What you agreed to')")
    page.click("button:has-text('Take it back')")
    page.wait_for_load_state()
    reporter.sees("We changed it. It counts from now on.")
    expect(page.locator("#agreed button:has-text('Take it back')")).to_have_count(0)

    newest_tip(desk, open_house, "They may know who I am, for now.")
    expect(desk.locator(".tips-facts")).to_contain_text(["Someone else holds the papers"])
    desk.click(".tips-side summary")
    expect(desk.locator(".tips-history > li")).to_have_count(2)
    expect(desk.locator(".tips-history > li").last).to_contain_text("Their identity to police: No")


def test_another_language_keeps_what_was_typed(reporter: Reporter) -> None:
    reporter.opens_the_form()
    reporter.page.fill("#words", "Half a sentence")
    reporter.page.check("#soon input[value='2']")
    reporter.page.click("details:has(.tongues) > summary")
    reporter.page.click("button[name=to][value=ar]")
    reporter.page.wait_for_load_state()
    assert reporter.page.locator("html").get_attribute("dir") == "rtl"
    assert reporter.page.input_value("#words") == "Half a sentence"
    expect(reporter.page.locator("#soon input[value='2']")).to_be_checked()


def test_back_after_sending_shows_an_empty_form(reporter: Reporter) -> None:
    reporter.opens_the_form()
    reporter.writes("Words that must not come back.")
    reporter.presses("keep", "1")
    reporter.sees("We have your note.")
    reporter.page.go_back()
    assert reporter.page.input_value("#words") == ""
    assert "must not come back" not in reporter.page.content()


def test_back_after_leaving_the_number_shows_no_number(reporter: Reporter, open_house: OpenHouse) -> None:
    reporter.opens_the_form()
    reporter.writes("A short note.")
    reporter.presses("keep", "1")
    number = reporter.number
    reporter.page.click("header button.leave", no_wait_after=True)
    reporter.page.wait_for_url(f"{open_house.neutral.url}**")
    reporter.page.go_back()
    content = reporter.page.content()
    assert number[:5] not in content
    assert "slip-number" not in content


def test_leaving_a_thread_ends_the_visit(reporter: Reporter, open_house: OpenHouse) -> None:
    reporter.opens_the_form()
    reporter.writes("A note to come back to.")
    reporter.presses("keep", "1")
    reporter.presses("do", "open")
    reporter.sees("Your note")
    reporter.page.click("header button.leave", no_wait_after=True)
    reporter.page.wait_for_url(f"{open_house.neutral.url}**")
    reporter.page.go_back()
    assert "A note to come back to." not in reporter.page.content()
    expect(reporter.page.locator("summary")).to_have_count(0)


def test_a_number_may_be_typed_in_local_digits(visit: BrowserContext, open_house: OpenHouse) -> None:
    reporter = Reporter(visit.new_page(), open_house, "ar")
    reporter.opens_the_form()
    reporter.writes("رأيت شيئًا.")
    reporter.presses("keep", "1")
    local = reporter.number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    reporter.comes_back_with(local)
    reporter.sees("ملاحظتك")
