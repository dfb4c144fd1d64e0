"""Holds every change at the desk to the desk's own pages: a hostile neighbour changes nothing."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from portal.opening import site
from portal.services import Services
from portal.staff.tables import audit, grants, invitations, people, statements
from tests.portal.staff.test_rights import PAGES
from tests.portal.staff.walker import PASSPHRASE, Walker, join, person_page

pytestmark = pytest.mark.anyio

POSTS = [path for method, path in PAGES if method == "POST"]
FOREIGN = (
    "http://evil.localhost:8001",  # a sibling host: SameSite alone would let it in
    "http://localhost:8000",  # the public site itself, another port of the same host
    "http://localhost:80010",
    "http://localhost:8001.evil.example",
    "https://localhost:8001",
    "http://LOCALHOST:8001/",
    "null",
    None,
)


@pytest.mark.asvs("3.5.1")
@pytest.mark.parametrize(
    "origins", [pytest.param(2, id="two each, in turn"), pytest.param(len(FOREIGN), id="all", marks=pytest.mark.long)]
)
async def test_a_hostile_page_tries_every_post_and_changes_nothing(
    ada: Walker, services: Services, origins: int
) -> None:
    await join(ada, alias="Bo")
    person = (await person_page(ada, "Bo")).rpartition("/")[2]
    token = await ada.token()
    before, sessions = await _everything(services), await services.staff.sessions.count(await _id(services, "Ada"))

    for at, path in enumerate(POSTS):
        for turn in range(origins):
            origin = FOREIGN[(at + turn * 3) % len(FOREIGN)]
            await ada.post(path.replace("{person}", person), dict(_fields()), origin=origin, token=token, follow=False)
            assert ada.status == 403, (path, origin)

    assert await _everything(services) == before
    assert await services.staff.sessions.count(await _id(services, "Ada")) == sessions


async def test_the_right_origin_said_twice_is_foreign(ada: Walker, services: Services) -> None:
    own = services.settings.desk_origin
    answer = await ada.client.post(
        "/desk/opening/doors",
        content=f"csrf={await ada.token()}&doors=open",
        headers=[
            ("content-type", "application/x-www-form-urlencoded"),
            ("cookie", f"__Host-d={ada.cookie}"),
            ("origin", own),
            ("origin", own),
        ],
    )

    assert answer.status_code == 403


@pytest.mark.asvs("3.5.1")
async def test_another_sessions_token_opens_nothing(ada: Walker, services: Services) -> None:
    other = ada.fresh()
    await other.signs_in("ada")
    person = (await person_page(ada, "Ada")).rpartition("/")[2]
    before = await _everything(services)

    for path in POSTS:
        if path in ("/desk/setup", "/desk/signin", "/desk/welcome", "/desk/anew", "/desk/sheets/back"):
            continue  # Nobody is signed in yet, so there is no session for a token to belong to.
        for token in (await other.token(), "", "x" * 43, "å" * 22):
            await ada.post(path.replace("{person}", person), dict(_fields()), token=token, follow=False)
            assert ada.status == 403, path

    assert await _everything(services) == before


async def test_a_form_larger_than_a_form_is_refused_whole(ada: Walker, services: Services) -> None:
    before = await _everything(services)

    await ada.post("/desk/opening/facts", {**_fields(), "house": "x" * 70_000}, follow=False)

    assert ada.status == 413
    assert await _everything(services) == before


@pytest.mark.asvs("3.5.3")
async def test_no_page_changes_anything_by_being_looked_at(ada: Walker, services: Services) -> None:
    await join(ada, alias="Bo")
    person = (await person_page(ada, "Bo")).rpartition("/")[2]
    before = await _everything(services)

    for method, path in PAGES:
        if method == "GET":
            await ada.open(path.replace("{person}", person).replace("{note}", "n" * 43))

    assert await _everything(services) == before


@pytest.mark.asvs("14.3.2")
async def test_every_page_of_the_desk_is_kept_by_nobody(ada: Walker) -> None:
    for method, path in PAGES:
        if method == "GET" and "{" not in path:
            answer = await ada.client.get(path, headers=ada._cookies())
            assert "no-store" in answer.headers["cache-control"], path
            assert answer.status_code >= 300 or "content-encoding" not in answer.headers, path
            assert answer.headers["referrer-policy"] == "same-origin"


def _fields() -> dict[str, str | list[str]]:
    return {
        "name": "ada",
        "passphrase": PASSPHRASE,
        "again": PASSPHRASE,
        "code": "AAAAA-AAAAA-AAAAA-AAAAA",
        "house": "Another Line",
        "phone": "555-0199",
        "region": "ca-on",
        "alias": "Eve",
        "languages": ["en"],
        "role": "administrator",
        "tongue": "fr",
        "doors": "open",
        "compartments": ["chat", "tips"],
        "compartment": "tips",
        "digits": "0" * 30,
        "sheet": "A" * 56,
    }


async def _everything(services: Services) -> list[Any]:
    """Every row of the staff room and a digest of every key of both Valkeys, times to live left out."""
    rows: list[Any] = []
    async with services.database.read() as connection:
        for table in (people, invitations, statements, grants, site):
            rows.append([tuple(row) for row in (await connection.execute(select(table))).all()])
        # That somebody looked at a list is written down, once a day; nothing else comes of looking.
        lines = select(audit).where(audit.c.act.not_like("%.seen"), audit.c.act.not_like("%.list_seen"))
        rows.append([tuple(row) for row in (await connection.execute(lines)).all()])
    keys = sorted([key async for key in services.durable.scan_iter()])
    return [rows, hashlib.sha256(b"".join(keys)).hexdigest()]


async def _id(services: Services, alias: str) -> bytes:
    return next(person.id for person in await services.staff.accounts.everyone() if person.alias == alias)
