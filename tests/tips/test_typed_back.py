"""Holds one group of the number typed back: asked once, never needed, told kindly, and no longer way to the number."""

from __future__ import annotations

import re
from datetime import timedelta

from hypothesis import given, settings, strategies as st

from tests.tips.phone import Phone
from tests.tips.test_filing import file_with_receipt
from tests.tips.test_receipt import SCRIPTS, codes, in_script
from tips.intake import SHOWN_AGAIN_FOR
from tips.pages.checking import CheckingPages
from tips.receipt import GROUPS, Receipt, is_group

SAME = "/en/note/same"


async def shown(phone: Phone) -> tuple[str, int, str]:
    """A sent note: its number, the place of the group that is asked for, and the token to answer with."""
    await phone.files()
    return phone.number, place(phone), token(phone)


def place(phone: Phone) -> int:
    found = re.search(r"Type group (\d), counted from the left", phone.answer.text)
    assert found is not None
    return int(found[1]) - 1


def token(phone: Phone) -> str:
    found = re.search(r'action="/en/note/same".*?name="c" value="([^"]+)"', phone.answer.text, re.DOTALL)
    assert found is not None
    return found[1]


def group(number: str, which: int) -> str:
    return number[5 * which : 5 * which + 5]


async def test_the_right_group_is_told_and_the_number_stands_there_no_more(phone: Phone) -> None:
    number, which, check = await shown(phone)
    await phone.posts(SAME, {"c": check, "number": group(number, which)})
    assert "It is the same." in phone.answer.text
    assert not any(group(number, each) in phone.answer.text for each in range(GROUPS))
    assert phone.answer.status_code == 203
    await phone.posts(SAME, {"c": check, "number": group(number, which)})
    assert "It is the same." not in phone.answer.text


async def test_another_group_is_told_kindly_and_costs_nothing(phone: Phone) -> None:
    number, which, check = await shown(phone)
    for typed in ("", "x", "123", group(number, (which + 1) % GROUPS)[::-1], "9" * 300):
        await phone.posts(SAME, {"c": check, "number": typed})
        assert f"That is not group {which + 1}. Nothing is lost." in phone.answer.text
        assert (phone.number, place(phone), token(phone)) == (number, which, check)
    await phone.posts(SAME, {"c": check, "number": group(number, which)})
    assert "It is the same." in phone.answer.text
    await phone.comes_back(number)
    assert "Your note" in phone.answer.text


async def test_it_is_never_needed(phone: Phone) -> None:
    number, _, _ = await shown(phone)
    await phone.comes_back(number)
    assert "Your note" in phone.answer.text
    await phone.files(keep="2")
    assert SAME not in phone.answer.text


async def test_the_question_ends_when_the_form_sent_again_would_show_no_number(phone: Phone) -> None:
    filing, _ = await file_with_receipt(phone.house)
    checking, client = CheckingPages(phone.house.services), phone.house.services.ember_client
    phone.house.clock.advance(SHOWN_AGAIN_FOR - timedelta(minutes=1))
    assert await checking.begins(filing) is not None
    left = [await client.pttl(name) async for name in client.scan_iter(match=b"t:*")]
    assert left
    assert timedelta(milliseconds=max(left)) <= timedelta(minutes=1)
    phone.house.clock.advance(timedelta(minutes=1))
    assert await checking.begins(filing) is None


async def test_leaving_ends_the_question_with_the_number(phone: Phone) -> None:
    number, which, check = await shown(phone)
    visit = re.findall(r'name="t" value="([^"]+)"', phone.answer.text)
    await phone.house.services.leaving.destroy(visit[:1])
    await phone.posts(SAME, {"c": check, "number": group(number, which)})
    assert "It is the same." not in phone.answer.text
    assert phone.number == ""


async def test_an_erased_note_answers_nothing_any_more(phone: Phone) -> None:
    number, which, check = await shown(phone)
    visit = await phone.house.doors.tip_for_receipt(Receipt(number))
    assert visit is not None
    await phone.house.follow_up.erase(visit)
    for typed in (group(number, which), "00000"):
        await phone.posts(SAME, {"c": check, "number": typed})
        assert phone.number == ""
        assert "same" not in phone.answer.text.partition("<main")[2]


@settings(max_examples=30)
@given(codes, st.integers(0, GROUPS - 1), st.sampled_from(SCRIPTS), st.sampled_from(["", " ", "-", "‏"]))
def test_a_group_is_read_as_tolerantly_as_the_number(code: str, which: int, digits: str, between: str) -> None:
    receipt = Receipt(code)
    assert is_group(receipt, which, between.join(in_script(receipt.groups[which], digits)))
    assert is_group(receipt, which, between.join(in_script(code, digits)))
    other = str((int(code[5 * which]) + 1) % 10) + receipt.groups[which][1:]
    assert not is_group(receipt, which, other)
