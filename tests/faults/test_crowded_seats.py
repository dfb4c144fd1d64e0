"""More strangers than seats ask, round after round: an open conversation is heard, and the memory stays flat.

`make abuse` runs it and shows the figures; who gets which seat is tests/chat/test_seats.py.
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest

from chat.poll.routes import STANDS_S
from chat.seats import MOST
from tests.faults.test_protocol_abuse import MAY_GROW, doors_of, memory
from tests.support.abuse import Doors
from tests.support.open_house import open_house_at
from tests.support.patience import PATIENCE_S
from tests.support.spoken import new_key
from tests.support.web import HERE

pytestmark = [pytest.mark.long, pytest.mark.timeout(3_600)]

STRANGERS = MOST["unspoken"] + 60
ROUNDS = 8
WARM = 2
WAIT_S = 20
HAND_S = 3.2
AT_ONCE = 20


async def test_strangers_fill_their_seats_and_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_house_at(tmp_path, workers=1) as opened:
        doors = doors_of(opened)
        # The house ends a connection that nobody uses; one may not be used in that very moment.
        limits = httpx.Limits(max_connections=STRANGERS + 20, keepalive_expiry=1)
        headers = {"Origin": doors.public, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        async with httpx.AsyncClient(
            base_url=doors.public, timeout=PATIENCE_S + WAIT_S, headers=headers, limits=limits, **HERE
        ) as web:
            strangers = await started(web)
            before, seated, warm, stood, longest = memory(opened.house), 0, 0, 0, 0.0
            for number in range(ROUNDS):
                # All in one moment: more than a process serves at once of those that belong to no talk.
                asked = [asyncio.create_task(waits(web, token, known)) for token, known in strangers]
                await asyncio.sleep(WAIT_S / 4)
                seated = max(seated, memory(opened.house))
                longest = max(longest, await is_heard(web, doors, f"words of round {number}"))
                answers = await asyncio.gather(*asked)
                # What changed for all of them is told to those who sat, and each gives it back with the next question.
                strangers = [
                    (token, answer["known"]) for (token, _), (answer, _) in zip(strangers, answers, strict=True)
                ]
                assert all("told" in answer for answer, _ in answers)
                # Whoever has no seat is answered after ten seconds, whoever has one after twenty.
                stood += sum(STANDS_S <= took < WAIT_S - 1 for _, took in answers)
                if number == WARM:
                    warm = memory(opened.house)
            after = memory(opened.house)
        with capsys.disabled():
            print(
                f"\n{len(strangers)} strangers, {ROUNDS} rounds: {stood} questions got no seat and were answered; each"
                f" word of the open conversation was acknowledged and asked for within {longest:.1f} s"
            )
            print(
                f"memory of the worker: {before / 2**20:.1f} MiB before, {seated / 2**20:.1f} at most while they sat,"
                f" {warm / 2**20:.1f} after {WARM + 1} rounds, {after / 2**20:.1f} at the end"
            )
        assert stood > 0
        assert after - warm < MAY_GROW


async def started(web: httpx.AsyncClient) -> list[tuple[str, str]]:
    """So many pages that have begun and said nothing: the token of each, and what it gives back with a question."""
    few = asyncio.Semaphore(AT_ONCE)

    async def one() -> tuple[str, str]:
        async with few:
            page = await web.get("/en/talk")
            found = re.search(r'name="start" value="([^"]+)"', page.text)
            assert found, page.text
            await asyncio.sleep(HAND_S)
            answer = await web.post("/en/talk", content=json.dumps({"start": found[1]}))
            assert answer.status_code == 200, answer.text
            token = str(answer.json()["token"])
            return token, (await hears(web, token))["known"]

    return list(await asyncio.gather(*(one() for _ in range(STRANGERS))))


async def hears(web: httpx.AsyncClient, token: str, *, wait: int = 0, known: str = "", last: int = 0) -> dict[str, Any]:
    """One question and its answer."""
    resume = {"type": "Resume", "token": token, "last": last}
    answer = await web.post("/line/talk/hear", content=json.dumps({"resume": resume, "wait": wait, "known": known}))
    assert answer.status_code == 200, answer.status_code
    told: dict[str, Any] = answer.json()
    return told


async def waits(web: httpx.AsyncClient, token: str, known: str) -> tuple[dict[str, Any], float]:
    """A question that waits: what it was told, and after how long."""
    began = monotonic()
    return await hears(web, token, wait=WAIT_S, known=known), monotonic() - began


async def is_heard(web: httpx.AsyncClient, doors: Doors, text: str) -> float:
    """The open conversation writes, and a question of it brings the words; answers how long both took."""
    began = monotonic()
    said = {"type": "Say", "key": new_key(), "text": text}
    body = {"resume": {"type": "Resume", "token": doors.token}, "said": [said]}
    answer = (await web.post("/line/talk/say", content=json.dumps(body))).json()
    number = answer["told"][0]["seq"]
    told = (await hears(web, doors.token, last=number - 1))["told"]
    assert [fact["text"] for fact in told if fact.get("seq") == number] == [text]
    return monotonic() - began
