"""Ten thousand scripts wait, and a person among them: taken within the number of takes derived for the lottery.

`make flood` runs it and shows the numbers; the derivation is docs/decisions/0012. The short form is
tests/chat/test_lottery.py.
"""

from __future__ import annotations

import random
import statistics
from time import monotonic

import pytest

from chat.conversation import VisitorTalk
from chat.duty import Duty, OpenedCards
from chat.likeness import heaps_of
from portal.ids import from_text, random_id
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse
from tests.support.scripted import scripted_line, takes_within

pytestmark = [pytest.mark.anyio, pytest.mark.long, pytest.mark.timeout(3_600)]

WAITING = 10_000
PEOPLE = (
    "I came with my sister and she is not allowed to speak to anybody",
    "no puedo salir de la casa, me miran todo el tiempo y no tengo papeles",
    "A man from church offered me work in another city. Now I clean his house and he keeps the money.",
    "\u0623\u0646\u0627 \u0641\u064a \u0645\u062f\u064a\u0646\u0629 \u0644\u0627 \u0623\u0639\u0631\u0641\u0647\u0627",
    "Je travaille dans un restaurant et je dors dans la cave, je ne sais pas quoi faire",
    "they told me I can go when the debt is paid but it is more every week",
    "is it ok to write about a friend she is only 16",
    "I do not know the name of this place. There is a big bridge and trucks.",
)


async def begins(house: ChatHouse, line: str) -> VisitorTalk:
    """A conversation as `start_conversation` opens it, without the seconds a start token has to be old."""
    conversation, token = random_id(), random_id() + random_id()
    await house.relay.open(conversation, token, "en")
    talk = await house.relay.access.conversation_for_visitor(token)
    await house.relay.visitor_says(talk, line, random_id(), 0)
    return talk


class Desk:
    """An advocate who takes whatever row stands first, reads it, and ends it."""

    def __init__(self, house: ChatHouse, signed: Signed) -> None:
        self._house, self._signed = house, signed
        self._duty, self._cards = Duty(house.relay, house.services), OpenedCards()
        self.drawn = 0

    async def takes(self) -> bytes:
        await self._house.ready(self._signed)
        snapshot = await self._duty.snapshot(self._signed, self._cards)
        assert snapshot.surge
        first = snapshot.waiting[0]
        self.drawn += first.lot
        talk = await self._house.relay.take(self._signed, from_text(first.conversation, 16), "")
        assert not talk.passed_over
        await self._house.relay.close(talk)
        return talk.id


async def test_a_person_among_ten_thousand_scripts_is_taken_within_the_derived_number(
    house: ChatHouse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Hundreds of takes follow each other here at once; no desk waits for the second its snapshots are apart.
    monkeypatch.setattr("chat.store.surge_view.EVERY_S", 0.0)
    chance = random.Random(2026)
    began = monotonic()
    for number in range(WAITING):
        await begins(house, scripted_line(number, chance))
    flooded_in = monotonic() - began
    rows = await house.relay.desk.surge.rows(house.relay.now_ms())
    assert len(rows) == WAITING
    lots = len(set(heaps_of([row.mark for row in rows]))) + 1
    desk = Desk(house, house.advocate)
    needed: list[int] = []
    many, took = 0, monotonic()
    for line in PEOPLE:
        # As many wait as before, and she is the newest of all.
        while (await house.relay.desk.counts(house.relay.now_ms())).waiting < WAITING:
            await begins(house, scripted_line(many, chance))
            many += 1
        person = await begins(house, line)
        for takes in range(1, WAITING):
            if await desk.takes() == person.id:
                needed.append(takes)
                break
    each = (monotonic() - took) / sum(needed)
    derived = {p: takes_within(p, lots=lots, ahead=WAITING) for p in (0.5, 0.95, 0.999)}
    with capsys.disabled():
        print(f"\n{WAITING} scripts of 5 sentences wait ({flooded_in:.0f} s to write), {lots} lots")
        print(f"takes until the person is taken, {len(PEOPLE)} people: {sorted(needed)}")
        print(
            f"median {statistics.median(needed):.0f}; derived: " + ", ".join(f"p={p}: {n}" for p, n in derived.items())
        )
        print(f"a snapshot, a take and an end among them: {each * 1000:.0f} ms")
    assert len(needed) == len(PEOPLE)
    assert max(needed) <= derived[0.999]
    assert abs(2 * desk.drawn - sum(needed)) <= 1
