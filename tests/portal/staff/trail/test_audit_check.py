"""Holds `server.py audit --check FILE`: whether a file that was taken away is as it was given, and by which sign."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.services import Services
from portal.settings import Settings
from portal.staff.trail.audit_command import BREAKS, CANNOT, HOLDS, verify
from tests.portal.staff.trail.test_audit_page import TIP, lines
from tests.portal.staff.walker import Walker, join

pytestmark = pytest.mark.anyio

Check = Callable[..., Any]


@pytest.fixture
async def check(services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """What the command answers and prints of a page as it was saved, where the house is or `without` one."""

    async def check(page: str, *, without: bool = False) -> tuple[int, list[str]]:
        path, far = tmp_path / "taken.csv", replace(services.settings, data_dir=tmp_path / "elsewhere")

        def read(_told: dict[str, Any]) -> Settings:
            return far if without else services.settings

        capsys.readouterr()
        path.write_bytes(page.encode())
        code = await asyncio.to_thread(verify, argparse.ArgumentParser(), read, ["--check", str(path)])
        return code, capsys.readouterr().out.splitlines()

    return check


async def taken(ada: Walker, act: str = "") -> str:
    """All lines, or those of one kind, as they come to her browser."""
    await lines(ada.services, "tip.opened", "tip.purged", subject=TIP)
    await ada.post("/desk/audit/take", {"passphrase": ada.passphrase, "act": act})
    assert ada.status == 200
    return ada.page


async def test_all_of_it_holds_beside_the_house_and_by_itself(ada: Walker, check: Check) -> None:
    page = await taken(ada)
    code, told = await check(page)
    assert code == HOLDS, told
    assert told[1:3] == ["The key is that of the person it names.", "The head stands in the audit of this house."]
    assert (await check(page, without=True))[0] == HOLDS
    await lines(ada.services, "tip.opened", subject=TIP)
    assert (await check(page))[0] == HOLDS, "the house went on since"


async def test_a_part_of_it_holds_beside_the_house_and_alone_says_so_little(ada: Walker, check: Check) -> None:
    page = await taken(ada, "tip.opened")
    assert (await check(page))[0] == HOLDS
    code, told = await check(page, without=True)
    assert (code, told[1][:12]) == (HOLDS, "It holds 1 o")


async def test_whatever_was_changed_in_it_is_seen(ada: Walker, check: Check) -> None:
    page = await taken(ada)
    rows = page.split("\r\n")
    at = next(number for number, row in enumerate(rows) if "tip.purged" in row)
    changed = {
        "an act": page.replace("tip.purged", "tip.erased", 1),
        "a day": page.replace("2026-03-04", "2026-03-05", 1),
        "a line less": "\r\n".join(rows[:at] + rows[at + 1 :]),
        "the day of the signature": page.replace('"head","2026-03-04"', '"head","2026-03-03"')
        .replace('"signed by","2026-03-04"', '"signed by","2026-03-03"')
        .replace('"signature","2026-03-04"', '"signature","2026-03-03"'),
    }
    for what, other in changed.items():
        assert other != page
        assert (await check(other))[0] == (HOLDS if what == "a line less" else BREAKS), what
        if what != "a line less":
            assert (await check(other, without=True))[0] == BREAKS, what


async def test_another_head_a_stranger_signed_is_not_taken(ada: Walker, check: Check) -> None:
    """Whoever changes lines can sign them anew, and put his own key into the file: the book never named that one."""
    page = await taken(ada)
    bo = await join(ada, alias="Bo", role="supervisor")
    signed = next(row for row in page.split("\r\n") if row.startswith('"signed by"'))
    her = next(each for each in await bo.services.staff.accounts.everyone() if each.alias == "Bo")
    cells = signed.split(",")
    other = ",".join([*cells[:3], f'"{her.id.hex()}"', cells[4]])
    code, told = await check(page.replace(signed, other))
    assert (code, told[1]) == (BREAKS, "The key is not one the book names for that person.")


async def test_what_is_no_such_file_is_said_to_be_none(check: Check) -> None:
    for page in ("", "a,b,c\r\n", '"head","x"\r\n"signed by"\r\n"signature"\r\n', '"open'):
        assert (await check(page))[0] == CANNOT
