"""Lists the languages on the opening page, those nobody has signed in amber, and switches the chat for each."""

from __future__ import annotations

import re

import httpx
import pytest

from i18n.languages import LANGUAGES
from portal.app import build_public
from portal.routes import section
from portal.services import Services
from portal.staff.pages.tongues import Tongue, tongues_of
from tests.portal.staff.walker import Walker, acts, join

pytestmark = pytest.mark.anyio


def line_of(page: str, tag: str) -> str:
    """What the list says of one language."""
    items: list[str] = re.findall(r"<li>.*?</li>", page, re.DOTALL)
    return next(item for item in items if f'id="tongue-{tag}"' in item)


async def test_a_language_nobody_has_signed_is_amber_and_holds_up_nothing(ada: Walker) -> None:
    await ada.open("/desk/opening")

    assert all("is-hold" in line_of(ada.page, tag) for tag in LANGUAGES if tag != "en")
    assert "is-quiet" in line_of(ada.page, "en")
    assert "Drafted, not signed" in line_of(ada.page, "ar")


@pytest.mark.parametrize(
    ("tag", "signed", "state"), [("ar", 0, "drafted"), ("ar", 3, "part"), ("ar", 9, "read"), ("en", 0, "source")]
)
def test_a_line_says_how_far_the_words_are(tag: str, signed: int, state: str) -> None:
    assert Tongue(LANGUAGES[tag], signed, 9, is_on=True).state == state


async def test_a_language_is_switched_off_and_on_again_and_both_are_written_down(
    ada: Walker, services: Services
) -> None:
    await ada.post("/desk/opening/tongue", {"language": "ar", "chat": "off"})
    assert "No chat begins" in line_of(ada.page, "ar")
    doors = await services.doors.doors()
    assert doors.off == {"ar"}
    assert not doors.judge("ar", services.clock.now()).is_open
    assert doors.judge("fr", services.clock.now()).is_open
    assert [each.language.tag for each in tongues_of(services.pages.catalogue, doors) if not each.is_on] == ["ar"]

    await ada.post("/desk/opening/tongue", {"language": "ar", "chat": "on"})
    assert "Chats begin" in line_of(ada.page, "ar")
    await ada.post("/desk/opening/tongue", {"language": "tlh", "chat": "off"})
    assert (await services.doors.doors()).off == frozenset()
    assert (await acts(services))[-2:] == ["chat.off.ar", "chat.on.ar"]


async def test_only_who_opens_the_doors_has_these_switches(ada: Walker, services: Services) -> None:
    ben = await join(ada, alias="Ben", role="supervisor")
    await ben.signs_in("Ben")

    assert await ben.post("/desk/opening/tongue", {"language": "ar", "chat": "off"}) == 404
    assert await ben.post("/desk/opening/calls", {"calls": "on"}) == 404
    assert (await services.doors.doors()).off == frozenset()


async def test_the_page_of_languages_offers_a_call_only_where_the_house_says_that_it_can(
    ada: Walker, services: Services
) -> None:
    note, call = "You can send a note in any language.", "You can ask us to call you"

    async def shown() -> str:
        app = httpx.ASGITransport(build_public(services, [section(services)]))
        async with httpx.AsyncClient(transport=app, base_url=services.settings.public_origin) as browser:
            answer = await browser.get("/en/languages")
        return str(answer.text)

    assert note not in await shown()  # nothing is offered before the doors are open
    async with services.database.write() as connection:
        await services.opening.change(connection, is_sheet_kept=True, is_open=True)
    closed = await shown()
    assert note in closed
    assert call not in closed

    await ada.post("/desk/opening/calls", {"calls": "on"})
    assert call in await shown()
    await ada.post("/desk/opening/calls", {"calls": "off"})
    assert call not in await shown()
    assert (await acts(services))[-2:] == ["chat.calls_back", "chat.calls_nobody"]
