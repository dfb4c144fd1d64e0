"""The card beside the words: all in sight at 1280x720, whatever stands on it, and whether this advocate reads her."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import Story
from tests.support.axe import violations

pytestmark = pytest.mark.browser

# Every row there can be at once, the ones of this story and those of others (a place is shown or hidden, her note led$
# to or only named, never both); answers what is cut off, and what room is left below.
WHOLE = """() => {
    const card = [...document.querySelectorAll(".side-card")].find((one) => one.getClientRects().length);
    for (const one of card.querySelectorAll("[hidden]:not([data-at=place-show]):not([data-at=wrote-closed])")) {
        one.hidden = false;
        if (one.matches("p, dd") && !one.textContent) one.textContent = "Danger: somebody is coming, her cousin · 95 s";
    }
    for (const one of card.querySelectorAll("dd")) if (!one.textContent) one.textContent = "Kim, Sam";
    const column = card.closest(".chats-side").getBoundingClientRect();
    const bottom = Math.min(innerHeight, column.bottom);
    const rows = [...card.querySelectorAll("p, dt, dd, button")].filter((one) => one.getClientRects().length);
    const isCut = (one) => {
        const at = one.getBoundingClientRect();
        return at.bottom > bottom || at.right > column.right;
    };
    const rest = card.nextElementSibling.getBoundingClientRect();
    return {
        out: rows.filter(isCut).map((one) => one.textContent),
        rows: rows.length,
        rest: Math.min(rest.bottom, innerHeight) - rest.top,
    };
}"""


def test_the_card_is_whole_without_scrolling_and_says_what_this_advocate_reads(own_story: Story) -> None:
    person = own_story.ready.admin.invites("Ada", "advocate", ["en"], "chat")
    with (
        own_story.colleague(person, size=(1280, 720)) as ada,
        own_story.visitor("ar") as nour,
        own_story.visitor() as luz,
    ):
        ada.is_ready()
        nour.starts()
        nour.chooses("safe", "unsure")
        nour.chooses("about", "other")
        nour.chooses("cutoff", "30")
        for tick in ("phone", "reads"):
            nour.page.locator(f"#questions input[name={tick}]").check()
        nour.page.fill("#questions input[name=name]", "Nour")
        nour.page.fill("#questions input[name=region]", "سانت جونز، نيوفاوندلاند ولابرادور")
        nour.says("مرحبا")
        luz.starts()
        luz.says("one")
        rows = ada.page.locator(".queue-row")
        expect(rows.nth(1)).to_contain_text("First in a language you read")
        expect(rows.nth(0)).to_contain_text("You do not read this")
        expect(rows.nth(0)).not_to_contain_text("First in")
        ada.takes_next()
        card = ada.page.locator(".side-card:visible")
        expect(card).to_contain_text("You do not read this")
        expect(card).to_contain_text("Newfoundland and Labrador: emergency")
        expect(card.locator("[data-at=child]")).to_have_text("not known · age to report: ask")
        expect(card.locator("[data-at=kept]")).to_have_text("nothing")
        child, plan = (card.locator(f"[data-tick={of}]") for of in ("child", "plan"))
        child.click()
        expect(card.locator("[data-at=child]")).to_have_text("yes · age to report: ask")
        plan.click()
        expect(plan).to_have_attribute("aria-pressed", "true")
        plan.click()
        expect(plan).to_have_attribute("aria-pressed", "false")
        assert violations(ada.page) == []
        # Kept words are pinned as soon as she says yes to them.
        ada.page.locator("[data-at=keep]:visible").fill("Her brother holds her papers.")
        ada.page.locator("[data-at=keep-ask]:visible").click()
        nour.page.locator(".taps button").first.click()
        expect(card.locator("[data-at=kept]")).to_contain_text("Her brother holds her papers.")
        whole = ada.page.evaluate(WHOLE)
        assert whole["out"] == []
        assert whole["rows"] > 35
        assert whole["rest"] >= 64, "notes have no room below the card"
        ada.puts_all_away()
        assert nour.broke == []


def test_who_speaks_it_is_asked_first_and_the_card_says_how_an_interpreter_is_reached(own_story: Story) -> None:
    admin = own_story.ready.admin
    admin.posts(
        "/desk/interpreters/add", provider="Harbour Voices", phone="555-0177", account="4711", languages=["yue"]
    )
    admin.posts("/desk/interpreters/add", provider="Atlas Line", phone="555-0188", languages=["so"])
    people = [admin.invites(name, "advocate", [tag], "chat") for name, tag in (("Kim", "en"), ("Lin", "zh-Hant"))]
    with (
        own_story.colleague(people[0], size=(1280, 800)) as kim,
        own_story.colleague(people[1], size=(1280, 800)) as lin,
        own_story.visitor("zh-Hant") as mei,
    ):
        kim.is_ready()
        lin.is_ready()
        mei.starts()
        mei.chooses("spoken", "yue")
        mei.says("你好")
        hers, his = (each.page.locator(".queue-row").first for each in (lin, kim))
        expect(hers).to_contain_text("You speak it: yours first for 0:")
        expect(his).to_contain_text("First for those who speak it, for everybody in 0:")
        expect(his.get_by_role("button").first).to_have_attribute("aria-disabled", "true")
        kim.page.screenshot(path=own_story.ready.house.root / "waits.png")
        expect(his).to_contain_text("can speak with this person")
        kim.page.locator("#duty summary").click()
        expect(kim.page.locator("#duty-list")).to_contain_text("Lin")
        assert violations(kim.page) == []
        # She goes: in that moment it is everybody's.
        lin.page.click("#ready")
        expect(lin.page.locator("#ready-state.is-good")).to_have_count(0)
        expect(his).to_contain_text("Nobody on duty speaks it")
        kim.takes_next()
        expect(kim.page.locator(".side-card:visible [data-at=language]")).to_contain_text("on the phone: Cantonese")
        told = kim.page.locator(".side-interpreter:visible")
        expect(told.get_by_text("Interpreter only")).to_be_visible()
        expect(told.get_by_text("A machine can translate")).to_be_hidden()
        expect(told.get_by_text("Harbour Voices")).to_be_visible()
        expect(told.get_by_text("Atlas Line")).to_be_hidden()
        kim.page.screenshot(path=own_story.ready.house.root / "card.png")
        with kim.page.context.expect_page() as opened:
            told.get_by_text("Account number").click()
        opened.value.get_by_role("button", name="Open (it is written down)").click()
        expect(opened.value.locator("main .desk-digits")).to_have_text("4711")
        assert violations(opened.value) == []
        opened.value.screenshot(path=own_story.ready.house.root / "interpreters.png", full_page=True)
        opened.value.close()
        kim.puts_all_away()
        assert mei.broke == []
