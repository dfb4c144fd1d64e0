"""The desk says in one line how the engine that translates is, and which languages it has."""

from __future__ import annotations

import asyncio
import time

import pytest

from i18n import careful
from i18n.engines import make_translator
from i18n.languages import LANGUAGES
from i18n.translator import State
from portal.services import Services
from portal.staff.household.engine_line import engine_line
from tests.support.engine_double import engine_double

pytestmark = pytest.mark.anyio


async def test_a_house_without_an_engine_says_off_and_asks_nobody(services: Services) -> None:
    line = await engine_line(services, "en")
    assert (line.state, line.has, line.is_third_party) == (State.OFF.value, (), False)


async def test_an_engine_that_answers_is_ready_with_the_languages_it_has(services: Services) -> None:
    with engine_double() as engine:
        services.translator = make_translator(url=engine.url)
        await services.translator.pairs()
        line = await engine_line(services, "en")
    assert (line.state, line.name, line.has) == (State.READY.value, "onprem", ("es",))
    assert set(line.lacks) == set(LANGUAGES) - {"en", "es"}


async def test_an_engine_that_is_gone_is_away_since_the_house_noticed(services: Services) -> None:
    with engine_double() as engine:
        services.translator = make_translator(url=engine.url)
        began = services.translator.state().since
    await services.translator.pairs()
    line = await engine_line(services, "en")
    assert (line.state, line.has) == (State.AWAY.value, ())
    assert line.since >= began


async def test_while_it_hangs_the_line_says_what_was_last_known_and_nobody_waits(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(careful, "PAIRS_KEPT_S", 0.0)
    with engine_double() as engine:
        services.translator = make_translator(url=engine.url)
        await services.translator.pairs()
        engine.manner = "hang_languages_too"
        began = time.monotonic()
        lines = [await engine_line(services, "en") for _ in range(20)]
        assert time.monotonic() - began < careful.PAIRS_WITHIN_S / 2
        async with asyncio.timeout(careful.PAIRS_WITHIN_S):
            while len(engine.asked) < 2:  # noqa: ASYNC110 - it is another thread that is asked
                await asyncio.sleep(0.01)
    assert {(line.state, line.has) for line in lines} == {(State.READY.value, ("es",))}
    # One question behind all those pages.
    assert len(engine.asked) == 2
