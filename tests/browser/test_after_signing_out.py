"""Signs out at the desk in a browser: Back, the stores and the page's memory hold nothing that was read before."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.chromium import SCREEN, Chromium
from tests.support.open_house import OpenHouse

pytestmark = [pytest.mark.browser, pytest.mark.long]

CANARY = "Wrenfeather House of Saffron"
STORED = """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
    (await caches.keys()).length, document.cookie]"""


def heap(page: Page) -> str:
    """Everything the page's script memory holds, as the browser itself writes it down."""
    session, pieces = page.context.new_cdp_session(page), list[str]()
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: pieces.append(event["chunk"]))
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    session.detach()
    return "".join(pieces)


def test_after_a_sign_out_the_browser_shows_and_holds_nothing_that_was_read(
    open_house: OpenHouse, chromium: Chromium
) -> None:
    admin, desk = open_house.admin, open_house.house.desk
    added = admin.posts("/desk/directory/add", name=CANARY, kind="ngo", sub="direct")
    with chromium.visit(size=SCREEN) as page:
        admin.signs_in_with(page)
        page.goto(desk + added.headers["location"])
        expect(page.locator("main")).to_contain_text(CANARY)
        page.evaluate("() => { window.kept = document.querySelector('main').textContent; }")
        assert CANARY in heap(page), "the search sees nothing"
        page.goto(f"{desk}/desk/me")
        page.locator(".desk-signout button").click()
        page.wait_for_url("**/desk/signin*")

        assert CANARY not in heap(page)
        assert page.evaluate(STORED) == [0, 0, 0, 0, ""]
        for _ in range(3):
            page.go_back()
            assert CANARY not in page.content()
        page.goto(desk + added.headers["location"])
        assert page.url.endswith("/desk/signin")
