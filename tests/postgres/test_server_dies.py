"""Kills the server of the rows between every two steps of filing: no half tip, and a number that was shown opens."""

from __future__ import annotations

import asyncio

import pytest

from portal.services import Services
from portal.settings import Secret
from tests.faults.test_tip_kills import WORDS, an_old_enough_token, files_one_tip, kept, opens
from tests.support.dying import MOST_STEPS, Steps
from tests.support.postgres import Postgres
from tests.tips.conftest import TipHouse, house
from tips import store
from tips.tip import ReceiptState

__all__ = ["house"]

pytestmark = pytest.mark.fault


class Deaths(Steps):
    """Counts steps, and ends the server with no chance to tidy up at the one it was told."""

    def __init__(self, server: Postgres) -> None:
        super().__init__(0)
        self._server = server
        self.is_dead = False

    def next_at(self, step: int) -> None:
        """Begin to count anew."""
        self._last, self._taken, self.is_dead = step, 0, False

    def take(self) -> None:
        self._taken += 1
        if self._taken == self._last:
            self._server.kill()
            self.is_dead = True


@pytest.fixture
def rows_on(mortal: tuple[Postgres, Secret]) -> Secret:
    """A server of this test's own."""
    return mortal[1]


@pytest.fixture
def deaths(
    mortal: tuple[Postgres, Secret], services: Services, house: TipHouse, monkeypatch: pytest.MonkeyPatch
) -> Deaths:
    """Steps around everything a filing does."""
    steps = Deaths(mortal[0])
    for of, called in (
        (services.start_tokens, "spend"),
        (services.passes, "issue"),
        (services.pools.filing, "run"),
        (store, "insert_tip"),
        (store, "keep_receipt"),
    ):
        monkeypatch.setattr(of, called, steps.around(getattr(of, called)))
    steps.around_writing(services)
    return steps


# A process is killed between each two of them in every run: faults/test_tip_kills.py.
@pytest.mark.parametrize(
    "stride", [pytest.param(3, id="every third"), pytest.param(1, id="every", marks=pytest.mark.long)]
)
async def test_a_server_killed_between_any_two_steps_loses_no_tip_and_shows_no_dead_number(
    house: TipHouse, deaths: Deaths, mortal: tuple[Postgres, Secret], stride: int
) -> None:
    for step in range(1, MOST_STEPS, stride):
        token = an_old_enough_token(house)
        before = {tip.id for tip in await kept(house)}
        deaths.next_at(step)
        shown = await files_one_tip(house.services, token)
        was_killed = deaths.is_dead
        deaths.next_at(0)
        if was_killed:
            await asyncio.to_thread(mortal[0].start)
        new = [tip for tip in await kept(house) if tip.id not in before]
        assert len(new) <= 1
        if shown:
            assert await opens(house, shown) == WORDS

        number = await files_one_tip(house.services, token)
        after = [tip for tip in await kept(house) if tip.id not in before]
        assert len(after) == 1
        assert not new or after[0].id == new[0].id
        read = await house.review.open(house.robin, after[0].id)
        assert ([words.text for words in read.words], read.receipt) == ([WORDS], ReceiptState.MADE)
        assert await opens(house, number) == WORDS
        assert not shown or shown == number
        await house.retention.erase(after[0].id)
        if not was_killed:
            break
    assert not was_killed, "the filing never came to its end: more steps than were tried"
    assert step > 12, "too few steps were found to kill between"
