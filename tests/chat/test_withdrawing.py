"""Words that were taken back are gone: from the stream, from every reading of it, and from the store's own file."""

from __future__ import annotations

import asyncio

import pytest

from chat.message import Message
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from portal.ids import random_id
from tests.chat.conftest import ChatHouse
from tests.chat.test_forgetting import held_in_files, sweeps_until_gone
from tests.support.rooms import Valkeys

pytestmark = pytest.mark.anyio


def told(messages: list[Message]) -> list[tuple[int, str, str, int]]:
    return [(each.seq, each.kind, each.text, each.of) for each in messages]


def pieces(body: bytes) -> list[bytes]:
    """Short ones: a file that is written anew is packed, and packing leaves of such bytes runs of 32 at most."""
    return [body[at : at + 12] for at in range(0, len(body) - 12, 4)]


async def test_a_number_whose_words_were_taken_back_is_told_as_such_and_is_never_missing(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    seq = await house.relay.advocate_says(desk, "meant for somebody else", random_id(), 0)
    await house.relay.visitor_says(talk, "what?", random_id(), 0)
    at = await house.relay.withdrawing.withdraw(desk, seq, random_id(), 0)
    hers, ours = [(await house.relay.since(whose, 2)).messages for whose in (talk, desk)]

    assert told(hers) == told(ours) == [(3, "withdrawn", "", 3), (4, "words", "what?", 0), (at, "withdrawn", "", 3)]
    assert (hers[-1].name, hers[-1].shown, hers[0].name) == ("Robin", "perhaps", "")
    assert told((await house.relay.since(talk, 3)).messages) == told(hers)[1:]


async def test_a_withdrawal_sent_twice_is_one_and_words_sent_again_stay_away(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    said, wish = random_id(), random_id()
    seq = await house.relay.advocate_says(desk, "not for her", said, 0)
    numbers = await asyncio.gather(*(house.relay.withdrawing.withdraw(desk, seq, wish, 0) for _ in range(10)))

    assert set(numbers) == {4}
    assert await house.relay.advocate_says(desk, "not for her", said, 0) == seq
    assert told((await house.relay.since(talk, 2)).messages) == [(3, "withdrawn", "", 3), (4, "withdrawn", "", 3)]
    with pytest.raises(NotThisDesk):
        await house.relay.withdrawing.withdraw(desk, seq, random_id(), 0)


async def test_nobody_takes_back_what_is_not_hers_to_take_back(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    hers = await house.relay.visitor_says(talk, "hers", random_id(), 0)
    seq = await house.relay.advocate_says(desk, "ours", random_id(), 0)
    for number in (hers, 2, 9, 0):
        with pytest.raises(NotThisDesk):
            await house.relay.withdrawing.withdraw(desk, number, random_id(), 0)
    await house.relay.desk.depart(house.advocate.staff_id)
    await house.sweeper.sweep()
    other = await house.relay.take(await house.ready(house.another()), talk.id)
    for whose in (desk, other):
        with pytest.raises(NotThisDesk):
            await house.relay.withdrawing.withdraw(whose, seq, random_id(), 0)
    mine = await house.relay.advocate_says(other, "after the end nothing moves", random_id(), 0)
    await house.relay.leave(talk, "end")
    with pytest.raises(ConversationOver):
        await house.relay.withdrawing.withdraw(other, mine, random_id(), 0)

    kept = (await house.relay.since(other, 0)).messages
    assert [each.text for each in kept if each.kind == "words"] == [
        "hello",
        "hers",
        "ours",
        "after the end nothing moves",
    ]


async def test_the_stream_still_ends_by_itself_after_a_withdrawal(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    before = await house.services.durable.pttl(keys.log(talk.id))
    seq = await house.relay.advocate_says(desk, "no", random_id(), 0)
    await house.relay.withdrawing.withdraw(desk, seq, random_id(), 0)

    assert 0 < await house.services.durable.pttl(keys.log(talk.id)) <= before


async def test_the_stores_file_forgets_words_that_were_taken_back_and_keeps_the_others(
    house: ChatHouse, valkeys: Valkeys
) -> None:
    """An entry deleted from the middle of a stream stays in its block, and in the file that is written from it."""
    await house.sweeper.sweep()
    talk, desk = await house.talking()
    for number in range(20):
        await house.relay.advocate_says(desk, f"before {number}", random_id(), 0)
    seq = await house.relay.advocate_says(desk, "not for her", random_id(), 0)
    await house.relay.visitor_says(talk, "after", random_id(), 0)
    gone, stays = [await house.relay.talks.at(talk.id, number) for number in (seq, seq + 1)]
    assert gone is not None
    assert stays is not None
    folder = valkeys.durable.folder
    assert held_in_files(folder, gone.body, stays.body) == [gone.body, stays.body]

    house.relay.ending.owes_a_new_file = False
    await house.relay.withdrawing.withdraw(desk, seq, random_id(), 0)
    assert house.relay.ending.owes_a_new_file
    assert await sweeps_until_gone(house, folder, gone.body, *pieces(gone.body), living=talk) == []
    assert held_in_files(folder, *pieces(stays.body))


async def test_a_process_that_dies_after_the_withdrawal_leaves_a_file_that_is_still_owed(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The breath is one; what a kill can cut off is the answer, and whoever starts next owes a new file anyway."""
    talk, desk = await house.talking()
    seq = await house.relay.advocate_says(desk, "no", random_id(), 0)
    house.relay.ending.owes_a_new_file = False
    wish = random_id()

    class Killed(BaseException):
        pass

    async def dying(*args: object, **words: object) -> int:
        await real(*args, **words)  # type: ignore[arg-type]
        raise Killed

    store = house.relay.withdrawing._store
    real = store.withdraw
    with monkeypatch.context() as patch:
        patch.setattr(store, "withdraw", dying)
        with pytest.raises(Killed):
            await house.relay.withdrawing.withdraw(desk, seq, wish, 0)
    assert house.relay.ending.owes_a_new_file
    assert await house.relay.withdrawing.withdraw(desk, seq, wish, 0) == 4
    assert [each.kind for each in (await house.relay.since(talk, 2)).messages] == ["withdrawn", "withdrawn"]


async def test_words_of_the_last_seconds_are_not_settled_and_of_several_the_first_counts(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    withdrawing = house.relay.withdrawing
    assert await withdrawing.settled(talk.id, 9) == 9
    await withdrawing.begin(desk, 2)
    await withdrawing.begin(desk, 3)
    assert await withdrawing.settled(talk.id, 9) == 2
    assert await withdrawing.settled(talk.id, 1) == 1
    await house.services.ember_client.delete(keys.may_go(talk.id))
    assert await withdrawing.settled(talk.id, 9) == 9


@pytest.mark.parametrize(
    ("shown", "is_hidden", "told_desk"), [(3, False, "yes"), (3, True, "yes"), (2, False, "perhaps"), (2, True, "no")]
)
async def test_the_desk_reads_whether_they_had_stood_on_her_screen(
    house: ChatHouse, shown: int, is_hidden: bool, told_desk: str
) -> None:
    talk, desk = await house.talking()
    seq = await house.relay.advocate_says(desk, "not for her", random_id(), 0)
    await house.relay.lines.shows(talk.id, shown)
    await house.relay.lines.turned(talk.id, b"", house.relay.now_ms(), is_hidden=is_hidden)
    await house.relay.withdrawing.withdraw(desk, seq, random_id(), 0)

    assert (await house.relay.since(desk, 0)).messages[-1].shown == told_desk
