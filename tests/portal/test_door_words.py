"""Says on the front page when the chat is open, by whose clock, and whether anybody there reads her language."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from portal.app import build_public
from portal.hours import Days
from portal.routes import section
from portal.services import Services
from tests.portal.test_pages import open_doors, staffed

pytestmark = pytest.mark.anyio


@pytest.fixture
async def visitor(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    app = httpx.ASGITransport(build_public(services, [section(services)]))
    async with httpx.AsyncClient(transport=app, base_url=services.settings.public_origin) as browser:
        yield browser


WEEK = (Days(0, 4, ((540, 750), (810, 1020))), Days(6, 6, ((0, 0),)))
MONDAY = datetime(2026, 6, 8, 9, 0, tzinfo=ZoneInfo("America/Toronto"))


@pytest.mark.parametrize(
    ("language", "opens_in", "words"),
    [
        ("en", 0, "Closed now. Opens today at 9:00 AM (Toronto time)."),
        ("en", 1, "Closed now. Opens tomorrow at 9:00 AM (Toronto time)."),
        ("en", 5, "Closed now. Opens on Monday at 9:00 AM (Toronto time)."),
        ("en", 9, "Closed now. You can send a note."),
        ("es", 5, "Cerrado. Abre el lunes a las 9:00 (hora de Toronto)."),
        ("fr", 1, "Fermé. Ouvre demain à 09:00 (heure de Toronto)."),
        ("ar", 5, "مغلق الآن. يفتح يوم الاثنين الساعة 9:00 ص (بتوقيت تورونتو)."),
    ],
)
async def test_a_closed_door_says_when_it_opens_and_by_which_clock(
    visitor: httpx.AsyncClient, services: Services, language: str, opens_in: int, words: str
) -> None:
    await open_doors(services)
    services.availability = staffed("closed", opens=MONDAY, opens_in=opens_in, week=WEEK, zone="America/Toronto")
    page = plain((await visitor.get(f"/{language}/")).text)

    assert words in page
    assert "door-lit" not in page


async def test_the_home_says_the_hours_of_its_language(visitor: httpx.AsyncClient, services: Services) -> None:
    await open_doors(services)
    services.availability = staffed("open", 3, week=WEEK, zone="America/Toronto")
    page = plain((await visitor.get("/es/")).text)

    assert "lunes a viernes: 9:00 a 12:30 · 13:30 a 17:00" in page
    assert "domingo: todo el día" in page
    assert "Es la hora de Toronto." in page
    services.availability = staffed("open", 3)
    assert "Horas del chat" not in (await visitor.get("/es/")).text


async def test_a_language_nobody_here_reads_is_promised_nobody(visitor: httpx.AsyncClient, services: Services) -> None:
    await open_doors(services)
    services.availability = staffed("open", 3, others=("en", "fr"))
    page = (await visitor.get("/ar/")).text

    assert "لا أحد هنا الآن يقرأ هذه اللغة. يقرؤون: English, Français." in plain(page)
    assert '<bdi lang="fr">Français</bdi>' in page
    assert "door-lit" not in page
    assert "live-lit" not in page


def plain(page: str) -> str:
    """The page with isolated words run into the others, and one blank where it has any."""
    return re.sub(r"\s+", " ", re.sub(r"</?bdi[^>]*>", "", page).replace("\u202f", " "))
