"""The house's own list of campaigns: kept at the desk, chosen in a record, known to no public page."""

from __future__ import annotations

import pytest

from portal.records.campaigns import LONGEST, MOST, ListTooLong, kept_list, read_campaign, read_list, write_list
from portal.services import Services
from portal.web.forms import Form
from tests.portal.staff.walker import Walker, set_up, walker

pytestmark = pytest.mark.anyio
LISTED = ("Bus posters 2026", "Radio, spring")


def test_a_campaign_stands_on_each_line_once_and_the_list_has_a_bound() -> None:
    assert read_list("Bus posters 2026\r\n\n Radio,  spring \nBus posters 2026\n<b></b>") == LISTED
    assert kept_list(write_list(LISTED)) == LISTED
    assert kept_list("") == ()
    for too_much in ("\n".join(f"c{n}" for n in range(MOST + 1)), "x" * (LONGEST + 1)):
        with pytest.raises(ListTooLong):
            read_list(too_much)


def test_a_record_says_what_the_list_has_and_nothing_else() -> None:
    assert read_campaign(Form([("campaign", "Radio, spring")]), LISTED) == {"campaign": ("Radio, spring",)}
    for typed in ("", "Somebody’s name", "radio, spring"):
        assert read_campaign(Form([("campaign", typed)]), LISTED) == {}


async def test_it_is_set_at_the_desk_offered_in_a_record_and_read_by_a_supervisor(services: Services) -> None:
    ada: Walker = await set_up(walker(services))
    await ada.post("/desk/settings/campaigns", {"campaigns": "x" * (LONGEST + 1)})
    assert ada.sees("Too many campaigns, or a name that is too long.")
    assert not services.desk_settings.campaigns
    await ada.post("/desk/settings/campaigns", {"campaigns": "\n".join(LISTED)})
    assert services.desk_settings.campaigns == LISTED

    await ada.open("/desk/record")
    assert ada.sees("Radio, spring")
    row = ada.page.partition('name="row" value="')[2][:22]
    await ada.post("/desk/record", {"row": row, "channel": "phone", "type": "information", "campaign": LISTED[1]})
    await ada.open(f"/desk/records/{row}")
    assert ada.sees("Radio, spring")
