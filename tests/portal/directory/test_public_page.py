"""The public list is there only when the operator says so, in every language, and shows nothing that may not."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from msgspec.structs import replace as rewrite

from i18n.languages import LANGUAGES
from portal.app import build_public
from portal.routes import section
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.directory.conftest import SHELTER, fill

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

KIB = 1024
BUDGET = 8 * KIB
"""Of the page with as many places as it shows, packed as it is sent: what a first view may weigh leaves room for it."""


@pytest.fixture
async def visitor(house: ChatHouse) -> AsyncIterator[httpx.AsyncClient]:
    services = house.services
    services.settings = replace(services.settings, public_directory="on")
    async with services.database.write() as connection:
        await services.opening.change(connection, is_sheet_kept=True, is_open=True)
    services.opening.forget()
    app = httpx.ASGITransport(build_public(services, [section(services)]))
    async with httpx.AsyncClient(transport=app, base_url=services.settings.public_origin) as browser:
        yield browser


async def chooses(visitor: httpx.AsyncClient, tag: str = "en", **chosen: str) -> str:
    answer = await visitor.post(f"/{tag}/read/places", data=chosen or {"need": ""})
    assert answer.status_code == 303
    assert "bed" not in answer.headers["location"]
    return (await visitor.get(answer.headers["location"])).text


async def test_only_what_may_stand_in_public_stands_there_and_no_address_of_a_shelter(
    house: ChatHouse, visitor: httpx.AsyncClient
) -> None:
    await fill(house.services.directory, house.advocate)
    first = await visitor.get("/en/read/places")
    assert SHELTER.name not in first.text
    assert "set-cookie" not in first.headers
    told = await chooses(visitor, need="bed", region="ca-on", language="zh-Hant")
    assert "1-807-555-0142" in told
    assert "Checked on" in told
    for secret in ("Hidden Lane", "Ask for Robin", "tel:+1807", "Canada-wide", "Old shelter", "juridique"):
        assert secret not in told, secret
    assert "We found no place" in await chooses(visitor, need="police")
    assert "Women" in await chooses(visitor, need="nonsense' OR 1")


async def test_in_every_language_it_stays_within_its_bytes(house: ChatHouse, visitor: httpx.AsyncClient) -> None:
    book = house.services.directory
    owner = (await fill(book, house.advocate))["Haven House"]
    for at in range(11):
        await book.add_service(
            house.advocate, owner, rewrite(SHELTER, name=f"Shelter {at}", about={"en": "word " * 60})
        )
    for tag in LANGUAGES:
        told = await chooses(visitor, tag, need="bed")
        assert told.count('<article class="told">') == 12
        assert len(zlib.compress(told.encode(), 6)) < BUDGET, tag


async def test_where_it_is_switched_off_there_is_no_such_page(house: ChatHouse, visitor: httpx.AsyncClient) -> None:
    services = house.services
    services.settings = replace(services.settings, public_directory="off")
    assert (await visitor.get("/en/read/places")).status_code == 404
    assert "/sorry/" in (await visitor.post("/en/read/places", data={"need": "bed"})).headers["location"]
    assert services.settings.__class__().public_directory == "off"
