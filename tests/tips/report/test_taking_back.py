"""Holds that what the reporter agrees to counts at the hour a report leaves, and not at the hour it was written."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from portal.errors import NotThere
from portal.ids import random_id, random_key
from tests.tips.conftest import TipHouse
from tests.tips.report.conftest import TOLD, Desk, draft, make_desk
from tests.tips.test_filing import file_with_receipt
from tips.consents import Consent, Identity
from tips.links.linking import Linking
from tips.links.rule import Answer, What
from tips.report.refusing import NoLongerAllowed, ReachChanged
from tips.report.rules import Basis
from tips.staying.holding import Holding
from tips.tip import Names

pytestmark = pytest.mark.anyio


async def test_a_consent_taken_back_between_approval_and_export_stops_it(desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.approves(report)
    await desk.takes_back(Consent.FACTS)
    with pytest.raises(NoLongerAllowed):
        await desk.exports(report)
    assert (await desk.report(report)).exports == ()


async def test_a_consent_taken_back_after_the_pass_was_given_stops_the_file(desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.approves(report)
    token = await desk.exports(report)
    await desk.takes_back(Consent.FACTS)
    with pytest.raises(NoLongerAllowed):
        await desk.reporting.leaving(desk.robin, token)


async def test_a_name_taken_back_stops_the_whole_report(desk: Desk) -> None:
    """It was approved as a whole; what is left of it is for people to judge anew."""
    report = await desk.drafts(draft({"text": "points", "name": ""}))
    await desk.approves(report)
    await desk.house.follow_up.choose(desk.visit, Identity.CONFIDENTIAL, language="es", part=random_id())
    with pytest.raises(NoLongerAllowed):
        await desk.exports(report)
    await desk.drafts(draft({"kind": ""}), report=report, number=2)


async def test_a_consent_taken_back_stops_an_approval_too(desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.takes_back(Consent.FACTS)
    with pytest.raises(NoLongerAllowed):
        await desk.approves(report)


async def test_an_exception_does_not_rest_on_what_was_agreed_to(desk: Desk) -> None:
    report = await desk.drafts(draft(basis=Basis.MINOR))
    await desk.takes_back(Consent.FACTS)
    await desk.approves(report)
    await desk.exports(report)


@pytest.mark.parametrize("identity", [Identity.CONFIDENTIAL, Identity.ANONYMOUS])
async def test_no_draft_names_who_chose_not_to_be_known(house: TipHouse, identity: Identity) -> None:
    desk = await make_desk(house, dataclasses.replace(TOLD, identity=identity))
    for fields in ({"name": ""}, {"text": "points"}, {"path": ""}, {"text": ""}):
        with pytest.raises(NoLongerAllowed):
            await desk.drafts(draft(fields))


async def test_a_way_to_reach_her_that_changed_since_stops_a_report_that_names_one(desk: Desk) -> None:
    named, other = await desk.drafts(draft({"text": "clear", "reach": ""})), await desk.drafts(draft())
    await desk.approves(named)
    await desk.approves(other)
    await desk.house.follow_up.reach(desk.visit, Names(reach="not at home"))
    with pytest.raises(ReachChanged):
        await desk.exports(named)
    await desk.exports(other)


async def test_an_erased_tip_leaves_by_no_pass(desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.approves(report)
    token = await desk.exports(report)
    await desk.house.follow_up.erase(desk.visit)
    for gone in (token, random_key().hex()):
        with pytest.raises(NotThere):
            await desk.reporting.leaving(desk.robin, gone)


async def test_whoever_erased_it_has_taken_back_every_consent_though_a_hold_keeps_the_words(desk: Desk) -> None:
    """What a hold keeps, it keeps for the law: no report rests on the yes of somebody who let it go."""
    held, house = await desk.drafts(draft()), desk.house
    await desk.approves(held)
    by_law = await desk.drafts(draft(basis=Basis.LAW))
    await desk.approves(by_law)
    holding = Holding(house.services, house.doors, house.book, house.retention)
    await holding.hold(desk.robin, desk.tip, "a court asked", random_id())
    await desk.exports(held)
    await house.follow_up.erase(desk.visit)
    with pytest.raises(NoLongerAllowed):
        await desk.exports(held)
    await desk.exports(by_law)


async def test_under_a_hold_only_the_way_that_counts_now_is_in_a_report(desk: Desk) -> None:
    house = desk.house
    await Holding(house.services, house.doors, house.book, house.retention).hold(
        desk.robin, desk.tip, "a court asked", random_id()
    )
    house.clock.advance(timedelta(minutes=1))
    await house.follow_up.reach(desk.visit, Names(reach="by the back door"))
    opened = await desk.reporting.look(desk.robin, desk.tip)
    assert [names.reach for names in opened.told(opened.parts).names] == ["by the back door"]


async def test_what_she_takes_back_in_a_newer_tip_stops_a_report_on_the_older_one(desk: Desk) -> None:
    """She lost her number and wrote anew: two people linked the two, and she ticked nothing this time."""
    report = await desk.drafts(draft())
    await desk.approves(report)
    desk.house.clock.advance(timedelta(days=2))
    newer, _ = await file_with_receipt(desk.house, dataclasses.replace(TOLD, consents=frozenset()))
    linking = Linking(desk.house.services, desk.house.doors, desk.house.book, desk.house.review)
    await linking.propose(desk.robin, newer.tip, desk.tip, What.LINK)
    await desk.exports(report)  # one person alone has linked nothing
    await linking.answer(desk.sam, newer.tip, desk.tip, Answer.YES)
    with pytest.raises(NoLongerAllowed):
        await desk.exports(report)
