"""Walks as a directory editor and as a statistics viewer in a browser: their own pages, by hand, and no other."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations
from tests.support.chromium import SCREEN, Chromium
from tests.support.desk_people import DeskPerson
from tests.support.open_house import OpenHouse

pytestmark = pytest.mark.browser


def places(page: Page) -> list[str]:
    """Where the top row leads."""
    links = page.locator(".desk-nav a:not(.desk-narrow)").all()
    return sorted(str(link.get_attribute("href")) for link in links)


def shut(page: Page, person: DeskPerson, *names: str) -> list[str]:
    """Which of these pages are not there for her."""
    found = []
    for name in names:
        answer = page.goto(f"{person.house.desk}/desk/{name}")
        assert answer is not None
        found += [name] if answer.status == 404 else []
    return found


def test_a_directory_editor_adds_a_service_finds_it_and_reaches_nothing_else(
    open_house: OpenHouse, chromium: Chromium
) -> None:
    dana = open_house.admin.invites("Dana", "directory_editor", ["en"])
    open_house.admin.grants(dana)  # no key: somebody heard her digits
    dana_may_not = ("chats", "tips", "cases", "entries", "staff", "audit", "requests", "figures")
    with chromium.visit(size=SCREEN) as page:
        dana.signs_in_with(page)
        page.goto(f"{dana.house.desk}/desk/directory/add")
        page.fill("[name=name]", "Heron House")
        page.select_option("[name=kind]", "ngo")
        page.select_option("[name=sub]", "direct")
        page.click("main button[type=submit]")
        page.wait_for_url("**/desk/directory/organisation/*")
        page.goto(f"{page.url.partition('?')[0]}/add")
        page.fill("[name=name]", "Beds under the bridge")
        page.locator("[name=needs][value=bed]").check()
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url("**/desk/directory/service/*")

        page.goto(f"{dana.house.desk}/desk/directory")
        page.fill("#d-typed", "beds und")
        expect(page.locator("#found .directory-line")).to_contain_text(["Beds under the bridge"])
        assert violations(page) == []
        assert "/desk/tips" not in places(page)
        assert shut(page, dana, *dana_may_not) == list(dana_may_not)
    dana.close()


def test_a_statistics_viewer_reads_figures_and_reaches_nothing_else(open_house: OpenHouse, chromium: Chromium) -> None:
    vera = open_house.admin.invites("Vera", "statistics_viewer", ["en"])
    open_house.admin.grants(vera)  # no key: somebody heard her digits
    vera_may_not = ("chats", "tips", "cases", "entries", "records", "staff", "audit", "requests", "directory", "board")
    with chromium.visit(size=SCREEN) as page:
        vera.signs_in_with(page)
        page.goto(f"{vera.house.desk}/desk/figures")
        page.fill("#f-from", "2026-01-01")
        page.fill("#f-to", "2026-06-30")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/desk/figures?**from=2026-01-01**")
        expect(page.locator("#f-to")).to_have_value("2026-06-30")
        assert violations(page) == []
        assert places(page) in ([], ["/desk/figures"])
        assert shut(page, vera, *vera_may_not) == list(vera_may_not)
    vera.close()
