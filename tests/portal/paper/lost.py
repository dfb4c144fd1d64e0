"""A house whose people are gone, and somebody with two of its sheets: what tests of recovering share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from portal.paper.recovering import LetIn, NewPaper, Recovered, Recovering
from portal.services import Services
from portal.staff.keys.keys_folder import KeysFolder
from portal.vault.recovery import RecoveryKeys
from portal.vault.sheets import Sheet
from tests.support.rooms import NOON, running, wire
from tests.support.thief import recovery_of

NAMES = ("Ada", "Bo Lund", "Cy, of the board")
PASSPHRASE = "nine wet umbrellas in a hall"
CAL = LetIn("cal", PASSPHRASE, "Cal")


def typed(sheets: Sequence[Sheet]) -> list[str]:
    """The sheets as somebody types them."""
    return [" ".join(sheet.groups()) for sheet in sheets]


def old_keys(services: Services, one: str, other: str) -> RecoveryKeys:
    """What two typed sheets give at this house."""
    return recovery_of(services.staff.folder.recovery_box(), one, other)


async def recover(
    services: Services, old: RecoveryKeys, let_in: LetIn | None = None, new: NewPaper | None = None
) -> tuple[NewPaper, Recovered]:
    """One recovery, as the command does it: with nothing that the running house remembers."""
    folder = KeysFolder(services.settings.keys_dir, services.settings.data_dir)
    new = new or NewPaper.made()
    recovering = Recovering(services.database, folder, services.pools)
    return new, await recovering.recover(old, new, NAMES, NOON, let_in)


@asynccontextmanager
async def started_again(services: Services) -> AsyncIterator[Services]:
    """The same house after its next start."""
    async with running(wire(services.settings, services.clock)) as made:
        yield made
