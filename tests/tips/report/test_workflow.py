"""Holds who may do what with a report: two people before it leaves, or, in an emergency, after."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.errors import NotThere
from portal.ids import random_id, to_text
from portal.staff.tables import audit
from portal.staff.unlock import WrongPassphrase
from tests.tips.report.conftest import PASSPHRASE, Desk, draft, step
from tips.report.course import APPROVED, RETURNED, SEEN, Stage
from tips.report.refusing import ItChanged, NamesClosed, NotYet, NotYours, ReasonMissing
from tips.report.rules import Basis
from tips.tip import Kind

pytestmark = pytest.mark.anyio


async def acts(desk: Desk) -> list[str]:
    async with desk.house.services.database.read() as connection:
        rows = await connection.execute(select(audit.c.act).where(audit.c.subject == desk.tip).order_by(audit.c.n))
        return [row.act for row in rows if row.act != "tip.opened"]


async def flags(desk: Desk) -> tuple[str, ...]:
    return (await desk.house.review.open(desk.robin, desk.tip)).desk.flags


async def test_an_approved_report_leaves_and_each_act_is_in_the_chain(desk: Desk) -> None:
    report = await desk.drafts(draft())
    assert await flags(desk) == ("report_waits",)
    await desk.approves(report)
    assert await flags(desk) == ()
    leave, _, found = await desk.reporting.leaving(desk.robin, await desk.exports(report))
    assert (leave.form, found.stage, len(found.exports)) == ("json", Stage.APPROVED, 1)
    assert await acts(desk) == ["tip.report_drafted", "tip.report_approved", "tip.exported"]


async def test_nothing_leaves_before_somebody_else_has_looked(desk: Desk) -> None:
    report = await desk.drafts(draft())
    with pytest.raises(NotYet):
        await desk.exports(report)
    # Written down though the transaction that was refused is rolled back.
    assert await acts(desk) == ["tip.report_drafted", "tip.export_refused"]


async def test_the_author_approves_nothing_of_her_own(desk: Desk) -> None:
    report = await desk.drafts(draft())
    for act in (APPROVED, RETURNED, SEEN):
        with pytest.raises(NotYours):
            await desk.approves(report, by=desk.robin, act=act, why="mine")
    assert (await desk.report(report)).stage is Stage.WAITING


async def test_whoever_wrote_any_draft_of_it_is_not_the_second_person(desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.approves(report, act=RETURNED, why="name less")
    await desk.drafts(draft({"kind": ""}), by=desk.sam, report=report, number=2)
    for author in (desk.robin, desk.sam):
        with pytest.raises(NotYours):
            await desk.approves(report, by=author)


async def test_an_approval_by_an_author_counts_for_nothing_even_if_it_stood_there(desk: Desk) -> None:
    """Whoever holds the key could write an entry; the rule that reads them takes no author's word for a second one."""
    report = await desk.drafts(draft())
    async with desk.house.services.database.write() as connection:
        tip = await desk.house.doors.tip_for_advocate(connection, desk.robin, desk.tip)
        assert tip is not None
        said = {"report": report, "step": "2"}
        await desk.house.book.write(connection, desk.robin, tip, APPROVED, part=random_id(), said=said)
    with pytest.raises(NotYet):
        await desk.exports(report)


async def test_what_is_sent_back_says_why_and_needs_a_new_look(desk: Desk) -> None:
    report = await desk.drafts(draft())
    with pytest.raises(ReasonMissing):
        await desk.approves(report, act=RETURNED, why="  ")
    await desk.approves(report, act=RETURNED, why="name less")
    found = await desk.report(report)
    assert found.judged is not None
    assert (found.stage, found.judged.text, found.judged.alias) == (Stage.RETURNED, "name less", "Sam")
    with pytest.raises(NotYet):
        await desk.exports(report)
    await desk.drafts(draft({"kind": ""}), report=report, number=2)
    assert (await desk.report(report)).stage is Stage.WAITING
    await desk.approves(report)
    await desk.exports(report)


async def test_an_approved_report_that_is_written_anew_is_not_approved(desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.approves(report)
    await desk.drafts(draft({"kind": ""}), report=report, number=2)
    with pytest.raises(NotYet):
        await desk.exports(report)


async def test_nobody_judges_what_she_has_not_seen(desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.drafts(draft({"kind": ""}), report=report, number=1)
    with pytest.raises(ItChanged):
        await desk.reporting.judge(desk.sam, desk.tip, report, step(1), APPROVED)
    with pytest.raises(ItChanged):
        await desk.drafts(draft(), report=report, number=1)


async def test_words_that_came_meanwhile_are_looked_at_before_a_draft_stands(desk: Desk) -> None:
    seen = (await desk.reporting.look(desk.robin, desk.tip)).mark
    await desk.house.follow_up.add(desk.visit, "My name is Ana", random_id())
    with pytest.raises(ItChanged):
        await desk.reporting.draft(desk.robin, desk.tip, to_text(random_id()), step(0), draft(), seen)


async def test_what_is_told_after_the_draft_is_not_in_the_report(desk: Desk) -> None:
    report = await desk.drafts(draft({"text": "clear", "added": "clear"}))
    await desk.house.follow_up.add(desk.visit, "A word of tomorrow", random_id())
    await desk.approves(report)
    _, opened, found = await desk.reporting.leaving(desk.robin, await desk.exports(report))
    told = opened.told(found.draft.parts)
    assert [words.kind for words in told.words] == [Kind.TOLD]


async def test_the_same_page_sent_twice_is_done_once(desk: Desk) -> None:
    opened = await desk.reporting.look(desk.robin, desk.tip)
    report, first = to_text(random_id()), step(0)
    for _ in range(2):
        await desk.reporting.draft(desk.robin, desk.tip, report, first, draft(), opened.mark)
    second = step(1)
    for _ in range(2):
        await desk.reporting.judge(desk.sam, desk.tip, report, second, RETURNED, "why")
    assert await acts(desk) == ["tip.report_drafted", "tip.report_returned"]


async def test_an_emergency_leaves_at_once_is_marked_and_owes_a_second_look(desk: Desk) -> None:
    report = await desk.drafts(draft(basis=Basis.HARM, at_once=True))
    _, _, found = await desk.reporting.leaving(desk.robin, await desk.exports(report))
    assert (found.stage, found.owes_look) == (Stage.WAITING, True)
    assert await flags(desk) == ("report_owes_look",)
    with pytest.raises(NotYours):
        await desk.approves(report, by=desk.robin, act=SEEN, why="fine")
    with pytest.raises(ReasonMissing):
        await desk.approves(report, act=SEEN)
    with pytest.raises(NotYet):
        await desk.drafts(draft(basis=Basis.HARM), report=report, number=1)
    await desk.approves(report, act=SEEN, why="right to do")
    assert (await flags(desk), (await desk.report(report)).stage) == ((), Stage.APPROVED)
    assert await acts(desk) == ["tip.report_drafted", "tip.exported", "tip.report_seen"]


async def test_a_second_look_that_finds_it_wrong_stops_it_from_leaving_again(desk: Desk) -> None:
    report = await desk.drafts(draft(basis=Basis.HARM, at_once=True))
    token = await desk.exports(report)
    await desk.approves(report, act=RETURNED, why="no danger there")
    assert not (await desk.report(report)).owes_look
    with pytest.raises(NotYet):
        await desk.exports(report)
    with pytest.raises(ItChanged):
        await desk.reporting.leaving(desk.robin, token)


@pytest.mark.parametrize("basis", [Basis.MINOR, Basis.LAW, Basis.HARM])
async def test_only_an_emergency_that_says_so_goes_before_the_second_look(desk: Desk, basis: Basis) -> None:
    report = await desk.drafts(draft(basis=basis))
    with pytest.raises(NotYet):
        await desk.exports(report)


async def test_a_file_is_taken_only_with_the_passphrase_once_more(desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.approves(report)
    with pytest.raises(WrongPassphrase):
        await desk.reporting.export(desk.robin, desk.tip, report, step(2), PASSPHRASE + "x", "json", "en")
    assert "tip.exported" not in await acts(desk)


async def test_a_pass_is_of_one_person_alone(desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.approves(report)
    token = await desk.exports(report)
    with pytest.raises(NotThere):
        await desk.reporting.leaving(desk.sam, token)


async def test_whoever_cannot_read_a_name_neither_offers_nor_approves_one(desk: Desk) -> None:
    with pytest.raises(NamesClosed):
        await desk.drafts(draft({"text": "clear", "name": ""}), by=desk.kim)
    report = await desk.drafts(draft({"text": "clear", "name": ""}))
    with pytest.raises(NamesClosed):
        await desk.approves(report, by=desk.kim)
    await desk.approves(report)


async def test_a_report_of_another_tip_and_none_answer_alike(desk: Desk) -> None:
    for nobody in (to_text(random_id()), "", "x"):
        with pytest.raises(NotThere):
            await desk.reporting.judge(desk.sam, desk.tip, nobody, step(1), APPROVED)
    report = await desk.drafts(draft())
    with pytest.raises(NotThere):
        await desk.reporting.judge(desk.sam, random_id(), report, step(1), APPROVED)
    with pytest.raises(NotThere):
        await desk.reporting.look(desk.house.without_keys, desk.tip)
