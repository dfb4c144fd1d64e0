"""Holds the desk's pages of linking: looked for, proposed, agreed by somebody else, read as one thread."""

from __future__ import annotations

import re

import httpx
import pytest

from portal.ids import to_text
from tests.support.html import Document
from tests.tips.conftest import TipHouse
from tests.tips.desk import Desk
from tests.tips.phone import Phone
from tests.tips.test_filing import file_with_receipt
from tips.form import TipForm
from tips.links.linking import Linking
from tips.links.rule import Answer, What

pytestmark = pytest.mark.anyio

OLD = "A heron by the third lock."


def words(answer: httpx.Response) -> str:
    return Document(answer.text).words


async def test_somebody_who_lost_her_number_says_so_and_two_people_link_it(
    phone: Phone, desk: Desk, house: TipHouse
) -> None:
    old, _ = await file_with_receipt(house, TipForm(words=OLD))
    await phone.opens("/en/note/back")
    assert 'href="/en/note/again"' in phone.answer.text
    await phone.opens("/en/note/again")
    assert (phone.hidden("again"), OLD in phone.answer.text) == ("1", False)
    await phone.files(words="It is me again.", again="1", past="It was in spring, about a heron.")
    assert phone.number
    (new,) = [tip for tip in await house.shown() if tip != old.tip]
    at = f"/desk/tips/{to_text(new)}"

    assert "Lost their number" in words(await desk.opens("/desk/tips"))
    page = words(await desk.opens(at))
    assert "Says they wrote before and lost the number." in page
    assert "It was in spring, about a heron." in page

    found = await desk.posts(f"{at}/link/find", words="HERON lock")
    page = (await desk.opens(found.headers["location"])).text
    assert re.findall(r'name="with" value="([^"]+)"', page) == [to_text(old.tip)]
    await desk.posts(f"{at}/link/ask", **{"with": to_text(old.tip), "do": "link", "why": "Spring."})
    page = words(await desk.opens(at))
    assert "Robin proposes that both are of the same person." in page
    assert "Agree: link them" not in page
    refused = await desk.posts(f"{at}/link/answer", **{"with": to_text(old.tip), "do": "yes"})
    assert "You proposed it yourself." in words(await desk.opens(refused.headers["location"]))

    linking = Linking(house.services, house.doors, house.book, house.review)
    await linking.answer(house.without_names, new, old.tip, Answer.YES)
    for tip in (new, old.tip):
        page = words(await desk.opens(f"/desk/tips/{to_text(tip)}"))
        assert "Both tips in order" in page
        assert page.index(OLD, page.index("Both tips in order")) < page.rindex("It is me again.")


async def test_a_proposal_of_somebody_else_may_be_agreed_to_and_parted_again(desk: Desk, house: TipHouse) -> None:
    tips = [(await file_with_receipt(house, TipForm(words=text)))[0].tip for text in ("one", "two")]
    linking = Linking(house.services, house.doors, house.book, house.review)
    await linking.propose(house.without_names, tips[0], tips[1], What.LINK)
    at, other = f"/desk/tips/{to_text(tips[1])}", {"with": to_text(tips[0])}
    assert "Agree: link them" in words(await desk.opens(at))
    await desk.posts(f"{at}/link/answer", **other, do="yes")
    assert "Linked" in words(await desk.opens(at))
    await desk.posts(f"{at}/link/ask", **other, do="part")
    assert "Let it fall" in words(await desk.opens(at))
    await linking.answer(house.without_names, tips[0], tips[1], Answer.YES)
    assert "Both tips in order" not in words(await desk.opens(at))


@pytest.mark.parametrize("act", ["find", "ask", "answer"])
async def test_a_post_from_elsewhere_or_of_nonsense_does_nothing(desk: Desk, house: TipHouse, act: str) -> None:
    tip = (await file_with_receipt(house))[0].tip
    other = (await file_with_receipt(house))[0].tip
    at, fields = f"/desk/tips/{to_text(tip)}/link/{act}", {"with": to_text(other), "do": "link", "words": "x"}
    assert (await desk.posts(at, csrf="no token", **fields)).status_code == 403
    assert (await desk.posts(f"/desk/tips/nothing/link/{act}", **fields)).status_code == 404
    nonsense = await desk.posts(at, **{**fields, "with": "x", "do": "x", "words": ""})
    assert nonsense.status_code == (303 if act == "find" else 404)
    entries = (await house.review.open(house.robin, tip)).entries
    assert [entry.act for entry in entries] == []


async def test_what_was_found_is_shown_to_whoever_looked_and_beside_that_tip_alone(desk: Desk, house: TipHouse) -> None:
    tips = [(await file_with_receipt(house, TipForm(words="heron")))[0].tip for _ in range(2)]
    at = f"/desk/tips/{to_text(tips[0])}/link"
    found = (await desk.posts(f"{at}/find", words="heron")).headers["location"]
    assert "heron" not in found
    assert (await desk.opens(found)).status_code == 203
    elsewhere = found.replace(to_text(tips[0]), to_text(tips[1]))
    assert (await desk.opens(elsewhere)).status_code == 303
    await desk.has_only("tips", "names")
    assert (await desk.opens(found)).status_code == 303
