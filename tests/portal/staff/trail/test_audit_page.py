"""Holds the audit's page to finding lines fast, to being watched itself, and to giving them away signed and inert."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.clock import StillClock
from portal.ids import to_text
from portal.services import Services
from portal.staff.tables import audit
from portal.staff.trail.audit_chain import NOBODY
from portal.staff.trail.audit_command import look
from portal.staff.trail.audit_reading import SHOWN, Asked, conditions
from portal.staff.trail.audited import ACTS, Tail, act_of
from portal.vault.audit_lines import is_signed
from portal.vault.statement import Head
from tests.portal.staff.walker import Walker, acts, give, join

pytestmark = pytest.mark.anyio

TIP = bytes(range(16))


def numbers(page: str) -> list[int]:
    return [int(found) for found in re.findall(r"<tr>\s*<td><bdi>(\d+)</bdi>", page)]


async def lines(services: Services, *acts: str, staff: bytes = NOBODY, subject: bytes = b"") -> None:
    for act in acts:
        await services.staff.journal.write(act, staff, subject)


async def supervisor(ada: Walker, alias: str = "Sue") -> Walker:
    sue = await join(ada, alias=alias, role="supervisor")
    await give(ada, alias)
    await sue.signs_in(alias)
    return sue


async def test_a_supervisor_reads_it_without_any_key_and_an_advocate_does_not(ada: Walker) -> None:
    sue, bo = await supervisor(ada), await join(ada, alias="Bo")
    await give(ada, "Bo", "chat", "tips")
    await bo.signs_in("Bo")

    assert await sue.open("/desk/audit") == 203
    assert sue.sees("House set up")
    assert await bo.open("/desk/audit") == 404


async def test_fifty_lines_are_a_page_and_the_next_follows(services: Services, ada: Walker) -> None:
    await lines(services, *["tip.purged"] * (SHOWN + 5))
    await ada.open("/desk/audit")
    newest = numbers(ada.page)
    assert len(newest) == SHOWN
    assert newest == sorted(newest, reverse=True)
    onward = re.search(r'href="(/desk/audit\?before=\d+)"', ada.page)
    assert onward

    await ada.open(onward[1])
    assert numbers(ada.page)[0] == newest[-1] - 1
    assert numbers(ada.page)[-1] == 1


async def test_it_is_narrowed_by_days_person_act_and_subject(
    services: Services, clock: StillClock, ada: Walker
) -> None:
    me = next(person.id for person in await services.staff.accounts.everyone())
    await lines(services, "tip.opened", "tip.opened.cover", staff=me, subject=TIP)
    clock.advance(timedelta(days=1))
    await ada.signs_in("ada")
    await lines(services, "tip.opened", staff=b"s" * 16, subject=b"u" * 16)
    await lines(services, "desk.sign_in_failed:10", "tip.heap_closed:12")

    async def found(query: str) -> list[str]:
        await ada.open(f"/desk/audit?{query}")
        shown = set(numbers(ada.page))
        async with services.database.read() as connection:
            rows = await connection.execute(select(audit.c.n, audit.c.act).order_by(audit.c.n))
            return [act for number, act in rows if number in shown]

    assert await found("act=tip.opened") == ["tip.opened", "tip.opened"]
    assert await found("act=opening&from=2026-03-05") == ["tip.opened", "audit.seen"]
    assert await found(f"about={to_text(TIP)}") == ["tip.opened", "tip.opened.cover"]
    assert await found(f"who={to_text(me)}&act=tip.opened") == ["tip.opened"]
    assert await found("act=desk.sign_in_failed") == ["desk.sign_in_failed:10"]
    assert await found("act=tip.heap_closed") == ["tip.heap_closed:12"]
    assert await found("to=2026-03-03") == []
    assert ada.sees("No line fits.")
    await lines(services, "house.changed", subject=b"\x02")
    assert await found("act=house.changed") == ["house.changed"]
    named = re.search(r'href="/desk/audit\?(about=[^"]+)"', ada.page)
    assert named
    assert await found(named[1]) == ["house.changed"], "a name of one byte leads to itself"
    for query in ("act=nothing", "from=yesterday", "who=AAAA", "about=x"):
        assert await ada.open(f"/desk/audit?{query}") == 404


async def test_looking_is_written_down_once_a_day_for_each_person(
    services: Services, clock: StillClock, ada: Walker
) -> None:
    sue = await supervisor(ada)
    for looking in (ada, sue, ada, sue):
        await looking.open("/desk/audit")
    assert (await acts(services)).count("audit.seen") == 2
    clock.advance(timedelta(days=1))
    await ada.signs_in("ada")
    await ada.open("/desk/audit")

    assert (await acts(services)).count("audit.seen") == 3


async def test_a_broken_chain_stands_in_red_above(services: Services, ada: Walker) -> None:
    await ada.open("/desk/audit")
    assert "is-urgent" not in ada.page
    await lines(services, "audit.broken:4")
    await ada.open("/desk/audit")

    assert "is-urgent" in ada.page
    assert ada.sees("The chain of lines breaks")


async def test_the_file_has_the_lines_and_a_head_signed_by_who_took_it(services: Services, ada: Walker) -> None:
    await lines(services, "tip.opened", subject=TIP)
    await ada.post("/desk/audit/take", {"passphrase": ada.passphrase, "act": "opening"})

    assert ada.headers["content-type"].startswith("text/csv")
    assert ada.headers["content-disposition"].startswith('attachment; filename="audit-2026-03-04-')
    assert ada.headers["cache-control"] == "no-store"
    rows = list(csv.reader(io.StringIO(ada.page.removeprefix("\ufeff"))))
    assert [row[2] for row in rows[1:-3]] == ["tip.opened"]
    assert rows[1][6] == TIP.hex()
    head, signed, signature = rows[-3:]
    kept = Head(int(head[2]), bytes.fromhex(head[3]))
    looked = await look(services.settings, kept)
    assert (looked.asked, looked.walk.breaks) == (True, [])
    assert (await acts(services))[-1] == "audit.exported"
    ledger = await services.staff.ledger.current()
    public = ledger.staff(bytes.fromhex(signed[3]))
    assert public is not None
    assert public.sign_public == bytes.fromhex(signed[4])
    assert is_signed(public.sign_public, bytes.fromhex(signature[2]), kept, head[1])


async def test_it_is_taken_only_with_the_passphrase_by_her_who_asked(services: Services, ada: Walker) -> None:
    sue = await supervisor(ada)
    await ada.post("/desk/audit/take", {"passphrase": "not these words at all", "act": "opening"})
    assert ada.sees("do not go together") or ada.status == 203
    assert "audit.exported" not in await acts(services)
    assert 'value="opening" selected' in ada.page
    await ada.post("/desk/audit/take", {"passphrase": ada.passphrase}, follow=False)
    where = ada.headers["location"]

    assert await sue.open(where) == 404
    assert await ada.open(where) == 200


async def test_no_cell_of_the_file_begins_a_formula(services: Services, ada: Walker) -> None:
    await join(ada, alias="=cmd()")
    await ada.post("/desk/audit/take", {"passphrase": ada.passphrase})

    cells = [cell for row in csv.reader(io.StringIO(ada.page.removeprefix("\ufeff"))) for cell in row]
    assert "'=cmd()" in cells
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]


async def test_lines_are_looked_up_by_an_index(services: Services, ada: Walker) -> None:
    """No plan reads the table from end to end, and none sorts what it found."""
    wanted = {
        "all": Asked(),
        "days": Asked(first="2026-03-01", last="2026-03-02"),
        "person": Asked(who=TIP),
        "act": Asked(act="tip.opened"),
        "subject": Asked(about=TIP),
        "next": Asked(before=500),
        "person and days": Asked(who=TIP, first="2026-03-01"),
    }
    async with services.database.read() as connection:
        for name, asked in wanted.items():
            query = select(audit).where(*conditions(asked)).order_by(audit.c.n.desc()).limit(SHOWN + 1)
            spelt = query.compile(connection.sync_connection)
            values = tuple(spelt.params[each] for each in spelt.positiontup or ())
            plan = [row[-1] for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {spelt}", values)]
            if name != "all":
                assert [step for step in plan if step.startswith("SEARCH")], (name, plan)
            assert not [step for step in plan if "TEMP B-TREE" in step and name != "days"], (name, plan)


def test_an_act_is_found_with_what_may_stand_behind_it_and_never_with_more() -> None:
    assert act_of("chat.on.ar") == (ACTS["chat.on"], "ar")
    assert act_of("desk.refused:100") == (ACTS["desk.refused"], "100")
    assert ACTS["desk.refused"].tail is Tail.NUMBER
    for written in ("chat.on.", "chat.zone.x", "tip.opened:3", "desk.refused.x", "", "tip", "tip.looked_at"):
        assert act_of(written) is None
    assert max(map(len, ACTS)) + len(":1000000000") <= 40
