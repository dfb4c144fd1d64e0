"""The books of cases, referrals, requests, sheets and figures, walked through once on a server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portal.directory.referral import Referral
from portal.errors import NotThere
from portal.ids import random_id, to_text
from portal.privacy.request import VERSION, Request, Step
from portal.quality.sheet import Sheet
from portal.records.case_deciding import CaseDeciding
from portal.records.case_holds import CaseHolds
from portal.records.case_people import CasePeople
from portal.records.case_words import ContactLink, PersonBody
from portal.retention.standing import Looking
from tests.chat.conftest import ChatHouse, house
from tests.portal.figures.quarters import closed
from tests.portal.records.test_cases import body
from tests.portal.records.test_contacts import AGREED, record, written

__all__ = ["house"]
pytestmark = pytest.mark.anyio

MADE: Any = {"service": "s", "service_name": "Haven", "organisation": "o", "organisation_name": "Haven"}
MADE |= {"kind": "ngo", "way": "card"}
SHEET = Sheet(version=1, kind="check", marks={"talk": "yes"}, by="Robin")


async def test_every_book_of_the_records_is_kept_read_held_counted_and_let_go(house: ChatHouse) -> None:
    services, signed = house.services, house.advocate
    book, other = services.cases, replace(house.advocate, staff_id=random_id(), alias="Sam")
    deciding = CaseDeciding(book, CaseHolds(book.staff))

    contact = await written(house, record())
    case = await book.begin(signed, body("potential"), link=ContactLink(kind="contact", ref=contact))
    who = PersonBody(said={"age": ("adult",)})
    await CasePeople(book, CaseHolds(book.staff)).add(signed, case, who, {"name": "Kestrel Lane"})
    await deciding.write(signed, case, AGREED)
    for each in (signed, other):
        await deciding.hold(each, case, "A court asked.")
    made = Referral(**MADE, about="case", about_id=to_text(case))
    kept = await services.referrals.write(signed, made)
    row = random_id()
    asked = Request(version=VERSION, kind="police", way="phone", came="2026-03-04", due="2026-03-07", who="Sgt. Vale")
    await services.requests.write(signed, asked, row)
    await services.requests.add(signed, row, Step(version=VERSION, what="closed", request=row, value="refused"))
    await services.quality.keep(SHEET)

    whole = await book.whole(signed, case)
    assert ([each.names.words for each in whole.people if each.names], len(whole.notes)) == (
        [{"name": "Kestrel Lane"}],
        3,
    )
    assert [each.id for each in await services.referrals.about(other, "case", to_text(case))] == [kept]
    found = await services.requests.one(signed, row)
    assert found is not None
    assert (found.request, [step.what for step in found.steps]) == (asked, ["closed"])
    assert len((await services.quality.read(signed))[1]) == 1

    house.clock.advance(timedelta(days=120))
    await closed(house)
    assert {each.span for each in await services.figures.shown()} >= {"2026-Q1"}

    house.clock.advance(timedelta(days=services.settings.case_days))
    for going in (services.requests, services.quality, services.contacts, services.case_staying, services.along):
        while await going.forget_over():
            pass
        assert await going.empty_log()
    assert (await services.requests.all(signed), (await services.quality.read(signed))[1]) == ([], [])
    kinds = {each.rule.kind: each for each in await Looking(services).kinds()}
    assert [kind for kind, each in kinds.items() if not each.is_shown] == []
    assert kinds["Cases"].held == 1

    for each in (other, signed):
        await deciding.hold(each, case, "The court is done.")
    await services.case_staying.erase(signed, case)
    with pytest.raises(NotThere):
        await book.open(signed, case)
    assert [(proof.is_shown, proof.on_server) for proof in await services.case_staying.proving.proofs()] == [(True, 3)]
