"""Holds the guess at a language to the short lines: right or silent for what is served, silent for what is not."""

import asyncio
import logging
import subprocess
import sys
from dataclasses import replace

import pytest

from i18n.guess import ENOUGH, Guesses, weight
from i18n.languages import KNOWN
from portal.services import Services
from portal.settings import read_settings
from tests.support.rooms import running, wire
from tests.support.short_lines import AFTER, SEEN, judged, lines_of

TAGS = [language.tag for language in KNOWN]
EVERY = [*lines_of(SEEN), *lines_of(AFTER)]

# What is rightly taken for a language of ours: Vietnamese without its accents, and either half of what is mixed.
RIGHTLY = {"Vietnamese without accents": {"vi"}, "mixed": {"en", "es", "fr", "tl"}}


@pytest.fixture(scope="module")
def guesses() -> Guesses:
    return Guesses(TAGS)


def test_no_line_in_a_language_we_serve_is_taken_for_another(guesses: Guesses) -> None:
    rows = judged(EVERY, guesses.look, served=True)

    assert set(rows) == set(TAGS)
    assert {tag: row.taken_for for tag, row in rows.items() if row.taken_for} == {}


def test_no_line_in_a_language_we_do_not_serve_is_taken_for_one_of_ours(guesses: Guesses) -> None:
    rows = judged(EVERY, guesses.look, served=False)

    assert sum(row.lines for row in rows.values()) >= 60
    wrong = {of: set(row.taken_for) - RIGHTLY.get(of, set()) for of, row in rows.items()}
    assert {of: taken for of, taken in wrong.items() if taken} == {}


@pytest.mark.parametrize("tag", TAGS)
def test_most_lines_of_each_language_are_recognised(guesses: Guesses, tag: str) -> None:
    """Persian and Russian share most of what short lines are made of with a neighbour: half of theirs are left open."""
    row = judged(EVERY, guesses.look, served=True)[tag]

    assert row.lines >= 10
    assert row.right >= row.lines * (0.4 if tag in ("fa", "ru") else 0.7)


def test_what_is_too_short_is_not_looked_at(guesses: Guesses) -> None:
    assert weight("ok 555-0142 😀!") == 2
    assert weight("我需要帮") == ENOUGH
    assert weight("도와주세요") == 10
    assert guesses.look("mi jefe no") is None


def test_chinese_that_is_written_alike_both_ways_is_left_open(guesses: Guesses) -> None:
    assert guesses.look("我怕警察今晚有地方睡") is None
    assert Guesses(["zh-Hans", "en"]).look("我需要帮助") == "zh-Hans"


async def test_only_another_language_than_that_of_the_page_is_told(guesses: Guesses) -> None:
    spanish = "mi jefe me quito el pasaporte"

    assert await guesses.other_than("en", spanish) == "es"
    assert await guesses.other_than("es", spanish) is None
    assert await guesses.other_than("zh-Hant", "我需要帮助") is None


async def test_many_at_once_are_not_stood_in_line_for(guesses: Guesses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("i18n.guess.MOST_WAITING", 2)

    told = await asyncio.gather(*(guesses.language_of("mi jefe me quito el pasaporte") for _ in range(5)))

    assert sorted(told, key=str) == [None, None, None, "es", "es"]


async def test_a_model_that_is_missing_costs_a_line_in_the_log_without_any_word(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def rank(self, text: str) -> object:
            raise ValueError(f"cannot rank {text}")

    guesses = Guesses(TAGS)
    monkeypatch.setattr("i18n.guess._model", Broken)
    caplog.set_level(logging.DEBUG)

    assert await guesses.language_of("canary sentence about a passport") is None
    assert await guesses.language_of("canary sentence about a passport") is None
    assert "guess_away error=ValueError" in caplog.text
    assert "canary" not in caplog.text
    assert caplog.text.count("guess_away") == 1


def test_nothing_of_the_model_is_there_before_a_text_is_nor_ever_where_it_is_off() -> None:
    """The start may not wait for it, nor carry its weight."""
    imports = "import asyncio, sys, server, portal.assembly, chat.routes, tips.routes; from i18n.guess import Guesses"
    asked = "asyncio.run(Guesses(is_on=False).language_of('mi jefe me quito el pasaporte'))"
    told = subprocess.run(
        [sys.executable, "-c", f"{imports}; assert {asked} is None; print('numpy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "False"


async def test_a_house_that_has_it_off_guesses_nothing(services: Services) -> None:
    said = "mi jefe me quito el pasaporte"
    assert await services.guesses.language_of(said) == "es"
    off = read_settings({"PORCHLIGHT_LANGUAGE_GUESS": "off"}).language_guess
    async with running(wire(replace(services.settings, language_guess=off), services.clock)) as quiet:
        assert await quiet.guesses.language_of(said) is None
