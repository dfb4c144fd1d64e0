"""Gives a test the house whose database lies open to a writer, as new each time."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest

from portal.opening import Opening
from portal.services import Services
from portal.staff.desk import StaffRoom
from portal.store.database import Database
from tests.portal.vault.broken_house import (
    Home,
    Made,
    make,
)

MADE: dict[str, Made] = {}


@pytest.fixture
async def home(services: Services, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    """The house, made by the real acts of the staff room; every test works on a copy of its files."""
    settings = services.settings
    if "house" not in MADE:
        MADE["house"] = await make(services, tmp_path_factory.mktemp("made"))
    await services.database.close()
    made = MADE["house"]
    for name in ("data", "keys"):
        shutil.rmtree(settings.data_dir.parent / name)
        shutil.copytree(made.folder / name, settings.data_dir.parent / name)
    services.database = Database(settings.database_path)
    services.staff = StaffRoom(settings, services.clock, services.database, services.durable, services.embers)
    services.opening = Opening(services.database, services.staff.folder)
    made_home = Home(services, made.ana, made.bo, made.bo_rows_before, made.tips)
    yield made_home
    for database in made_home.opened:
        await database.close()
