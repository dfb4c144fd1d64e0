"""A whole talk between Spanish and English through the real LibreTranslate, while everything happens to it.

Nothing that is said waits for it, nothing is lost, and none of the words is left anywhere but where they were said.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from time import monotonic

import pytest
from sqlalchemy import MetaData, select

from chat import interpreting
from i18n import breaker
from i18n.careful import CarefulTranslator
from i18n.onprem import OnPrem
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key, processes
from tests.chat.sockets.spanish_lines import CANARY, THEIRS, spanish_lines
from tests.chat.sockets.test_translated_lines import card_says
from tests.support.moody_engine import MoodyEngine, moody_engine
from tests.support.real_engine import RealEngine

__all__ = ["processes"]
pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]
WITHIN_S = 2.5  # of the engine, in place of eight seconds
RESTS_S = 1.0  # of the breaker, in place of thirty
OPENS_AFTER = 2  # failures, in place of five
# What happens to the engine while they write.
SHORT = ("hang", "killed")
ALL = ("well", "hang", "slow", "drip", "same_elsewhere", "found_elsewhere", "no_json", "says", "broken", "killed")


@pytest.fixture
def engine(real_engine: RealEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[MoodyEngine]:
    """What every process of the house is given; to be asked for before them."""
    monkeypatch.setattr(breaker, "RESTS_S", RESTS_S)
    monkeypatch.setattr(breaker, "OPENS_AFTER", OPENS_AFTER)
    monkeypatch.setattr(interpreting, "AGAIN_S", 0.2)
    with moody_engine(real_engine, monkeypatch) as moody:
        monkeypatch.setattr(
            "portal.assembly.make_translator", lambda **_: CarefulTranslator(OnPrem(moody.url), within_s=WITHIN_S)
        )
        yield moody


@dataclass
class Heard:
    """How long each word took to the other side, by what happened to the engine meanwhile."""

    took_s: dict[str, list[float]] = field(default_factory=dict)
    hers: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)


@dataclass
class People:
    visitor: Spoken
    desk: Spoken
    conversation: str
    heard: Heard = field(default_factory=Heard)

    async def write(self, mood: str, turns: int) -> None:
        """Each says something and the other hears it, `turns` times."""
        took = self.heard.took_s.setdefault(mood, [])
        for turn in range(turns):
            hers, theirs = f"Tengo miedo, {CANARY} {mood} {turn}", f"I am here, {THEIRS} {mood} {turn}"
            for said, ours, other in ((hers, self.visitor, self.desk), (theirs, self.desk, self.visitor)):
                began = monotonic()
                where = {"conversation": self.conversation} if ours is self.desk else {}
                await ours.say("Say", key=new_key(), text=said, **where)
                await other.hear("MessagePosted", text=said)
                took.append(monotonic() - began)
            self.heard.hers.append(hers)
            self.heard.theirs.append(theirs)

    async def pauses(self) -> None:
        """Nobody writes faster than the line lets people write."""
        if len(self.heard.hers) > 12:
            await asyncio.sleep(2)


@pytest.fixture
async def people(engine: MoodyEngine, house: ChatHouse, processes: Both) -> AsyncIterator[People]:
    """She writes Spanish at one process; the advocate at the other reads English alone. Both directions are allowed."""
    async with spanish_lines(house, processes) as told:
        yield People(*told)


def made(line: Spoken) -> dict[int, str]:
    """What was made of which number, as this line was told; twice is a fault."""
    told = [(each["seq"], each["text"]) for each in line.passed if each["type"] == "MessageTranslated"]
    assert len(told) == len(dict(told)), "translated twice"
    return dict(told)


async def until_translated(line: Spoken, said: str) -> str:
    """What this line is told was made of these words, which it hears."""
    if not any(each.get("text") == said for each in line.passed):
        await line.hear("MessagePosted", text=said)
    seq = next(each["seq"] for each in line.passed if each.get("text") == said)
    if seq not in made(line):
        await line.hear("MessageTranslated", seq=seq)
    return made(line)[seq].lower()


async def is_called_away(desk: Spoken, heard: int) -> None:
    """The card says so, after what was heard so far."""
    cards = [each["card"] for each in desk.passed[heard:] if each["type"] == "CardChanged"]
    if not any(card["engine"] == "away" for card in cards):
        await card_says(desk, engine="away")


@pytest.mark.parametrize("moods", [SHORT, pytest.param(ALL, marks=pytest.mark.long)], ids=["short", "all"])
async def test_nothing_that_happens_to_the_engine_holds_up_loses_or_leaves_a_word(
    moods: tuple[str, ...], engine: MoodyEngine, people: People, house: ChatHouse, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "porchlight")
    assert "help" in await until_translated(people.desk, f"Necesito ayuda, {CANARY}.")
    engine.front.answer = ["something else"]
    for mood in moods:
        asked, heard = len(engine.asked), len(people.desk.passed)
        if mood == "killed":
            engine.real.kill()
        else:
            engine.turns(mood, took_s=1.0)
        await people.write(mood, 3)
        while len(engine.asked) == asked:  # noqa: ASYNC110 - it is another thread that is asked
            await asyncio.sleep(0.05)
        if mood in ("hang", "killed"):
            # Answers that never came: it is left alone, and the card says so.
            await is_called_away(people.desk, heard)
        if mood == "killed":
            engine.real.start()
        engine.turns("well")
        # It is asked again, and what was said meanwhile is translated late, in its order.
        await until_translated(people.desk, people.heard.hers[-1])
        await people.pauses()
    await people.write("after", 1)
    assert "fear" in await until_translated(people.desk, people.heard.hers[-1])
    assert "aquí" in await until_translated(people.visitor, people.heard.theirs[-1])
    assert [each["card"]["engine"] for each in people.desk.passed if each["type"] == "CardChanged"][-1] == "ready"

    for line, said in ((people.desk, people.heard.hers), (people.visitor, people.heard.theirs)):
        told = [each["text"] for each in line.passed if each["type"] == "MessagePosted" and each["text"] in said]
        assert told == said, "every word once, in its order"
    worst = {mood: max(each) for mood, each in people.heard.took_s.items()}
    print({mood: f"{took * 1000:.0f} ms" for mood, took in worst.items()})
    # An answer of an engine that does not answer takes WITHIN_S; nothing that is said took as long.
    assert max(worst.values()) < WITHIN_S
    await nothing_is_left(house, caplog)


async def nothing_is_left(house: ChatHouse, caplog: pytest.LogCaptureFixture) -> None:
    """No word of theirs in a log, a name of a key, a clear value, or a row."""
    for word in (CANARY, THEIRS):
        assert word not in caplog.text
        for client in (house.services.durable, house.services.ember_client):
            assert not [name async for name in client.scan_iter() if word.encode() in bytes(name)]
        async with house.services.database.read() as connection:
            tables = MetaData()
            await connection.run_sync(tables.reflect)
            for table in tables.sorted_tables:
                assert word not in repr((await connection.execute(select(table))).all()), table.name
