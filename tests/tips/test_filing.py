"""Holds the order of filing: staff have the words first, a shown number opens its tip, one token makes one tip."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.vault.errors import PoolFull, SealBroken
from portal.vault.sealing import open_box, sub
from tests.tips.conftest import TipHouse
from tips.form import TipForm
from tips.intake import SHOWN_AGAIN_FOR, Filed, Filing
from tips.receipt import Receipt
from tips.tables import tip_keys, tip_parts, tips
from tips.tip import Child, Kind, Path, ReceiptState, Status, Urgency

pytestmark = pytest.mark.anyio

FORM = TipForm(
    words="A white van, each day at six.",
    path=Path.SAW,
    urgency=Urgency.DAY,
    child=Child.UNSURE,
    answer_welcome=True,
    place="Mill Road",
    when="mornings",
    reach="after nine, by this site",
)


async def file(house: TipHouse, form: TipForm = FORM, *, token: str = "", wants_number: bool = True) -> Filed:
    """File a form the way the page does."""
    start = token or house.services.start_tokens.make()
    return await house.intake.file_tip(form, language="es", start_token=start, wants_number=wants_number)


async def file_with_receipt(house: TipHouse, form: TipForm = FORM) -> tuple[Filing, Receipt]:
    """File a form and make its number."""
    filing = (await file(house, form)).filing
    receipt = await house.intake.make_receipt(filing)
    assert receipt is not None
    return filing, receipt


async def how_many(house: TipHouse) -> int:
    """How many tips are kept."""
    async with house.services.database.read() as connection:
        return len((await connection.execute(select(tips))).all())


async def test_staff_can_read_a_tip_before_its_number_is_made(house: TipHouse) -> None:
    filing = (await file(house)).filing
    read = await house.review.open(house.robin, filing.tip)
    assert read.receipt is ReceiptState.PENDING
    assert [(words.kind, words.text, words.place, words.when) for words in read.words] == [
        (Kind.TOLD, FORM.words, FORM.place, FORM.when)
    ]
    assert (read.card.language, read.card.path, read.card.urgency) == ("es", Path.SAW, Urgency.DAY)
    assert read.reach == FORM.reach


async def test_a_shown_number_opens_its_tip(house: TipHouse) -> None:
    filing, receipt = await file_with_receipt(house)
    visit = await house.doors.tip_for_receipt(receipt)
    assert visit == filing.visit
    thread = await house.follow_up.read(visit)
    assert thread.status is Status.NEW
    assert [words.text for words in thread.closed] == [FORM.words]


async def test_the_same_token_files_one_tip(house: TipHouse) -> None:
    token = house.services.start_tokens.make()
    first, second = await file(house, token=token), await file(house, token=token)
    assert first.filing == second.filing
    assert await how_many(house) == 1
    read = await house.review.open(house.robin, first.filing.tip)
    assert len(read.words) == 1


async def test_other_words_under_the_same_token_are_added_once(house: TipHouse) -> None:
    token = house.services.start_tokens.make()
    filing = (await file(house, token=token)).filing
    for _ in range(2):
        await file(house, TipForm(words="I forgot: the plate ends in 7."), token=token)
    read = await house.review.open(house.robin, filing.tip)
    assert [(words.kind, words.text) for words in read.words] == [
        (Kind.TOLD, FORM.words),
        (Kind.ADDED, "I forgot: the plate ends in 7."),
    ]
    assert await how_many(house) == 1


async def test_a_token_that_began_a_talk_files_one_tip_and_no_more(house: TipHouse) -> None:
    """It counts once in each room: neither a double tap nor a flood makes a second tip of it."""
    tokens = house.services.start_tokens
    token = tokens.make()
    begun = await tokens.spend(token, b"a talk")
    first, second = await file(house, token=token), await file(house, token=token)
    assert first.filing == second.filing
    assert await how_many(house) == 1
    assert await tokens.spent_on(token) == begun


async def test_a_form_sent_again_after_a_while_shows_no_number(house: TipHouse) -> None:
    token = house.services.start_tokens.make()
    assert (await file(house, token=token)).may_show_number
    house.clock.advance(SHOWN_AGAIN_FOR + timedelta(seconds=1))
    assert not (await file(house, token=token)).may_show_number


async def test_an_erased_tip_is_not_filed_again_by_a_late_resend(house: TipHouse) -> None:
    token = house.services.start_tokens.make()
    filing = (await file(house, token=token)).filing
    await house.retention.erase(filing.tip)
    await file(house, token=token)
    assert await how_many(house) == 0


async def test_whoever_does_not_come_back_gets_no_way_back(house: TipHouse) -> None:
    filed = await file(house, wants_number=False)
    assert not filed.may_show_number
    async with house.services.database.read() as connection:
        row = (await connection.execute(select(tip_keys))).one()
    assert (row.find, row.receipt_copy, row.pepper) == (None, None, None)
    read = await house.review.open(house.robin, filed.filing.tip)
    assert read.receipt is ReceiptState.NOT_WANTED


async def test_making_the_number_twice_makes_the_same_one(house: TipHouse) -> None:
    filing, receipt = await file_with_receipt(house)
    assert await house.intake.make_receipt(filing) == receipt
    assert await house.doors.tip_for_receipt(receipt) == filing.visit


async def test_no_number_is_shown_for_a_tip_that_is_gone(house: TipHouse) -> None:
    filing = (await file(house)).filing
    await house.retention.erase(filing.tip)
    assert await house.intake.make_receipt(filing) is None


async def test_a_full_pool_keeps_the_tip_and_asks_for_patience(
    house: TipHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.services.pools.filing, "_places", 0)
    filing = (await file(house)).filing
    with pytest.raises(PoolFull):
        await house.intake.make_receipt(filing)
    assert (await house.review.open(house.robin, filing.tip)).words[0].text == FORM.words


async def test_clear_columns_hold_a_day_and_no_hour(house: TipHouse) -> None:
    await file_with_receipt(house)
    async with house.services.database.read() as connection:
        tip = (await connection.execute(select(tips))).one()
        parts = (await connection.execute(select(tip_parts))).all()
    assert tip.day == "2026-03-04"
    assert {part.day for part in parts} == {"2026-03-04"}


async def test_sealed_parts_are_filled_to_steps_of_four_kib(house: TipHouse) -> None:
    await file(house)
    await file(house, TipForm(words="w"))
    await file(house, TipForm(words="w" * 8000))
    async with house.services.database.read() as connection:
        sizes = {len(part.box) for part in await connection.execute(select(tip_parts))}
        cards = {len(tip.card) for tip in await connection.execute(select(tips))}
    over = min(sizes) - 4096
    assert sizes == {4096 + over, 8192 + over}
    assert cards == {4096 + over}


async def test_a_filing_does_not_print_its_keys(house: TipHouse) -> None:
    filing = (await file(house)).filing
    assert filing.code not in repr(filing)
    assert filing.code not in repr(await file(house))


async def test_the_ember_store_alone_opens_no_tip(house: TipHouse) -> None:
    filing = (await file(house)).filing
    client = house.services.ember_client
    names: list[bytes] = [key async for key in client.scan_iter(match=b"spent:*")]
    kept: list[bytes] = [await client.get(name) for name in names]  # type: ignore[misc]
    assert len(kept) == 1
    with pytest.raises(SealBroken):
        open_box(sub(names[0].removeprefix(b"spent:"), "filing"), "filing", kept[0])
    assert not any(
        secret in kept[0] for secret in (filing.words_key, filing.names_key, filing.code.encode(), filing.tip)
    )
