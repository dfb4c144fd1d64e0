"""Holds `server.py proof` to saying what the page says, by a number a script can read."""

from __future__ import annotations

import asyncio

import pytest

import server
from portal.ids import random_id, to_text
from portal.records.case_words import CaseBody
from portal.retention.rules import KEPT
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file_with_receipt

pytestmark = pytest.mark.anyio


async def asked(house: TipHouse, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    settings = house.services.settings
    told = ["proof", "--data", str(settings.data_dir), "--keys", str(settings.keys_dir), *words]
    code = await asyncio.to_thread(server.main, told)
    return code, capsys.readouterr().out


async def test_the_command_says_what_is_gone_and_what_is_not(
    house: TipHouse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = house.services.settings
    assert settings.redis_url is not None
    assert settings.ember_url is not None
    monkeypatch.setenv("REDIS_URL", settings.redis_url.reveal())
    monkeypatch.setenv("EMBER_URL", settings.ember_url.reveal())
    if settings.database_url is not None:
        monkeypatch.setenv("DATABASE_URL", settings.database_url.reveal())
    filing, _ = await file_with_receipt(house)
    name = to_text(filing.tip)
    assert (await asked(house, capsys, "--tip", name))[0] == 1
    await house.follow_up.erase(filing.visit)
    code, words = await asked(house, capsys, "--tip", name)
    assert code == 1
    assert "not searched" in words
    await house.retention.searching.once()
    for which in (("--tip", name), ("--day", "2026-03-04")):
        code, words = await asked(house, capsys, *which)
        assert code == 0
        assert f"{name}: erased on 2026-03-04." in words
        assert "until 2026-03-18" in words
    code, words = await asked(house, capsys, "--day", "2026-03-05")
    assert (code, words.splitlines()[0]) == (0, "Nothing was erased on that day.")
    for name in (to_text(random_id()), to_text(b"\xfb" * 16)):  # the second begins with a dash
        assert (await asked(house, capsys, "--tip", name))[0] == 1


async def test_the_command_counts_what_was_erased_of_cases_and_lists_every_kind(
    house: TipHouse, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, book = house.services.settings, house.services.cases
    if settings.database_url is not None:
        monkeypatch.setenv("DATABASE_URL", settings.database_url.reveal())
    case = await book.begin(house.robin, CaseBody(words={"situation": "Works above the shop."}, by="Robin"))
    code, words = await asked(house, capsys, "--kinds")
    assert code == 0
    assert [rule.kind for rule in KEPT if f"{rule.kind}: " not in words] == []
    assert "Cases: 1 stand, none past its day (PORCHLIGHT_CASE_DAYS=730)" in words
    await house.services.case_staying.erase(house.robin, case)
    code, words = await asked(house, capsys, "--day", "2026-03-04")
    assert code == 0
    assert ": 1 erased on 2026-03-04." in words
    assert "rows left in the tables: 0" in words
    assert "above the shop" not in words
