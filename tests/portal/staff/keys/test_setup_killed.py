"""Holds set-up to leaving nothing half done: killed before any step, the house is not set up, or it is."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.services import Services
from portal.staff.keys.setup import setup_code
from tests.portal.staff.walker import set_up, walker

pytestmark = [pytest.mark.anyio, pytest.mark.fault]

ROOT = Path(__file__).parents[4]
# Each step by the name of what does it and how often that was done before; in the order of set-up.
STEPS = [
    ("_write", 0),  # the mark "unfinished"
    ("_write", 1),  # pepper
    ("_write", 2),  # root key
    ("_write", 3),  # recovery box
    ("_write", 4),  # head 0
    ("_write", 5),  # the head of the audit, 0
    ("write", 0),  # the book's first line
    ("write", 14),  # its last
    ("line", 0),  # the audit line, last before the commit
    ("raise_head", 0),  # first after the commit
    ("_write", 6),  # the new head
    ("finish", 0),
    ("_code_path", 1),  # the code goes
]


def killed_before(services: Services, name: str, times: int) -> None:
    """Run set-up in a process that dies before this step."""
    assert setup_code(services.settings)
    folders = [str(services.settings.data_dir), str(services.settings.keys_dir)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.portal.staff.keys.killed_setup", *folders, name, str(times)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    ("name", "times"),
    [each if at % 2 == 0 else pytest.param(*each, marks=pytest.mark.long) for at, each in enumerate(STEPS)],
)
async def test_a_set_up_that_is_killed_is_whole_or_begins_again(services: Services, name: str, times: int) -> None:
    killed_before(services, name, times)

    ada = walker(services)
    is_set_up = (await services.opening.facts()).is_set_up
    assert is_set_up == (STEPS.index((name, times)) >= STEPS.index(("raise_head", 0)))
    if is_set_up:
        # Everything is there, whatever was left to tidy.
        assert await ada.signs_in("ada")
        signed = await services.staff.who(ada.cookie)
        assert all(signed.compartment_keys(each) for each in ("chat", "tips", "records", "names"))
        assert setup_code(services.settings) is None
    else:
        assert not await ada.signs_in("ada")
        await set_up(ada)
        assert [len(sheet) for sheet in ada.slips()] == [16, 16, 16]
        assert await ada.fresh().signs_in("ada")
    ledger = await services.staff.ledger.current()
    assert services.staff.folder.head() == ledger.latest
    assert services.staff.folder.is_made()


async def test_a_living_house_whose_database_was_lost_keeps_its_keys(services: Services, tmp_path: Path) -> None:
    """A new set-up over old keys would make every backup useless."""
    await set_up(walker(services))
    before = (services.staff.folder.path / "pepper").read_bytes()
    services.settings.database_path.unlink()
    (services.settings.data_dir / "setup-code").write_text("AAAAA-AAAAA-AAAAA-AAAAA\n")

    again = walker(services)
    await set_up(again, code="AAAAA-AAAAA-AAAAA-AAAAA")

    assert (services.staff.folder.path / "pepper").read_bytes() == before
