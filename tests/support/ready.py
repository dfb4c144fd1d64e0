"""Puts off what a test's house has not shown to work: drills and alerts are rehearsed where a test is about them."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from portal.settings import Secret, Settings
from portal.staff.waiving import waive

if TYPE_CHECKING:
    from tests.support.server_process import House

PUT_OFF = ("hours", "limits", "holders", "drill", "alert", "practice")


def put_off(house: House, *names: str) -> None:
    """These lines of the list, or all that a fresh house cannot have, keep its doors closed no more."""
    rows = house.settings.get("DATABASE_URL", "")
    settings = Settings(
        data_dir=house.data, keys_dir=house.keys, database_url=Secret(rows) if rows else None, port=1, desk_port=2
    )
    # In a thread of its own: the browsers' driver keeps a loop in the one that tells the tests.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, waive(settings, names or PUT_OFF)).result()
