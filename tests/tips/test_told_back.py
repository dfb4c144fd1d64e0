"""Holds the details she told being shown to her again, each under its question, and being hers to add to."""

from __future__ import annotations

import pytest

from tests.support.catalogues import phrases
from tests.support.html import Document
from tests.tips.phone import Phone
from tests.tips.test_telling import LANGUAGES, sends_and_opens, tells
from tests.tips.test_tip import NOON
from tips.asked import FACTS
from tips.said import SHOWN, by_group, label_of, phrase_of, told_of
from tips.tip import Facts

pytestmark = pytest.mark.anyio


def test_every_fact_has_its_question_and_every_tapped_answer_its_words() -> None:
    known = phrases("tips", "en") | phrases("portal", "en")
    for fact, ask in FACTS.items():
        if ask.fold not in SHOWN:
            continue
        assert label_of(fact) in known
        for choice in ask.choices:
            assert phrase_of(fact, choice) in known, (fact, choice)
        if ask.is_typed:
            assert phrase_of(fact, "words of hers") == ""


def test_what_was_said_twice_is_shown_as_often_and_what_nobody_knows_not_at_all() -> None:
    facts = [Facts(NOON, {"plate": ("ABC 123",), "later_one": ("x",)}), Facts(NOON, {"plate": ("ABC 124",)})]
    assert told_of(facts) == [("plate", [("ABC 123",), ("ABC 124",)])]
    assert [group for group, _ in by_group(facts)] == ["doing"]
    assert told_of([]) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_she_reads_what_she_told_behind_a_tap(phone: Phone, language: str) -> None:
    token = await sends_and_opens(phone, plate="ABC 123")
    await tells(phone, token, work="1 4", town="Lantern <b>Bay</b>", signs="1")
    await phone.posts(f"/{language}/note/back/more", {"t": token, "do": "open"})
    fold = phone.answer.text.partition('<details class="more" id="told">')[2].partition("</details>")[0]
    words = Document(f"<main>{fold}</main>").words
    known = phrases("tips", language)
    for key in ("note.work.label", "note.work.1", "note.work.4", "note.town.label", "note.plate.label", "note.signs.1"):
        assert known[key][0] in words, key
    assert "ABC 123" in words
    assert "Lantern &lt;b&gt;Bay" in fold, "typed words are words, never markup"


async def test_whoever_told_nothing_more_is_shown_no_empty_fold(phone: Phone) -> None:
    await sends_and_opens(phone)
    assert 'id="told"' not in phone.answer.text
    assert "Add more about place and people" in phone.answer.text
