"""Puts off what a test's house has not shown to work: drills and alerts are rehearsed where a test is about them."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from portal.settings import read_settings
from portal.staff.household.waiving import waive

if TYPE_CHECKING:
    from tests.support.server_process import House

ROWS = ("DATABASE_URL", "DATABASE_URL_FILE")
PUT_OFF = ("hours", "limits", "holders", "drill", "alert", "practice")


def put_off(house: House, *names: str) -> None:
    """These lines of the list, or all that a fresh house cannot have, keep its doors closed no more."""
    told = {"PORCHLIGHT_DATA_DIR": str(house.data), "PORCHLIGHT_KEYS_DIR": str(house.keys)}
    given = (house.elsewhere.told if house.elsewhere else {}) | house.settings
    settings = read_settings({**told, **{name: text for name, text in given.items() if name in ROWS}})
    # In a thread of its own: the browsers' driver keeps a loop in the one that tells the tests.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, waive(settings, names or PUT_OFF)).result()
