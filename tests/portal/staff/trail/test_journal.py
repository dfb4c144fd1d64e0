"""Holds what failed to being written down: kept though its transaction is not, few in a storm, and no unknown name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import StillClock
from portal.services import Services
from portal.staff.tables import audit
from portal.staff.trail.audit_chain import NOBODY
from portal.staff.trail.journal import power_reached
from tests.portal.staff.walker import Walker, acts, give, join, person_page

pytestmark = pytest.mark.anyio


async def failed(services: Services, beginning: str = "") -> list[tuple[str, bytes]]:
    """What the audit holds of acts that begin so, once what waits is settled: act and person."""
    await services.staff.journal.settle()
    async with services.database.read() as connection:
        lines = (await connection.execute(select(audit.c.act, audit.c.staff).order_by(audit.c.n))).all()
    return [(line.act, line.staff) for line in lines if line.act.startswith(beginning)]


async def id_of(services: Services, alias: str) -> bytes:
    return next(person.id for person in await services.staff.accounts.everyone() if person.alias == alias)


def test_a_storm_is_a_line_for_each_power_of_ten() -> None:
    written, now = [], 0
    for times in [1] * 15 + [40, 1, 1_000, 3]:
        before, now = now, now + times
        written.append(power_reached(before, now))

    assert [each for each in written if each] == [1, 10, 1_000]


async def test_a_wrong_passphrase_is_written_down_with_its_person(services: Services, ada: Walker) -> None:
    me = await id_of(services, "Ada")
    assert not await ada.fresh().signs_in("ada", "not the right words at all")

    assert await failed(services, "desk.sign_in_failed") == [("desk.sign_in_failed", me)]


async def test_of_a_name_nobody_has_nothing_is_kept_but_that_somebody_tried(services: Services, ada: Walker) -> None:
    for name in ("grace.unknown", "somebody.else"):
        assert not await ada.fresh().signs_in(name, "not the right words at all")

    assert await failed(services, "desk.sign_in_failed") == [("desk.sign_in_failed", NOBODY)]
    assert b"grace" not in services.settings.database_path.read_bytes()
    keys = [key async for key in services.ember_client.scan_iter(match=b"au:*")]
    assert keys
    assert not [key for key in keys if b"grace" in key or b"somebody" in key]


async def test_known_and_unknown_names_leave_the_same_trace_while_they_wait(services: Services, ada: Walker) -> None:
    """Nothing is written before the answer: a commit for one of the two would tell them apart by the time."""
    before = await acts(services)
    await ada.fresh().signs_in("ada", "not the right words at all")
    await ada.fresh().signs_in("nobody.here", "not the right words at all")

    assert await acts(services) == before


async def test_a_sign_in_storm_leaves_a_few_lines(services: Services, ada: Walker) -> None:
    me = await id_of(services, "Ada")
    for _ in range(137):
        services.staff.journal.count("desk.sign_in_failed", me)
    await services.staff.journal.settle()
    for _ in range(900):
        services.staff.journal.count("desk.sign_in_failed", me)

    found = [act for act, _ in await failed(services, "desk.sign_in_failed")]
    assert found == ["desk.sign_in_failed:100", "desk.sign_in_failed:1000"]


async def test_each_day_begins_anew(services: Services, clock: StillClock, ada: Walker) -> None:
    for _ in range(2):
        await services.staff.journal.refused("desk.refused", b"s" * 16)
        await services.staff.journal.refused("desk.refused", b"s" * 16)
        clock.advance(timedelta(days=1))

    assert [act for act, _ in await failed(services, "desk.refused")] == ["desk.refused"] * 2


async def test_what_is_noted_once_a_day_is_noted_before_it_is_done(services: Services, ada: Walker) -> None:
    for _ in range(3):
        await services.staff.journal.once_a_day("audit.seen", b"s" * 16)

    assert await failed(services, "audit.seen") == [("audit.seen", b"s" * 16)]


async def test_coming_in_and_going_out_have_their_lines(services: Services, ada: Walker) -> None:
    again = ada.fresh()
    await again.signs_in("ada")
    token = await again.token()
    await again.post("/desk/lock")
    await again.post("/desk/unlock", {"passphrase": ada.passphrase}, token=token)
    await again.post("/desk/signout")
    await ada.post("/desk/me/sessions")

    found = [act for act, _ in await failed(services, "desk.")]
    assert found == [
        "desk.signed_in",
        "desk.signed_in",
        "desk.unlocked",
        "desk.signed_out",
        "desk.signed_out_everywhere",
    ]


async def test_without_its_line_nobody_comes_in(services: Services, ada: Walker) -> None:
    folder = services.staff.folder.path
    ada_again = ada.fresh()
    await ada_again.open("/desk/signin")  # The house has read what it needs to draw a page.
    (folder / "pepper").rename(folder / "elsewhere")
    await ada_again.signs_in("ada")
    (folder / "elsewhere").rename(folder / "pepper")

    assert (ada_again.status, ada_again.cookie) == (503, "")


async def test_a_grant_that_was_refused_is_kept_though_it_was_rolled_back(services: Services, ada: Walker) -> None:
    await join(ada, alias="Bo")
    bo, me = await id_of(services, "Bo"), await id_of(services, "Ada")
    address = await person_page(ada, "Bo")
    await ada.post(f"{address}/keys", {"digits": "1" * 30, "compartments": ["tips"], "passphrase": ada.passphrase})

    assert await failed(services, "keys.") == [("keys.heard_other", me), ("keys.refused", me)]
    async with services.database.read() as connection:
        subject = await connection.scalar(select(audit.c.subject).where(audit.c.act == "keys.refused"))
    assert subject == bo
    await ada.post(
        f"{address}/keys", {"digits": "1", "compartments": ["tips"], "passphrase": "wrong words, all of them"}
    )
    assert ("proof.failed", me) in await failed(services)


async def test_a_page_that_is_not_hers_and_a_form_from_elsewhere_are_counted(services: Services, ada: Walker) -> None:
    bo = await join(ada, alias="Bo")
    await give(ada, "Bo")
    await bo.signs_in("Bo")
    who = await id_of(services, "Bo")
    for _ in range(12):
        assert await bo.open("/desk/staff") == 404
    await bo.post("/desk/me", {"tongue": "fr"}, token="A" * 43)
    await bo.post("/desk/me", {"tongue": "fr"}, origin="https://elsewhere.example")

    assert await failed(services, "desk.refused") == [("desk.refused:10", who)]
    assert await failed(services, "desk.wrong_token") == [("desk.wrong_token", who)]
    assert await failed(services, "desk.foreign") == [("desk.foreign", NOBODY)]
