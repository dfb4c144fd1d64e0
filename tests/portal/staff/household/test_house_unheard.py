"""Holds every page of the desk to a red bar while the house does not hear itself."""

from __future__ import annotations

import pytest

from portal.services import Services
from tests.portal.staff.walker import Walker

pytestmark = pytest.mark.anyio

PAGES = ("/desk", "/desk/me", "/desk/staff", "/desk/settings", "/desk/audit")


async def test_each_page_says_so_in_red_until_it_hears_itself_again(ada: Walker, services: Services) -> None:
    for is_unheard in (False, True, False):
        services.is_unheard = lambda is_unheard=is_unheard: is_unheard  # type: ignore[misc]
        for page in PAGES:
            assert await ada.open(page) == 203
            assert ("desk-unheard" in ada.page) is is_unheard, page
