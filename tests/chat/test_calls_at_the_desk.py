"""An open desk shows who is called for: a supervisor at it is told of a danger although nothing outside reaches her."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.board import Board
from chat.conversation import DeskTalk
from chat.duty import Duty, OpenedCards
from chat.protocol.advocate import EndDanger
from chat.protocol.server import QueueSnapshot
from chat.unanswered import Unanswered
from chat.unclaimed import Unclaimed
from portal.alerts.ladder import TOLD_MS, Kind, Turn, matter
from portal.alerts.ways import MAIL, Ways
from portal.ids import random_id, to_text
from portal.settings import Secret
from portal.staff.rights import Role
from portal.staff.sessions.session import Signed
from portal.store.database import DatabaseAway
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


async def desk_of(house: ChatHouse, signed: Signed) -> QueueSnapshot:
    return await Duty(house.relay, house.services).snapshot(signed, OpenedCards())


async def called_at(house: ChatHouse, signed: Signed) -> list[tuple[str, str, bool, bool]]:
    return [(each.kind, each.by, each.loud, each.mine) for each in (await desk_of(house, signed)).calls]


async def flags(house: ChatHouse, signed: Signed) -> list[bool]:
    return [row.danger for row in (await desk_of(house, signed)).watchable]


async def marked(house: ChatHouse, desk: DeskTalk) -> None:
    await house.relay.marking.danger(desk, "coming", "", random_id(), 0, house.relay.now_ms())


async def test_a_danger_stands_on_the_desk_of_a_supervisor_whom_nothing_outside_reaches(house: ChatHouse) -> None:
    _, desk = await house.talking()
    kim = await house.colleague("Kim", Role.SUPERVISOR)
    assert (await called_at(house, kim), await flags(house, kim)) == ([], [False])
    await marked(house, desk)
    await house.services.alerts.look()

    assert await called_at(house, kim) == [("danger", "", True, False)]
    assert await flags(house, kim) == [True]
    assert await called_at(house, house.advocate) == [("danger", "", False, True)], "she knows: it is not loud there"
    told = str((await desk_of(house, kim)).calls)
    assert to_text(desk.id) not in told, "of whom, says only the row of whoever may watch"


async def test_who_said_yes_is_named_and_the_row_stays_marked_until_the_danger_is_over(house: ChatHouse) -> None:
    _, desk = await house.talking()
    kim = await house.colleague("Kim", Role.SUPERVISOR)
    await marked(house, desk)
    await house.services.alerts.says_yes(matter("danger", desk.id), kim.staff_id)

    assert await called_at(house, house.advocate) == [("danger", "Kim", False, True)]
    assert await flags(house, kim) == [True]
    house.clock.advance(timedelta(milliseconds=TOLD_MS))
    assert (await called_at(house, house.advocate), await flags(house, kim)) == ([], [True])

    said = EndDanger(key=to_text(random_id()), conversation=to_text(desk.id), outcome="passed")
    await house.relay.marking.end_danger(desk, said, house.services.entries, random_id(), 0)
    assert await flags(house, kim) == [False]
    ((_, call),) = await house.services.alerts.calls()
    assert (call.by, call.over) == (kim.staff_id, "gone"), "the list of the shift still says who was there"
    await marked(house, desk)
    assert await called_at(house, kim) == [("danger", "", True, False)], "marked anew it is called for at once"


async def test_while_somebody_is_on_call_the_desks_of_the_others_show_it_and_are_quiet(house: ChatHouse) -> None:
    _, desk = await house.talking()
    sam, noor = await house.colleague("Sam"), await house.colleague("Noor")
    await marked(house, desk)
    assert await called_at(house, sam) == [("danger", "", True, False)], "nobody is on call: everybody is called"

    now = int(house.clock.now().timestamp())
    await house.services.alerts.roster.put_on_call(noor.staff_id, Turn(1, noor.staff_id, now, now + 3600))
    house.services.alerts.forget()
    assert await called_at(house, sam) == [("danger", "", False, False)]
    assert await called_at(house, noor) == [("danger", "", True, False)]
    assert await flags(house, sam) == [], "she may not watch"


async def test_whoever_waits_too_long_stands_there_once_her_minute_is_over_though_nobody_can_be_reached(
    house: ChatHouse,
) -> None:
    await house.waiting()
    kim, sam = await house.colleague("Kim", Role.SUPERVISOR), await house.colleague("Sam")
    await Unclaimed(house.relay, house.services).look()
    await house.services.alerts.look()
    assert await called_at(house, kim) == []

    house.clock.advance(timedelta(seconds=house.services.settings.unclaimed_seconds))
    await house.services.alerts.look()
    assert await called_at(house, kim) == [("unclaimed", "", True, False)]
    assert await called_at(house, sam) == [("unclaimed", "", False, False)], "a free desk is called by the queue itself"


async def test_words_nobody_answers_are_told_to_every_supervisor_at_a_desk_with_whose_they_are(
    house: ChatHouse,
) -> None:
    talk, desk = await house.talking()
    other, _ = await house.talking()
    kim, noor = await house.colleague("Kim", Role.SUPERVISOR), await house.colleague("Noor")
    # Somebody else is on call, and nothing outside reaches anybody.
    now = int(house.clock.now().timestamp())
    await house.services.alerts.roster.put_on_call(noor.staff_id, Turn(1, noor.staff_id, now, now + 3600))
    house.services.alerts.forget()
    held = await house.relay.access.conversation_for_advocate(house.advocate, other.id)
    await house.relay.advocate_says(held, "I am here", random_id(), 0)

    async def look() -> None:
        await Unanswered(house.relay, house.services).look()
        await house.services.alerts.look()

    async def whose(signed: Signed) -> list[tuple[str, str]]:
        rows = (await desk_of(house, signed)).watchable
        return [(row.conversation, row.by) for row in rows if row.unanswered]

    await look()
    assert (await called_at(house, kim), await whose(kim)) == ([], [])
    house.clock.advance(timedelta(seconds=house.services.settings.unanswered_tell_seconds))
    await look()

    assert await called_at(house, kim) == [("unanswered", "", True, False)]
    assert await whose(kim) == [(to_text(talk.id), "Robin")]
    assert (await called_at(house, noor), await whose(noor)) == ([("unanswered", "", False, False)], [])
    await house.services.alerts.says_yes(matter("unanswered", talk.id), noor.staff_id)
    assert await whose(kim) == [(to_text(talk.id), "Robin")], "a yes is no answer"
    await house.relay.advocate_says(desk, "I am back", random_id(), 0)
    await look()
    assert (await called_at(house, kim), await whose(kim)) == ([], [])


async def test_one_key_calls_a_supervisor_and_shows_her_which_of_the_watched_it_is(house: ChatHouse) -> None:
    _, desk = await house.talking()
    kim = await house.colleague("Kim", Role.SUPERVISOR)

    async def wants() -> list[bool]:
        return [row.help for row in (await desk_of(house, kim)).watchable]

    assert await wants() == [False]
    await house.relay.marking.help(desk)
    assert await called_at(house, kim) == [("help", "", True, False)]
    assert await called_at(house, house.advocate) == [("help", "", False, True)]
    assert (await wants(), await flags(house, kim)) == ([True], [False])

    await house.services.alerts.says_yes(matter("help", desk.id), kim.staff_id)
    assert await called_at(house, house.advocate) == [("help", "Kim", False, True)]
    assert await wants() == [True], "she has said yes, and has still to find her"
    house.clock.advance(timedelta(milliseconds=TOLD_MS))
    assert (await wants(), await called_at(house, kim)) == ([False], [])


async def test_a_telling_reads_what_stands_now_whatever_was_called_before(house: ChatHouse) -> None:
    _, desk = await house.talking()
    kim, alerts = await house.colleague("Kim", Role.SUPERVISOR), house.services.alerts
    board = Board(house.relay, house.services)
    await marked(house, desk)
    await alerts.raise_("tip", random_id())

    async def what_is_read() -> int:
        """Bytes that the store hands out for one telling of each kind, and one look at who waits and who is silent."""
        before: dict[str, int] = await house.services.durable.info("stats")
        await desk_of(house, kim)
        await board.now()
        await Unclaimed(house.relay, house.services).look()
        await Unanswered(house.relay, house.services).look()
        after: dict[str, int] = await house.services.durable.info("stats")
        return after["total_net_output_bytes"] - before["total_net_output_bytes"]

    await what_is_read()
    at_first = await what_is_read()
    kinds: tuple[Kind, ...] = ("danger", "help", "tip", "unclaimed")
    for kind in kinds * 15:
        await alerts.raise_(kind, about := random_id())
        await alerts.says_yes(matter(kind, about), kim.staff_id)
        await alerts.settle("unclaimed", about, kim.staff_id)
    assert len(await alerts.calls()) > 60, "the page of the shift has them all"
    house.clock.advance(timedelta(milliseconds=TOLD_MS))
    assert abs(await what_is_read() - at_first) < 100, "two calls, not sixty"
    assert {call.kind for call in (await desk_of(house, kim)).calls} == {"danger"}


async def test_the_top_row_is_told_who_is_on_call_and_whether_alerts_reach_her(house: ChatHouse) -> None:
    kim = await house.colleague("Kim", Role.SUPERVISOR)
    told = await desk_of(house, kim)
    assert (told.on_call, told.reached) == ("", False)

    now, roster = int(house.clock.now().timestamp()), house.services.alerts.roster
    await roster.put_on_call(kim.staff_id, Turn(2, house.advocate.staff_id, now, now + 3600))
    await roster.put_on_call(kim.staff_id, Turn(1, kim.staff_id, now, now + 3600))
    await roster.add_way(kim.staff_id, MAIL, "kim@example.org")
    house.services.alerts.forget()
    told = await desk_of(house, kim)
    assert (told.on_call, told.reached) == ("Kim", False), "this server has no way to send anything"
    settings = replace(house.services.settings, alert_smtp_url=Secret("smtps://mail.example?from=desk@example.org"))
    house.services.alerts.ways = Ways(settings)
    assert (await desk_of(house, kim)).reached
    assert not (await desk_of(house, house.advocate)).reached


async def test_a_database_that_is_away_takes_neither_the_calls_nor_the_name_of_a_yes_from_a_desk(
    house: ChatHouse,
) -> None:
    _, desk = await house.talking()
    kim = await house.colleague("Kim", Role.SUPERVISOR)
    await marked(house, desk)
    await house.services.alerts.says_yes(matter("danger", desk.id), kim.staff_id)
    before = await called_at(house, house.advocate)
    house.services.settings.database_path.rename(house.services.settings.data_dir / "elsewhere")
    with pytest.raises(DatabaseAway):
        await house.services.staff.accounts.person(kim.staff_id)

    assert await called_at(house, house.advocate) == before == [("danger", "Kim", False, True)]
    assert await flags(house, kim) == [True]
