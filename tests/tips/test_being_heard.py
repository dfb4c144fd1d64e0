"""A tip that happens now has people called for it at once, once, until somebody reads it."""

from __future__ import annotations

import pytest

from portal.alerts.ladder import matter
from portal.ids import random_id
from tests.tips.conftest import TipHouse
from tips.form import TipForm
from tips.tip import Urgency

pytestmark = pytest.mark.anyio


async def test_a_tip_that_happens_now_is_a_matter_and_no_other_tip_is(house: TipHouse) -> None:
    pressed = house.services.start_tokens.make()
    for urgency in Urgency:
        token = pressed if urgency is Urgency.NOW else house.services.start_tokens.make()
        filed = await house.intake.file_tip(
            TipForm(words="now", urgency=urgency), language="en", start_token=token, wants_number=False
        )
        if urgency is Urgency.NOW:
            now = filed.filing.tip
    assert await house.services.alerts.open_matters("tip") == {matter("tip", now)}

    await house.review.open(house.robin, now)
    assert await house.services.alerts.open_matters("tip") == set(), "whoever reads it has it"


async def test_a_form_sent_again_after_somebody_said_yes_calls_nobody_anew(house: TipHouse) -> None:
    token, form = house.services.start_tokens.make(), TipForm(words="now", urgency=Urgency.NOW)
    filed = await house.intake.file_tip(form, language="en", start_token=token, wants_number=False)
    await house.services.alerts.says_yes(matter("tip", filed.filing.tip), random_id())
    await house.intake.file_tip(form, language="en", start_token=token, wants_number=False)

    assert await house.services.alerts.open_matters("tip") == set()
