"""What cannot wait is called at once: a danger over any call before it, and whoever says that it happens now."""

from __future__ import annotations

import pytest

from portal.alerts.ladder import QUIET_MS, matter
from portal.ids import random_id
from tests.chat.test_being_heard import Watched, colleague, watched

__all__ = ["watched"]

pytestmark = pytest.mark.anyio


async def test_a_danger_calls_whoever_was_called_a_moment_ago_for_somebody_who_waits(watched: Watched) -> None:
    await watched.on_call(1, watched.house.advocate.staff_id, "robin")
    await watched.on_call(2, await colleague(watched, "Sam"), "sam")
    talk = await watched.house.waiting()
    await watched.looks()
    await watched.lives(talk.id)
    assert await watched.looks(after_s=60) == ["robin"]

    await watched.alerts.raise_("tip", random_id())
    assert await watched.looks(after_s=5) == [], "a tip keeps the quiet minute: she was just told to open the desk"
    await watched.alerts.raise_("danger", random_id())
    assert await watched.looks() == ["robin"], "a danger does not wait out the call before it"
    await watched.lives(talk.id)
    await watched.alerts.raise_("tip", random_id(), within_s=QUIET_MS / 1000 - 1)
    assert await watched.looks(after_s=QUIET_MS / 1000 - 1) == [], (
        "for all others it was a call, and is followed by quiet"
    )
    await watched.lives(talk.id)
    assert set(await watched.looks(after_s=61)) == {"sam"}, "and the next rung after two minutes without a yes"


async def test_who_says_that_it_is_not_safe_or_happens_now_is_called_for_at_once(watched: Watched) -> None:
    await watched.on_call(1, watched.house.advocate.staff_id, "robin")
    for place, choice in enumerate(("no", "now")):
        talk = await watched.house.waiting()
        assert await watched.looks() == [], "given a minute, as anybody"
        await watched.relay.visitor_answers(talk, "safe", choice)
        assert await watched.looks() == ["robin"]
        ((_, call),) = [each for each in await watched.alerts.calls() if each[1].is_open]
        assert (call.step, call.is_hurried) == (1, True)
        # Hurried once: the next rung has its two minutes, and a yes holds.
        assert await watched.looks(after_s=30) == []
        await watched.alerts.says_yes(matter("unclaimed", talk.id), watched.house.advocate.staff_id)
        await watched.lives(talk.id)
        assert await watched.looks(after_s=QUIET_MS / 1000) == [], place
        await watched.relay.leave(talk, "end")

    begins = await watched.house.visitor()
    await watched.relay.visitor_answers(begins, "safe", "now")
    assert await watched.looks() == ["robin"], "who begins with it waits no time at all"


async def test_whoever_is_unsure_waits_her_minute_and_a_yes_is_not_called_over_by_now(watched: Watched) -> None:
    robin = watched.house.advocate.staff_id
    await watched.on_call(1, robin, "robin")
    talk = await watched.house.waiting()
    await watched.relay.visitor_answers(talk, "safe", "unsure")
    assert await watched.looks() == []
    await watched.lives(talk.id)
    assert await watched.looks(after_s=60) == ["robin"]
    await watched.alerts.says_yes(matter("unclaimed", talk.id), robin)
    await watched.relay.visitor_answers(talk, "safe", "now")
    await watched.lives(talk.id)
    assert await watched.looks(after_s=QUIET_MS / 1000 + 1) == [], "somebody is on her way to her"
