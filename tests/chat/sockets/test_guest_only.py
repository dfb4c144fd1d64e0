"""Somebody who only joins sees the one conversation a visitor let her into, and no other road of the desk is hers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chat.cards import GUEST_NO, GUEST_YES
from chat.guests import Guests
from chat.presence import GONE_AFTER_MS
from chat.refusals import NotThisDesk
from chat.relay import Relay
from portal.ids import random_id, to_text
from portal.staff.keys.fingerprint import spoken_digits
from portal.staff.keys.granting import CannotGive, Granting
from portal.staff.rights import Role
from portal.staff.sessions.session import COOKIE, Signed
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocking
from portal.vault.guests import guest_pair
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key
from tests.chat.test_guests import taps

pytestmark = pytest.mark.anyio

PASSPHRASE = "seven lamps beside the quiet harbour"  # of the house in tests/chat/conftest.py


class Ola:
    """An interpreter with a session of her own; she was given no key."""

    def __init__(self, house: ChatHouse, signed: Signed, cookie: str) -> None:
        self.house, self.signed, self._cookie = house, signed, cookie

    async def line(self, process: Process, face: str = "guest", talks: list[dict[str, Any]] | None = None) -> Spoken:
        line = await process.line(face, additional_headers={"Cookie": f"{COOKIE}={self._cookie}"})
        await line.say("Resume", csrf=self.signed.csrf, talks=talks or [])
        return line

    @asynccontextmanager
    async def desk(self, process: Process, **more: Any) -> AsyncIterator[Spoken]:
        async with await self.line(process, **more) as line:
            snapshot = await line.hear("QueueSnapshot")
            assert (snapshot["waiting"], snapshot["total"], snapshot["mine"], snapshot["ready"]) == ([], 0, [], False)
            yield line


@pytest.fixture
async def ola(house: ChatHouse) -> Ola:
    services = house.services
    accounts = services.staff.accounts
    lock = await accounts.lock_of(house.advocate.staff_id)
    assert lock is not None
    # Nobody is vouched for with another's keys, and no person is told from another by anything else.
    own = replace(lock.person, open_public=guest_pair()[1], sign_public=guest_pair()[1])
    person = replace(own, id=random_id(), alias="Ola", role=Role.INTERPRETER)
    async with services.database.write() as connection:
        new = replace(lock, person=person, find=random_id() + random_id())
        await accounts.add(connection, new, accounts.pepper(lock.pepper))
    unlocking = Unlocking(accounts, services.staff.ledger, services.pools)
    granting = Granting(services, unlocking, SignIn(services, unlocking))
    heard = "".join(spoken_digits(person.open_public, person.sign_public))
    with pytest.raises(CannotGive):
        await granting.give(house.advocate, PASSPHRASE, person.id, ("chat",), heard=heard)
    await granting.give(house.advocate, PASSPHRASE, person.id, (), heard=heard)
    cookie = await services.staff.sessions.begin(person.id, person.generation, {})
    return Ola(house, await services.staff.who(cookie), cookie)


async def test_she_is_asked_for_let_in_and_reads_and_writes_there_from_the_yes_on(
    house: ChatHouse, processes: tuple[Process, Process], ola: Ola
) -> None:
    talk = await house.waiting("I said this before")
    async with await processes[0].desk() as desk, ola.desk(processes[1]) as line:
        name, key = to_text(talk.id), new_key()
        await desk.say("Take", key=key, conversation=name)
        await desk.hear("TalkOpened", key=key)
        await desk.say("AskColleagues", key=new_key(), conversation=name)
        (there,) = (await desk.hear("Colleagues"))["ready"]
        assert (there["name"], there["guest"], there["languages"]) == ("Ola", True, ["en", "es"])
        # Nothing can be handed on to her.
        await desk.say("HandOff", key=new_key(), conversation=name, to=there["person"], note="please")
        await desk.hear("Refused", reason="not_there")

        await desk.say("AskGuest", key=new_key(), conversation=name, person=there["person"], come_as="interpreter")
        card = (await desk.hear("MessagePosted", card="interpreter"))["seq"]
        await taps(house, talk, card, GUEST_YES)
        while not (rows := (await line.hear("QueueSnapshot"))["watchable"]):
            continue
        assert [(each["conversation"], each["by"], each["guest"]) for each in rows] == [(name, "Robin", True)]
        await line.say("ComeIn", key=new_key(), conversation=name)
        opened = await line.hear("TalkOpened")
        assert (opened["role"], opened["since"], opened["card"]["language"]) == ("guest", card + 2, "en")
        await house.relay.visitor_says(talk, "and this after it", random_id(), 0)
        await line.hear("MessagePosted", text="and this after it")
        await line.says("I am Ola", conversation=name)
        await desk.hear("MessagePosted", text="I am Ola", name="Ola")
        assert next(each["seq"] for each in line.passed if each["type"] == "MessagePosted") == card + 3
        assert "I said this before" not in str(line.passed)
        # A line of hers that was cut begins there as well; by her no it is over.
        async with ola.desk(processes[0], talks=[{"conversation": name, "last": 0, "last_note": 0}]) as again:
            assert (await again.hear("MessagePosted"))["seq"] == card + 3
        await taps(house, talk, card, GUEST_NO)
        await line.hear("ConversationErased", conversation=name)
        assert (await line.hear("QueueSnapshot"))["watchable"] == []


EVERY_ACT: list[tuple[str, dict[str, Any]]] = [
    ("Ready", {"ready": True}),
    ("Shift", {"state": "ready"}),
    ("Take", {}),
    ("Watch", {}),
    ("Join", {}),
    ("TakeOver", {}),
    ("AskColleagues", {}),
    ("Note", {"text": "a note"}),
    ("Whisper", {"text": "a note"}),
    ("Ask", {"card": "hello"}),
    ("HandOff", {"to": "", "note": "please"}),
    ("AskGuest", {"person": to_text(bytes(16)), "come_as": "colleague"}),
    ("SendAway", {}),
    ("UseWord", {"word": "123456"}),
    ("CallHelp", {}),
    ("MarkDanger", {"danger": "coming", "who": ""}),
    ("Close", {}),
    ("SayYes", {"call": to_text(bytes(16))}),
    ("ComeIn", {}),
    ("Say", {"text": "to whom?"}),
]
WITHOUT_CONVERSATION = ("Ready", "Shift", "UseWord", "SayYes")


async def test_every_other_act_is_refused_wherever_no_visitor_let_her_in(
    house: ChatHouse, processes: tuple[Process, Process], ola: Ola
) -> None:
    waits, (held, _) = await house.waiting("the one who waits"), await house.talking()
    for talk in (waits, held):
        # A line for each, so that nothing is refused for being too much.
        async with ola.desk(processes[0]) as line:
            for kind, words in EVERY_ACT:
                fields: dict[str, Any] = dict(words)
                if kind not in ("Ready", "Shift"):
                    fields["key"] = new_key()
                if kind not in WITHOUT_CONVERSATION:
                    fields["conversation"] = to_text(talk.id)
                await line.say(kind, **fields)
                await line.hear("Refused", reason="not_there")
            assert {each["type"] for each in line.passed} <= {"Refused", "QueueSnapshot", "Here"}
    facts = await house.relay.talks.facts(held.id)
    assert facts is not None
    assert (facts.standing, facts.notes) == ("talking", 0)
    assert ola.signed.staff_id not in (await house.relay.desk.counts(house.relay.now_ms())).staff
    with pytest.raises(NotThisDesk):
        await Guests(house.relay).come_in(ola.signed, held.id)


async def test_the_advocates_line_is_not_hers_nor_hers_an_advocates(
    house: ChatHouse, processes: tuple[Process, Process], ola: Ola
) -> None:
    async with await ola.line(processes[0], "desk") as line:
        assert await line.closing() == 4404
    robin = Ola(house, house.advocate, house.cookie)
    async with await robin.line(processes[0], "guest") as line:
        assert await line.closing() == 4404


async def test_she_can_be_asked_while_her_desk_is_open_and_not_once_it_is_locked_or_silent(
    house: ChatHouse, processes: tuple[Process, Process], ola: Ola
) -> None:
    there = Relay(house.services).access.people.guests_there
    talk, robin = await house.talking()
    card = await Guests(house.relay).ask(robin, ola.signed.staff_id, "Ola", "interpreter", random_id(), 0)
    async with ola.desk(processes[0]) as line:
        assert await there.all(house.relay.now_ms()) == [ola.signed.staff_id]
        await house.services.staff.sessions.lock(ola.signed.session)
        await line.hear("Locked", waiting=0)
        await line.say("Here")
        await line.hear("Here")
        assert await there.all(house.relay.now_ms()) == []
        # Asked before she locked it: the yes that comes now calls her, and opens nothing.
        await taps(house, talk, card, GUEST_YES)
        await line.hear("Locked", waiting=1)
        await line.say("ComeIn", key=new_key(), conversation=to_text(talk.id))
        await line.hear("Refused", reason="locked")
        await taps(house, talk, card, GUEST_NO)
        await line.hear("Locked", waiting=0)
    await there.is_here(ola.signed.staff_id, house.relay.now_ms())
    house.clock.advance(timedelta(milliseconds=GONE_AFTER_MS + 1))
    assert await there.all(house.relay.now_ms()) == []
    await there.is_here(random_id(), house.relay.now_ms())
    assert len(await house.services.durable.zrange(b"{desk}:guests", 0, -1)) == 1, "who fell silent is forgotten"
