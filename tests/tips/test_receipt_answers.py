"""Holds that a number never given, one given wrongly and an erased one take the same steps and get the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from portal.vault.digits import read_number
from portal.vault.passwords import Parameters
from portal.vault.receipts import RECEIPT_VERSION
from tests.tips.conftest import TipHouse
from tests.tips.phone import Phone
from tests.tips.test_filing import file_with_receipt
from tips.receipt import new_receipt

pytestmark = pytest.mark.anyio


def nearly(code: str) -> str:
    """The same number but for its last digits, such that its check digits are right: a slip nobody can tell."""
    near = str(int(code) + 97).zfill(25)
    assert read_number(near, 23, RECEIPT_VERSION) is not None
    return near


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked from here on."""
    asked: list[str] = []

    def hears(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", hears)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", hears)


async def test_unknown_wrong_and_erased_are_one_answer(
    phone: Phone, house: TipHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, erased = await file_with_receipt(house)
    _, known = await file_with_receipt(house)
    await house.follow_up.erase(gone.visit)
    numbers = {
        "unknown": str.__str__(new_receipt().code),
        "wrong": nearly(str.__str__(known.code)),
        "erased": str.__str__(erased.code),
    }
    runs: list[bytes] = []
    run = house.services.pools.coming_back.run

    async def counting(parameters: Parameters, secret: bytes, salt: bytes, *, has_waited: bool = False) -> bytes:
        runs.append(secret)
        return await run(parameters, secret, salt, has_waited=has_waited)

    monkeypatch.setattr(house.services.pools.coming_back, "run", counting)
    pages, asked = {}, {}
    for name, number in numbers.items():
        runs.clear()
        with statements() as heard:
            await phone.comes_back(number)
        assert runs == [number.encode()], name
        pages[name] = (phone.answer.status_code, without_secrets(phone.answer.text, number), len(phone.answer.content))
        asked[name] = heard
    assert pages["unknown"] == pages["wrong"] == pages["erased"]
    assert asked["unknown"] == asked["wrong"] == asked["erased"]
    assert len(asked["unknown"]) >= 1
    assert "That number does not open a note." in pages["unknown"][1]


def without_secrets(page: str, number: str) -> str:
    """The page without the number that was typed and what is drawn at random for each page."""
    return re.sub(r'value="[A-Za-z0-9_-]{22,43}"', 'value=""', page.replace(number, "NUMBER"))
