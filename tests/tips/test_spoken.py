"""How she speaks on the phone is asked where her page may be spoken in several ways, and is told to the desk alone."""

from __future__ import annotations

import re

import msgspec
import pytest

from i18n.languages import LANGUAGES
from i18n.spoken import ways_to_speak
from tests.tips.desk import Desk, where
from tests.tips.phone import Phone
from tests.tips.test_telling import newest, sends_and_opens
from tips.tip import Names

pytestmark = pytest.mark.anyio

ASKED = {"zh-Hans": ["", "cmn", "yue"], "zh-Hant": ["", "cmn", "yue"], "fa": ["", "fa", "prs"]}


def offered(page: str) -> list[str]:
    _, is_asked, field = page.partition('<select id="speech"')
    return re.findall(r'<option value="([^"]*)"', field.partition("</select>")[0]) if is_asked else []


def test_a_part_sealed_before_it_was_asked_and_a_house_that_does_not_know_it_read_each_other() -> None:
    older = msgspec.defstruct(
        "Older", [(name, str, "") for name in ("reach", "name", "hours", "mask", "voice", "tongue")]
    )
    ours = Names("555-0101", tongue="zh-Hant", spoken="yue")
    assert msgspec.json.decode(msgspec.json.encode(older("555-0101")), type=Names) == Names("555-0101")
    assert msgspec.json.decode(msgspec.json.encode(ours), type=older) == older("555-0101", tongue="zh-Hant")
    assert "yue" not in repr(ours)


async def test_it_is_asked_where_there_is_something_to_ask_and_nowhere_else(phone: Phone) -> None:
    for tag in ("en", "ar", *ASKED):
        assert offered((await phone.opens(f"/{tag}/note")).text) == ASKED.get(tag, []), tag
    assert {tag for tag in LANGUAGES if ways_to_speak(tag)} == set(ASKED)


async def test_it_is_read_at_the_desk_and_kept_when_the_page_speaks_another_language(phone: Phone, desk: Desk) -> None:
    token = await sends_and_opens(phone, tongue="zh-Hant", speech="yue")
    (names,) = (await newest(phone)).names or ()
    assert (names.tongue, names.spoken) == ("zh-Hant", "yue")
    (tip,) = await phone.house.shown()
    assert "广东话 / 廣東話" in (await desk.opens(where(tip))).text

    # In English it is not asked; her form carries it along, and she can still say that she has no wish.
    assert phone.hidden("speech") == "yue"
    assert offered(phone.answer.text) == []
    assert token


@pytest.mark.parametrize("said", ["tlh", "zh-Hant", "<b>"])
async def test_what_is_no_language_is_no_answer(phone: Phone, said: str) -> None:
    await phone.files(speech=said)
    (names,) = (await newest(phone)).names or ()
    assert names.spoken == ""
