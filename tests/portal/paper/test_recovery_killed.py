"""Holds a recovery to leaving nothing half done: killed before any step, it was not begun, or it is done."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from portal.paper.holders import Holders
from portal.services import Services
from portal.staff.signin import SignIn
from portal.staff.unlock import Unlocking
from portal.vault.compartments import COMPARTMENTS
from portal.vault.recovery import recovery_keys
from portal.vault.sheets import Sheet, open_with, read_paper
from tests.portal.paper.killed_recovery import FEW, NEXT, STEPS
from tests.portal.paper.lost import recover
from tests.portal.staff.walker import PASSPHRASE, set_up, walker
from tests.support.rooms import running, wire

pytestmark = [pytest.mark.anyio, pytest.mark.fault]

ROOT = Path(__file__).parents[3]
COMMITTED = STEPS.index(("raise_head", 0))


def killed_before_each(steps: Sequence[int], root: Path, secret: bytes) -> None:
    """Run the recoveries in a process of their own; the house of each lies beside `root`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.portal.paper.killed_recovery", str(root), secret.hex(), *map(str, steps)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("steps", [FEW, pytest.param(range(len(STEPS)), marks=pytest.mark.long)], ids=["few", "all"])
async def test_a_recovery_that_is_killed_is_done_or_was_not_begun(
    services: Services, tmp_path: Path, steps: Sequence[int]
) -> None:
    ada = await set_up(walker(services))
    one, other = (read_paper(" ".join(sheet)) for sheet in ada.slips()[:2])
    assert isinstance(one, Sheet)
    assert isinstance(other, Sheet)
    secret = open_with(services.staff.folder.recovery_box()[-252:], one, other)
    await services.database.checkpoint()
    root = tmp_path / "house"
    root.mkdir()
    for place in (services.settings.data_dir, services.settings.keys_dir):
        place.rename(root / place.name)
    killed_before_each(steps, root, secret)

    for at in steps:
        step = STEPS[at]
        there = tmp_path / f"killed-{at}"
        settings = replace(services.settings, data_dir=there / "data", keys_dir=there / "keys")
        async with running(wire(settings, services.clock)) as house:
            # The first thing anybody asks of the house after its next start is a passphrase.
            sign_in = SignIn(house, Unlocking(house.staff.accounts, house.staff.ledger, house.pools))
            signed = await house.staff.who((await sign_in.sign_in("ada", PASSPHRASE)).token)
            assert all(signed.compartment_keys(each) for each in COMPARTMENTS), step
            ledger, folder = await house.staff.ledger.current(), house.staff.folder
            is_done = ledger.root == recovery_keys(NEXT).root_public
            assert is_done == (at >= COMMITTED), step
            assert folder.root_public() == ledger.root, step
            assert sorted(folder.peppers()) == ([1, 2] if is_done else [1]), step
            assert folder.head() == ledger.latest, step
            assert [bool(kept.name) for kept in await Holders(house).kept()] == [is_done] * 3, step
            assert (await house.staff.accounts.lock_by_name("cal") is not None) == is_done, step
            # Whichever it is, it can be done (again) with the sheets that count.
            if at in (FEW[1], FEW[-1]):
                await recover(house, recovery_keys(NEXT if is_done else secret))
