"""A person takes another name for work on her own page; who is talked to by a name keeps it."""

from __future__ import annotations

import pytest

from portal.services import Services
from tests.portal.staff.walker import set_up, walker

pytestmark = pytest.mark.anyio


async def test_she_takes_another_name_on_her_own_page(services: Services) -> None:
    ada = await set_up(walker(services))
    await ada.post("/desk/me/alias", {"alias": "  Sam \u200e Lee "})
    await ada.open("/desk/me")

    assert ada.sees("Sam Lee")
    assert await ada.fresh().signs_in("ada"), "the name she signs in with is another matter"


@pytest.mark.parametrize("alias", ["", "   ", "x" * 61])
async def test_a_name_that_is_none_changes_nothing_and_says_so(services: Services, alias: str) -> None:
    ada = await set_up(walker(services))
    await ada.post("/desk/me/alias", {"alias": alias})

    assert ada.address.startswith("/desk/me/")
    assert 'aria-invalid="true"' in ada.page
    await ada.open("/desk/me")
    assert ada.sees("Ada")


async def test_while_she_talks_to_somebody_her_name_stays(services: Services) -> None:
    async def holds(_staff_id: bytes) -> bool:
        return True

    ada = await set_up(walker(services))
    services.is_holding = holds
    await ada.post("/desk/me/alias", {"alias": "Sam"})

    assert ada.sees("You talk to somebody who knows you by this name.")
    await ada.open("/desk/me")
    assert ada.sees("Ada")
    assert not ada.sees("Sam")
