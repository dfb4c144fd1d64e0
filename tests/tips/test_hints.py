"""Whoever writes a note in another language than its page is asked once, in it; one tap takes the form along."""

from __future__ import annotations

import pytest

from i18n.languages import LANGUAGES
from portal.ids import random_key, to_text
from tests.tips.conftest import TipHouse
from tests.tips.phone import FORM, Phone
from tips.pages.keeping import ANSWER_SIZE

pytestmark = pytest.mark.anyio

SPANISH = "mi jefe me quito el pasaporte"


@pytest.fixture(autouse=True)
def loaded(house: TipHouse) -> None:
    """The first text of a process takes longer than an answer waits for it."""
    assert house.services.guesses.look(SPANISH) == "es"


def ask(house: TipHouse, tag: str) -> str:
    return house.services.pages.catalogue.phrase(LANGUAGES[tag], "tongues.ask")


async def test_a_form_that_comes_back_asks_once_and_the_tap_keeps_what_was_typed(house: TipHouse, phone: Phone) -> None:
    fields = {**FORM, "words": SPANISH, "k": house.services.start_tokens.make(), "keep": "3"}
    page = await phone.posts("/en/note", fields)
    assert ask(house, "es") in page.text
    assert 'name="to" value="es"' in page.text
    again = {**fields, "k": phone.hidden("k"), "g": phone.hidden("g")}
    assert ask(house, "es") not in (await phone.posts("/en/note", again)).text
    moved = await phone.posts("/en/note", {**again, "to": "es"})
    assert '<html lang="es"' in moved.text
    assert SPANISH in moved.text
    assert ask(house, "es") not in moved.text


async def test_a_form_in_the_language_of_its_page_asks_nothing(house: TipHouse, phone: Phone) -> None:
    fields = {**FORM, "words": SPANISH, "k": house.services.start_tokens.make(), "keep": "3"}
    page = await phone.posts("/es/note", fields)
    assert ask(house, "es") not in page.text
    assert 'name="g"' not in page.text


async def test_the_copy_that_is_kept_while_she_writes_is_answered_in_one_length(house: TipHouse, phone: Phone) -> None:
    start, lengths, guesses = house.services.start_tokens.make(), set(), []
    for words in (SPANISH, "my boss took my passport", "k"):
        said = {"d": to_text(random_key()), "k": start, "f": {"words": words}}
        answer = await phone.web.post("/en/note/keep", json=said, headers={"sec-fetch-site": "same-origin"})
        told = answer.json()
        assert told["kept"] is True
        assert "content-encoding" not in answer.headers
        lengths.add(len(answer.content))
        guesses.append(told["guess"] and (told["guess"]["tag"], told["guess"]["ask"]))
    assert guesses == [("es", ask(house, "es")), None, None]
    assert lengths == {ANSWER_SIZE}
