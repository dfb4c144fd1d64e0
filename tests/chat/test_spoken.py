"""The language of the site, the one spoken on the phone and the interpreter for both: three things, on one card."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import msgspec
import pytest

from chat.availability import availability
from chat.card import Answers, UnknownChoice, read_answers, write_answers
from chat.desk_card import BLANK
from chat.desk_rows import card_for_desk
from chat.duty import Duty
from chat.pages.desk import language_names, translates
from i18n.languages import LANGUAGES
from i18n.spoken import ways_to_speak
from portal.interpreters.form import CardForm
from tests.chat.conftest import ChatHouse
from tests.support.posting import house as whole_house, running

pytestmark = pytest.mark.anyio


def test_what_she_speaks_stands_beside_what_she_reads_and_goes_with_a_tap() -> None:
    card = Answers(language="zh-Hant").with_answer("spoken", "yue", at_ms=1)
    assert read_answers(write_answers(card)) == card
    shown = card_for_desk(card, BLANK, 1)
    assert (shown.language, shown.spoken) == ("zh-Hant", "yue")
    assert card.told == {"spoken": "yue"}
    assert card.with_answer("spoken", "", at_ms=1).told == {}
    with pytest.raises(UnknownChoice):
        card.with_answer("spoken", "klingon", at_ms=1)


def test_a_house_of_yesterday_reads_the_card_and_ours_reads_its() -> None:
    """It knew seven questions, and a card with an eighth among them would open for nobody there."""

    class Yesterday(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
        language: str = ""
        given: dict[str, str] = {}

    card = Answers(language="fa").with_answer("safe", "yes", at_ms=5).with_answer("spoken", "prs", at_ms=6)
    read = msgspec.json.decode(write_answers(card), type=Yesterday)
    assert read.given == {"safe": "yes"}
    assert read_answers(msgspec.json.encode(read)).spoken == ""


@pytest.mark.parametrize(("tag", "asked"), [("zh-Hans", ["cmn", "yue"]), ("fa", ["fa", "prs"]), ("es", []), ("en", [])])
def test_it_is_asked_only_where_there_is_something_to_ask(tag: str, asked: list[str]) -> None:
    assert [each.tag for each in ways_to_speak(tag)] == asked


def test_the_desk_names_what_is_spoken() -> None:
    assert language_names("en")["yue"] == "Cantonese"
    assert language_names("fr")["yue"] == "cantonais"
    assert language_names("en")["prs"] == "Dari"
    assert language_names("en")["ciw"] == "Anishinaabemowin"  # by its own name, where the tables have none


async def test_her_answer_reaches_the_card_of_whoever_takes_her(house: ChatHouse) -> None:
    talk = await house.visitor("zh-Hant")
    assert await house.relay.visitor_answers(talk, "spoken", "yue") == "yue"
    desk = await house.relay.take(await house.ready(), talk.id)
    assert (await house.relay.answers(desk)).spoken == "yue"


async def test_a_page_nobody_here_reads_speaks_of_an_interpreter_only_where_the_house_has_one(house: ChatHouse) -> None:
    await house.ready()
    ask = availability(house.services)
    told = await ask("ar")
    assert (told.others, told.interpreter) == (("en", "es"), False)
    await house.services.interpreters.add(house.advocate, CardForm("Line", "555-0100", "", ("yue",)))
    assert not (await ask("ar")).interpreter
    await house.services.interpreters.add(house.advocate, CardForm("Line", "555-0100", "", ("ar",)))
    assert (await ask("ar")).interpreter
    assert not (await ask("es")).interpreter  # somebody here reads it: nobody has to be called


async def test_the_page_before_start_says_so_in_her_language(house: ChatHouse) -> None:
    await house.ready()
    app = whole_house(house.services, running(house.services))
    asked = house.services.pages.catalogue.phrase(LANGUAGES["ar"], "talk.interpreter")
    transport, origin = httpx.ASGITransport(app=app), house.services.settings.public_origin
    async with httpx.AsyncClient(transport=transport, base_url=origin) as client:
        assert asked not in (await client.get("/ar/talk")).text
        await house.services.interpreters.add(house.advocate, CardForm("Line", "555-0100", "", ()))
        assert asked in (await client.get("/ar/talk")).text
        assert 'data-yue="' not in (await client.get("/ar/talk")).text
        assert 'data-yue="' in (await client.get("/zh-Hant/talk")).text


class Engine:
    """Knows these pairs."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = frozenset(pairs)

    async def known_pairs(self) -> frozenset[tuple[str, str]]:
        return self._pairs


async def test_a_language_without_an_engine_both_ways_is_for_interpreters_only(house: ChatHouse) -> None:
    services: Any = house.services
    services.translator = Engine(("es", "en"), ("en", "es"), ("ar", "en"))
    assert await translates(services, ("en",)) == ["es"]
    assert await translates(services, ("fr",)) == []


async def test_colleagues_are_named_with_what_they_speak(house: ChatHouse) -> None:
    sam = await house.ready(await house.colleague("Sam"))
    (told,) = await Duty(house.relay, house.services).colleagues(replace(house.advocate))
    assert (told.name, told.languages, told.guest) == (sam.alias, ("en", "es"), False)
