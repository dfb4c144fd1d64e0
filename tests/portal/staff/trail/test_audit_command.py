"""Holds `server.py audit` to one sentence for each thing that is wrong, and to an answer a script can read."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from typing import Any, get_args

import pytest
from sqlalchemy import delete

from portal.services import Services
from portal.settings import Settings
from portal.staff.tables import audit
from portal.staff.trail.audit_command import BREAKS, CANNOT, HOLDS, broken, verify
from portal.vault.audit_lines import Break, Kind
from tests.portal.staff.trail.test_audit_chain import without_guard, write
from tests.portal.staff.walker import set_up, walker

pytestmark = pytest.mark.anyio


async def said(
    services: Services, capsys: pytest.CaptureFixture[str], asked: Sequence[str] = (), settings: Settings | None = None
) -> tuple[int, list[str]]:
    """What the command answers, and prints."""

    def read(_told: dict[str, Any]) -> Settings:
        return settings or services.settings

    capsys.readouterr()
    code = await asyncio.to_thread(verify, argparse.ArgumentParser(), read, asked)
    return code, capsys.readouterr().out.splitlines()


async def test_a_whole_chain_holds_and_a_head_that_was_written_down_stands_in_it(
    services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    await set_up(walker(services))
    await write(services)
    code, told = await said(services, capsys)
    assert code == HOLDS
    assert told[0] == "The audit holds: 3 lines, from 2026-03-04 to 2026-03-04, none missing, none changed."
    head = next(line.rpartition(" ")[2] for line in told if line.startswith("  Its head: "))
    assert head.startswith("3:")
    await write(services)

    code, told = await said(services, capsys, ["--seen", head])
    assert (code, "  The head you named stands in it." in told) == (HOLDS, True)
    code, told = await said(services, capsys, ["--seen", f"3:{'0' * 64}"])
    assert (code, "  The head you named does not stand in it." in told) == (BREAKS, True)


async def test_a_chain_that_breaks_is_told_by_its_code_too(
    services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    await set_up(walker(services))
    await write(services)
    await services.staff.chain.keep()
    await without_guard(services, delete(audit).where(audit.c.n == 2))

    code, told = await said(services, capsys)
    assert code == BREAKS
    assert told[:2] == [
        "The audit does not hold (2 lines, from 2026-03-04 to 2026-03-04).",
        "  Line 2 is missing.",
    ]


async def test_where_there_is_no_house_nothing_can_be_said(
    services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    services.settings.database_path.unlink()
    code, told = await said(services, capsys)

    assert code == CANNOT
    assert told[0].startswith("There is no house in")
    for wrong in ("12", "a:b", f"0:{'0' * 64}", "3:00"):
        with pytest.raises(SystemExit):
            await said(services, capsys, ["--seen", wrong])


def test_each_break_is_one_sentence() -> None:
    found = [Break(kind, 4, last) for kind in get_args(Kind) for last in (4, 9)]
    told = {broken(each) for each in found}

    assert len(told) == len(found)
    assert all(
        each.endswith(".") and each.startswith(("Line 4", "Lines 4 to 9", "One of lines 4 to 9")) for each in told
    )
