"""The front door: which face answers, what a crowd is told, and who owns the background work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import anyio
import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message, Scope
from starlette.websockets import WebSocket

import portal.routes
from portal.app import FrontDoor, build_desk, build_public
from portal.errors import Away
from portal.opening import Opening
from portal.patience import patient
from portal.section import Section
from portal.services import Services
from portal.web.forms import read_form

CANARY = "canary words in an error"


async def hello(request: Request) -> Response:
    return PlainTextResponse(f"{request.state.face} {request.client}")


async def breaks(_request: Request) -> Response:
    raise ValueError(CANARY)


async def is_away(_request: Request) -> Response:
    raise Away


async def line_breaks(websocket: WebSocket) -> None:
    await websocket.accept()
    raise ValueError(CANARY)


SECTION = Section(
    public=[
        Route("/hello", hello),
        Route("/breaks", breaks, methods=["GET", "POST"]),
        Route("/away", is_away, methods=["GET", "POST"]),
        Route("/only-posted", hello, methods=["POST"]),
        WebSocketRoute("/line/breaks", line_breaks),
    ],
    desk=[Route("/desk/hello", hello)],
)


def scope_of(path: str, port: int, kind: str = "http", **more: object) -> Scope:
    return {
        "type": kind,
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost:8001")],
        "scheme": "http",
        "server": ("127.0.0.1", port),
        "client": ("203.0.113.77", 51234),
        "state": {},
        **more,
    }


async def ask(door: FrontDoor, path: str, port: int, kind: str = "http", **more: object) -> list[Message]:
    sent: list[Message] = []
    incoming: list[Message] = [{"type": "http.request", "body": b""}, {"type": "websocket.connect"}]

    async def receive() -> Message:
        return incoming[0] if kind == "http" else incoming[1]

    async def send(message: Message) -> None:
        sent.append(message)

    await door(scope_of(path, port, kind, **more), receive, send)
    return sent


def body(sent: list[Message]) -> str:
    return b"".join(message.get("body", b"") for message in sent).decode()


@pytest.fixture
def door(services: Services) -> FrontDoor:
    return FrontDoor(services, [SECTION])


@pytest.fixture
async def public(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_public(services, [SECTION]), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_origin) as browser:
        yield browser


@pytest.fixture
async def desk(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_desk(services, [SECTION]), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.desk_origin) as browser:
        yield browser


async def test_the_port_decides_which_face_answers_and_the_host_header_does_not(door: FrontDoor) -> None:
    assert (await ask(door, "/hello", 8000))[0]["status"] == 200
    assert (await ask(door, "/desk/hello", 8000))[0]["status"] == 404
    assert (await ask(door, "/desk/hello", 8001))[0]["status"] == 200
    assert (await ask(door, "/hello", 8001))[0]["status"] == 404


async def test_no_room_sees_an_address(door: FrontDoor) -> None:
    assert body(await ask(door, "/hello", 8000)) == "public None"


async def test_an_unknown_line_is_refused_before_it_is_accepted(door: FrontDoor) -> None:
    assert await ask(door, "/line/nowhere", 8000, "websocket") == [{"type": "websocket.close"}]


async def test_a_line_that_breaks_is_closed_and_its_words_are_not_logged(
    door: FrontDoor, caplog: pytest.LogCaptureFixture
) -> None:
    sent = await ask(door, "/line/breaks", 8000, "websocket", subprotocols=[])

    assert sent[-1] == {"type": "websocket.close", "code": 1011}
    assert [record.message for record in caplog.records] == ["socket_broke"]


async def test_a_page_that_breaks_answers_a_page_and_says_nothing_of_why(
    public: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await public.get("/breaks")

    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert CANARY not in answer.text + caplog.text


@pytest.mark.parametrize("path", ["/breaks", "/away", "/hello", "/nowhere", "/only-posted"])
async def test_a_posted_form_is_answered_303_whatever_happens(public: httpx.AsyncClient, path: str) -> None:
    answer = await public.post(path, data={"text": "words"}, headers={"sec-fetch-site": "same-origin"})

    assert answer.status_code == 303
    assert (await public.get(answer.headers["location"])).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/nowhere", "/only-posted", "/desk", "/desk/hello", "/line/desk", "/favicon.ico"])
async def test_a_public_address_that_is_none_answers_a_plain_page(public: httpx.AsyncClient, path: str) -> None:
    answer = await public.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"


async def test_away_is_said_with_503_and_the_phone_line(services: Services) -> None:
    services.opening = Opening(services.database, services.staff.folder, "555-0100")
    transport = httpx.ASGITransport(build_public(services, [SECTION]))
    async with httpx.AsyncClient(transport=transport, base_url=services.settings.public_origin) as browser:
        answer = await browser.get("/away")

    assert answer.status_code == 503
    assert "555-0100" in answer.text


async def test_a_head_is_answered_like_a_get_without_a_body(public: httpx.AsyncClient) -> None:
    answer = await public.head("/health/live")

    assert answer.status_code == 200


async def test_a_crowd_is_turned_away_kindly_and_health_is_not(services: Services) -> None:
    gate = asyncio.Event()
    inside: asyncio.Queue[str] = asyncio.Queue()

    async def waits(_request: Request) -> Response:
        inside.put_nowait("one more")
        await gate.wait()
        return PlainTextResponse("served")

    services.settings = replace(services.settings, max_requests_at_once=8)
    app = build_public(services, [Section(public=[Route("/waits", waits)])])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=services.settings.public_origin
    ) as browser:
        under_way = [asyncio.create_task(browser.get("/waits")) for _ in range(8)]
        for _ in range(8):
            await inside.get()
        newest = await browser.get("/waits")
        posted = await browser.post("/waits", data={"text": "words"}, headers={"sec-fetch-site": "same-origin"})
        health = await browser.get("/health/live")
        gate.set()
        served = [(await each).text for each in under_way]

    assert newest.status_code == 503
    assert posted.status_code == 303
    assert health.status_code == 200
    assert served == ["served"] * 8


async def test_the_way_out_leads_out_however_many_stand_in_the_door(services: Services) -> None:
    """S1: half-sent forms of strangers, on their way out too, keep nobody from leaving."""

    async def half_sent(path: str) -> None:
        async def body() -> AsyncIterator[bytes]:
            yield b"t=0123456789"
            await asyncio.Event().wait()

        headers = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
        await strangers.post(path, content=body(), headers=headers)

    services.settings = replace(services.settings, max_requests_at_once=8)

    async def reads(request: Request) -> Response:
        return PlainTextResponse(str(len(await read_form(request))))

    room = Section(public=[Route("/en/note/back", reads, methods=["POST"])])
    transport = httpx.ASGITransport(build_public(services, [portal.routes.section(services), room]))
    origin = services.settings.public_origin
    async with (
        httpx.AsyncClient(transport=transport, base_url=origin) as strangers,
        httpx.AsyncClient(transport=transport, base_url=origin) as browser,
    ):
        held = [asyncio.create_task(half_sent(path)) for path in ["/en/note/back"] * 8 + ["/leave"] * 40]
        await anyio.wait_all_tasks_blocked()
        full = await browser.get("/en/numbers")
        left = await browser.post("/leave", data={"t": "x", "l": "en"}, headers={"sec-fetch-site": "same-origin"})
        for each in held:
            each.cancel()
        await asyncio.wait(held)

    assert full.status_code == 503
    assert (left.status_code, left.headers["location"]) == (303, services.settings.exit_url("en"))


async def test_ready_asks_everything_and_names_nothing(public: httpx.AsyncClient, services: Services) -> None:
    assert (await public.get("/health/ready")).text == "ready\n"

    services.settings.database_path.rename(services.settings.database_path.with_suffix(".away"))
    answer = await public.get("/health/ready")
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    assert (await public.get("/health/live")).status_code == 200

    services.settings.database_path.with_suffix(".away").rename(services.settings.database_path)
    assert (await public.get("/health/ready")).status_code == 200


async def test_health_is_the_same_on_both_faces(desk: httpx.AsyncClient) -> None:
    assert (await desk.get("/health/ready")).status_code == 200
    assert (await desk.get("/health/live")).text == "live\n"


async def test_a_body_that_stops_coming_counts_as_gone() -> None:
    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    assert await patient(never, 0.02)() == {"type": "http.disconnect"}


async def test_a_slow_answer_is_not_taken_for_a_slow_body() -> None:
    pieces: list[Message] = [{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request"}]

    async def receive() -> Message:
        if pieces:
            return pieces.pop(0)
        await asyncio.sleep(0.1)
        return {"type": "http.disconnect"}

    waiting = patient(receive, 0.02)
    assert [(await waiting()).get("more_body", False) for _ in range(2)] == [True, False]
    began = asyncio.get_running_loop().time()
    assert await waiting() == {"type": "http.disconnect"}
    assert asyncio.get_running_loop().time() - began > 0.05
