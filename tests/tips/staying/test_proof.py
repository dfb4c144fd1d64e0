"""Holds the proof to what was really looked for: in the files, after the log is empty, and to saying what it is not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from portal.ids import random_id
from portal.store.sought import CHUNK, Found, search
from tests.tips.conftest import TipHouse
from tests.tips.staying.conftest import Weeks
from tests.tips.test_filing import file, file_with_receipt
from tips.staying.holding import Holding
from tips.staying.proof import Proof, Proving
from tips.staying.tables import tip_proofs
from tips.tables import tip_keys, tips

pytestmark = pytest.mark.anyio

TODAY = date(2026, 3, 4)


@pytest.fixture
def proving(house: TipHouse) -> Proving:
    services = house.services
    return Proving(services.settings, services.database, services.staff.folder)


async def proof_of(proving: Proving, tip: bytes) -> Proof:
    (proof,) = await proving.of([tip])
    return proof


async def test_of_an_erased_tip_everything_is_shown_once_it_was_searched_for(house: TipHouse, proving: Proving) -> None:
    filing, _ = await file_with_receipt(house)
    await house.follow_up.erase(filing.visit)
    before = await proof_of(proving, filing.tip)
    assert (before.is_gone, before.is_whole, before.found, before.log_is_empty) == (True, False, None, True)
    assert await house.retention.searching.once() == 1
    proof = await proof_of(proving, filing.tip)
    assert proof.is_whole
    assert (proof.erased_on, proof.searched_on, proof.found) == (TODAY, TODAY, Found.NOTHING)
    assert proof.copies_open_until == TODAY + timedelta(14)
    assert await house.retention.searching.once() == 0
    assert await proving.of_day(TODAY) == [proof]
    assert await proving.days() == [(TODAY, 1)]


async def test_a_key_that_still_stands_in_a_file_is_found_and_looked_for_again(
    house: TipHouse, proving: Proving
) -> None:
    filing, _ = await file_with_receipt(house)
    other = (await file(house)).filing.tip
    async with house.services.database.write() as connection:
        (words,) = (await connection.execute(tip_keys.select().where(tip_keys.c.tip == filing.tip))).all()
        # Somebody copied it: it stands in the row of another tip too.
        await connection.execute(update(tips).where(tips.c.id == other).values(card=words.words_copy))
    await house.follow_up.erase(filing.visit)
    await house.retention.searching.once()
    assert (await proof_of(proving, filing.tip)).found is Found.SOMETHING
    await house.retention.erase(other)
    await house.retention.searching.once()
    assert (await proof_of(proving, filing.tip)).is_whole


async def test_what_nobody_erased_and_what_is_held_are_not_shown_as_gone(house: TipHouse, proving: Proving) -> None:
    filing, _ = await file_with_receipt(house)
    there, never = await proof_of(proving, filing.tip), await proof_of(proving, random_id())
    assert (there.erased_on, there.is_gone, there.is_whole) == (None, False, False)
    assert (never.erased_on, never.is_gone, never.is_whole) == (None, False, False)
    holding = Holding(house.services, house.doors, house.book, house.retention)
    await holding.hold(house.robin, filing.tip, "By order.", random_id())
    await house.follow_up.erase(filing.visit)
    held = await proof_of(proving, filing.tip)
    assert (held.erased_on, held.is_gone) == (TODAY, False)
    assert await house.retention.searching.once() == 0


async def test_who_only_writes_rows_proves_nothing(house: TipHouse, proving: Proving) -> None:
    filing, _ = await file_with_receipt(house)
    await house.follow_up.erase(filing.visit)
    async with house.services.database.write() as connection:
        forged = {"tip": filing.tip, "day": TODAY.isoformat(), "found": "nothing", "mark": bytes(32)}
        await connection.execute(insert(tip_proofs).values(forged))
    assert (await proof_of(proving, filing.tip)).found is None


async def test_a_purge_is_proved_like_an_erasing(weeks: Weeks, proving: Proving) -> None:
    filing, _ = await weeks.answered()
    await weeks.until(lambda: weeks.is_gone(filing.tip))
    assert await weeks.house.retention.searching.once() == 1
    proof = await proof_of(proving, filing.tip)
    assert proof.is_whole
    assert proof.erased_on is not None
    assert proof.erased_on >= TODAY + timedelta(365)


@pytest.mark.parametrize("at", [0, 17, CHUNK - 24, CHUNK - 7, CHUNK, 2 * CHUNK + 5])
def test_a_piece_is_found_wherever_it_stands(tmp_path: Path, at: int) -> None:
    piece, other = bytes(range(24)), bytes(range(100, 124))
    (tmp_path / "rows").write_bytes(b"x" * at + other + b"x" * (3 * CHUNK - at))
    sought = {b"t": piece + other, b"u": piece}
    files = [tmp_path / "rows", tmp_path / "not there"]
    assert search(sought, files) == {b"t"}
