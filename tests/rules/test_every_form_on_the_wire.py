"""Holds the running server to 303 for every form: through whole stories, over the wire, in a flood, while it ends.

What can be tried without a socket is in `test_every_post_answers_303`; here is what needs one, or a page's own form.
"""

from __future__ import annotations

import re
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace

import httpx
import pytest

from tests.support.house import House
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.patience import PATIENCE_S
from tests.support.plain_reader import PlainReader
from tests.support.reporters import LineReporter
from tests.support.site_map import posts
from tests.support.web import HERE

FORM = "application/x-www-form-urlencoded"
WORDS = "kestrel canary on the wire"
# A person does not wait longer, whatever hangs behind the page.
# Only our script asks here, in JSON, and is told the status.
ONLY_BY_SCRIPT = {
    "/{lang}/talk/room/{key}",
    "/{lang}/talk/walk/{key}",
    "/line/talk/hear",
    "/line/talk/say",
    "/{lang}/note/keep",
}
# A house as it is set up shows no field for a photo; with one it is sent in `tests/tips/files/test_pages.py`.
ONLY_WITH_PHOTOS = {"/{lang}/note/back/item"}
# Off until the operator switches it on; sent in `tests/portal/directory/test_public_page.py`.
ONLY_WHERE_ON = {"/{lang}/read/places"}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house of this module's own, open, since it is hurt here and ended."""
    with open_house_at(tmp_path_factory.mktemp("h"), max_requests_at_once=8) as ready:
        yield ready


def test_every_form_that_does_what_it_is_for_is_answered_303(opened: OpenHouse) -> None:
    """Every form of the public site, sent from its own page and taken; a new one that no story sends fails this."""
    visitor = PlainReader(opened.house).starts()
    visitor.says(WORDS)
    with visitor.listening() as words:
        words.hear(WORDS)
    number = visitor.asks_for_her_number()
    visitor.keeps_her_number()
    assert len(visitor.asks_for_her_digits()) == 6
    visitor.hides_and_comes_back(word="blue kettle")
    back = PlainReader(opened.house)
    back.reader.opens("/en/talk/back")
    back.outer = back.reader.sends(back.reader.page.form(with_field="number"), {"number": number})
    back.says("again")
    back.takes_another_language("es", "not sent yet")
    ended = back.reader.sends(back.outer.form(action="/talk/end"))
    # The question on the page after it carries nothing but the button that was pressed.
    question = ended.form(action="/es/after")
    assert question.fields == {}
    assert "Gracias por decirlo" in back.reader.sends(question, press="some").words
    leaver = PlainReader(opened.house, "ar").starts()
    leaver.reader.sends(leaver.outer.form(action="/leave"))
    assert leaver.posted[-1].headers["location"] == opened.neutral.url
    waiter = PlainReader(opened.house).starts()
    waiter.says(WORDS)
    # So does a tap on a card, of which this talk has none; it leads to the words, which are written for a minute.
    waiter.reader.sends(replace(waiter.outer.form(action="/talk/end"), action="/en/talk/tap"), follow=False)
    # The choice after five minutes carries what the end carries; nobody waits for it here.
    waiter.reader.sends(replace(waiter.outer.form(action="/talk/end"), action="/en/talk/note"))
    # So does the page of a closed chat, which is open here.
    late = PlainReader(opened.house)
    form = replace(late.reader.opens("/en/talk").form(action="/en/talk"), action="/en/talk/closed")
    form.fields["words"] = WORDS
    late.reader.sends(form)
    reporter = LineReporter(opened.house)
    reporter.sends_note(WORDS)
    reporter.types_back()
    reporter.comes_back()
    reporter.adds("and more")
    reporter.tells(plate="ABC 123")
    reporter.agrees(1)
    reporter.erases()

    answers = [answer for each in (visitor, back, leaver, waiter, late) for answer in each.posted]
    answers += [answer for answer in reporter.reader.answers if answer.request.method == "POST"]
    for person in (visitor, back, leaver, waiter, late, reporter):
        person.close()
    sent = {address.pattern for address in posts("public") for each in answers if fits(address.pattern, each)}
    assert {answer.status_code for answer in answers} == {303}
    assert {address.pattern for address in posts("public")} - sent == ONLY_BY_SCRIPT | ONLY_WITH_PHOTOS | ONLY_WHERE_ON


def fits(pattern: str, answer: httpx.Response) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), answer.request.url.path) is not None


def spoken(house: House, *pieces: bytes) -> bytes:
    """These bytes on a new line; the head of what comes back, or nothing where the line is cut."""
    with closing(socket.create_connection(("127.0.0.1", house.port), PATIENCE_S)) as line:
        try:
            for piece in pieces:
                line.sendall(piece)
        except OSError:
            pass  # The other side has had enough; what it said before can still be read.
        try:
            return line.recv(4096)
        except ConnectionResetError:
            return b""


def head(path: str = "/ar/note", *lines: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", f"Content-Type: {FORM}", *lines, "", ""]).encode("latin-1")


LARGE = b"words=" + b"x" * 65_530
ON_THE_WIRE: dict[str, list[bytes]] = {
    "with a length": [head("/ar/note", "Content-Length: 5"), b"a=b&c"],
    "in chunks, without a length": [head("/ar/note", "Transfer-Encoding: chunked"), b"5\r\na=b&c\r\n0\r\n\r\n"],
    "in many large chunks": [
        head("/ar/note", "Transfer-Encoding: chunked"),
        *[b"%x\r\n%b\r\n" % (len(LARGE), LARGE)] * 4,
        b"0\r\n\r\n",
    ],
    "far more than is dropped": [head("/ar/note", f"Content-Length: {len(LARGE) * 100}"), *[LARGE] * 100],
    "far more, on a line that is closed after it": [
        head("/ar/note", "Connection: close", f"Content-Length: {len(LARGE) * 100}"),
        *[LARGE] * 100,
    ],
    "waiting to be asked for": [head("/ar/note", "Expect: 100-continue", "Content-Length: 200000")],
    "with a head that is too large": [head("/ar/note", f"X-Long: {'x' * 40_000}", "Content-Length: 5"), b"a=b&c"],
    "with an address that is too long": [head(f"/ar/{'x' * 40_000}", "Content-Length: 5"), b"a=b&c"],
    "with a broken header": [head("/ar/note", "Content Length: 5"), b"a=b&c"],
    "with two lengths": [head("/ar/note", "Content-Length: 5", "Content-Length: 6"), b"a=b&c"],
    "with a broken chunk": [head("/ar/note", "Transfer-Encoding: chunked"), b"zz\r\na=b&c\r\n"],
    "with an address of no language we know": [head("/\xe9\xff", "Content-Length: 5"), b"a=b&c"],
}


@pytest.mark.parametrize("sent", ON_THE_WIRE)
def test_a_form_is_answered_303_however_it_travels(opened: OpenHouse, sent: str) -> None:
    answer = spoken(opened.house, *ON_THE_WIRE[sent]).removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")

    if not answer and sent.startswith("waiting"):
        return
    assert answer.startswith(b"HTTP/1.1 303"), answer[:200]
    assert re.search(rb"\r\nlocation: /(ar|en)/(sorry|note)/[\w-]+\r\n", answer), answer


def test_a_look_with_a_broken_head_is_cut_or_told_so(opened: OpenHouse) -> None:
    """The same, not posted: the limits are the limits, and nobody is led anywhere."""
    long = b"GET /en/ HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 40_000 + b"\r\n\r\n"

    assert spoken(opened.house, long) == b""
    assert spoken(opened.house, b"GET /en/ HTTP/1.1\r\nBroken Header: x\r\n\r\n").startswith(b"HTTP/1.1 400")


def all_posted(house: House, times: int = 1) -> list[str]:
    """What is wrong at every address that takes a form, all asked at once since each may wait for a store."""
    paths = [address.path() for address in posts("public")] * times
    headers = {"Content-Type": FORM, "Sec-Fetch-Site": "same-origin"}
    with (
        httpx.Client(timeout=PATIENCE_S, **HERE, headers=headers) as web,
        ThreadPoolExecutor(24) as crowd,
    ):
        answers = list(crowd.map(lambda path: web.post(house.public + path, content=b"t=x&start=x&words=x"), paths))
    return [f"{path}: {a.status_code}" for path, a in zip(paths, answers, strict=True) if a.status_code != 303]


def test_a_flood_of_forms_is_answered_303(opened: OpenHouse) -> None:
    assert all_posted(opened.house, times=20) == []


def test_a_form_is_answered_303_while_the_database_is_away(opened: OpenHouse) -> None:
    hidden = opened.house.database.with_suffix(".away")
    opened.house.database.rename(hidden)
    try:
        assert all_posted(opened.house) == []
    finally:
        hidden.rename(opened.house.database)


@pytest.mark.parametrize("which", ["durable", "ember"])
def test_a_form_is_answered_303_while_a_valkey_is_silent(opened: OpenHouse, which: str) -> None:
    frozen = opened.house.valkey(which).pid
    opened.house.kill(frozen, signal.SIGSTOP)
    try:
        assert all_posted(opened.house) == []
    finally:
        opened.house.kill(frozen, signal.SIGCONT)


def test_a_form_on_its_way_is_answered_303_when_the_server_ends(opened: OpenHouse) -> None:
    """Last: half-sent forms, and the server is told to stop."""
    house = opened.house
    with ExitStack() as held:
        lines = [
            held.enter_context(closing(socket.create_connection(("127.0.0.1", house.port), PATIENCE_S)))
            for _ in range(8)
        ]
        for line in lines:
            line.sendall(head("/ar/note", "Content-Length: 500") + b"words=x")
        time.sleep(0.5)
        house.kill(house.pid, signal.SIGTERM)
        answers = [line.recv(4096) for line in lines]

    assert {answer.split(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 303 See Other"}
