"""A part of a tip is translated by a click, by our own engine alone; shown once, marked, kept nowhere."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from i18n.engines import make_translator
from i18n.translator import Flag
from portal.ids import random_id
from portal.staff.tables import audit
from tests.support.engine_double import EngineDouble, engine_double
from tests.support.html import Document
from tests.support.left_behind import left_behind
from tests.support.rooms import Valkeys
from tests.support.translators import Twin
from tests.tips.conftest import TipHouse
from tests.tips.desk import Desk, where
from tests.tips.test_filing import FORM, file
from tips.links.linking import Linking
from tips.links.rule import Answer, What
from tips.translating import pieces

pytestmark = pytest.mark.anyio

WORDS = "Me pegan"
MADE = "They paste me"
MARK = "Machine translation, may be wrong"


@pytest.fixture
def engine() -> Iterator[EngineDouble]:
    with engine_double() as double:
        yield double


@pytest.fixture
async def tip(desk: Desk, engine: EngineDouble) -> bytes:
    """A note somebody wrote in Spanish, in a house with an engine of its own."""
    desk.house.services.translator = make_translator(url=engine.url)
    assert await desk.house.services.translator.pairs()
    made = await desk.house.intake.file_tip(
        dataclasses.replace(FORM, words=WORDS),
        language="es",
        start_token=desk.house.services.start_tokens.make(),
        wants_number=False,
    )
    return made.filing.tip


async def rows(house: TipHouse) -> dict[str, int]:
    """How many rows every table has."""
    async with house.services.database.read() as connection:
        names = (await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))).scalars().all()
        return {n: (await connection.execute(text(f'SELECT count(*) FROM "{n}"'))).scalar_one() for n in names}


async def acts(house: TipHouse) -> list[str]:
    async with house.services.database.read() as connection:
        return list((await connection.execute(select(audit.c.act).order_by(audit.c.n))).scalars().all())


async def asks(desk: Desk, tip: bytes, **fields: str) -> str:
    """The click; where it leads."""
    answer = await desk.posts(f"{where(tip)}/machine", **{"place": "0", "source": "es", **fields})
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def test_one_click_shows_it_marked_beside_the_original_on_that_page_alone(desk: Desk, tip: bytes) -> None:
    page = Document((await desk.opens(where(tip))).text)
    assert 'value="es"' in (await desk.opens(where(tip))).text
    assert MARK not in page.words
    before, leads = await rows(desk.house), await asks(desk, tip)
    after = await rows(desk.house)
    assert {name for name in after if after[name] != before[name]} == {audit.name}
    assert MADE not in leads
    assert WORDS not in leads
    shown = Document((await desk.opens(leads.partition("#")[0])).text).words
    assert MADE in shown
    assert WORDS in shown
    assert shown.index(WORDS) < shown.index(MARK) < shown.index(MADE)
    assert MADE not in (await desk.opens(where(tip))).text
    assert "tip.translated" in await acts(desk.house)


async def test_in_the_thread_of_two_linked_tips_what_was_added_here_can_be_translated_too(desk: Desk) -> None:
    house, filings = desk.house, []
    with engine_double() as engine:
        house.services.translator = make_translator(url=engine.url)
        assert await house.services.translator.pairs()
        for _ in range(2):
            form = dataclasses.replace(FORM, words=WORDS)
            start = house.services.start_tokens.make()
            made = await house.intake.file_tip(form, language="es", start_token=start, wants_number=True)
            await house.follow_up.add(made.filing.visit, "Necesito ayuda. Llámame al", random_id())
            filings.append(made.filing.tip)
        tip, other = filings
        linking = Linking(house.services, house.doors, house.book, house.review)
        await linking.propose(house.without_names, tip, other, What.LINK)
        await linking.answer(house.robin, tip, other, Answer.YES)

        page = (await desk.opens(where(tip))).text
        assert re.findall(r'action="([^"]*)/machine"', page) == [where(tip)] * 2
        shown = (await desk.opens((await asks(desk, tip, place="1")).partition("#")[0])).text
    assert "I need help" in shown.partition("Both tips in order")[2]
    assert shown.count('id="part-1"') == 1


async def test_it_stands_in_no_report(desk: Desk, tip: bytes) -> None:
    await asks(desk, tip)
    read = await desk.house.review.open(desk.house.robin, tip)
    assert MADE not in repr([words.text for words in read.words])
    assert all(words.same is None for words in read.words)
    assert "text" not in repr(read.words[0]) or MADE not in repr(read)


@pytest.mark.parametrize(("manner", "says"), [("hangs_up", "The machine has no translation"), ("no_json", "no trans")])
async def test_an_engine_that_fails_leaves_the_original_and_a_sentence(
    desk: Desk, tip: bytes, engine: EngineDouble, manner: str, says: str
) -> None:
    await desk.opens(where(tip))
    engine.manner = manner
    shown = Document((await desk.opens((await asks(desk, tip)).partition("#")[0])).text).words
    assert says in shown
    assert WORDS in shown
    assert MARK not in shown


async def test_flags_stand_in_words_beside_it(desk: Desk, tip: bytes) -> None:
    desk.house.services.translator = Twin(says={WORDS: "<b>odd</b>"}, flags=frozenset(Flag) - {Flag.LINK_ADDED})
    answer = await desk.opens((await asks(desk, tip)).partition("#")[0])
    assert "&lt;b&gt;odd&lt;/b&gt;" in answer.text
    shown = Document(answer.text).words
    for said in ("Numbers or addresses", "the same as the original", "much shorter or longer", "again and again"):
        assert said in shown


async def test_an_engine_of_others_is_never_asked(desk: Desk, tip: bytes) -> None:
    stranger = Twin(name="deepl", is_third_party=True)
    desk.house.services.translator = stranger
    assert "/machine" not in (await desk.opens(where(tip))).text
    answer = await desk.posts(f"{where(tip)}/machine", place="0", source="es")
    assert answer.status_code == 404
    assert stranger.sent == []
    assert "tip.translated" not in await acts(desk.house)


async def test_without_an_engine_there_is_no_click(desk: Desk) -> None:
    tip = (await file(desk.house)).filing.tip
    assert "/machine" not in (await desk.opens(where(tip))).text
    assert (await desk.posts(f"{where(tip)}/machine", place="0", source="es")).status_code == 404


@pytest.mark.parametrize("fields", [{"place": "9"}, {"place": "x"}, {"place": ""}, {"source": "xx"}, {"source": ""}])
async def test_a_part_or_a_language_that_is_none_is_not_there(
    desk: Desk, tip: bytes, engine: EngineDouble, fields: dict[str, str]
) -> None:
    answer = await desk.posts(f"{where(tip)}/machine", **{"place": "0", "source": "es", **fields})
    assert answer.status_code == 404
    assert engine.translations == []


async def test_a_tip_in_her_own_language_asks_for_nothing(desk: Desk, tip: bytes) -> None:
    made = await desk.house.intake.file_tip(
        dataclasses.replace(FORM, words="my boss took my passport"),
        language="en",
        start_token=desk.house.services.start_tokens.make(),
        wants_number=False,
    )
    assert "/machine" not in (await desk.opens(where(made.filing.tip))).text


async def test_after_each_failure_no_word_of_it_is_in_a_log_a_key_a_row_or_a_file(
    desk: Desk,
    tip: bytes,
    engine: EngineDouble,
    valkeys: Valkeys,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    services = desk.house.services
    assert valkeys.durable.folder is not None
    folders = (services.settings.data_dir, services.settings.keys_dir, valkeys.durable.folder)
    for manner in ("well", "broken", "no_json", "hangs_up", "error_within", "found_elsewhere"):
        engine.manner = manner
        await asks(desk, tip)
        printed, logged = capfd.readouterr(), "\n".join(map(_told, caplog.records))
        said = f"{logged}\n{printed.out}\n{printed.err}\n{services.translator.state()!r}"
        assert await left_behind((WORDS, MADE), services, folders=folders, said=said) == [], manner


def _told(record: logging.LogRecord) -> str:
    """What the house wrote, not what the client of these tests did."""
    return logging.Formatter().format(record) if record.name.startswith(("porchlight", "asyncio", "root")) else ""


def test_a_long_text_is_cut_behind_sentences_and_nothing_is_lost() -> None:
    whole = "".join(f"Sentence number {number}. " for number in range(400))
    cut = pieces(whole, 500)
    assert "".join(cut) == whole
    assert all(len(piece) <= 500 for piece in cut)
    assert all(piece.endswith(". ") for piece in cut)
    assert "".join(pieces("x" * 1203, 500)) == "x" * 1203
    assert [len(piece) for piece in pieces("x" * 1203, 500)] == [500, 500, 203]
