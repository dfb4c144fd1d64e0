"""Holds the one answer: a number never given and one whose note is erased cannot be told apart."""

from __future__ import annotations

import re

import pytest

from portal.vault.passwords import Pool
from tests.tips.phone import Phone
from tests.tips.test_filing import file_with_receipt
from tips.receipt import new_receipt

pytestmark = pytest.mark.anyio


async def closed_answers(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, int]]:
    """For an unknown and an erased number: the page without what differs by itself, and the Argon2 runs it cost."""
    filing, erased = await file_with_receipt(phone.house)
    await phone.house.follow_up.erase(filing.visit)
    runs: list[str] = []
    run = Pool.run

    async def counting(pool: Pool, *given: object, **how: object) -> bytes:
        runs.append("run")
        return await run(pool, *given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Pool, "run", counting)
    answers = {}
    for name, code in (("erased", erased.code), ("unknown", new_receipt().code)):
        runs.clear()
        await phone.comes_back(code)
        own_pass = str(phone.answer.url).rpartition("/")[2]
        page = phone.answer.text.replace(code, "NUMBER").replace(own_pass, "PASS")
        answers[name] = (re.sub(r'name="p" value="[\w-]{22}"', 'name="p" value="PASS"', page), len(runs))
    return answers


async def test_unknown_and_erased_numbers_get_the_same_page_for_one_run(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = await closed_answers(phone, monkeypatch)
    assert answers["erased"] == answers["unknown"]
    assert answers["unknown"][1] == 1
    assert "That number does not open a note." in answers["unknown"][0]


async def test_a_slip_of_the_finger_is_told_without_a_run(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(pool: Pool, *given: object, **how: object) -> bytes:
        raise AssertionError("a mistyped number reached Argon2")

    _, receipt = await file_with_receipt(phone.house)
    monkeypatch.setattr(Pool, "run", never)
    wrong = receipt.code[:-1] + str((int(receipt.code[-1]) + 1) % 10)
    for typed, told in (
        (wrong, "One digit is not right."),
        (receipt.code[:-1], "That was 24 digits. The number has 25."),
        ("", "Type the number we gave you."),
    ):
        await phone.comes_back(typed)
        assert told in phone.answer.text
        assert f'value="{typed}"' in phone.answer.text


async def test_numbers_that_open_nothing_take_the_same_time(phone: Phone) -> None:
    """The median of several tries, erased against unknown, in turn; far apart would be a second run or a row read."""
    from statistics import median
    from time import perf_counter

    took: dict[str, list[float]] = {"erased": [], "unknown": []}
    filing, erased = await file_with_receipt(phone.house)
    await phone.house.follow_up.erase(filing.visit)
    for _ in range(15):
        for name, code in (("erased", erased.code), ("unknown", new_receipt().code)):
            began = perf_counter()
            await phone.comes_back(code)
            took[name].append(perf_counter() - began)
    assert 0.5 < median(took["erased"]) / median(took["unknown"]) < 2
