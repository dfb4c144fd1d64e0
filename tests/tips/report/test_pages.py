"""Holds the pages of reports: what is offered on which ground, what comes back filled, how the file comes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from portal.ids import random_id, to_text
from tests.tips.conftest import TipHouse
from tests.tips.desk import Desk as Browser, at_the_desk
from tests.tips.report.conftest import PASSPHRASE, TOLD, Desk, draft, make_desk
from tests.tips.work.conftest import WorkHouse
from tips.consents import Consent
from tips.report.rules import Basis
from tips.work.acts import Working

pytestmark = pytest.mark.anyio

FILLED = {
    "recipient": "police",
    "whom": "Sergeant Vale",
    "purpose": "Look in on them",
    "harm_of_telling": "They may be moved",
    "harm_of_silence": "It goes on",
}


@pytest.fixture
async def browser(house: TipHouse) -> AsyncIterator[Browser]:
    async with at_the_desk(house) as opened:
        yield opened


def at(desk: Desk) -> str:
    return f"/desk/tips/{to_text(desk.tip)}/report"


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form in the page's main part, but for the token."""
    main = page.partition("<main")[2]
    found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', main))
    found.pop("csrf", None)
    return found


async def form_of(browser: Browser, desk: Desk, basis: str = "consent") -> httpx.Response:
    return await browser.opens(f"{at(desk)}/on/{basis}")


async def follows(browser: Browser, answer: httpx.Response) -> httpx.Response:
    assert (answer.status_code, answer.content) == (303, b"")
    return await browser.opens(answer.headers["location"])


async def test_the_tip_leads_to_its_reports_and_says_where_each_stands(browser: Browser, desk: Desk) -> None:
    report = await desk.drafts(draft())
    page = await browser.opens(f"/desk/tips/{to_text(desk.tip)}")
    assert f'href="{at(desk)}"' in page.text
    assert f'href="{at(desk)}/{report}"' in page.text
    assert "waits for a second person" in page.text


async def test_on_consent_only_what_it_lets_out_is_offered(browser: Browser, house: TipHouse) -> None:
    desk = await make_desk(house, dataclasses.replace(TOLD, consents=frozenset({Consent.FACTS})))
    page = (await form_of(browser, desk)).text
    assert 'name="f_text"' in page
    assert 'name="f_suspected_name"' in page
    for name in ("name", "reach", "mask", "path", "tie", "language"):
        assert f'name="f_{name}"' not in page
    assert "Ana Quill" not in page
    assert 'value="points"' not in page
    assert 'name="at_once"' not in page
    law = (await form_of(browser, desk, "required_by_law")).text
    assert 'name="f_name"' in law
    assert 'value="points"' in law


@pytest.mark.parametrize(
    ("region", "says"), [("ca-on", "Under 16"), ("ca-yt", "is not checked"), ("", "is not checked")]
)
async def test_for_a_minor_the_form_says_the_rule_of_the_region_or_that_nobody_has_checked(
    browser: Browser, house: TipHouse, region: str, says: str
) -> None:
    desk = await make_desk(house, dataclasses.replace(TOLD, facts={"region": (region,)} if region else {}))
    assert says in (await form_of(browser, desk, "minor_at_risk")).text
    assert says not in (await form_of(browser, desk, "required_by_law")).text


async def test_without_a_live_consent_there_is_no_form_that_rests_on_one(browser: Browser, house: TipHouse) -> None:
    desk = await make_desk(house, dataclasses.replace(TOLD, consents=frozenset({Consent.IDENTITY, Consent.SERVICE})))
    page = (await browser.opens(at(desk))).text
    assert f'href="{at(desk)}/on/consent"' not in page
    assert f'href="{at(desk)}/on/minor_at_risk"' in page
    assert (await form_of(browser, desk)).status_code == 404
    posted = await browser.posts(f"{at(desk)}/draft", basis="consent", step="0", report=to_text(random_id()), **FILLED)
    assert (await browser.opens(posted.headers["location"])).status_code == 404


async def test_a_draft_with_gaps_comes_back_filled_and_says_what_is_missing(browser: Browser, desk: Desk) -> None:
    fields = {**hidden((await form_of(browser, desk)).text), **FILLED, "harm_of_silence": "", "f_text": "clear"}
    page = (await follows(browser, await browser.posts(f"{at(desk)}/draft", **fields))).text
    assert "Say what harm may come of not reporting." in page
    assert 'value="Sergeant Vale"' in page
    assert re.search(r'name="f_text" value="clear"[^>]* checked', page)
    assert (await desk.reporting.look(desk.robin, desk.tip)).reports == ()


@pytest.mark.parametrize("missing", ["whom", "purpose", "harm_of_telling", "harm_of_silence", "grounds", "f_text"])
async def test_nothing_is_given_on_without_whom_why_what_and_both_risks(
    browser: Browser, desk: Desk, missing: str
) -> None:
    fields = {**hidden((await form_of(browser, desk, "minor_at_risk")).text), **FILLED, "grounds": "She is 15"}
    full = {**fields, "f_text": "clear"}
    await browser.posts(f"{at(desk)}/draft", **{name: value for name, value in full.items() if name != missing})
    assert (await desk.reporting.look(desk.robin, desk.tip)).reports == ()
    answer = await browser.posts(f"{at(desk)}/draft", **full)
    assert answer.headers["location"] == f"{at(desk)}/{full['report']}"


async def test_a_field_the_ground_does_not_let_out_is_refused(browser: Browser, house: TipHouse) -> None:
    desk = await make_desk(house, dataclasses.replace(TOLD, consents=frozenset({Consent.FACTS})))
    fields = {**hidden((await form_of(browser, desk)).text), **FILLED, "f_name": "yes"}
    page = (await follows(browser, await browser.posts(f"{at(desk)}/draft", **fields))).text
    assert "no longer agrees" in page
    assert (await desk.reporting.look(desk.robin, desk.tip)).reports == ()


async def test_the_file_comes_by_a_pass_as_something_to_keep(browser: Browser, desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.approves(report)
    page = (await browser.opens(f"{at(desk)}/{report}")).text
    fields = {**hidden(page), "form": "csv", "language": "fr", "passphrase": PASSPHRASE}
    file = await follows(browser, await browser.posts(f"{at(desk)}/{report}/export", **fields))
    assert file.status_code == 200
    named = file.headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="report-[0-9A-F]{4}-[0-9A-F]{4}\.csv"', named)
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["content-security-policy"].endswith("; sandbox")
    assert "'none'" in file.headers["content-security-policy"]
    assert "Ce qui s’est passé" in file.text


async def test_a_wrong_passphrase_gives_no_file_and_says_so(browser: Browser, desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.approves(report)
    fields = {**hidden((await browser.opens(f"{at(desk)}/{report}")).text), "form": "pdf", "passphrase": "wrong one"}
    answer = await browser.posts(f"{at(desk)}/{report}/export", **fields)
    assert "/file/" not in answer.headers["location"]
    assert 'role="alert"' in (await follows(browser, answer)).text


async def test_the_author_is_offered_no_judgement_of_her_own(browser: Browser, desk: Desk) -> None:
    mine, other = await desk.drafts(draft()), await desk.drafts(draft(), by=desk.sam)
    assert "/judge" not in (await browser.opens(f"{at(desk)}/{mine}")).text
    page = (await browser.opens(f"{at(desk)}/{other}")).text
    assert "/judge" in page
    done = await browser.posts(f"{at(desk)}/{other}/judge", **hidden(page) | {"do": "approve"})
    assert "approved" in (await follows(browser, done)).text
    assert (await browser.posts(f"{at(desk)}/{mine}/judge", step="1", do="approve")).status_code == 303
    assert (await desk.report(mine)).judged is None


async def test_what_was_taken_back_is_said_and_no_file_is_offered(browser: Browser, desk: Desk) -> None:
    report = await desk.drafts(draft())
    await desk.approves(report)
    await desk.takes_back(Consent.FACTS)
    page = (await browser.opens(f"{at(desk)}/{report}")).text
    assert "no longer agrees" in page
    assert "/export" not in page
    assert TOLD.words not in page.partition("<main")[2]


async def test_an_emergency_is_marked_on_the_tip_until_it_was_looked_at(browser: Browser, desk: Desk) -> None:
    report = await desk.drafts(draft(basis=Basis.HARM, at_once=True))
    await desk.exports(report)
    assert "second look owed" in (await browser.opens(f"/desk/tips/{to_text(desk.tip)}")).text
    await desk.approves(report, act="report_seen", why="right")
    assert "second look owed" not in (await browser.opens(f"/desk/tips/{to_text(desk.tip)}")).text


async def test_the_list_says_of_which_tips_a_report_waits_or_owes_a_look(browser: Browser, desk: Desk) -> None:
    assert ">report waits<" not in (await browser.opens("/desk/tips")).text
    report = await desk.drafts(draft(basis=Basis.HARM, at_once=True))
    assert ">report waits<" in (await browser.opens("/desk/tips")).text
    await desk.exports(report)
    page = (await browser.opens("/desk/tips")).text
    assert ">report: second look owed<" in page
    assert ">report waits<" not in page
    await desk.approves(report, act="report_seen", why="right")
    assert "second look owed" not in (await browser.opens("/desk/tips")).text


async def test_not_yours_and_not_there_are_one_answer(browser: Browser, desk: Desk) -> None:
    report = await desk.drafts(draft())
    nobody = to_text(random_id())
    gone = [await browser.opens(f"/desk/tips/{nobody}/report{rest}") for rest in ("", f"/{report}", "/on/consent")]
    gone += [await browser.opens(f"{at(desk)}/{nobody}"), await browser.opens(f"{at(desk)}/on/wishes")]
    await browser.has_only("chat")
    gone += [await browser.opens(at(desk)), await browser.opens(f"{at(desk)}/{report}")]
    assert {answer.status_code for answer in gone} == {404}
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in gone[:5]}) == 1


async def test_no_page_of_reports_opens_a_tip_that_is_not_hers_to_open_without_a_reason(
    browser: Browser, desk: Desk, house: TipHouse
) -> None:
    work = WorkHouse(house, Working(house.services, house.doors, house.book))
    ada = await work.joins("Ada")
    report = await desk.drafts(draft(), by=ada)
    opened = await house.review.open(house.robin, desk.tip)
    await work.working.assign(house.robin, desk.tip, ada.staff_id, seen=opened.desk.assignee, part=random_id())
    # A session in which she has opened nothing yet.
    await browser.has_only("tips", "names")
    for rest in ("", f"/{report}", f"/{report}/again", "/on/consent"):
        answer = await browser.opens(at(desk) + rest)
        assert (answer.status_code, answer.headers.get("location")) == (303, f"/desk/tips/{to_text(desk.tip)}")


async def test_a_supervisor_finds_the_reports_that_wait_for_somebody(browser: Browser, desk: Desk) -> None:
    there = f'href="/desk/tips/{to_text(desk.tip)}"'
    assert there not in (await browser.opens("/desk/tips?show=reports")).text
    await desk.drafts(draft())
    assert there in (await browser.opens("/desk/tips?show=reports")).text
    await browser.posts(f"/desk/tips/{to_text(desk.tip)}/status", status="closed")
    assert there in (await browser.opens("/desk/tips?show=reports")).text
