"""Says kindly, in a language in which no chat begins, what else there is: a note, the phone, and other languages."""

from __future__ import annotations

import pytest

from tests.chat.conftest import ChatHouse
from tests.chat.test_closed_at_start import Page, page

pytestmark = pytest.mark.anyio

__all__ = ["page"]


@pytest.fixture
async def off(house: ChatHouse) -> None:
    async with house.services.database.write() as connection:
        await house.services.doors.set_tongue(connection, "ar", is_on=False)
    house.services.doors.forget()


async def test_the_page_offers_a_note_and_the_languages_that_are_on(page: Page, off: None) -> None:
    shown = await page.opens("/ar/talk")

    assert {"/en/talk", "/fr/talk", "/es/talk"} <= set(shown.links)
    assert "/ar/talk" not in shown.links
    buttons = [button.get("value") for form in shown.forms for button in form.buttons]
    assert "note" in buttons
    assert "look" not in buttons


async def test_home_says_so_in_her_language_and_elsewhere_nothing_changes(page: Page, off: None) -> None:
    assert "لا توجد محادثة بهذه اللغة الآن" in (await page.opens("/ar/")).words
    assert "There is no chat" not in (await page.opens("/en/")).words
