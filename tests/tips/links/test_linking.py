"""Holds the linking of two notes: two people each time, on the desk's side alone, once however many press at once."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import select

from portal.errors import NotThere
from portal.ids import random_id, to_text
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file_with_receipt
from tips.form import TipForm
from tips.links import rule
from tips.links.linking import Linked, Linking
from tips.links.rule import Answer, Link, OtherPersonNeeded, What, link_with
from tips.tables import tip_parts
from tips.tip import Status
from tips.work.entries import Entry

pytestmark = pytest.mark.anyio

OLD = TipForm(words="A heron by the third lock.")
NEW = TipForm(words="It is me again.", facts={"lost": ("yes",), "past": ("A heron",)})
ONE, OTHER = b"1" * 16, b"2" * 16
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclasses.dataclass
class Two:
    """A new note, an older one, and two people who may read both."""

    house: TipHouse
    linking: Linking
    new: bytes
    old: bytes

    @property
    def robin(self) -> Signed:
        return self.house.robin

    @property
    def sasha(self) -> Signed:
        return self.house.without_names

    async def stands(self, tip: bytes = b"") -> Link:
        """How the new tip stands to the older one; or, of the older one, to the new."""
        one, other = (self.old, self.new) if tip == self.old else (self.new, self.old)
        return link_with((await self.house.review.open(self.robin, one)).entries, other)

    async def shows(self, tip: bytes) -> Linked:
        return await self.linking.of(self.robin, await self.house.review.open(self.robin, tip))

    async def are_linked(self) -> None:
        await self.linking.propose(self.robin, self.new, self.old, What.LINK)
        await self.linking.answer(self.sasha, self.old, self.new, Answer.YES)


@pytest.fixture
async def two(house: TipHouse) -> Two:
    old, _ = await file_with_receipt(house, OLD)
    house.clock.advance(timedelta(days=3))
    new, _ = await file_with_receipt(house, NEW)
    linking = Linking(house.services, house.doors, house.book, house.review)
    return Two(house, linking, new.tip, old.tip)


async def test_one_proposes_another_agrees_and_both_tips_say_so(two: Two) -> None:
    await two.linking.propose(two.robin, two.new, two.old, What.LINK, "She named the lock.")
    for tip in (two.new, two.old):
        link = await two.stands(tip)
        assert (link.is_linked, link.asked, link.alias, link.text) == (False, What.LINK, "Robin", "She named the lock.")
        assert (await two.shows(tip)).thread == ()
    await two.linking.answer(two.sasha, two.old, two.new, Answer.YES)
    for tip in (two.new, two.old):
        shown = await two.shows(tip)
        assert [(line.tip.id, line.words.text) for line in shown.thread] == [(two.old, OLD.words), (two.new, NEW.words)]
        assert (await two.stands(tip)).is_linked


async def test_nobody_links_or_parts_alone(two: Two) -> None:
    await two.linking.propose(two.robin, two.new, two.old, What.LINK)
    for one, other in ((two.new, two.old), (two.old, two.new)):
        with pytest.raises(OtherPersonNeeded):
            await two.linking.answer(two.robin, one, other, Answer.YES)
    assert not (await two.stands()).is_linked
    await two.linking.answer(two.sasha, two.new, two.old, Answer.YES)
    await two.linking.propose(two.sasha, two.old, two.new, What.PART)
    with pytest.raises(OtherPersonNeeded):
        await two.linking.answer(two.sasha, two.new, two.old, Answer.YES)
    assert (await two.stands()).is_linked
    await two.linking.answer(two.robin, two.new, two.old, Answer.YES)
    assert not (await two.stands()).is_linked
    assert (await two.shows(two.old)).thread == ()


async def test_a_proposal_that_fell_may_be_made_again(two: Two) -> None:
    for person in (two.robin, two.sasha):
        await two.linking.propose(two.robin, two.new, two.old, What.LINK)
        await two.linking.answer(person, two.new, two.old, Answer.NO)
    assert await two.stands() == Link(two.old, round=2)
    await two.are_linked()
    assert (await two.stands()).is_linked


async def test_of_two_who_propose_or_agree_at_once_one_does(two: Two) -> None:
    async def tried(act: object) -> bool:
        try:
            await act  # type: ignore[misc]
        except NotThere:
            return False
        return True

    proposals = [(two.robin, two.new, two.old), (two.sasha, two.old, two.new), (two.robin, two.old, two.new)]
    done = await asyncio.gather(*(tried(two.linking.propose(*each, What.LINK)) for each in proposals))
    assert sorted(done) == [False, False, True]
    asked = await two.stands()
    third = dataclasses.replace(two.sasha, staff_id=b"t" * 16)
    others = [each for each in (two.robin, two.sasha, third) if each.staff_id != asked.by]
    done = await asyncio.gather(*(tried(two.linking.answer(each, two.new, two.old, Answer.YES)) for each in others))
    assert sorted(done) == [False, True]
    assert await two.stands() == Link(two.old, is_linked=True, round=1)


async def test_what_is_so_already_or_waits_is_not_proposed(two: Two) -> None:
    with pytest.raises(NotThere):
        await two.linking.propose(two.robin, two.new, two.old, What.PART)
    with pytest.raises(NotThere):
        await two.linking.answer(two.robin, two.new, two.old, Answer.YES)
    await two.are_linked()
    with pytest.raises(NotThere):
        await two.linking.propose(two.sasha, two.old, two.new, What.LINK)


async def test_whoever_cannot_open_both_does_nothing(two: Two) -> None:
    for person, one, other in (
        (two.house.without_keys, two.new, two.old),
        (two.robin, two.new, random_id()),
        (two.robin, random_id(), two.old),
        (two.robin, two.new, two.new),
    ):
        with pytest.raises(NotThere):
            await two.linking.propose(person, one, other, What.LINK)
    await two.linking.propose(two.robin, two.new, two.old, What.LINK)
    with pytest.raises(NotThere):
        await two.linking.answer(two.house.without_keys, two.new, two.old, Answer.YES)
    assert not (await two.stands()).is_linked


async def test_what_she_reads_is_the_same_linked_or_not(two: Two) -> None:
    """The old words are shown to nobody who came without their number, and nothing tells that there are any."""
    house = two.house
    (old, old_number), (new, new_number) = [await file_with_receipt(house, form) for form in (OLD, NEW)]
    pair = Two(house, two.linking, new.tip, old.tip)

    async def reads() -> list[object]:
        visits = [await house.doors.tip_for_receipt(number) for number in (old_number, new_number)]
        assert None not in visits
        return [await house.follow_up.read(visit) for visit in visits if visit is not None]

    before = await reads()
    await pair.linking.propose(pair.robin, pair.new, pair.old, What.LINK, "A heron.")
    assert await reads() == before
    await pair.linking.answer(pair.sasha, pair.new, pair.old, Answer.YES)
    assert await reads() == before
    assert OLD.words not in repr(before[1])


async def test_a_tip_whose_other_one_was_erased_opens_and_shows_none_of_it(two: Two) -> None:
    await two.are_linked()
    await two.house.retention.erase(two.old)
    shown = await two.shows(two.new)
    assert [other for _, other in shown.links] == [None]
    assert shown.thread == ()


async def test_a_proposal_opens_nothing_and_calls_off_nobody(two: Two) -> None:
    """Whoever reads one note has not read the other, which may be happening now."""
    await two.linking.propose(two.robin, two.new, two.old, What.LINK)
    shown = await two.shows(two.new)
    assert [other.status for _, other in shown.links if other is not None] == [Status.NEW]
    async with two.house.services.database.read() as connection:
        opened = {row.subject for row in await connection.execute(select(audit)) if row.act == "tip.opened"}
    assert opened == {two.new}


async def test_each_act_and_each_opening_stands_in_the_audit_without_the_other_tip(two: Two) -> None:
    await two.are_linked()
    await two.shows(two.new)
    async with two.house.services.database.read() as connection:
        lines = [(row.act, row.subject) for row in await connection.execute(select(audit).order_by(audit.c.n))]
        boxes = [row.box for row in await connection.execute(select(tip_parts))]
    for act in ("tip.link_asked", "tip.linked"):
        assert {subject for each, subject in lines if each == act} == {two.new, two.old}
    assert lines[-2:] == [("tip.opened", two.new), ("tip.opened", two.old)]
    assert not any(two.old in box or to_text(two.old).encode() in box for box in boxes)


people = st.sampled_from([b"a" * 16, b"b" * 16])
words = st.tuples(people, st.sampled_from([*What, *Answer]), st.integers(0, 3))


@given(st.lists(words, max_size=12), st.randoms(use_true_random=False))
def test_no_list_of_entries_links_by_one_person(said: list[tuple[bytes, What | Answer, int]], random: object) -> None:
    """However they came to stand there: nothing is ever linked by one person, in whichever order they are read."""
    entries = [
        Entry(NOON, by, "A", rule.ASKED if word in tuple(What) else rule.LINKED, rule.said_of(OTHER, number, word))
        for by, word, number in said
    ]
    alone = [entry for entry in entries if entry.by == b"a" * 16]
    assert not link_with(alone, OTHER).is_linked
    once = list({(entry.said["round"], entry.act): entry for entry in entries}.values())
    random.shuffle(mixed := list(once))  # type: ignore[attr-defined]
    assert link_with(mixed, OTHER) == link_with(once, OTHER)
    assert rule.part_of(ONE, OTHER, 0, rule.ASKED) == rule.part_of(OTHER, ONE, 0, rule.ASKED)


def test_entries_this_house_does_not_know_count_for_nothing() -> None:
    strange = [
        Entry(NOON, b"a", "A", "linked_later", rule.said_of(OTHER, 0, What.LINK)),
        Entry(NOON, b"a", "A", rule.ASKED, {"with": "x", "round": "0", "do": "link"}),
        Entry(NOON, b"a", "A", rule.ASKED, {"with": to_text(OTHER), "round": "one", "do": "link"}),
    ]
    assert rule.links(strange) == []
