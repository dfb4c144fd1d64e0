"""Lines of those who wait have a share of their own: however many there are, an open conversation gets its line."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from hypothesis import given, strategies as st

from chat.protocol.closing import Closing
from chat.share import Share
from chat.sockets import shares
from chat.sockets.shares import Crowded, Proven, Shares
from portal.ids import to_text
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process

pytestmark = pytest.mark.anyio

FEW: dict[Share, int] = {"unspoken": 2, "waiting": 3}
SHARES: tuple[Share, ...] = ("unspoken", "waiting", "open")
# A line goes on, or stays where it is.
ONWARD = (
    st.tuples(st.integers(0, 2), st.integers(0, 2)).map(sorted).map(lambda both: (SHARES[both[0]], SHARES[both[1]]))
)


@given(st.lists(ONWARD, max_size=40))
def test_only_who_waits_is_ever_refused_and_every_place_comes_back(lines: list[tuple[Share, Share]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shares, "MOST", FEW)
        of_process = Shares()
        with ExitStack() as stack:
            for number, (share, then) in enumerate(lines):
                strangers = of_process.taken("unspoken") + of_process.taken("waiting")
                is_full = share != "open" and (of_process.taken(share) >= FEW[share] or strangers >= 5)
                try:
                    seat = stack.enter_context(of_process.proven(Proven(bytes([number]), share)))
                except Crowded:
                    assert is_full
                    continue
                assert not is_full
                seat.moves(then)
                # Many who say one word each pass the bound of those in line, never the one of all who wait.
                assert of_process.taken("unspoken") + of_process.taken("waiting") <= 5
        assert [of_process.taken(share) for share in SHARES] == [0, 0, 0]


async def test_a_crowd_that_waits_shuts_out_more_of_its_own_and_nobody_who_talks(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "MOST", {"unspoken": 1, "waiting": 1})
    talk, _ = await house.talking()
    silent, another = await house.starts(), await house.starts()
    process = processes[0]

    async def is_shut_out(token: bytes) -> bool:
        line = await process.line("talk")
        await line.say("Resume", token=to_text(token), last=0)
        return await line.closing() == Closing.LATER

    async with await process.visitor(silent) as first:
        assert await is_shut_out(another)
        async with await process.visitor(talk.token) as line:
            assert await line.says("I am talked with") == 3
        # Her first word makes room among those who said nothing, and takes the one place of those who wait.
        await first.says("hello")
        async with await process.visitor(another) as second:
            waiting = await house.waiting("and so do I")
            assert await is_shut_out(waiting.token)
            # Somebody takes her: she waits no more, so there is room for one who does.
            facts = await house.relay.access.conversation_for_visitor(silent)
            await house.relay.take(await house.ready(), facts.id)
            await first.hear("AdvocateJoined")
            async with await process.visitor(waiting.token):
                await second.says("me too, and nobody sends me away for it")
