"""Gives the tests of pictures a house that takes them, and the acts by which one comes in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from portal.ids import random_id
from portal.vault.tip_files import PIECE_ROOM
from tests.support.house_of_files import CONFIRMS
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file
from tips.access import Visit
from tips.files.book import FilesBook
from tips.files.freezing import Freezing
from tips.files.redrawing import Redrawing
from tips.files.showing import Showing
from tips.files.stripping import Stripping
from tips.files.sweep import Sweep
from tips.files.switching import Procedure, Switching, read_procedure
from tips.files.uploads import Uploads


@dataclass
class FilesHouse:
    """A house that takes tips, and its acts on pictures."""

    tips: TipHouse
    book: FilesBook
    uploads: Uploads
    redrawing: Redrawing
    freezing: Freezing
    showing: Showing
    switching: Switching
    sweep: Sweep

    async def visits(self) -> Visit:
        """Somebody who has just sent a tip."""
        return (await file(self.tips)).filing.visit

    async def switches_on(self) -> None:
        """The procedure is confirmed by the administrator."""
        read = read_procedure(CONFIRMS)
        assert isinstance(read, Procedure)
        await self.switching.switch_on(self.tips.robin, read)

    async def sends(self, visit: Visit, data: bytes, *, keeps: bool = False, file_id: bytes = b"") -> bytes:
        """A whole picture, piece by piece; its id."""
        file_id = file_id or random_id()
        await self.uploads.begin(visit, file_id, keeps_original=keeps)
        for at, start in enumerate(range(0, len(data), PIECE_ROOM)):
            await self.uploads.take(visit, file_id, at, [data[start : start + PIECE_ROOM]])
        await self.redrawing.finish(visit, file_id)
        return file_id


@pytest.fixture
async def files(house: TipHouse) -> FilesHouse:
    """The house, with pictures switched on."""
    made = files_house(house)
    await made.switches_on()
    return made


def files_house(house: TipHouse) -> FilesHouse:
    """The acts of a house, wired as its section wires them."""
    services = house.services
    book = FilesBook(services.database, services.staff.folder)
    freezing = Freezing(services, house.doors, house.retention)
    stripping = Stripping()
    uploads = Uploads(services, book, house.retention, stripping)
    return FilesHouse(
        tips=house,
        book=book,
        uploads=uploads,
        redrawing=Redrawing(services, uploads, house.retention),
        freezing=freezing,
        showing=Showing(services, house.doors, freezing),
        switching=Switching(services, book, stripping),
        sweep=Sweep(services, house.retention),
    )
