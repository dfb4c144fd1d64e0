"""Holds the acts of the desk on a tip: who may do what, what two at once see, and that no receipt opens any of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.errors import NotThere
from portal.ids import random_id
from portal.staff.rights import Role
from portal.staff.tables import audit
from portal.vault import tip_desk, tips as vault
from portal.vault.errors import SealBroken
from tests.tips.test_filing import FORM, file_with_receipt
from tests.tips.work.conftest import WorkHouse
from tips import store
from tips.tip import Status
from tips.work.acts import Meanwhile, NobodyAsked, NotToHer, TooManyLabels
from tips.work.deeds import A_SUPERVISOR, Word
from tips.work.labels import MOST, Change

pytestmark = pytest.mark.anyio


async def lines(work: WorkHouse, tip: bytes) -> list[str]:
    async with work.tips.services.database.read() as connection:
        rows = await connection.execute(select(audit.c.act).where(audit.c.subject == tip).order_by(audit.c.n))
        return list(rows.scalars())


async def test_a_tip_is_taken_given_and_given_back_each_with_one_line(work: WorkHouse) -> None:
    kim, tip = await work.joins("Kim", "es"), (await work.filed()).tip
    robin = work.tips.robin
    await work.gives(tip, robin)
    await work.gives(tip, kim, seen=robin.staff_id)
    work.tips.clock.advance(timedelta(seconds=1))
    await work.working.assign(robin, tip, b"", seen=kim.staff_id, part=random_id())
    read = await work.reads(tip)
    assert read.desk.assignee == b""
    assert [(e.act, e.alias, e.said.get("alias")) for e in read.entries if e.act == "assigned"] == [
        ("assigned", "Robin", "Robin"),
        ("assigned", "Robin", "Kim"),
        ("assigned", "Robin", ""),
    ]
    # Who takes an unread tip reads it.
    assert read.status is Status.BEING_READ
    assert await lines(work, tip) == ["tip.assigned", "tip.reading", *["tip.assigned"] * 2, "tip.opened"]


async def test_of_two_who_take_a_tip_at_once_the_second_sees_what_the_first_did(work: WorkHouse) -> None:
    kim, tip = await work.joins("Kim", "es"), (await work.filed()).tip
    done = await asyncio.gather(work.gives(tip, work.tips.robin), work.gives(tip, kim, by=kim), return_exceptions=True)
    assert [type(each) for each in done if each is not None] == [Meanwhile]
    read = await work.reads(tip)
    assert read.desk.assignee in (kim.staff_id, work.tips.robin.staff_id)
    assert [entry.act for entry in read.entries].count("assigned") == 1


async def test_a_page_pressed_twice_does_everything_once(work: WorkHouse) -> None:
    kim, tip, robin = await work.joins("Kim", "es"), (await work.filed()).tip, work.tips.robin
    parts = [random_id() for _ in range(6)]
    for _ in range(2):
        await work.working.assign(robin, tip, robin.staff_id, seen=b"", part=parts[0])
        await work.working.hand_over(robin, tip, kim.staff_id, "call", seen=robin.staff_id, part=parts[1])
        await work.working.label(robin, tip, Change(("farm",)), part=parts[2])
        await work.working.note(robin, tip, "seen before", part=parts[3])
        await work.working.ask_eyes(robin, tip, A_SUPERVISOR, "", part=parts[4])
        await work.working.give_word(robin, tip, Word.AGREE, "", part=parts[5])
    read = await work.reads(tip, kim)
    assert sorted(entry.act for entry in read.entries) == sorted(
        ["assigned", "status", "handed", "labels", "note", "eyes_asked", "eyes_given"]
    )
    assert (read.desk.assignee, read.desk.labels, read.desk.eyes) == (kim.staff_id, ("farm",), ())


async def test_a_tip_goes_to_who_reads_it_and_to_everybody_only_where_nobody_does(work: WorkHouse) -> None:
    tip = (await work.filed()).tip
    bo = await work.joins("Bo", "en")
    await work.gives(tip, bo)  # nobody else reads Spanish yet
    kim = await work.joins("Kim", "es", "en")
    with pytest.raises(NotToHer):
        await work.gives(tip, bo, seen=bo.staff_id)
    await work.gives(tip, kim, seen=bo.staff_id)
    # Oneself one may always take it.
    await work.gives(tip, work.tips.robin, seen=kim.staff_id)


@pytest.mark.parametrize("who", ["left", "no key", "no right", "nobody there", "herself"])
async def test_a_tip_is_handed_to_nobody_who_cannot_work_on_it(work: WorkHouse, who: str) -> None:
    tip, robin = (await work.filed()).tip, work.tips.robin
    kim = await work.joins("Kim", "es")
    other = {
        "left": lambda: work.joins("Lou", "es"),
        "no key": lambda: work.joins("Lou", "es", keys=("chat",)),
        "no right": lambda: work.joins("Lou", "es", role=Role.DIRECTORY_EDITOR),
    }.get(who)
    to = robin.staff_id if who == "herself" else random_id()
    if other is not None:
        lou = await other()
        to = lou.staff_id
        if who == "left":
            await work.leaves(lou)
    with pytest.raises(NotToHer):
        await work.working.hand_over(robin, tip, to, "look", seen=b"", part=random_id())
    assert (await work.reads(tip)).entries == ()
    await work.working.hand_over(robin, tip, kim.staff_id, "look", seen=b"", part=random_id())
    assert (await work.reads(tip, kim)).desk.assignee == kim.staff_id


async def test_a_second_look_is_asked_of_one_given_by_her_or_a_supervisor_and_by_nobody_else(work: WorkHouse) -> None:
    kim, bo, tip = await work.joins("Kim", "es"), await work.joins("Bo", "es"), (await work.filed()).tip
    robin = work.tips.robin
    await work.working.ask_eyes(bo, tip, kim.staff_id, "is it the same farm?", part=random_id())
    with pytest.raises(NobodyAsked):
        await work.working.give_word(bo, tip, Word.AGREE, "", part=random_id())
    await work.working.give_word(kim, tip, Word.TALK, "perhaps", part=random_id())
    with pytest.raises(NobodyAsked):
        await work.working.give_word(kim, tip, Word.AGREE, "", part=random_id())
    work.tips.clock.advance(timedelta(seconds=1))
    await work.working.ask_eyes(bo, tip, A_SUPERVISOR, "", part=random_id())
    with pytest.raises(NobodyAsked):
        await work.working.give_word(kim, tip, Word.AGREE, "", part=random_id())
    await work.working.give_word(robin, tip, Word.AGREE, "", part=random_id())
    read = await work.reads(tip)
    assert read.desk.eyes == ()
    assert [entry.said["word"] for entry in read.entries if entry.act == "eyes_given"] == ["talk", "agree"]


async def test_labels_have_a_bound(work: WorkHouse) -> None:
    tip, robin = (await work.filed()).tip, work.tips.robin
    many = tuple(f"label {n}" for n in range(MOST))
    await work.working.label(robin, tip, Change(many), part=random_id())
    with pytest.raises(TooManyLabels):
        await work.working.label(robin, tip, Change(("one more",)), part=random_id())
    assert (await work.reads(tip)).desk.labels == many


async def test_without_the_key_or_the_tip_nothing_is_done(work: WorkHouse) -> None:
    tip, bare = (await work.filed()).tip, work.tips.without_keys
    for who, which in ((bare, tip), (work.tips.robin, random_id())):
        for act in (
            work.working.assign(who, which, who.staff_id, seen=b"", part=random_id()),
            work.working.note(who, which, "n", part=random_id()),
            work.working.label(who, which, Change(("a",)), part=random_id()),
            work.working.ask_eyes(who, which, A_SUPERVISOR, "", part=random_id()),
        ):
            with pytest.raises(NotThere):
                await act
    assert (await work.reads(tip)).entries == ()


async def test_no_receipt_opens_what_staff_wrote_and_the_sender_reads_none_of_it(work: WorkHouse) -> None:
    filing, receipt = await file_with_receipt(work.tips, FORM)
    await work.working.note(work.tips.robin, filing.tip, "a canary note", part=random_id())
    await work.working.label(work.tips.robin, filing.tip, Change(("canary",)), part=random_id())
    visit = await work.tips.doors.tip_for_receipt(receipt)
    assert visit is not None
    thread = await work.tips.follow_up.read(visit)
    assert "canary" not in str([(words.text, words.place) for words in (*thread.closed, *thread.open)])
    async with work.tips.services.database.read() as connection:
        kept = [each for each in await store.read_parts(connection, filing.tip) if each.kind == store.DESK]
        sealed = await store.read_tip(connection, filing.tip)
    assert sealed is not None
    assert sealed.desk_card is not None
    assert len(kept) == 2
    for key in (visit.keys.words, visit.keys.names):
        with pytest.raises(SealBroken):
            tip_desk.open_desk_card(key, filing.tip, sealed.desk_card)
        for part in kept:
            with pytest.raises(SealBroken):
                tip_desk.open_desk_entry(key, filing.tip, part.part, part.box)
            with pytest.raises(SealBroken):
                vault.open_words(key, filing.tip, "note", 1, part.box)


async def test_the_log_is_in_the_order_it_was_done(work: WorkHouse) -> None:
    tip = (await work.filed()).tip
    for text in ("one", "two", "three"):
        work.tips.clock.advance(timedelta(minutes=1))
        await work.working.note(work.tips.robin, tip, text, part=random_id())
    assert [entry.text for entry in (await work.reads(tip)).entries] == ["one", "two", "three"]
