"""Holds the languages somebody reads to being hers or an administrator's to change, audited, and heard at once."""

from __future__ import annotations

import asyncio

import pytest

import chat.availability
from chat.availability import Readers
from portal.services import Services
from tests.portal.staff.walker import Walker, acts, join, person_page
from tests.support.rooms import running, wire

WRONG = "Choose at least one language."

pytestmark = pytest.mark.anyio


async def reads(services: Services, alias: str) -> tuple[str, ...]:
    return next(each.languages for each in await services.staff.accounts.everyone() if each.alias == alias)


async def test_she_changes_her_own_and_another_process_offers_by_them_at_once(
    ada: Walker, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat.availability, "READERS_KEPT_SECONDS", float("inf"))
    me = (await services.staff.accounts.everyone())[0].id
    async with running(wire(services.settings, services.clock)) as other, asyncio.timeout(10):
        readers, here = Readers(other), Readers(services)
        assert await readers.read_by((me,)) == await here.read_by((me,)) == {"en"}
        hears = asyncio.create_task(other.staff.news.run(other.channels))
        await asyncio.sleep(0.2)

        await ada.post("/desk/me/languages", {"languages": ["uk", "en", "xx"]})
        assert ada.sees("From now on conversations are offered by these languages.")
        assert await here.read_by((me,)) == {"en", "uk"}
        while await readers.read_by((me,)) != {"en", "uk"}:  # noqa: ASYNC110 - told by another process
            await asyncio.sleep(0.01)
        hears.cancel()

    assert (await acts(services))[-1] == "staff.languages"
    await ada.post("/desk/me/languages", {"languages": ["uk", "en"]})
    assert (await acts(services)).count("staff.languages") == 1, "nothing changed, nothing is written"


async def test_an_administrator_changes_a_colleagues_and_nobody_else_does(ada: Walker, services: Services) -> None:
    bo, _ = await join(ada, alias="Bo"), await join(ada, alias="Cy")
    address = await person_page(ada, "Bo")
    await ada.post(f"{address}/languages", {"languages": ["ar"]})
    assert ada.sees("Saved. From now on")
    assert await reads(services, "Bo") == ("ar",)

    await ada.post(f"{address}/languages", {"languages": []})
    assert ada.sees(WRONG)
    assert await reads(services, "Bo") == ("ar",)
    other = await person_page(ada, "Cy")
    assert await bo.post(f"{other}/languages", {"languages": ["ar"]}) == 404
    assert await reads(services, "Cy") == ("en", "fr")
