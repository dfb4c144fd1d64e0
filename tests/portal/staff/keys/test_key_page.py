"""Holds the page of the keys: how each stands, what is due, and what somebody who was put out could still read."""

from __future__ import annotations

import pytest

from portal.services import Services
from tests.portal.staff.walker import PASSPHRASE, Walker, give, heard_from, join, person_page

pytestmark = pytest.mark.anyio


async def test_the_page_says_what_is_due_for_whom_and_the_change_is_made_there(ada: Walker, services: Services) -> None:
    await join(ada, alias="Bo")
    await give(ada, "Bo", "tips")
    await ada.open("/desk/keys")
    assert ada.status == 203
    assert ada.sees("number 1, since March 4, 2026")
    assert ada.sees("No key was ever taken from anybody.")
    assert not ada.sees("To be changed")

    await ada.post(f"{await person_page(ada, 'Bo')}/take", {"compartment": "tips", "passphrase": PASSPHRASE})
    await ada.open("/desk/keys")
    assert ada.sees("To be changed")
    assert ada.sees("It is changed by itself when one of these signs in: Ada")
    assert ada.sees("Could read from March 4, 2026 until March 4, 2026.")
    assert ada.sees("they could read what comes now, too")

    await ada.post("/desk/keys", {"passphrase": "not her own passphrase"})
    assert ada.sees("That name and passphrase do not fit.")
    assert (await services.staff.ledger.current()).compartment("tips").version == 1
    await ada.post("/desk/keys", {"passphrase": PASSPHRASE})
    assert ada.sees("The key was changed.")
    assert ada.sees("number 2, since March 4, 2026")
    assert ada.sees("The key was changed on March 4, 2026, and nothing here opens to theirs any more.")
    assert ada.sees("From a copy of the files taken before that")
    assert (await services.staff.who(ada.cookie)).compartment_keys("tips").keys() == {1, 2}


async def test_no_page_shows_the_granter_the_digits_and_what_she_did_not_hear_gives_nothing(
    ada: Walker, services: Services
) -> None:
    await join(ada, alias="Bo")
    groups = await heard_from(services, "Bo")
    address = await person_page(ada, "Bo")
    await ada.open(address)
    assert not [group for group in groups if group in ada.page]

    misheard = [*groups[:5], f"{(int(groups[5]) + 1) % 100_000:05}"]
    fields: dict[str, str | list[str]] = {"compartments": ["tips"], "passphrase": PASSPHRASE}
    for typed in ("", " ".join(misheard), "".join(groups[:5])):
        await ada.post(f"{address}/keys", {**fields, "digits": typed})
        assert ada.sees("These are not their digits.")
    assert (await services.staff.ledger.current()).holders("tips") == (
        (await services.staff.ledger.current()).holders("names")
    )
    await ada.post(f"{address}/keys", {**fields, "digits": "-".join(groups)})
    assert len((await services.staff.ledger.current()).holders("tips")) == 3
