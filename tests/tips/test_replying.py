"""Holds a reply with the same in the reporter's language: marked as what it is, hers first, ours never lost."""

from __future__ import annotations

import msgspec
import pytest

from portal.ids import random_id
from portal.vault.padding import RECORD_STEPS, longest
from tests.support.html import Document
from tests.tips.conftest import TipHouse
from tests.tips.desk import Desk, where
from tests.tips.phone import Phone
from tests.tips.test_filing import FORM, file_with_receipt
from tests.tips.test_shelves_model import nobody_goes
from tests.tips.test_telling import sends_and_opens
from tests.tips.test_tip import NOON
from tips import store
from tips.folding import terms
from tips.form import ADDITION_LIMIT, Mend
from tips.replying import Reply, kept_reply, read_reply
from tips.shelf import EVERYTHING
from tips.tip import Kind, Made, Translation, Words, decode_words, encode

pytestmark = pytest.mark.anyio


OURS = "Was the van there each day?"
HERS = "هل كانت الشاحنة هناك كل يوم؟"
TYPED = {"words": OURS, "same": HERS, "made": "machine", "own": "en", "theirs": "ar"}


def test_a_reply_alone_needs_no_word_about_any_translation() -> None:
    assert read_reply({"words": OURS, "made": "x", "theirs": "ar"}, own="fr", theirs="en") == Reply(OURS, "fr")


@pytest.mark.parametrize("made", list(Made))
def test_the_same_in_her_language_says_how_it_was_made(made: Made) -> None:
    read = read_reply({**TYPED, "made": made.value}, own="fr", theirs="en")
    assert read == Reply(OURS, "en", Translation(HERS, "ar", made.value))


@pytest.mark.parametrize(
    ("typed", "mend"),
    [
        ({"same": HERS, "made": "person"}, Mend("words", "desktips.answer.empty")),
        ({"words": "x" * (ADDITION_LIMIT + 1)}, Mend("words", "desktips.answer.too_long")),
        ({"words": OURS, "same": "x" * (ADDITION_LIMIT + 1)}, Mend("same", "desktips.answer.too_long")),
        ({"words": OURS, "same": HERS}, Mend("made", "desktips.same.made_missing")),
        ({"words": OURS, "same": HERS, "made": "a guess"}, Mend("made", "desktips.same.made_missing")),
    ],
)
def test_what_is_missing_is_said_at_its_field(typed: dict[str, str], mend: Mend) -> None:
    assert read_reply(typed, own="en", theirs="en") == mend


def test_a_language_nobody_serves_is_not_believed() -> None:
    read = read_reply({**TYPED, "own": "tlh", "theirs": '"><script>'}, own="fr", theirs="en")
    assert isinstance(read, Reply)
    assert read.same is not None
    assert (read.language, read.same.language) == ("fr", "en")


def test_a_page_keeps_only_its_own_fields_of_a_reply() -> None:
    assert kept_reply({**TYPED, "csrf": "x", "part": "y"}) == TYPED


@pytest.mark.parametrize("letter", ["x", "ع", "字", "🙏", '"', "\n", "\\"])
def test_both_texts_at_their_longest_fit_into_one_seal(letter: str) -> None:
    same = Translation(letter * ADDITION_LIMIT, "ar", Made.INTERPRETER.value)
    words = Words(Kind.REPLY, letter * ADDITION_LIMIT, NOON, alias="a" * 80, language="en", same=same)
    assert len(encode(words)) <= longest(RECORD_STEPS)


def test_a_reply_from_before_there_were_translations_opens() -> None:
    old = b'{"kind":"reply","text":"Thank you.","at":"2026-03-04T12:00:00Z","place":"","when":"","alias":"Robin"}'
    read = decode_words(old)
    assert (read.text, read.alias, read.language, read.same) == ("Thank you.", "Robin", "", None)


def test_a_house_that_knows_no_translation_reads_the_reply() -> None:
    class Older(msgspec.Struct):
        kind: Kind
        text: str
        alias: str = ""

    new = Words(Kind.REPLY, OURS, NOON, alias="Robin", language="en", same=Translation(HERS, "ar", "machine"))
    assert msgspec.json.decode(encode(new), type=Older).text == OURS


def test_a_way_of_making_nobody_knows_promises_the_least() -> None:
    assert not Translation("x", "ar", "a later way").is_by_person


async def test_a_search_finds_either_text(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    same = Translation(HERS, "ar", "person")
    await house.review.reply(house.robin, filing.tip, OURS, random_id(), language="en", same=same)
    for looked_for in ("each day", "الشاحنة", "nowhere"):
        found = await house.search.find(house.robin, EVERYTHING, terms(looked_for), nobody_goes)
        assert found.total == (looked_for != "nowhere"), looked_for


async def test_both_texts_are_one_part_however_often_it_is_sent(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house)
    part, same = random_id(), Translation(HERS, "ar", "person")
    for _ in range(2):
        await house.review.reply(house.robin, filing.tip, OURS, part, language="en", same=same)
    async with house.services.database.read() as connection:
        kept = await store.read_parts(connection, filing.tip)
    assert [each.part for each in kept if each.part == part] == [part]
    (reply,) = (await house.follow_up.read(filing.visit)).open
    assert (reply.text, reply.same) == (OURS, same)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("person", "A person put this into your language."),
        ("interpreter", "A person put this into your language."),
        ("machine", "A machine put this into your language. It can make mistakes."),
    ],
)
async def test_she_reads_her_language_first_and_ours_behind_it(phone: Phone, made: str, said: str) -> None:
    token = await sends_and_opens(phone)
    (tip,) = await phone.house.shown()
    same = Translation(HERS, "ar", made)
    await phone.house.review.reply(phone.house.robin, tip, OURS, random_id(), language="en", same=same)
    page = (await phone.posts("/en/note/back/more", {"t": token, "do": "open"})).text
    assert page.index(HERS) < page.index(said) < page.index(OURS)
    assert f'<p lang="ar" dir="rtl">{HERS}</p>' in page
    hidden = page.partition(said)[2].partition("<details>")[2].partition("</details>")[0]
    assert f'<p lang="en" dir="ltr">{OURS}</p>' in hidden


async def test_the_desk_asks_how_it_was_made_and_loses_nothing(desk: Desk) -> None:
    filing, _ = await file_with_receipt(desk.house)
    post = f"{where(filing.tip)}/reply"
    again = await desk.posts(post, **{**TYPED, "made": ""})
    page = Document(again.text)
    assert "Say how the second text was made." in page.words
    assert OURS in again.text
    assert HERS in again.text
    assert (await desk.posts(post, **TYPED)).status_code == 303
    shown = (await desk.opens(where(filing.tip))).text
    assert f'<div lang="en" dir="ltr">{OURS}</div>' in shown
    assert f'<div lang="ar" dir="rtl">{HERS}</div>' in shown
    assert "The same, as they read it. By a machine." in Document(shown).words


async def test_the_desk_offers_the_language_the_tip_was_sent_in(desk: Desk) -> None:
    filing, _ = await file_with_receipt(desk.house)
    page = (await desk.opens(where(filing.tip))).text
    assert '<option value="es" selected>Spanish · Español' in page.partition('id="theirs"')[2].partition("</select>")[0]
    assert FORM.words in page
