"""Holds the disk to telling nothing of what was filled in: every clear byte is alike, whatever was left blank."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, select

from portal.ids import random_id
from portal.vault.errors import SealBroken
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file, file_with_receipt
from tips import parts, store
from tips.asked import FACTS
from tips.consents import Consent, Identity
from tips.form import Said, TipForm
from tips.shelf_rows import FREED
from tips.tables import tip_keys, tip_parts, tips
from tips.tip import Child, Names, Path, Urgency

pytestmark = pytest.mark.anyio

ALL_FACTS: Said = {fact: (ask.choices[:2] or ("typed words",)) for fact, ask in FACTS.items()}
EMPTY = TipForm("w")
FULL = TipForm(
    "A white van, each day at six." * 20,
    Path.SAW,
    Urgency.NOW,
    Child.YES,
    answer_welcome=True,
    place="Mill Road",
    when="mornings",
    reach="after nine",
    names=Names(name="Kim", hours="noon", mask="the gym", voice="no", tongue="ar"),
    facts=ALL_FACTS,
    identity=Identity.SHARE_OK,
    consents=frozenset(Consent),
)
FORMS = {
    "empty": EMPTY,
    "full": FULL,
    "names only": TipForm("w", names=FULL.names, reach="here"),
    "facts only": TipForm("w", facts=ALL_FACTS),
    "consents only": TipForm("w", identity=Identity.CONFIDENTIAL, consents=frozenset({Consent.IDENTITY})),
    "taps only": TipForm("w", Path.SELF, Urgency.NOW, Child.UNSURE, answer_welcome=False),
}


async def clear(house: TipHouse, tip: bytes) -> list[tuple[Any, ...]]:
    """What stands of a tip in clear: each row, random bytes by their length alone, in no order of their own."""
    found = []
    async with house.services.database.read() as connection:
        for table, column in ((tips, tips.c.id), (tip_keys, tip_keys.c.tip), (tip_parts, tip_parts.c.tip)):
            rows = await connection.execute(select(table).where(column == tip))
            found += [normal(table, tuple(row)) for row in rows]
    return sorted(found)


def normal(table: Table, row: tuple[Any, ...]) -> tuple[Any, ...]:
    said = dict(zip(table.columns.keys(), row, strict=True))
    if said.get("loose", 0) > FREED:
        said["loose"] = "a number drawn at random"
    return (table.name, *(f"{len(each)} bytes" if isinstance(each, bytes) else str(each) for each in said.values()))


async def test_every_form_looks_alike_on_disk(house: TipHouse) -> None:
    looks = {name: await clear(house, (await file(house, form)).filing.tip) for name, form in FORMS.items()}
    assert {name: look for name, look in looks.items() if look != looks["empty"]} == {}
    assert [row[3] for row in looks["empty"] if row[0] == "tip_parts"] == ["consent", "facts", "names", "words"]


async def test_a_tip_from_a_chat_looks_like_one_from_the_form(house: TipHouse) -> None:
    start = house.services.start_tokens.make()
    form = TipForm("Help.", answer_welcome=True)
    said = await house.intake.file_tip(form, language="fr", start_token=start, wants_number=True, from_talk=True)
    written = await file(house, FULL)
    assert await clear(house, said.filing.tip) == await clear(house, written.filing.tip)


@pytest.mark.parametrize("yes", [True, False])
@pytest.mark.parametrize("consent", Consent)
async def test_no_tap_is_told_from_another(house: TipHouse, consent: Consent, yes: bool) -> None:
    before = TipForm("w", consents=frozenset() if yes else frozenset(Consent))
    one, other = (await file(house, before)).filing.visit, (await file(house, EMPTY)).filing.visit
    house.clock.advance(timedelta(minutes=1))
    await house.follow_up.agree(one, consent, yes, language="en", part=random_id())
    await house.follow_up.choose(other, Identity.CONFIDENTIAL, language="ar", part=random_id())
    assert len(await clear(house, one.tip)) == 7
    assert await clear(house, one.tip) == await clear(house, other.tip)


async def test_one_detail_is_not_told_from_all_of_them(house: TipHouse) -> None:
    one, other = (await file(house)).filing.visit, (await file(house)).filing.visit
    await house.follow_up.tell(one, {"plate": ("ABC 123",)}, random_id())
    await house.follow_up.tell(other, ALL_FACTS, random_id())
    assert await clear(house, one.tip) == await clear(house, other.tip)


async def test_a_part_cannot_be_shown_as_another_kind(house: TipHouse) -> None:
    """Whoever can write rows could else turn what was agreed to into something that was told, or the other way."""
    visit = (await file(house)).filing.visit
    async with house.services.database.read() as connection:
        kept = await store.read_parts(connection, visit.tip)
    kinds: dict[str, Callable[..., list[Any]]]
    kinds = {store.WORDS: parts.open_words, store.FACTS: parts.open_facts, store.CONSENT: parts.open_consents}
    for sealed in (one for one in kept if one.kind in kinds):
        for kind, opens in kinds.items():
            turned = store.SealedPart(sealed.part, kind, sealed.day, sealed.box)
            if kind == sealed.kind:
                assert len(opens(visit.keys.words, visit.tip, [turned])) == 1
            else:
                with pytest.raises(SealBroken):
                    opens(visit.keys.words, visit.tip, [turned])


async def test_a_tip_from_before_these_parts_still_opens(house: TipHouse) -> None:
    from sqlalchemy import delete

    filing, receipt = await file_with_receipt(house)
    async with house.services.database.write() as connection:
        await connection.execute(delete(tip_parts).where(tip_parts.c.kind.in_((store.FACTS, store.CONSENT))))
    read = await house.review.open(house.robin, filing.tip)
    assert (read.facts, read.history, read.standing.identity) == ((), (), Identity.ANONYMOUS)
    visit = await house.doors.tip_for_receipt(receipt)
    assert visit is not None
    assert not (await house.follow_up.read(visit)).standing.given
    await house.follow_up.agree(visit, Consent.CONTACT, True, language="en", part=random_id())
    assert (await house.follow_up.read(visit)).standing.allows(Consent.CONTACT)
