"""Holds every public post to the one answer a browser does not keep: 303, whatever was posted and whatever is broken.

Any other answer makes Chromium write what was posted, words and tokens, into its session files on the person's phone.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.house import House
from tests.support.open_house import open_house_at
from tests.support.site_map import pages, posts

FORM = "application/x-www-form-urlencoded"
WORDS = "kestrel-canary-posted"
# A person does not wait longer, whatever hangs behind the page.
PATIENCE_S = 20
# Every name a form of ours might use; an address takes what it knows and sees the rest as unknown.
KNOWN_FIELDS = "&".join(
    f"{name}={WORDS}" for name in ("t", "l", "s", "start", "token", "code", "words", "visit", "number")
)

BODIES: dict[str, tuple[str, bytes]] = {
    "nothing": (FORM, b""),
    "no field of ours": (FORM, b"some=thing"),
    "every field wrong": (FORM, KNOWN_FIELDS.encode()),
    "broken encoding": (FORM, b"words=%ff%fe%00&t=\xff\xfe&code=%"),
    "another kind of form": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="t"\r\n\r\n1',
    ),
    "plain text": ("text/plain", WORDS.encode()),
    "no kind named": ("", WORDS.encode()),
    "very many fields": (FORM, b"&".join(b"f%d=x" % n for n in range(5_000))),
    "too large": (FORM, b"words=" + b"x" * 200_000),
    "far too large": (FORM, b"words=" + b"x" * 1_500_000),
}
FROM = {
    "our own page": {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    "another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"},
    "an old phone": {},
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of this module's own, open, since it is hurt here."""
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready.house


def everywhere() -> list[str]:
    """Every public address that takes posts, then pages that take none, then addresses that are not there."""
    taking = [address.path(language) for address in posts("public") for language in ("en", "ar")]
    reading = [address.path() for address in pages("public") if "POST" not in address.methods]
    return sorted({*taking, *reading, "/en/nothing", "/xx/note", "/nothing", "/desk/signin"})


def post(house: House, path: str, kind: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    given = {**headers, **({"Content-Type": kind} if kind else {})}
    return httpx.post(house.public + path, content=body, headers=given, timeout=PATIENCE_S, trust_env=False)


def wrong(answer: httpx.Response, path: str, why: str) -> list[str]:
    """What is wrong with an answer, in words; nothing for a 303 that says nothing."""
    target = answer.headers.get("location", "")
    if answer.status_code != 303:
        return [f"{path}, {why}: {answer.status_code}"]
    if answer.content or not target or WORDS in target or answer.headers.get("cache-control") != "no-store":
        return [f"{path}, {why}: 303 to {target!r} with {len(answer.content)} bytes"]
    if "://" in target and not target.startswith((house_origin(answer), "https://")):
        return [f"{path}, {why}: sent to {target!r}"]
    return []


def house_origin(answer: httpx.Response) -> str:
    return f"{answer.request.url.scheme}://{answer.request.url.netloc.decode()}"


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("origin", FROM)
def test_whatever_is_posted_is_answered_303(house: House, body: str, origin: str) -> None:
    kind, content = BODIES[body]
    found = [
        line for path in everywhere() for line in wrong(post(house, path, kind, content, FROM[origin]), path, body)
    ]

    assert found == []


def test_a_flood_of_posts_is_answered_303(house: House) -> None:
    paths = [address.path() for address in posts("public")] * 40
    with ThreadPoolExecutor(24) as crowd:
        answers = list(
            crowd.map(lambda path: post(house, path, FORM, KNOWN_FIELDS.encode(), FROM["our own page"]), paths)
        )

    assert [line for path, answer in zip(paths, answers, strict=True) for line in wrong(answer, path, "flood")] == []


def test_a_post_is_answered_303_while_the_database_is_away(house: House) -> None:
    hidden = house.database.with_suffix(".away")
    house.database.rename(hidden)
    try:
        found = failures(house, "database away")
    finally:
        hidden.rename(house.database)

    assert found == []


@pytest.mark.parametrize("which", ["durable", "ember"])
def test_a_post_is_answered_303_while_a_valkey_is_away(house: House, which: str) -> None:
    frozen = house.valkey(which).pid
    house.kill(frozen, signal.SIGSTOP)
    try:
        found = failures(house, f"{which} Valkey away")
    finally:
        house.kill(frozen, signal.SIGCONT)

    assert found == []


def failures(house: House, why: str) -> list[str]:
    """What every posting address answers now, all asked at once since each may wait for a store that is silent."""
    paths = [address.path() for address in posts("public")]
    with ThreadPoolExecutor(len(paths)) as crowd:
        answers = list(
            crowd.map(lambda path: post(house, path, FORM, KNOWN_FIELDS.encode(), FROM["our own page"]), paths)
        )
    return [line for path, answer in zip(paths, answers, strict=True) for line in wrong(answer, path, why)]
