"""Lets a hostile page next door try every post and every line with the advocate's own browser: nothing may change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from tests.support.chromium import Chromium
from tests.support.neutral import neutral_site
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.reader import Reader
from tests.support.site_map import lines, pages, posts
from tests.support.stores import acts_of, house_writes_to_itself_later, picture
from tests.support.web import HERE

WORDS = "a stranger's words"
FORM_KINDS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")

# What a page may send without asking: three kinds of form, two kinds of fetch, a beacon, a picture, a socket.
ATTACK = """async ({ targets, pages, lines, frame }) => {
    const pause = ms => new Promise(done => setTimeout(done, ms));
    for (const { url, fields, kinds } of targets) {
        for (const kind of kinds) {
            const inside = document.createElement("iframe");
            inside.name = "f" + Math.random();
            const form = document.createElement("form");
            Object.assign(form, { method: "post", action: url, enctype: kind, target: inside.name });
            for (const [name, value] of Object.entries(fields)) {
                const field = document.createElement("input");
                Object.assign(field, { type: "hidden", name, value });
                form.append(field);
            }
            document.body.append(inside, form);
            form.submit();
        }
        const body = new URLSearchParams(fields);
        const asked = [
            fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body }),
            fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: JSON.stringify(fields),
                         headers: { "Content-Type": "text/plain" } }),
            fetch(url, { method: "POST", mode: "cors", credentials: "include", body: JSON.stringify(fields),
                         headers: { "Content-Type": "application/json" } }),
            fetch(url, { method: "PUT", mode: "cors", credentials: "include" }),
            fetch(url, { method: "DELETE", mode: "cors", credentials: "include" }),
        ];
        navigator.sendBeacon(url, body);
        await Promise.race([Promise.allSettled(asked), pause(5000)]);
    }
    await Promise.race([Promise.allSettled(pages.map(url => fetch(url, { mode: "no-cors", credentials: "include" }))),
                        pause(5000)]);
    const opened = await Promise.all(lines.map(url => new Promise(done => {
        const socket = new WebSocket(url, "line.1");
        socket.onopen = () => { socket.send(JSON.stringify(frame)); done(url); };
        socket.onerror = () => done(null);
        setTimeout(() => done(null), 5000);
    })));
    await pause(1500);
    return opened.filter(Boolean);
}"""


def targets(open_house: OpenHouse, *, is_whole: bool) -> list[dict[str, Any]]:
    """Every posting address, each with what a stranger can put there: junk, and the public forms' own live tokens.

    Live tokens go out as a form of each kind. So does junk where it is `is_whole`; each form opens a page in a frame,
    and else an address gets its junk as one kind of form, in turn, and by every other way.
    """
    house = open_house.house
    junk = dict.fromkeys(("words", "csrf", "code", "alias", "name", "text", "role", "status", "t"), WORDS)
    # One of each kind of form is enough: the way out and the languages stand on every page.
    kinds: dict[tuple[str, ...], dict[str, Any]] = {}
    addresses = [house.public + each.path() for each in posts("public")]
    addresses += [house.desk + each.path() for each in posts("desk")]
    in_turn = FORM_KINDS * len(addresses)
    found: list[dict[str, Any]] = [
        {"url": url, "fields": junk, "kinds": FORM_KINDS if is_whole else (kind,)}
        for url, kind in zip(addresses, in_turn, strict=False)
    ]
    with Reader(house.public) as stranger:
        for each in pages("public"):
            stranger.opens(each.path())
            for form in stranger.page.forms:
                typed = {name: form.fields.get(name) or (form.choices.get(name) or [WORDS])[0] for name in form.names}
                target = {"url": urljoin(stranger.at, form.action), "fields": typed, "kinds": FORM_KINDS}
                kinds.setdefault((form.action, *sorted(typed)), target)
    return [*found, *kinds.values()]


def send_from_our_own_page(open_house: OpenHouse, aims: list[dict[str, Any]]) -> None:
    """The control: one of the very same posts, sent as our own page would, is taken. The attack used live tokens."""
    note = next(
        aim for aim in aims if aim["url"].endswith("/note") and "words" in aim["fields"] and "k" in aim["fields"]
    )
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": open_house.house.public}
    fields = {name: value for name, value in note["fields"].items() if name != "to"}
    httpx.post(note["url"], data={**fields, "keep": "2"}, headers=headers, timeout=30, **HERE)


@pytest.fixture(scope="module")
def still_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """One in which nobody has done anything yet whose end moves something by itself."""
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready


@pytest.mark.browser
@pytest.mark.parametrize(
    ("host", "is_whole"),
    [
        ("localhost", False),
        pytest.param("localhost", True, marks=pytest.mark.long),
        pytest.param("127.0.0.1", True, marks=pytest.mark.long),
    ],
)
def test_a_hostile_sibling_page_changes_nothing(
    still_house: OpenHouse, chromium: Chromium, host: str, is_whole: bool
) -> None:
    house = still_house.house
    house_writes_to_itself_later(house)
    aims = targets(still_house, is_whole=is_whole)
    time.sleep(3.5)  # a start token is only taken after three seconds: it must not be its youth that refuses it
    context = chromium.new_context(size=(1280, 800))
    with neutral_site(host=host, scheme="http") as sibling:
        try:
            desk = context.new_page()
            still_house.admin.signs_in_with(desk)
            before, written = picture(house), acts_of(house)
            hostile = context.new_page()
            hostile.goto(sibling.url)
            opened = hostile.evaluate(
                ATTACK,
                {
                    "targets": aims,
                    "pages": [
                        (house.public if each.face == "public" else house.desk) + each.path()
                        for each in [*pages("public"), *pages("desk")]
                    ],
                    "lines": [house.public_line.replace("/line/talk", each.path()) for each in lines("public")]
                    + [house.desk_line.replace("/line/desk", each.path()) for each in lines("desk")],
                    "frame": {"type": "Resume", "csrf": "A" * 43, "token": "A" * 43, "talks": [], "last": 0},
                },
            )
            after = picture(house)
            desk.reload()
            still_signed_in = desk.locator("form[action='/desk/signout']").count()
            send_from_our_own_page(still_house, aims)
            control = picture(house)
        finally:
            context.close()

    assert opened == []
    # That a foreign page tried is counted, of nobody; nothing is written down under her name.
    by_itself = before.differs_by_itself(after)
    changed = [each for each in before.differs_from(after) if each not in by_itself and "desk.foreign" not in each]
    assert [each for each in changed if each != "table audit_lines"] == []
    assert {act.partition(":")[0] for act in acts_of(house)[len(written) :]} <= {"desk.foreign"}
    assert still_signed_in == 1
    assert "table tips" in after.differs_from(control)
