"""Holds the table of who may do what to the running desk, cell by cell: each address, role, with keys and without."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from portal.app import build_desk
from portal.section import Section
from portal.services import Services
from portal.staff import guard
from portal.staff.guard import desk_page, guard_of, lock_page, open_desk_page
from portal.staff.rights import NEEDS_KEY, RIGHTS, Right, Role
from portal.staff.sessions.session import COOKIE, Signed
from portal.vault.compartments import COMPARTMENTS
from tests.portal.staff.walker import Walker, give, join, set_up, walker
from tests.support.permissions import LOCK, NOBODY, SESSION, Table, is_inside, table
from tests.support.site_map import ROOMS, filled

pytestmark = pytest.mark.anyio

REACHED, NOT_THERE, ONWARD = 299, 404, 303


async def reached(_request: Request, _signed: Signed) -> Response:
    """Stands in the place of what an address does: the guard let somebody through."""
    return PlainTextResponse("reached", REACHED)


async def reached_by_anybody(_request: Request) -> Response:
    return PlainTextResponse("reached", REACHED)


def routes_of(services: Services) -> list[BaseRoute]:
    rooms = [importlib.import_module(name) for name in ROOMS if name != "portal.routes"]
    return [route for room in rooms for route in room.section(services).desk]


def with_guards_alone(routes: Sequence[BaseRoute]) -> list[BaseRoute]:
    """The same addresses behind the same guards, with nothing behind them: a cell says who gets through."""
    made: list[BaseRoute] = []
    for route in routes:
        if not isinstance(route, Route):
            continue
        stands = guard_of(route.endpoint)
        match None if stands is None else stands.kind:
            case "desk" if stands is not None:
                endpoint = desk_page(reached, stands.right)
            case "lock":
                endpoint = lock_page(reached)
            case _:
                endpoint = open_desk_page(reached_by_anybody)
        made.append(Route(route.path, endpoint, methods=sorted((route.methods or set()) - {"HEAD"})))
    return made


class Desk:
    """The running desk, and the same one with guards alone."""

    def __init__(self, services: Services, routes: Sequence[BaseRoute]) -> None:
        self._services = services
        self._real = self._client(services, routes)
        self._bare = self._client(services, with_guards_alone(routes))

    async def ask(self, method: str, path: str, cookie: str, csrf: str, *, real: bool) -> httpx.Response:
        headers = {"origin": self._services.settings.desk_origin} if method != "GET" else {}
        if cookie:
            headers["cookie"] = f"{COOKIE}={cookie}"
        form = {"csrf": csrf} if method != "GET" else None
        client = self._real if real else self._bare
        return await client.request(method, path, data=form, headers=headers)

    def _client(self, services: Services, routes: Sequence[BaseRoute]) -> httpx.AsyncClient:
        app = build_desk(services, [Section(desk=list(routes))])
        transport = httpx.ASGITransport(app=app)
        return httpx.AsyncClient(transport=transport, base_url=services.settings.desk_origin)


async def people(services: Services, administrator: Walker) -> dict[tuple[Role, bool], str]:
    """A session for each role with every key and with none: role and whether with keys, to its cookie."""
    found: dict[tuple[Role, bool], str] = {(Role.ADMINISTRATOR, True): administrator.cookie}
    for role in Role:
        if role is not Role.ADMINISTRATOR:
            new = await join(administrator, alias=role.value, role=role.value)
            await give(administrator, role.value, *(COMPARTMENTS if role is not Role.INTERPRETER else ()))
            await new.signs_in(role.value)
            found[role, True] = new.cookie
    for person in await services.staff.accounts.everyone():
        found[person.role, False] = await services.staff.sessions.begin(person.id, person.generation, {})
    return found


def real(path: str) -> str:
    """An address with its places filled by names of nothing."""
    return "/".join(filled(each[1:-1], "en") if each.startswith("{") else each for each in path.split("/"))


@pytest.fixture(scope="module")
def written() -> Table:
    return table()


async def test_every_cell_of_the_addresses(services: Services, written: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await set_up(walker(services))
    cookies = await people(services, ada)
    desk = Desk(services, routes_of(services))
    wrong = []
    for (role, with_keys), cookie in cookies.items():
        signed = await services.staff.who(cookie)
        csrf = signed.csrf

        async def known(_request: object, signed: Signed = signed) -> Signed:
            return signed

        # Whose session it is is looked up once for all cells of a column: two thousand of them.
        monkeypatch.setattr(guard, "signed_in", known)
        not_there = (await desk.ask("GET", "/desk/nothing-here", cookie, csrf, real=False)).text
        for (method, path), asks in written.addresses.items():
            if is_inside(asks):
                continue  # Asked inside: below.
            may = written.allows(asks, role, with_keys=with_keys)
            answer = await desk.ask(method, real(path), cookie, csrf, real=False)
            is_right = answer.status_code == REACHED if may else answer.text == not_there
            if not is_right or (not may and answer.status_code != NOT_THERE):
                wrong.append(f"{method} {path} {role} with_keys={with_keys}: {answer.status_code}, allowed={may}")

    assert wrong == []


async def test_what_is_asked_inside_is_asked_as_the_table_says(services: Services, written: Table) -> None:
    ada = await set_up(walker(services))
    cookies = await people(services, ada)
    desk = Desk(services, routes_of(services))
    inside = {each: asks for each, asks in written.addresses.items() if is_inside(asks)}
    assert len(inside) == 3
    for (role, with_keys), cookie in cookies.items():
        for (method, path), asks in inside.items():
            answer = await desk.ask(method, real(path), cookie, "", real=True)
            may = written.allows(asks, role, with_keys=with_keys)
            assert (answer.status_code == NOT_THERE) is not may, (path, role, with_keys)


async def test_whoever_is_not_signed_in_or_not_vouched_for_gets_no_further(services: Services, written: Table) -> None:
    ada = await set_up(walker(services))
    new = await join(ada, alias="new", role="administrator")
    csrf = (await services.staff.who(new.cookie)).csrf
    desk = Desk(services, routes_of(services))
    for (method, path), asks in written.addresses.items():
        out = await desk.ask(method, real(path), "", "", real=False)
        assert out.status_code == (REACHED if asks == NOBODY else ONWARD), (path, out.status_code)
        if is_inside(asks):
            continue
        unvouched = await desk.ask(method, real(path), new.cookie, csrf, real=False)
        expected = REACHED if asks in (NOBODY, LOCK, SESSION) else NOT_THERE
        assert unvouched.status_code == expected, (path, unvouched.status_code)


async def test_no_other_way_of_asking_reaches_anything(services: Services, written: Table) -> None:
    ada = await set_up(walker(services))
    csrf = (await services.staff.who(ada.cookie)).csrf
    desk = Desk(services, routes_of(services))
    known: dict[str, set[str]] = {}
    for method, path in written.addresses:
        known.setdefault(path, set()).add(method)
    for path, methods in known.items():
        for method in {"GET", "POST", "PUT", "DELETE"} - methods:
            if method == "GET" and any(
                other != path and _fits(other, path) for other in known if "GET" in known[other]
            ):
                continue  # Another address, with a place in it, answers there.
            answer = await desk.ask(method, real(path), ada.cookie, csrf, real=False)
            assert answer.status_code in (NOT_THERE, 405), (method, path, answer.status_code)


def _fits(pattern: str, path: str) -> bool:
    ours, theirs = pattern.split("/"), path.split("/")
    return len(ours) == len(theirs) and all(a == b or a.startswith("{") for a, b in zip(ours, theirs, strict=True))


async def test_every_page_says_what_it_is_and_in_which_letters(services: Services, written: Table) -> None:
    ada = await set_up(walker(services))
    desk = Desk(services, routes_of(services))
    for method, path in written.addresses:
        if method == "GET":
            answer = await desk.ask(method, real(path), ada.cookie, "", real=True)
            kind = answer.headers.get("content-type", "")
            is_said = kind in ("text/html; charset=utf-8", "application/json")
            assert is_said or (answer.status_code == ONWARD and not answer.text), path


async def test_every_address_has_its_row_and_every_row_its_address(services: Services, written: Table) -> None:
    found = {
        (method, route.path)
        for route in routes_of(services)
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }

    assert {f"{method} {path}" for method, path in found - written.addresses.keys()} == set(), "add a row to the page"
    assert {f"{method} {path}" for method, path in written.addresses.keys() - found} == set()
    lines = {route.path for route in routes_of(services) if isinstance(route, WebSocketRoute)}
    assert lines == set(written.lines)


async def test_a_right_stands_in_the_page_as_the_code_has_it(services: Services, written: Table) -> None:
    for role in Role:
        for right in Right:
            needs = NEEDS_KEY.get(right, "") if right in RIGHTS[role] else None
            assert written.rights[right, role] == needs, (right, role)
    for route in routes_of(services):
        stands = guard_of(route.endpoint) if isinstance(route, Route) else None
        if isinstance(route, Route) and stands is not None and stands.right is not None:
            asks = {written.addresses[method, route.path] for method in (route.methods or set()) - {"HEAD"}}
            assert asks == {stands.right.value}, route.path


async def test_a_right_that_was_taken_away_is_gone_at_the_next_request(services: Services) -> None:
    """ASVS 8.3.2: what somebody may do is asked at each request, not at the sign-in."""
    ada = await set_up(walker(services))
    sue = await join(ada, alias="Sue", role="supervisor")
    await give(ada, "Sue")
    await sue.signs_in("Sue")
    assert await sue.open("/desk/audit") == 203
    person = next(each for each in await services.staff.accounts.everyone() if each.alias == "Sue")
    async with services.database.write() as connection:
        await services.staff.accounts.change(connection, person.id, role=Role.ADVOCATE)

    assert await sue.open("/desk/audit") == NOT_THERE
