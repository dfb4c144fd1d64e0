"""Holds every public post to the one answer a browser does not keep: 303, whatever was posted and whatever is broken.

Any other answer makes Chromium write what was posted, words and tokens, into its session files on the person's phone.
The addresses are those of the running sections: a new one is held to all of this by itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

import portal.app
from portal.clock import StillClock
from portal.patience import patient
from portal.services import Services
from portal.settings import Secret
from tests.support.posting import Answer, Posted, ask, house, public_addresses, running, with_every_page
from tests.support.rooms import wire
from tests.support.site_map import Address
from tests.tips.conftest import make_tip_house

WORDS = "kestrel-canary-posted"
KIB = 1024
MIB = 1024 * KIB
# Every name a form of ours might use; an address takes what it knows and sees the rest as unknown.
KNOWN_FIELDS = "&".join(
    f"{name}={WORDS}" for name in ("t", "l", "s", "k", "start", "token", "code", "words", "visit", "number", "text")
).encode()


def of_size(size: int, piece: int = 64 * KIB) -> tuple[bytes, ...]:
    """So many bytes of words, in pieces as a line brings them."""
    whole = b"words=" + WORDS.encode() * (size // len(WORDS) + 1)
    return tuple(whole[at : min(at + piece, size)] for at in range(0, size, piece))


BODIES = {
    "nothing": Posted(),
    "no field of ours": Posted(pieces=(b"some=thing",)),
    "every field wrong": Posted(pieces=(KNOWN_FIELDS,)),
    "broken text": Posted(pieces=(b"words=%ff%fe%00&t=\xff\xfe&code=%",)),
    "another kind of form": Posted(
        "multipart/form-data; boundary=x", (b'--x\r\nContent-Disposition: form-data; name="t"\r\n\r\n1',)
    ),
    "plain text": Posted("text/plain", (WORDS.encode(),)),
    "no kind named": Posted("", (WORDS.encode(),)),
    "a kind that is half a lie": Posted("application/json-but-not", (b'{"t": ["x"]}',)),
    "very many fields": Posted(pieces=(b"&".join(b"f%d=x" % n for n in range(5_000)),)),
    "just too large": Posted(pieces=of_size(64 * KIB + 1)),
    "one MiB": Posted(pieces=of_size(MIB)),
    "more than is read and dropped": Posted(pieces=of_size(6 * MIB, MIB)),
    "in small pieces": Posted(pieces=of_size(70 * KIB, 100)),
    "one that stops in the middle": Posted(pieces=(KNOWN_FIELDS,), ends=False),
    "a large one that stops": Posted(pieces=of_size(200 * KIB), ends=False),
}
# Asked for by a page that stands, which stays as it is: a style that is not there, and where a post leads that must
# leave its page and the words typed in it.
NO_PAGE = ("/a/nothing.css", "/talk/stay")
FROM = {
    "our own page": {"sec-fetch-site": "same-origin", "origin": "null"},
    "another site": {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"},
    "another site, long ago": {"origin": "https://elsewhere.example"},
    "an old phone": {},
}


@pytest.fixture
async def opened(services: Services, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> Services:
    """A house that is open, in this process, and does not wait half a minute for a piece that never comes."""
    await make_tip_house(services, clock)
    monkeypatch.setattr(portal.app, "patient", partial(patient, limit=0.05))
    return services


def everywhere(services: Services) -> list[str]:
    """Every public address that takes posts, those that take none, and addresses that are not there."""
    taking = [address for address in public_addresses(running(services)) if not address.is_line]
    paths = {address.path(language) for address in taking for language in ("en", "ar")}
    return sorted({*paths, "/en/nothing", "/xx/note", "/nothing", "/desk/signin", "/health/live", "/a/nothing.css"})


def posting(services: Services) -> list[str]:
    """Every public address that takes posts."""
    return [address.path() for address in public_addresses(running(services)) if "POST" in address.methods]


def wrong(answer: Answer, path: str, why: str, services: Services) -> list[str]:
    """What is wrong with an answer, in words; nothing for a 303 that says nothing."""
    target = answer.headers.get("location", "")
    neutral = set(services.settings.exit_urls.values())
    if answer.status != 303:
        return [f"{path}, {why}: {answer.status}"]
    if answer.body or not target or WORDS in target or answer.headers.get("cache-control") != "no-store":
        return [f"{path}, {why}: 303 to {target!r} with {len(answer.body)} bytes"]
    if not (target.startswith("/") or target in neutral) or target.startswith("//"):
        return [f"{path}, {why}: sent to {target!r}"]
    return []


async def found_wrong(
    app: ASGIApp, services: Services, paths: list[str], why: str, posted: Posted, headers: dict[str, str] | None = None
) -> list[str]:
    """What is wrong at any of these addresses, all asked at once: some wait for a store that is silent."""
    answers = await asyncio.gather(*(ask(app, services, path, posted=posted, headers=headers) for path in paths))
    return [line for path, answer in zip(paths, answers, strict=True) for line in wrong(answer, path, why, services)]


@pytest.mark.parametrize("origin", FROM)
async def test_whatever_is_posted_is_answered_303(
    opened: Services, origin: str, caplog: pytest.LogCaptureFixture
) -> None:
    app, paths = house(opened, running(opened)), everywhere(opened)
    found = [
        line
        for body, posted in BODIES.items()
        for line in await found_wrong(app, opened, paths, body, posted, FROM[origin])
    ]

    assert found == []
    assert WORDS not in caplog.text


@pytest.mark.parametrize("store", ["database", "durable", "ember", "both Valkeys", "everything"])
async def test_a_post_is_answered_303_while_a_store_is_away(opened: Services, store: str) -> None:
    nowhere = Secret("unix:///nonexistent/valkey")
    settings = replace(
        opened.settings,
        redis_url=nowhere if store in {"durable", "both Valkeys", "everything"} else opened.settings.redis_url,
        ember_url=nowhere if store in {"ember", "both Valkeys", "everything"} else opened.settings.ember_url,
    )
    hurt = wire(settings, opened.clock)
    await hurt.opening.facts()
    if store in {"database", "everything"}:
        settings.database_path.rename(settings.database_path.with_suffix(".away"))
    started = hurt.start_tokens.make()
    posted = Posted(pieces=(KNOWN_FIELDS.replace(f"start={WORDS}".encode(), f"start={started}".encode()),))
    try:
        assert await found_wrong(house(hurt, running(hurt)), hurt, posting(hurt), f"{store} away", posted) == []
    finally:
        await portal.app.close(hurt)


async def raises_at_once(_request: Request) -> Response:
    raise ValueError(WORDS)


async def raises_after_reading(request: Request) -> Response:
    raise RuntimeError((await request.body()).decode())


async def answers_with_a_page(_request: Request) -> Response:
    return PlainTextResponse(WORDS)


async def answers_with_an_error(_request: Request) -> Response:
    return PlainTextResponse(WORDS, 422)


@dataclass
class Silent:
    """A page that ends without having said anything."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        return None


@pytest.mark.parametrize(
    "page",
    [raises_at_once, raises_after_reading, answers_with_a_page, answers_with_an_error, Silent()],
    ids=["raises", "raises late", "a page", "an error", "silent"],
)
async def test_a_post_is_answered_303_whatever_breaks_inside(
    services: Services, page: ASGIApp, caplog: pytest.LogCaptureFixture
) -> None:
    broken = with_every_page(running(services), page)
    found = await found_wrong(
        house(services, broken), services, posting(services), "broken inside", BODIES["every field wrong"]
    )

    assert found == []
    assert WORDS not in caplog.text


async def test_a_post_is_answered_303_by_a_worker_that_ends(services: Services) -> None:
    """After its second of grace a worker cancels what is still under way; the person is answered all the same."""

    under_way = 0

    async def hangs(_request: Request) -> Response:
        nonlocal under_way
        under_way += 1
        await asyncio.Event().wait()
        raise AssertionError

    app = house(services, with_every_page(running(services), hangs))  # type: ignore[arg-type]
    paths = posting(services)
    tasks = [asyncio.create_task(answered_though_cancelled(app, services, path)) for path in paths]
    async with asyncio.timeout(30):
        while under_way < len(paths):  # noqa: ASYNC110 - many pages, one question
            await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    answers = [await task for task in tasks]

    found = [line for path, answer in zip(paths, answers, strict=True) for line in wrong(answer, path, "", services)]
    assert found == []


async def answered_though_cancelled(app: ASGIApp, services: Services, path: str) -> Answer:
    """The answer of a request whose task is cancelled, as the server sees it."""
    heard = Answer()

    async def kept(scope: Scope, receive: Receive, send: Send) -> None:
        async def also(message: object) -> None:
            await send(message)  # type: ignore[arg-type]
            heard.status = heard.status or message.get("status", 0)  # type: ignore[attr-defined]
            heard.headers |= {n.decode(): v.decode() for n, v in message.get("headers", ())}  # type: ignore[attr-defined]

        await app(scope, receive, also)

    try:
        await ask(kept, services, path)
    except asyncio.CancelledError:
        return heard
    raise AssertionError("a cancelled request has to end as cancelled")


async def test_a_post_is_answered_303_when_every_place_is_taken(services: Services) -> None:
    services.settings = replace(services.settings, max_requests_at_once=0)
    app = house(services, running(services))

    assert await found_wrong(app, services, posting(services), "crowd full", BODIES["every field wrong"]) == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_at_any_address_shows_a_page(opened: Services, method: str) -> None:
    """Never 405, which would say that a form is posted there, and never nothing."""
    app = house(opened, running(opened))
    found: list[str] = []
    for path in everywhere(opened):
        answer = await ask(app, opened, path, method=method)
        is_page = answer.headers.get("content-type", "").startswith(("text/html", "text/plain"))
        if answer.status == 303 or (answer.status in {200, 203, 404} and is_page):
            continue
        if path.endswith(NO_PAGE) and (answer.status, answer.body) in {(204, b""), (404, b"")}:
            continue
        found.append(f"{path}: {answer.status} {answer.headers.get('content-type')}")

    assert found == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
async def test_no_other_way_of_asking_says_more_than_that_nothing_is_there(opened: Services, method: str) -> None:
    app = house(opened, running(opened))
    answers = {path: await ask(app, opened, path, method=method) for path in everywhere(opened)}

    assert {(answer.status, answer.body) for answer in answers.values()} == {(404, b"")}
    assert not any("allow" in answer.headers for answer in answers.values())


async def test_every_address_that_takes_a_post_is_found(services: Services) -> None:
    """The table is the running house's own; these are some that must be in it."""
    taking: list[Address] = [each for each in public_addresses(running(services)) if "POST" in each.methods]

    assert {"/leave", "/{lang}/note", "/{lang}/note/back", "/{lang}/talk"} <= {each.pattern for each in taking}
