"""From the page about rights at work a note begins with what only work is asked, and with nothing chosen for her."""

from __future__ import annotations

import re

import pytest

from i18n.languages import LANGUAGES
from tests.tips.phone import FORM, Phone
from tips.asked import NOTE, Fold, How
from tips.form import kept_typing, read

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("tag", ["en", "ar", "tl"])
async def test_from_the_page_on_work_a_note_begins_with_what_only_work_is_asked(phone: Phone, tag: str) -> None:
    said = phone.house.services.pages.catalogue.phrase
    asked = said(LANGUAGES[tag], "note.kind.label")
    plain = (await phone.opens(f"/{tag}/note")).text
    assert asked not in plain
    text = (await phone.opens(f"/{tag}/note/job")).text
    in_view = text.partition(said(LANGUAGES[tag], "note.more"))[0]
    assert asked in in_view
    assert not re.search(r'name="kind"[^>]* checked', text), "nothing is chosen for her"
    # The group with the name of the business stands open; every other waits for a tap.
    opened = [block for block in re.split(r"(?=<details)", text) if block.startswith('<details class="more" open')]
    assert len(opened) == 1
    assert 'name="firm"' in opened[0]
    assert f'action="/{tag}/note"' in text


async def test_what_she_says_of_the_work_is_kept_and_stays_in_view_when_something_is_to_be_mended(phone: Phone) -> None:
    start = phone.house.services.start_tokens.make()
    typed = {**FORM, "words": "", "k": start, "keep": "1", "kind": "1", "firm": "Hill Farm"}
    await phone.posts("/en/note", typed)
    assert re.search(r'name="kind" value="1"[^>]* checked', phone.answer.text)
    assert "Hill Farm" in phone.answer.text

    form = read({"words": "Pay is held back.", "kind": "1", "firm": "Hill Farm"})
    assert not isinstance(form, tuple)
    assert form.facts == {"kind": ("labour",), "business": ("Hill Farm",)}
    assert kept_typing({"kind": "1"}) == {"kind": "1"}
    assert [ask.how for ask in NOTE if ask.fold is Fold.WORK] == [How.ONE]
