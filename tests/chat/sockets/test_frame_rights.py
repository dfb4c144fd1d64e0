"""Holds the lines of the desk to the table of who may say what, cell by cell: frame, role, with keys and without."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, get_args

import pytest
from sqlalchemy import select

from chat.protocol import advocate, server
from chat.sockets import loop
from chat.sockets.advocate import DeskLine
from chat.sockets.frame_rights import NEEDS
from chat.sockets.guest import MAY_BE_SAID
from portal.ids import random_id
from portal.staff.keys.fingerprint import spoken_digits
from portal.staff.keys.granting import Granting
from portal.staff.rights import Right, Role, rights_of
from portal.staff.sessions.session import COOKIE
from portal.staff.signin import SignIn
from portal.staff.tables import audit
from portal.staff.unlock import Unlocking
from portal.vault.compartments import COMPARTMENTS
from portal.vault.guests import guest_pair
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process
from tests.chat.sockets.test_guest_only import PASSPHRASE
from tests.chat.sockets.test_locked_lines import every_act
from tests.support.permissions import Table, table

pytestmark = pytest.mark.anyio

NO_SUCH_LINE = 4404
# Not answered by what asks for a right: a beat, a sign of typing, and what ends the line in the middle.
UNANSWERED = {"Here", "Typing", "Resume"}


@pytest.fixture(scope="module")
def written() -> Table:
    return table()


def test_every_frame_has_its_row_and_every_row_its_frame(written: Table) -> None:
    tags = {_tag(frame): rights for frame, rights in NEEDS.items()}

    assert set(NEEDS) == set(get_args(advocate.Spoken))
    assert written.frames == tags


def test_a_guests_line_hears_what_its_right_allows_and_nothing_else() -> None:
    assert {frame for frame, rights in NEEDS.items() if Right.BE_GUEST in rights} == {*MAY_BE_SAID, advocate.Resume}


def test_every_cell_of_the_frames(written: Table) -> None:
    for role in Role:
        for keys in (COMPARTMENTS, ()):
            for frame, rights in NEEDS.items():
                has = any(written.has(right, role, with_keys=bool(keys)) for right in written.frames[_tag(frame)])
                assert bool(rights & rights_of(role, keys)) is has, (frame, role, keys)


def _tag(frame: type[Any]) -> str:
    return str(frame.__struct_config__.tag)


async def colleagues(house: ChatHouse) -> dict[tuple[Role, bool], str]:
    """A session for each role, with the chat's key and without: to its cookie."""
    services, accounts = house.services, house.services.staff.accounts
    lock = await accounts.lock_of(house.advocate.staff_id)
    assert lock is not None
    unlocking = Unlocking(accounts, services.staff.ledger, services.pools)
    granting = Granting(services, unlocking, SignIn(services, unlocking))
    keys = {"chat": house.advocate.compartment_keys("chat")}
    found = {}
    for role in Role:
        own = replace(lock.person, open_public=guest_pair()[1], sign_public=guest_pair()[1], role=role)
        person = replace(own, id=random_id(), alias=role.value)
        async with services.database.write() as connection:
            new = replace(lock, person=person, find=random_id() + random_id())
            await accounts.add(connection, new, accounts.pepper(lock.pepper))
        heard = "".join(spoken_digits(person.open_public, person.sign_public))
        given = () if role is Role.INTERPRETER else ("chat",)
        await granting.give(house.advocate, PASSPHRASE, person.id, given, heard=heard)
        found[role, True] = await services.staff.sessions.begin(person.id, person.generation, keys)
        found[role, False] = await services.staff.sessions.begin(person.id, person.generation, {})
    return found


async def test_a_line_is_there_for_those_the_table_names_and_for_nobody_else(
    house: ChatHouse, processes: tuple[Process, Process], written: Table
) -> None:
    asked = {path.removeprefix("/line/"): asks for path, asks in written.lines.items() if not asks.startswith("nobody")}
    assert set(asked) == {"desk", "guest", "board", "desk/room"}
    for (role, with_keys), cookie in (await colleagues(house)).items():
        csrf = (await house.services.staff.who(cookie)).csrf
        for face, asks in asked.items():
            may_sit = written.has(Right(asks), role, with_keys=with_keys)
            async with await processes[0].line(face, additional_headers={"Cookie": f"{COOKIE}={cookie}"}) as line:
                await line.say("Resume", csrf=csrf, talks=[])
                if may_sit:
                    await line.hear("QueueSnapshot", "BoardSnapshot")
                else:
                    assert await line.closing() == NO_SUCH_LINE, (role, with_keys, face)


async def test_a_line_answers_as_the_table_says_for_every_role_and_frame(
    house: ChatHouse, processes: tuple[Process, Process], written: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def reached(self: DeskLine, key: str, conversation: str, act: Coroutine[Any, Any, None]) -> None:
        act.close()  # Who gets through is asked here, not what comes of it.
        await self._tell(server.DeskRefused(key=key, conversation=conversation, reason="away"))

    monkeypatch.setattr(DeskLine, "_answer", reached)
    monkeypatch.setattr(loop, "BURST", 200)
    talk = await house.waiting()
    frames = [frame for frame in every_act(talk.id) if frame["type"] not in UNANSWERED]
    for (role, with_keys), cookie in (await colleagues(house)).items():
        signed = await house.services.staff.who(cookie)
        sits = {
            "desk": written.has(Right.TAKE_CHATS, role, with_keys=with_keys),
            "guest": written.has(Right.BE_GUEST, role, with_keys=with_keys),
        }
        for face, may_sit in sits.items():
            async with await processes[0].line(face, additional_headers={"Cookie": f"{COOKIE}={cookie}"}) as line:
                await line.say("Resume", csrf=signed.csrf, talks=[])
                if not may_sit:
                    assert await line.closing() == NO_SUCH_LINE, (role, face)
                    continue
                await line.hear("QueueSnapshot")
                for frame in frames:
                    kind, fields = frame["type"], {name: value for name, value in frame.items() if name != "type"}
                    allowed = any(written.has(right, role, with_keys=with_keys) for right in written.frames[kind])
                    await line.say(kind, **fields)
                    answer = await line.hear("Refused")
                    assert answer["reason"] == ("away" if allowed else "not_there"), (role, with_keys, kind)


async def test_a_frame_that_is_not_hers_is_counted_and_nothing_of_it_is_kept(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    cookie = (await colleagues(house))[Role.ADVOCATE, True]
    talk, signed = await house.waiting(), await house.services.staff.who(cookie)
    (watch,) = [frame for frame in every_act(talk.id) if frame["type"] == "Watch"]
    async with await processes[0].line("desk", additional_headers={"Cookie": f"{COOKIE}={cookie}"}) as line:
        await line.say("Resume", csrf=signed.csrf, talks=[])
        await line.hear("QueueSnapshot")
        for _ in range(12):
            await line.say("Watch", **{name: value for name, value in watch.items() if name != "type"})
            await line.hear("Refused")
    await processes[0].services.staff.journal.settle()

    async with house.services.database.read() as connection:
        rows = await connection.execute(select(audit).where(audit.c.staff == signed.staff_id))
        assert [(row.act, row.subject) for row in rows] == [("desk.refused:10", b"")]
