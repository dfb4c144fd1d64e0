"""After each single thing an engine can do wrong, the words of a talk stand nowhere but where they were said."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from chat import interpreting
from i18n import breaker
from i18n.careful import CarefulTranslator
from i18n.onprem import OnPrem
from portal.settings import Settings
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, processes
from tests.chat.sockets.spanish_lines import CANARY, THEIRS, spanish_lines
from tests.support.engine_double import EngineDouble, engine_double
from tests.support.left_behind import left_behind, told_to_watchers
from tests.support.patience import PATIENCE_S
from tests.support.rooms import Valkeys

__all__ = ["processes"]
pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]
WITHIN_S = 1.1
# One of each kind: too late, led away, an error that quotes the words, an error, a broken line.
SHORT = ("hang", "found_elsewhere", "error_within", "broken", "hangs_up")
ALL = (
    *SHORT,
    *("drip", "drip_head", "same_elsewhere", "no_json", "nothing", "too_few", "packed", "huge", "slowdown", "no_http"),
)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineDouble]:
    """What every process of the house is given; to be asked for before them. It is asked on, however often it fails."""
    monkeypatch.setattr(breaker, "OPENS_AFTER", 10_000)
    monkeypatch.setattr(interpreting, "AGAIN_S", 0.1)
    with engine_double() as double:
        monkeypatch.setattr(
            "portal.assembly.make_translator", lambda **_: CarefulTranslator(OnPrem(double.url), within_s=WITHIN_S)
        )
        yield double


@dataclass
class House:
    """A running house in which two talk, with everything it says and keeps."""

    chat: ChatHouse
    running: Both
    visitor: Spoken
    desk: Spoken
    conversation: str
    valkeys: Valkeys
    log: pytest.LogCaptureFixture
    screen: pytest.CaptureFixture[str]

    async def goes_on(self, failure: str) -> None:
        """Each says something and the other hears it."""
        hers, theirs = f"Tengo miedo, {CANARY} {failure}", f"I am here, {THEIRS} {failure}"
        await self.visitor.says(hers)
        await self.desk.hear("MessagePosted", text=hers)
        await self.desk.says(theirs, conversation=self.conversation)
        await self.visitor.hear("MessagePosted", text=theirs)

    async def is_clean(self) -> None:
        settings = self.chat.services.settings
        assert self.valkeys.durable.folder is not None
        folders = (settings.data_dir, settings.keys_dir, self.valkeys.durable.folder, self.valkeys.durable.run)
        printed = self.screen.readouterr()
        health = [repr(each.services.translator.state()) for each in self.running]
        ports = [port for each in self.running for port in (self.settings(each).port, self.settings(each).desk_port)]
        said = "\n".join((self.log.text, printed.out, printed.err, *health, await told_to_watchers(ports)))
        assert "ready" in said
        assert await left_behind((CANARY, THEIRS), self.chat.services, folders=folders, said=said) == []

    @staticmethod
    def settings(process: Process) -> Settings:
        return process.services.settings


@pytest.fixture
async def talk(
    engine: EngineDouble,
    house: ChatHouse,
    processes: Both,
    valkeys: Valkeys,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> AsyncIterator[House]:
    """She writes Spanish at one process, the advocate at the other reads English alone; both directions are allowed."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "porchlight")
    async with spanish_lines(house, processes) as (visitor, desk, conversation):
        yield House(house, processes, visitor, desk, conversation, valkeys, caplog, capfd)


@pytest.mark.parametrize("failures", [SHORT, pytest.param(ALL, marks=pytest.mark.long)], ids=["short", "all"])
async def test_after_each_single_failure_no_word_is_in_a_log_an_answer_a_key_a_row_or_a_file(
    failures: tuple[str, ...], engine: EngineDouble, talk: House, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await talk.desk.hear("MessageTranslated"))["status"] == "done"
    for failure in failures:
        asked, failed = len(engine.translations), caplog.text.count("translation_failed")
        engine.manner = failure
        await talk.goes_on(failure)
        async with asyncio.timeout(PATIENCE_S):
            while len(engine.translations) == asked or caplog.text.count("translation_failed") == failed:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await talk.is_clean()
    # What it invents is withheld, and is not kept in another place either.
    engine.manner, engine.answer = "says", [f"{CANARY} {THEIRS} chicas.xxx"]
    made = await talk.desk.hear("MessageTranslated", flags=["link_added"])
    assert (made["text"], made["status"]) == ("", "failed")
    await talk.is_clean()
    # The words were there to be found: they went to the engine, and stand on both pages.
    assert any(CANARY.encode() in each.body for each in engine.translations)
    assert any(THEIRS.encode() in each.body for each in engine.translations)
