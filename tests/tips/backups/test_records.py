"""Cases, people, referrals and requests come back whole with a backup, and what was erased since does not."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select

from portal.backup.rows import Batch
from portal.backup.taken_back import said_in
from portal.consent.book import GIVEN, TAKEN_BACK
from portal.consent.terms import Kind, Subject
from portal.directory.referral import Referral
from portal.directory.referral_tables import referrals
from portal.errors import NotThere
from portal.ids import random_id, to_text
from portal.privacy.request import VERSION, Request
from portal.records.case_holds import CaseHolds
from portal.records.case_people import CasePeople
from portal.records.case_words import CaseBody, PersonBody
from portal.settings import Settings
from portal.staff.tables import audit
from tests.support.consents import yes
from tests.tips.backups.shelf import Shelf
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file_with_receipt

pytestmark = pytest.mark.anyio

MADE = Referral(service="s", service_name="Haven", organisation="o", organisation_name="Haven", kind="ngo", way="warm")
REQUEST = Request(
    version=VERSION, kind="erasure", way="letter", came="2026-03-04", due="2026-04-03", who="Wren Calloway", by="Robin"
)


async def begun(house: TipHouse, words: str) -> bytes:
    """A case with somebody who is named, and a referral made for it."""
    book = house.services.cases
    case = await book.begin(house.robin, CaseBody(words={"situation": words}, by="Robin"))
    who = PersonBody(said={"role": ("potential_victim",)})
    await CasePeople(book, CaseHolds(book.staff)).add(house.robin, case, who, {"name": "Wren Calloway"})
    await referred(house, "case", case)
    return case


async def referred(house: TipHouse, kind: str, thing: bytes) -> bytes:
    made = msgspec.structs.replace(MADE, about=kind, about_id=to_text(thing))
    return await house.services.referrals.write(house.robin, made)


async def agreed(house: TipHouse, case: bytes) -> bytes:
    today = house.clock.now().date()
    return await house.services.consents.give(house.robin, msgspec.structs.replace(yes(today), subject=case))


async def referral_ids(house: TipHouse) -> set[bytes]:
    async with house.services.database.read() as connection:
        return set(await connection.scalars(select(referrals.c.id)))


def test_a_newer_backup_says_which_yes_was_taken_back_since() -> None:
    lines = [[1, TAKEN_BACK, b"a"], [2, GIVEN, b"b"], [3, TAKEN_BACK, b""]]
    assert said_in(Batch(audit.name, ["n", "act", "subject"], lines)) == {b"a"}
    assert said_in(Batch("tips", ["id"], [[b"a"]])) == set()


async def test_what_was_erased_stays_gone_and_the_rest_of_the_records_is_read_as_before(
    shelf: Shelf, bare: Settings
) -> None:
    house, row = shelf.house, random_id()
    kept, erased = await begun(house, "Works above the shop."), await begun(house, "Sleeps in the cannery.")
    filing, _ = await file_with_receipt(house)
    of_tip = await referred(house, "tip", filing.tip)
    stays, taken_back = [await agreed(house, kept) for _ in range(2)]
    await house.services.requests.write(house.robin, REQUEST, row)
    taken = await shelf.take()
    for file in (taken.house, taken.keys):
        held = file.read_bytes()
        assert [word for word in (b"above the shop", b"cannery", b"Wren", b"Haven") if word in held] == []
    of_all = await referral_ids(house)
    assert await house.services.consents.take_back(house.robin, Subject(Kind.CASE, kept), taken_back)
    await house.services.case_staying.erase(house.robin, erased)
    await house.follow_up.erase(filing.visit)
    # What was made for either went with it.
    left = await referral_ids(house)
    assert of_tip not in left
    assert (len(of_all), len(left)) == (3, 1)
    await house.services.database.close()
    settings = house.services.settings
    assert (await shelf.restore(settings, taken.house, replaces=True)).taken_back == 1
    async with shelf.at(settings) as there:
        services = there.services
        whole = await services.cases.whole(there.robin, kept)
        assert whole.case.body.word("situation") == "Works above the shop."
        assert [each.names.words["name"] for each in whole.people if each.names] == ["Wren Calloway"]
        with pytest.raises(NotThere):
            await services.cases.open(there.robin, erased)
        assert await referral_ids(there) == left
        found = await services.referrals.about(there.robin, "case", to_text(kept))
        assert [each.referral.service_name for each in found] == ["Haven"]
        # Her one yes stands, in her words; the other, taken back since, is not given again by an older day.
        (given,) = await services.consents.of(there.robin, [Subject(Kind.CASE, kept)])
        assert (given.id, given.ended_on) == (stays, "")
        assert given.consent is not None
        assert given.consent.who == "Ana Kestrel"
        asked = await services.requests.one(there.robin, row)
        assert asked is not None
        assert asked.request == REQUEST
