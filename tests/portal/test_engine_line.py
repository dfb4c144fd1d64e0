"""The desk says in one line how the engine that translates is, and which languages it has."""

from __future__ import annotations

import pytest

from i18n.engines import make_translator
from i18n.languages import LANGUAGES
from i18n.translator import State
from portal.services import Services
from portal.staff.engine_line import engine_line
from tests.support.engine_double import engine_double

pytestmark = pytest.mark.anyio


async def test_a_house_without_an_engine_says_off_and_asks_nobody(services: Services) -> None:
    line = await engine_line(services, "en")
    assert (line.state, line.has, line.is_third_party) == (State.OFF.value, (), False)


async def test_an_engine_that_answers_is_ready_with_the_languages_it_has(services: Services) -> None:
    with engine_double() as engine:
        services.translator = make_translator(url=engine.url)
        line = await engine_line(services, "en")
    assert (line.state, line.name, line.has) == (State.READY.value, "onprem", ("es",))
    assert set(line.lacks) == set(LANGUAGES) - {"en", "es"}


async def test_an_engine_that_is_gone_is_away_since_the_house_noticed(services: Services) -> None:
    with engine_double() as engine:
        services.translator = make_translator(url=engine.url)
        began = services.translator.state().since
    line = await engine_line(services, "en")
    assert (line.state, line.has) == (State.AWAY.value, ())
    assert line.since >= began
