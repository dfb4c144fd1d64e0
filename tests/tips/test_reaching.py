"""Holds how she may be reached being hers: seen on coming back, changed, taken back, and then nowhere any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.errors import NotThere
from portal.store.database import Database, DatabaseAway
from tests.support.catalogues import phrases
from tests.support.html import Document
from tests.tips.conftest import TipHouse
from tests.tips.phone import Phone
from tests.tips.test_filing import file_with_receipt
from tests.tips.test_on_disk import on_disk
from tests.tips.test_telling import LANGUAGES, newest, sends_and_opens
from tips import store
from tips.form import TipForm, read_names, typed_names
from tips.tip import Names, Status, names_now

pytestmark = pytest.mark.anyio

OLD = Names("555-0101", "Kim", "mornings", "say: the dentist", "no", "fr")
FIELDS = {
    "reach": "555-0199",
    "called": "K.",
    "hours": "after nine",
    "mask": "the school",
    "voice": "1",
    "tongue": "es",
}


def test_what_she_left_stands_in_the_fields_as_she_left_it() -> None:
    read = read_names(FIELDS)
    assert isinstance(read, Names)
    assert (read.reach, read.voice, read.tongue) == ("555-0199", "yes", "es")
    assert typed_names(read) == FIELDS
    assert typed_names(Names()) == {}


def test_of_what_was_left_her_last_change_counts_alone() -> None:
    from tests.tips.test_tip import NOON

    first, second = Names("555-1", changed=NOON), Names("555-2", changed=NOON + timedelta(hours=1))
    assert names_now([second, OLD, first]) == (second,)
    assert names_now([OLD, Names(changed=NOON)]) == (), "taken back"
    assert names_now([Names(), OLD, Names("555-3")]) == (OLD, Names("555-3")), "of forms nobody knows the later one"


async def test_a_change_leaves_nothing_of_the_number_before(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house, TipForm("w", names=OLD))
    before = await names_box(house, filing.tip)
    assert before[40:64] in on_disk(house)
    house.clock.advance(timedelta(minutes=5))
    await house.follow_up.reach(filing.visit, Names("555-0199"))
    assert before[40:64] not in on_disk(house), "neither in the file nor in its log"
    read = await house.review.open(house.robin, filing.tip)
    assert read.names is not None
    assert [names.reach for names in read.names] == ["555-0199"]
    assert read.status is Status.NEW
    assert (await house.review.open(house.without_names, filing.tip)).names is None
    assert (await house.follow_up.read(filing.visit)).left.reach == "555-0199"


async def test_what_is_taken_back_is_gone_for_staff_and_for_her(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house, TipForm("w", names=OLD))
    before = await names_box(house, filing.tip)
    for _ in range(2):  # pressed twice
        await house.follow_up.reach(filing.visit, Names())
    assert before[40:64] not in on_disk(house)
    assert (await house.review.open(house.robin, filing.tip)).names == ()
    assert not (await house.follow_up.read(filing.visit)).has_reach


async def test_the_disk_does_not_tell_that_she_changed_it(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house, TipForm("w", names=OLD))
    before = await names_row(house, filing.tip)
    house.clock.advance(timedelta(days=3))
    await house.follow_up.reach(filing.visit, Names("555-0199"))
    after = await names_row(house, filing.tip)
    assert (after.kind, after.day, after.revision, len(after.box)) == (
        before.kind,
        before.day,
        before.revision,
        len(before.box),
    )


async def test_nobody_reaches_a_tip_that_is_erased(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house, TipForm("w", names=OLD))
    await house.follow_up.erase(filing.visit)
    with pytest.raises(NotThere):
        await house.follow_up.reach(filing.visit, Names("555-0199"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_she_sees_it_behind_a_tap_and_changes_it(phone: Phone, language: str) -> None:
    token = await sends_and_opens(phone, **FIELDS)
    page = Document((await phone.posts(f"/{language}/note/back/more", {"t": token, "do": "open"})).text)
    form = next(form for form in page.forms if "called" in form.fields)
    assert form.fields["reach"] == "555-0199"
    assert 'id="reached"><summary' in phone.answer.text, "closed until she taps"
    await phone.posts(f"/{language}/note/back/more", {**form.fields, "reach": "٥٥٥-٠١٢٣", "do": "reach"})
    assert 'id="reached" open' in phone.answer.text
    (left,) = (await newest(phone)).names or ()
    assert (left.reach, left.name, left.voice) == ("555-0123", "K.", "yes"), "digits of every script are read"


async def test_taking_it_back_is_one_tap_and_never_waits(phone: Phone) -> None:
    token = await sends_and_opens(phone, **FIELDS)
    for _ in range(35):
        await phone.posts("/en/note/back/more", {"t": token, "do": "reach", "reach": "555-0123"})
    assert "It is still as it was." in phone.answer.text
    assert "555-0123" in phone.answer.text, "what she typed stands in its field"
    await phone.posts("/en/note/back/more", {"t": token, "do": "unreach"})
    assert phrases("tips", "en")["thread.reach.saved"][0] in phone.answer.text
    assert "You left no way to reach you." in phone.answer.text
    assert (await newest(phone)).names == ()


async def test_too_much_is_said_at_its_field_and_kept(phone: Phone) -> None:
    token = await sends_and_opens(phone, **FIELDS)
    await phone.posts("/en/note/back/more", {"t": token, "do": "reach", "called": "x" * 201})
    assert 'href="#called"' in phone.answer.text
    assert "x" * 201 in phone.answer.text
    (left,) = (await newest(phone)).names or ()
    assert left.name == "K."


async def test_a_late_copy_of_the_form_brings_no_old_number_back(phone: Phone) -> None:
    start = phone.house.services.start_tokens.make()
    await phone.files(token=start, reach="555-0101")
    token = phone.hidden("t")
    await phone.posts("/en/note/back/more", {"t": token, "do": "unreach"})
    await phone.files(token=start, reach="555-0101")
    read = await newest(phone)
    assert (read.names, len(read.words)) == ((), 1)


async def test_with_the_database_away_nothing_is_said_to_be_changed(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await sends_and_opens(phone, **FIELDS)

    def is_away(_self: Database) -> None:
        raise DatabaseAway("away")

    with monkeypatch.context() as away:
        away.setattr(Database, "write", is_away)
        await phone.posts("/en/note/back/more", {"t": token, "do": "reach", "reach": "555-0123"})
    assert "It is still as it was." in phone.answer.text
    (left,) = (await newest(phone)).names or ()
    assert left.reach == "555-0199"


async def names_row(house: TipHouse, tip: bytes) -> store.SealedPart:
    async with house.services.database.read() as connection:
        (row,) = [part for part in await store.read_parts(connection, tip) if part.kind == store.NAMES]
    return row


async def names_box(house: TipHouse, tip: bytes) -> bytes:
    return (await names_row(house, tip)).box
