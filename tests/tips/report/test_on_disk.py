"""Looks for the words of a report in every file, store and line the house leaves after it was taken."""

from __future__ import annotations

import dataclasses
import logging
import tempfile
from pathlib import Path

import msgspec
import pytest

from tests.support.disk_search import search
from tests.support.rooms import words_and_files
from tests.tips.conftest import TipHouse
from tests.tips.report.conftest import TOLD, draft, make_desk
from tests.tips.test_on_disk import on_disk
from tips.report.files import Files, House
from tips.report.forms import Form
from tips.report.printing import Printing
from tips.tip import Names

pytestmark = pytest.mark.anyio

CANARIES = {
    "words": "CANARYREPORTWORDS71",
    "name": "CANARYREPORTNAME72",
    "plate": "CANARYREPORTPLATE73",
    "whom": "CANARYREPORTWHOM74",
    "purpose": "CANARYREPORTWHY75",
    "account": "CANARYREPORTACCOUNT76",
    "telling": "CANARYREPORTHARM77",
    "reason": "CANARYREPORTREASON78",
}


async def test_nothing_of_a_report_stands_on_a_disk_in_a_log_in_a_store_or_in_a_temporary_folder(
    house: TipHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("porchlight", "uvicorn", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    spooled = tmp_path / "spooled"
    spooled.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spooled))
    monkeypatch.setenv("TMPDIR", str(spooled))
    names = Names(name=CANARIES["name"], reach=CANARIES["name"])
    facts = {"plate": (CANARIES["plate"],)}
    desk = await make_desk(house, dataclasses.replace(TOLD, words=CANARIES["words"], names=names, facts=facts))
    written = msgspec.structs.replace(
        draft({"text": "points", "plate": "clear", "name": "", "account": "clear"}),
        whom=CANARIES["whom"],
        purpose=CANARIES["purpose"],
        account=CANARIES["account"],
        harm_of_telling=CANARIES["telling"],
    )
    report = await desk.drafts(written)
    await desk.approves(report, act="report_returned", why=CANARIES["reason"])
    await desk.drafts(written, report=report, number=2)
    await desk.approves(report)

    forms: tuple[Form, ...] = ("pdf", "json", "csv")
    files, day = Files(words_and_files()[0], Printing()), house.services.clock.now().date()
    made = []
    for form in forms:
        _, opened, found = await desk.reporting.leaving(desk.robin, await desk.exports(report, form=form))
        made.append(
            (
                await files.file(
                    desk.reporting.passage(opened, found), opened, found, form, "en", House("Lamp House", "", day)
                )
            ).body
        )

    assert CANARIES["words"].encode() in made[1]
    assert CANARIES["plate"].encode() in made[2]
    words = list(CANARIES.values())
    settings = house.services.settings
    assert search(words, [settings.data_dir, settings.keys_dir, spooled]) == []
    assert list(spooled.iterdir()) == []
    disk = on_disk(house)
    assert [body for body in made if body[200:240] in disk] == []
    assert [word for word in words if word in caplog.text] == []
    for client in (house.services.ember_client, house.services.durable):
        held = [await client.dump(key) or b"" async for key in client.scan_iter()]
        assert held
        assert [word for word in words for each in held if word.encode() in each] == []
