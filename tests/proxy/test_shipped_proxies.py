"""Journeys through nginx and Caddy as shipped, over TLS: all comes through, and nobody is handed on.

The tests stand in the order in which the houses are hurt: first they live, then they freeze, then they are gone.
"""

from __future__ import annotations

import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from i18n.languages import LANGUAGES
from tests.proxy.asking import (
    FORGED,
    FORM,
    WORDS,
    Asking,
    answered_in_a_crowd,
    ask,
    desk_line,
    hidden_while_posting,
    in_the_place_of,
    is_away_page,
    is_sent_on,
    looked_sent_and_left,
    raw,
    spoken_raw,
    visitor,
)
from tests.proxy.conftest import ADDRESS, HELD_BACK_S, MOST_AT_ONCE, Behind
from tests.proxy.pair import tell_of_two_servers
from tests.support.chromium import AGENT, Chromium
from tests.support.desk_people import PHONE_LINE, DeskPerson
from tests.support.disk_search import search
from tests.support.line_people import LineVisitor
from tests.support.plain_reader import PlainReader
from tests.support.ports import free_port
from tests.support.proxies import SITE, Kind, start_proxy, trusting
from tests.support.public_pages import PAGES, path
from tests.support.reporters import LineReporter
from tests.support.spoken import SpokenLine

# Set by a proxy for itself.
OF_THE_WAY = {"date", "server", "connection", "alt-svc"}
# What a page holds that is new each time it is drawn.
TOKENS = re.compile(rb"[A-Za-z0-9_-]{22,}")


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_every_page_comes_through_as_the_house_gave_it(behind: Behind, encoding: str) -> None:
    given: dict[str, tuple[int, bytes, dict[str, str]]] = {}
    for origin in (behind.house.direct, behind.proxy.site):
        for address in [path(page, tag) for page in PAGES for tag in ("en", "ar")] + ["/", "/health/ready"]:
            with (
                visitor() as person,
                person.stream("GET", origin + address, headers={"Accept-Encoding": encoding}) as answer,
            ):
                body = TOKENS.sub(b"", b"".join(answer.iter_raw()))
                headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_WAY}
            # The length of a compressed token varies by a byte or two.
            headers.pop("content-length", None)
            told = (answer.status_code, b"" if "gzip" in answer.headers.get("content-encoding", "") else body, headers)
            assert given.setdefault(address, told) == told, address


def test_the_house_behind_tls_says_so_itself(behind: Behind) -> None:
    answer = ask(behind.proxy.site + "/en/talk")
    assert answer.headers.get_list("strict-transport-security") == ["max-age=63072000"]
    assert f"connect-src 'self' wss://{SITE}:{behind.proxy.port}" in answer.headers["content-security-policy"]

    person = DeskPerson(behind.house, "Robin", behind.admin.name, behind.admin.passphrase, ADDRESS).signs_in()
    cookies = [line for each in person.reader.answers for line in each.headers.get_list("set-cookie")]
    person.close()
    assert cookies
    assert all(line.startswith("__Host-") and "Secure" in line and "HttpOnly" in line for line in cookies)

    plain = f"http://{SITE}:{behind.proxy.plain_port}/en/note"
    assert ask(plain).status_code == 301
    assert ask(plain).headers["location"].startswith("https://")
    assert ask(plain, "POST", content=WORDS, headers=FORM).status_code == 303


def test_a_foreign_page_is_refused_and_its_form_answered_303(behind: Behind) -> None:
    with pytest.raises(InvalidStatus) as refused:
        SpokenLine.open(behind.house.public_line, origin="https://elsewhere.example", address=ADDRESS)
    assert refused.value.response.status_code == 403

    foreign = ask(
        behind.proxy.site + "/en/note", "POST", data={"words": WORDS}, headers={"Origin": "https://elsewhere.example"}
    )
    assert foreign.status_code == 303
    assert "/en/sorry/" in foreign.headers["location"]
    assert ask(behind.proxy.desk + "/desk/signin", "POST", data={"name": "x"}).status_code == 403
    assert ask(behind.proxy.site + "/desk").status_code == 404
    assert ask(behind.proxy.desk + "/en/").status_code == 404


def test_a_tip_is_sent_and_comes_back(behind: Behind) -> None:
    with closing(LineReporter(behind.house, address=ADDRESS)) as reporter:
        reporter.sends_note(WORDS)
        assert WORDS in reporter.comes_back().words


def test_a_talk_goes_both_ways_at_once(behind: Behind) -> None:
    """Over the line; and the same talk by a page without a socket, whose question waits for its answer."""
    with (
        desk_line(behind) as line,
        LineVisitor.starts(behind.house, language="es", address=ADDRESS) as person,
        ThreadPoolExecutor(1) as hands,
    ):
        last = person.says(WORDS)
        talk = line.takes_next()
        said_at = time.monotonic()
        line.says(talk, "an answer from the desk")
        person.hears("an answer from the desk")
        assert time.monotonic() - said_at < HELD_BACK_S

        page = Asking(behind, person.token, last)
        while page.asks(1):
            pass
        waiting = hands.submit(page.asks, 20)
        time.sleep(1.5)
        assert not waiting.done()
        line.says(talk, "after a while")
        assert "after a while" in str(waiting.result(timeout=60))
        person.leaves()


def test_without_script_words_are_seen_as_they_are_said(behind: Behind) -> None:
    with desk_line(behind) as line:
        person = PlainReader(behind.house, "fr", ADDRESS).starts()
        assert WORDS in person.says(WORDS).words
        talk = line.takes_next()
        with person.listening() as words:
            words.hear(WORDS)
            for answer in ("the first answer", "the second answer", "the third answer"):
                line.says(talk, answer)
                assert words.hear(answer) < HELD_BACK_S
        person.reader.sends(person.outer.form(action="/talk/end"))
        line.line.hear("ConversationClosed", conversation=talk)
        assert {answer.status_code for answer in person.posted} == {303}
        person.close()


def test_in_a_browser_without_script_a_huge_form_ends_at_a_page(behind: Behind, chromium: Chromium) -> None:
    """Over HTTP/2, where a proxy answers before it has read the form."""
    behind.neutral.pages["/form"] = (
        f'<form method=post action="{behind.proxy.site}/fr/note"><input type=hidden name=words '
        f'value="{"x" * 1_100_000}"><button>send</button></form>'
    ).encode()
    with chromium.visit(script=False) as page:
        page.goto(f"{behind.neutral.origin}/form")
        with page.expect_navigation(url=re.compile("/wait/fr/long$")):
            page.click("button", no_wait_after=True)
        page.click(".leave")
        page.wait_for_url(behind.neutral.url)
    with chromium.visit() as page:
        page.goto(f"{behind.proxy.site}/en/")
        assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"


def test_what_is_too_large_is_answered_303(behind: Behind) -> None:
    large = b"words=" + WORDS.encode() * 90_000
    site = behind.proxy.site
    is_sent_on(ask(f"{site}/ar/note", "POST", content=large, headers=FORM), "/wait/ar/long")
    is_sent_on(ask(f"{site}/leave", "POST", content=large, headers=FORM), behind.neutral.url)
    by_script = ask(f"{site}/ar/note", "POST", content=large, headers={**FORM, "Accept": "application/json"})
    assert by_script.status_code == 413
    # Without a length nobody knows in time: the proxy or the house, one of them answers.
    chunked = ask(f"{site}/ar/note", "POST", content=iter([large[:1_000_000]] * 2), headers=FORM)
    assert chunked.status_code == 303
    assert re.search("^/(wait/ar/long|ar/sorry/)", chunked.headers["location"])
    is_away_page(ask(f"{site}/wait/ar/long"), 200, LANGUAGES["ar"].own_name)


def test_a_form_with_a_broken_head_is_answered_303(behind: Behind) -> None:
    length = f"Host: {SITE}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n"
    for head in (
        f"POST /en/{'x' * 17_000} HTTP/1.1\r\n{length}\r\n",
        f"POST /en/note HTTP/1.1\r\n{length}X-Long: {'x' * 17_000}\r\n\r\n",
        f"POST /en/note HTTP/1.1\r\n{length}X-Longer: {'x' * 40_000}\r\n\r\n",
    ):
        assert b"HTTP/1.1 303" in spoken_raw(behind, head, b"words=x"), head[:40]


def test_of_two_servers_one_serves_the_desk_the_other_the_visitor_and_either_goes(behind: Behind) -> None:
    tell_of_two_servers(behind, WORDS)


def test_a_form_on_its_way_is_in_no_file(behind: Behind) -> None:
    assert hidden_while_posting(behind) == []


def test_a_careless_proxy_would_be_found_out(both: dict[Kind, Behind], tmp_path: Path) -> None:
    """The same search, on nginx with two lines changed: what it keeps is seen, so what is not seen is not kept."""
    careless = [("access_log off;", f"access_log {tmp_path}/access.log;"), ("proxy_request_buffering off;", "")]
    house = both["nginx"].house
    proxy = start_proxy("nginx", tmp_path, [house], free_port(), both["nginx"].neutral.url, changed=careless)
    careless_one = replace(both["nginx"], proxy=proxy)
    try:
        with trusting(tmp_path / "fullchain.pem"):
            assert hidden_while_posting(careless_one) != []
            ask(f"{proxy.site}/en/numbers")
    finally:
        proxy.stop()

    assert {found.word for found in search([ADDRESS, AGENT, "/en/numbers"], [tmp_path / "access.log"])} == {
        ADDRESS,
        AGENT,
        "/en/numbers",
    }


def test_when_too_many_come_a_form_is_still_answered_303(behind: Behind) -> None:
    site = behind.proxy.site
    head = f"POST /en/note/back HTTP/1.1\r\nHost: {SITE}\r\nContent-Type: {FORM['Content-Type']}\r\n"
    if behind.proxy.kind == "nginx":
        answers = answered_in_a_crowd(behind, f"{head}Content-Length: 0\r\n\r\n".encode(), 150)
        assert {answer.split(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 303 See Other"}
        assert any(b"/wait/en/busy" in answer for answer in answers)
        assert ask(f"{site}/wait/en/busy").status_code == 200
        time.sleep(2.5)  # until the door is wide again
        return
    # Caddy counts nobody; the house itself turns the newest away. Half-sent forms hold every place it has.
    with ExitStack() as held:
        for _ in range(MOST_AT_ONCE):
            held.enter_context(raw(behind)).sendall(f"{head}Content-Length: 9\r\n\r\nword".encode())
        time.sleep(0.5)
        assert ask(f"{site}/en/numbers").status_code == 503
        assert "/en/sorry/" in ask(f"{site}/en/note/back", "POST", headers=FORM).headers["location"]


def test_a_frozen_house_is_said_to_be_away(both: dict[Kind, Behind]) -> None:
    frozen = [(behind, worker.pid) for behind in both.values() for worker in behind.house.workers()]
    for behind, pid in frozen:
        behind.house.kill(pid, signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(len(both)) as hands:
            heard = dict(zip(both, hands.map(looked_sent_and_left, both.values()), strict=True))
    finally:
        for behind, pid in frozen:
            behind.house.kill(pid, signal.SIGCONT)

    for kind, (page, form, left) in heard.items():
        is_away_page(page, 504, "Désolé")
        assert form.status_code == 303
        assert form.headers["location"].startswith("/wait/fr/")
        is_sent_on(left, both[kind].neutral.url)


def test_a_house_that_is_gone_is_said_to_be_away(behind: Behind) -> None:
    behind.house.stop()
    site = behind.proxy.site
    for tag, word in (("en", "Sorry"), ("ar", "عذرًا"), ("xx", "Sorry")):
        is_away_page(ask(f"{site}/{tag}/numbers"), 502, word)
        sent = ask(f"{site}/{tag}/note", "POST", data={"words": WORDS}, headers=FORM)
        assert sent.status_code == 303
        is_away_page(ask(site + sent.headers["location"]), 200, word)
    is_sent_on(ask(f"{site}/leave", "POST", data={"t": "x"}, headers=FORM), behind.neutral.url)
    is_sent_on(ask(f"{site}/leave"), behind.neutral.url)
    is_sent_on(ask(f"{site}/fr/talk/write", "POST", data={"words": WORDS}, headers=FORM), "/wait/stay")
    is_sent_on(ask(f"{site}/fr/talk/again", "POST", data={"t": "x"}, headers=FORM), "/wait/stay")
    assert ask(f"{site}/wait/stay").status_code == 204  # Her page stays, with what she typed.
    assert ask(f"{site}/en/talk", "POST", json={"start": "x"}).status_code >= 500
    assert ask(f"{site}/en/note", "POST", headers={**FORM, "Accept": "application/json"}).status_code >= 500
    is_away_page(ask(f"{behind.proxy.desk}/desk/chats"), 502, "Sorry")
    with pytest.raises(InvalidStatus):
        SpokenLine.open(behind.house.public_line, origin=site, address=ADDRESS)
    assert PHONE_LINE in ask(f"{site}/wait/en/numbers").text


def test_nobody_is_handed_on(behind: Behind) -> None:
    """In the place of the house stands a listener; it is told nothing of who asks, neither the truth nor a forgery."""
    with in_the_place_of(behind.house) as told:
        assert ask(f"{behind.proxy.site}/en/", headers=FORGED).text == "hi"

    names = {line.partition(":")[0].lower() for line in told.result().split("\r\n")[1:] if line}
    assert names <= {"host", "accept", "accept-encoding", "accept-language", "connection", "user-agent"}
    assert not [word for word in (ADDRESS, AGENT, "203.0.113.9", "forged") if word in told.result()]


def test_nothing_of_anybody_is_in_what_the_proxies_wrote(behind: Behind) -> None:
    """Last: logs, what was printed, and every folder of the proxy, after all that has happened above."""
    behind.proxy.stop()
    sought = [ADDRESS, AGENT, WORDS, "/en/talk", "/ar/note", "/fr/note", "/desk/", "elsewhere.example"]
    folders = [file for file in behind.proxy.folder.iterdir() if file.name not in {"pages", "filled-in", "home"}]
    folders += [file for file in (behind.proxy.folder / "home").rglob("*") if file.name != "autosave.json"]
    assert (behind.proxy.folder / "printed.log") in folders
    assert search(sought, folders) == []
