"""Posts what the page between two shifts posts: a note is left once, mended where it is empty, read by the next."""

from __future__ import annotations

import re

import httpx
import pytest

from chat.routes import section as chat_section
from portal.app import build_desk
from portal.ids import random_id, to_text
from portal.services import Services
from portal.staff.routes import section
from tests.portal.staff.walker import Walker, give, join, set_up

pytestmark = pytest.mark.anyio

PAGE = "/desk/handover"
WORDS = "Ask the shelter on Elm again at eight."


async def test_a_note_is_left_once_and_the_next_shift_says_that_she_has_read_it(services: Services) -> None:
    app = build_desk(services, [section(services), chat_section(services)])
    web = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=services.settings.desk_origin)
    ada = await set_up(Walker(services, web))
    bo = await join(ada, alias="Bo")
    await give(ada, "Bo", "chat")
    assert await bo.signs_in("Bo")

    await ada.open(PAGE)
    row = re.search(r'name="row" value="([^"]+)"', ada.page)
    assert row
    await ada.post(PAGE, {"row": row[1], "text": "  "})
    assert ada.page.count('aria-invalid="true"') == 1
    for _ in range(2):
        await ada.post(PAGE, {"row": row[1], "text": WORDS})
    assert ada.page.count(WORDS) == 1

    await bo.open(PAGE)
    assert bo.page.count(WORDS) == 1
    assert 'action="/desk/handover/read"' in bo.page
    await bo.post(f"{PAGE}/read", {"row": to_text(random_id())})
    assert 'action="/desk/handover/read"' in bo.page, "nobody's note was read"
    await bo.post(f"{PAGE}/read", {"row": row[1]})
    assert WORDS in bo.page
    assert 'action="/desk/handover/read"' not in bo.page
