"""What a page says of the engine is what was last known: nobody who opens one waits for an engine."""

from __future__ import annotations

import asyncio
import time

import pytest

from i18n import careful
from i18n.careful import CarefulTranslator
from i18n.onprem import OnPrem
from tests.support.engine_double import engine_double
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.anyio


async def test_a_page_before_the_first_answer_waits_a_moment_and_a_later_one_says_what_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(careful, "FIRST_PAIRS_S", 0.01)
    monkeypatch.setattr(careful, "PAIRS_WITHIN_S", 1.0)
    monkeypatch.setattr(careful, "ASKED_AGAIN_AFTER_S", 0.0)
    with engine_double() as double:
        house = CarefulTranslator(OnPrem(double.url))
        double.manner = "hang_languages_too"
        began = time.monotonic()
        assert [await house.known_pairs() for _ in range(10)] == [frozenset()] * 10
        assert time.monotonic() - began < 0.5
        assert len(double.asked) <= 1

        double.manner = "well"
        async with asyncio.timeout(PATIENCE_S):
            while ("es", "en") not in await house.known_pairs():  # noqa: ASYNC110 - told by another thread
                await asyncio.sleep(0.02)
        asked = len(double.asked)
        assert [len(await house.known_pairs()) for _ in range(10)] == [2] * 10
        assert len(double.asked) == asked
