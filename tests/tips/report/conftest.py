"""Gives the report's tests a tip, three people at the desk, and drafts that may be given to a second person."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from portal.ids import random_id, to_text
from portal.staff.sessions.session import Signed
from tests.tips.conftest import WORDS as FIRST, TipHouse
from tests.tips.test_filing import FORM, file_with_receipt
from tips.access import Visit
from tips.consents import Consent, Identity
from tips.form import TipForm
from tips.report.course import APPROVED, Report
from tips.report.draft import Draft
from tips.report.forms import Form
from tips.report.reporting import Reporting, Step
from tips.report.rules import Basis, Reading, Recipient
from tips.tip import Names

CHOSEN = {"text": "clear", "suspected_name": "clear", "kind": ""}
PASSPHRASE = FIRST.passphrase
TOLD = dataclasses.replace(
    FORM,
    facts={"suspected_name": ("Rex of the mill",), "kind": ("labour",), "plate": ("LAMP 77",), "tie": ("friend",)},
    reach="",
    names=Names(name="Ana Quill", reach="555 0199", hours="mornings", mask="the library"),
    identity=Identity.SHARE_OK,
    consents=frozenset({Consent.FACTS, Consent.IDENTITY}),
)


@dataclass
class Desk:
    """A tip, and who works on it. Robin wrote the reports; Sam is the second person; Kim holds no key for names."""

    house: TipHouse
    tip: bytes
    visit: Visit
    reporting: Reporting
    robin: Signed
    sam: Signed
    kim: Signed
    drawn: list[str] = field(default_factory=list)

    async def drafts(self, draft: Draft, *, by: Signed | None = None, report: str = "", number: int = 0) -> str:
        """Keep a draft, as the page does; the id of its report."""
        who, report_id = by or self.robin, report or to_text(random_id())
        opened = await self.reporting.look(who, self.tip)
        await self.reporting.draft(who, self.tip, report_id, step(number), draft, opened.mark)
        return report_id

    async def approves(self, report_id: str, *, by: Signed | None = None, act: str = APPROVED, why: str = "") -> None:
        now = await self.report(report_id)
        await self.reporting.judge(by or self.sam, self.tip, report_id, step(now.steps), act, why)

    async def exports(self, report_id: str, *, by: Signed | None = None, form: Form = "json") -> str:
        """The pass to a file."""
        now = await self.report(report_id)
        who = by or self.robin
        return await self.reporting.export(who, self.tip, report_id, step(now.steps), PASSPHRASE, form, "en")

    async def report(self, report_id: str) -> Report:
        return (await self.reporting.look(self.robin, self.tip)).report(report_id)

    async def takes_back(self, consent: Consent) -> None:
        """The reporter's own tap, on coming back."""
        await self.house.follow_up.agree(self.visit, consent, yes=False, language="es", part=random_id())


def step(number: int) -> Step:
    return Step(number, random_id())


def draft(fields: Mapping[str, str] = CHOSEN, basis: Basis = Basis.CONSENT, *, at_once: bool = False) -> Draft:
    """A draft with everything weighed; `fields` by name and reading."""
    return Draft(
        basis=basis,
        recipient=Recipient.POLICE,
        whom="Sergeant Vale, Mill Town",
        purpose="Look in on the people there",
        fields={name: Reading(reading) for name, reading in fields.items()},
        harm_of_telling="They may be moved",
        harm_of_silence="It goes on",
        grounds="" if basis is Basis.CONSENT else "She said tonight",
        at_once=at_once,
    )


@pytest.fixture
async def desk(house: TipHouse) -> Desk:
    return await make_desk(house, TOLD)


async def make_desk(house: TipHouse, form: TipForm) -> Desk:
    filing, receipt = await file_with_receipt(house, form)
    visit = await house.doors.tip_for_receipt(receipt)
    assert visit is not None
    sam = dataclasses.replace(house.robin, staff_id=b"m" * 16, alias="Sam")
    kim = dataclasses.replace(house.without_names, staff_id=b"k" * 16, alias="Kim")
    reporting = Reporting(house.services, house.doors, house.book, house.review)
    return Desk(house, filing.tip, visit, reporting, house.robin, sam, kim)
