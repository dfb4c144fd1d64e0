"""A tip begins a case in one press, for whoever may read it; no note of the case repeats its words."""

from __future__ import annotations

import pytest

from portal.errors import NotThere
from portal.ids import to_text
from portal.records.case_room import CaseRoom
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import FORM, file
from tips.work.for_cases import ForCases

pytestmark = pytest.mark.anyio


async def test_a_tip_leads_to_its_case_and_is_not_repeated_in_it(house: TipHouse) -> None:
    tip = (await file(house, FORM, wants_number=False)).filing.tip
    services = house.services
    services.tip_for_case = ForCases(services, house.doors).facts
    room = CaseRoom(services)
    case = await room.begin_from(house.robin, "tip", tip)
    assert await room.begin_from(house.robin, "tip", tip) == case
    whole = await room.book.whole(house.robin, case)
    assert [contact.link.ref for contact in whole.contacts if contact.link] == [tip]
    assert await room.repeats(house.robin, whole, [f"She wrote: {FORM.words}"])
    assert not await room.repeats(house.robin, whole, ["Asked for a bed."])
    for nobody in (house.without_keys, house.without_names):  # who holds no key of the tips, or none of the records
        with pytest.raises(NotThere):
            await room.begin_from(nobody, "tip", tip)
    with pytest.raises(NotThere):
        await room.begin_from(house.robin, "tip", bytes(16))
    assert to_text(tip) not in repr(whole)
