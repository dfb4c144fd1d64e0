"""What a question is refused for, how large an answer is, and how many may wait: nothing of it tells a watcher more."""

from __future__ import annotations

import asyncio
import json
from time import monotonic
from typing import Any

import anyio
import httpx
import pytest

import chat.poll.routes
from chat.cards import Speech
from chat.poll.frames import BODY_LIMIT, LONGEST_WAIT_S, MOST_SAID
from chat.protocol.codec import STEPS
from chat.share import Share
from chat.visits import Visits
from portal.ids import random_key, to_text
from tests.chat.conftest import ChatHouse
from tests.chat.poll.conftest import Asking, asking
from tests.chat.sockets.conftest import Process, new_key

pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]


def hear(page: Asking, **more: Any) -> dict[str, Any]:
    return {"resume": page.resume, "wait": 0, **more}


async def test_a_post_from_elsewhere_opens_nothing(house: ChatHouse, processes: Both) -> None:
    async with asking(processes[0], await house.starts()) as page:
        for what, body in (("hear", hear(page)), ("say", {"resume": page.resume, "said": [{"type": "Here"}]})):
            assert (await page.post(what, body)).status_code == 200
            foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
            assert (await page.post(what, body, **foreign)).status_code == 403
            # A form is answered as every form is, and opens nothing either.
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = await page.post(what, json.dumps(body).encode(), **form)
            assert (answer.status_code, answer.content) == (303, b"")
            assert (await page.web.get(f"/line/talk/{what}")).status_code == 404


async def test_whatever_our_page_would_never_post_is_malformed(house: ChatHouse, processes: Both) -> None:
    async with asking(processes[0], await house.starts()) as page:
        say, here = {"resume": page.resume, "said": [{"type": "Here"}]}, {"type": "Here"}
        wrong: list[tuple[str, object]] = [
            ("hear", b""),
            ("hear", b"\xff\xfe{"),
            ("hear", b"[" * 5_000),
            ("hear", []),
            ("hear", {"wait": 0}),
            ("hear", hear(page, wait=-1)),
            ("hear", hear(page, wait=LONGEST_WAIT_S + 1)),
            ("hear", hear(page, wait="5")),
            ("hear", hear(page, known="x" * 41)),
            ("hear", hear(page, more=1)),
            ("hear", hear(page, resume={**page.resume, "token": page.token[:-1]})),
            ("hear", hear(page, resume={**page.resume, "last": -1})),
            ("hear", hear(page, resume=here)),
            ("say", {**say, "said": []}),
            ("say", {**say, "said": [here] * (MOST_SAID + 1)}),
            ("say", {**say, "said": [page.resume]}),
            ("say", {**say, "said": [{"type": "Take", "key": new_key(), "conversation": new_key()}]}),
            ("say", {**say, "said": [{"type": "Say", "key": "short", "text": "a"}]}),
            ("say", {**say, "said": [{"type": "Answer", "key": new_key(), "question": "safe", "choice": "maybe"}]}),
        ]
        for what, body in wrong:
            answer = await page.post(what, body)
            assert (answer.status_code, answer.json()) == (200, {"closed": 4400}), body
        assert (await page.hears())[0]["last"] == 0


async def test_a_body_that_is_too_large_is_refused_and_the_largest_message_is_not(
    house: ChatHouse, processes: Both
) -> None:
    async with asking(processes[0], await house.starts()) as page:
        assert await page.writes("\N{FIRE}" * 4_000) == 1
        answer = await page.post("say", b" " * (BODY_LIMIT + 1))
        assert answer.status_code == 413


async def test_an_unknown_token_and_an_ended_talk_get_one_answer(house: ChatHouse, processes: Both) -> None:
    token = await house.starts()
    async with asking(processes[0], token) as ended, asking(processes[0], random_key()) as unknown:
        await ended.says({"type": "Leave", "how": "exit"})
        answers = [
            await page.post(what, {"resume": page.resume, **rest})
            for page in (ended, unknown)
            for what, rest in (("hear", {"wait": 20}), ("say", {"said": [{"type": "Here"}]}))
        ]
        assert {(answer.status_code, answer.content) for answer in answers} == {(200, b'{"closed":4404}'.ljust(256))}


async def test_answers_come_in_steps_of_size_and_uncompressed(house: ChatHouse, processes: Both) -> None:
    async with asking(processes[0], await house.starts()) as page:
        sizes = []
        for text in ("b" * 40, "b" * 80, "c" * 400, "d" * 4_000):
            page.last = await page.writes(text) - 1
            answer = await page.post("hear", hear(page), **{"Accept-Encoding": "gzip, br"})
            assert "content-encoding" not in answer.headers
            assert answer.headers["cache-control"] == "no-store"
            sizes.append(len(answer.content))
        assert set(sizes) <= set(STEPS)
        assert sizes == sorted(sizes)
        assert sizes[0] == sizes[1]
        for _ in range(9):
            await page.writes("g" * 4_000)
        page.last = 0
        assert len((await page.post("hear", hear(page))).content) == 2 * STEPS[-1]


async def test_a_flood_is_told_to_wait_and_others_are_not(house: ChatHouse, processes: Both) -> None:
    first, second = await house.starts(), await house.starts()
    async with asking(processes[0], first) as flood, asking(processes[0], second) as other:
        heres = [{"type": "Here"}] * 20
        answers = [await flood.says(*heres) for _ in range(3)]
        assert {"closed": 4429} in answers
        assert (await other.hears())[0]["type"] == "Welcome"
        assert "told" in await other.says({"type": "Here"})


async def test_at_most_so_many_wait_and_whoever_waits_holds_no_place_of_others(
    house: ChatHouse, processes: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    few: dict[Share, int] = {"unspoken": 2, "waiting": 0, "open": 0}
    crowded = Visits(house.relay, house.errands, house.services, most=few, standing=0)
    poll = chat.poll.routes.Poll(house.relay, house.errands, crowded, Speech(house.services.pages.catalogue))
    app = _App(poll)
    web = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here.example")
    async with web:
        tokens = [await house.starts() for _ in range(3)]
        pages = [Asking(web, to_text(token)) for token in tokens]
        for page in pages:
            await page.hears()
        waits = [asyncio.create_task(page.hears(40)) for page in pages[:2]]
        while crowded.seats.taken("unspoken") < 2 or app.under_way:
            assert not any(wait.done() for wait in waits)
            await anyio.sleep(0.05)
        assert (await pages[2].post("hear", hear(pages[2], wait=3))).json() == {"closed": 1013}
        for token in tokens[:2]:
            await house.relay.leave(await house.relay.access.conversation_for_visitor(token), "end")
        await asyncio.gather(*waits)
        assert (await pages[2].hears())[0]["type"] == "Welcome"


async def test_with_the_store_away_the_line_says_so_and_comes_back(
    house: ChatHouse, processes: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.store.valkey import ValkeyAway

    async with asking(processes[0], await house.starts()) as page:
        await page.hears()

        async def away(*_: object, **__: object) -> None:
            raise ValkeyAway("away")

        with monkeypatch.context() as broken:
            broken.setattr("chat.store.talk.TalkStore.visitor", away)
            assert (await page.post("hear", hear(page))).json() == {"closed": 4503}
            assert await page.says({"type": "Here"}) == {"closed": 4503}
        with monkeypatch.context() as broken:
            broken.setattr("chat.store.talk.TalkStore.append", away)
            key = new_key()
            answer = (await page.says({"type": "Say", "key": key, "text": "words"}))["told"][0]
            assert (answer["type"], answer["key"], answer["reason"]) == ("Refused", key, "away")
        assert await page.writes("words", key) == 1


async def test_a_server_that_ends_does_not_wait_for_the_questions(house: ChatHouse, processes: Both) -> None:
    async with asking(processes[1], await house.starts()) as page, asking(processes[1], await house.starts()) as other:
        await page.hears()
        waiting = asyncio.create_task(page.hears(40))
        await anyio.sleep(0.3)
        assert (await other.hears())[0]["type"] == "Welcome"
        began = monotonic()
        processes[1].server.should_exit = True
        await asyncio.wait([waiting], timeout=20)

        assert waiting.done()
        assert monotonic() - began < 15
        assert waiting.exception() is not None or waiting.result() == []


class _App:
    """One address behind the count of a busy door."""

    def __init__(self, poll: chat.poll.routes.Poll) -> None:
        from starlette.applications import Starlette
        from starlette.routing import Route

        from portal.crowd import Crowd

        self._crowd = Crowd(Starlette(routes=[Route("/line/talk/hear", poll.hear, methods=["POST"])]), 5)

    @property
    def under_way(self) -> int:
        return self._crowd.under_way

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["state"] = {}
        await self._crowd(scope, receive, send)
