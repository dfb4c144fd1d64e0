"""Holds photos to a hold as words are: gone for their sender at once, there for the desk until it ends, nothing new."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest

from portal.errors import NotThere
from portal.ids import random_id
from tests.support import photos
from tests.support.source import REPOSITORY
from tests.tips.files.conftest import FilesHouse, files
from tests.tips.files.test_uploads import rows
from tips import store
from tips.files import withdrawing
from tips.files.withdrawing import Withdrawing
from tips.pacing import in_steps
from tips.staying.holding import Holding

__all__ = ["files"]
pytestmark = pytest.mark.anyio


@pytest.fixture
def holding(files: FilesHouse) -> Holding:
    house = files.tips
    return Holding(house.services, house.doors, house.book, house.retention)


async def test_a_photo_erased_by_its_sender_while_its_tip_is_held_goes_when_that_ends(
    files: FilesHouse, holding: Holding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawing, "STEP_SECONDS", 0.001)
    house, visit = files.tips, await files.visits()
    erased, kept = [await files.sends(visit, photos.screenshot()) for _ in range(2)]
    await holding.hold(house.robin, visit.tip, "By order.", random_id())
    acts = Withdrawing(house.services, files.uploads, house.retention)
    await acts.withdraw(visit, erased)
    assert [file.id for file in await acts.hers(visit)] == [kept]
    assert {row.id for row in await files.showing.of_tip(house.robin, visit.tip)} == {erased, kept}
    assert not await holding.end(house.robin, visit.tip, "It is over.", random_id())
    assert {row.id for row in await files.showing.of_tip(house.robin, visit.tip)} == {kept}


async def test_a_held_tip_that_was_erased_keeps_its_photos_and_takes_no_new_one(
    files: FilesHouse, holding: Holding
) -> None:
    house, visit = files.tips, await files.visits()
    sent = await files.sends(visit, photos.screenshot())
    arriving = random_id()
    await files.uploads.begin(visit, arriving, keeps_original=False)
    await files.uploads.take(visit, arriving, 0, [photos.screenshot()])
    await holding.hold(house.robin, visit.tip, "By order.", random_id())
    await house.follow_up.erase(visit)
    with pytest.raises(NotThere):
        await files.redrawing.finish(visit, arriving)
    with pytest.raises(NotThere):
        await files.uploads.begin(visit, random_id(), keeps_original=False)
    assert [row.id for row in await files.showing.of_tip(house.robin, visit.tip)] == [sent]
    assert await holding.end(house.robin, visit.tip, "It is over.", random_id())
    assert await rows(files) == (0, 0)


def test_no_act_of_a_reporter_comes_to_a_tip_by_the_desks_door() -> None:
    """One that a hold keeps would be there for her still, though she has erased it."""
    desks = {"access.py", "store.py", "review.py", "crowd", "report", "links", "work", "staying"}
    room = REPOSITORY / "tips"
    source = [path for path in room.rglob("*.py") if not desks & set(path.relative_to(room).parts)]
    assert len(source) > 40
    assert [str(path) for path in source if f"{store.read_tip.__name__}(" in path.read_text("utf-8")] == []


@pytest.mark.parametrize("takes", [0.0, 0.03, 0.07])
async def test_an_act_ends_on_a_whole_step_whatever_it_took(takes: float) -> None:
    began = time.monotonic()
    await in_steps(asyncio.sleep(takes), 0.05)
    took = timedelta(seconds=time.monotonic() - began)
    assert took >= timedelta(seconds=0.05 if takes < 0.05 else 0.1) - timedelta(milliseconds=2)
