"""Holds freezing to two people: hidden from the first word on, kept through erasing, let go by two again."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from sqlalchemy import select, update

from portal.errors import NotThere
from portal.vault import tip_files as vault
from tests.support import photos
from tests.tips.files.conftest import FilesHouse
from tips.files import store
from tips.files.holds import Act, Held, Hold, SecondPersonNeeded, after
from tips.files.tables import tip_file_holds

pytestmark = pytest.mark.anyio

A, B, C = b"a" * 16, b"b" * 16, b"c" * 16
STATES: list[Held | None] = [None, Held(Hold.ASKED, A), Held(Hold.FROZEN, A, B), Held(Hold.FREEING, A, B, C)]

TABLE: dict[tuple[Hold | None, Act, bytes], Hold | str | None] = {
    (None, "freeze", A): Hold.ASKED,
    (None, "free", A): None,
    (Hold.ASKED, "freeze", A): "second",
    (Hold.ASKED, "freeze", B): Hold.FROZEN,
    (Hold.ASKED, "free", A): None,
    (Hold.ASKED, "free", B): None,
    (Hold.FROZEN, "freeze", A): Hold.FROZEN,
    (Hold.FROZEN, "free", A): Hold.FREEING,
    (Hold.FROZEN, "free", C): Hold.FREEING,
    (Hold.FREEING, "free", C): "second",
    (Hold.FREEING, "free", A): None,
    (Hold.FREEING, "free", B): None,
    (Hold.FREEING, "freeze", C): Hold.FROZEN,
}


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_each_word_leads_where_the_table_says(case: tuple[Hold | None, Act, bytes]) -> None:
    state, act, person = case
    was = next(each for each in STATES if (None if each is None else each.hold) == state)
    if TABLE[case] == "second":
        with pytest.raises(SecondPersonNeeded):
            after(was, act, person)
    else:
        became = after(was, act, person)
        assert (None if became is None else became.hold) == TABLE[case]


def test_nobody_freezes_for_good_or_lets_go_alone() -> None:
    for acts in product(("freeze", "free"), repeat=4):
        held: Held | None = None
        for act in acts:
            try:
                held = after(held, act, A)  # type: ignore[arg-type]
            except SecondPersonNeeded:
                continue
        assert held is None or held.hold is Hold.ASKED
        frozen: Held | None = Held(Hold.FROZEN, A, B)
        for act in acts:
            try:
                frozen = after(frozen, act, C)  # type: ignore[arg-type]
            except SecondPersonNeeded:
                continue
        assert frozen is not None


async def test_from_the_first_word_on_nobody_opens_it(files: FilesHouse) -> None:
    visit, robin = await files.visits(), files.tips.robin
    file_id = await files.sends(visit, photos.phone_photo(), keeps=True)
    await files.freezing.say(robin, visit.tip, file_id, "freeze")
    for how in ("seen", "copied", "original"):
        with pytest.raises(NotThere):
            await files.showing.open(robin, visit.tip, file_id, how)
    with pytest.raises(SecondPersonNeeded):
        await files.freezing.say(robin, visit.tip, file_id, "freeze")
    kim = replace(robin, staff_id=b"k" * 16)
    await files.freezing.say(kim, visit.tip, file_id, "freeze")
    (held,) = await files.freezing.everything()
    assert held.held == Held(Hold.FROZEN, robin.staff_id, kim.staff_id)
    await files.freezing.say(robin, visit.tip, file_id, "free")
    with pytest.raises(NotThere):
        await files.showing.open(robin, visit.tip, file_id, "seen")
    await files.freezing.say(kim, visit.tip, file_id, "free")
    assert await files.showing.open(robin, visit.tip, file_id, "seen")


async def test_what_is_held_outlives_its_tip_and_goes_when_it_is_let_go(files: FilesHouse) -> None:
    visit, robin = await files.visits(), files.tips.robin
    file_id, other = await files.sends(visit, photos.phone_photo()), await files.sends(visit, photos.phone_photo())
    await files.freezing.say(robin, visit.tip, file_id, "freeze")
    kim = replace(robin, staff_id=b"k" * 16)
    await files.freezing.say(kim, visit.tip, file_id, "freeze")
    await files.tips.follow_up.erase(visit)
    assert await files.sweep.once() == 0
    async with files.tips.services.database.read() as connection:
        assert await store.read_file(connection, other) is None
        boxes = await store.read_pieces(connection, file_id, store.DRAWN)
        row = (await connection.execute(select(tip_file_holds))).one()
    key, original = vault.open_file_keys(robin.compartment_keys("tips"), visit.tip, file_id, row.key_copy)
    assert original is None
    assert b"".join(vault.open_file(key, visit.tip, file_id, store.DRAWN, boxes)).startswith(b"\xff\xd8\xff")
    await files.freezing.say(robin, visit.tip, file_id, "free")
    await files.freezing.say(kim, visit.tip, file_id, "free")
    assert await files.sweep.once() == 1


async def test_who_only_writes_rows_lets_nothing_go_with_one_word(files: FilesHouse) -> None:
    visit, robin = await files.visits(), files.tips.robin
    file_id = await files.sends(visit, photos.phone_photo())
    kim = replace(robin, staff_id=b"k" * 16)
    await files.freezing.say(kim, visit.tip, file_id, "freeze")
    async with files.tips.services.database.write() as connection:
        await connection.execute(update(tip_file_holds).values(hold="freeing", third=kim.staff_id))
    await files.freezing.say(robin, visit.tip, file_id, "free")
    with pytest.raises(NotThere):
        await files.showing.open(robin, visit.tip, file_id, "seen")


async def test_whoever_cannot_read_tips_freezes_nothing(files: FilesHouse) -> None:
    visit = await files.visits()
    file_id = await files.sends(visit, photos.phone_photo())
    with pytest.raises(NotThere):
        await files.freezing.say(files.tips.without_keys, visit.tip, file_id, "freeze")
    assert await files.freezing.everything() == []
