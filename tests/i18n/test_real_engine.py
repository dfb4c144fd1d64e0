"""The same questions to the double and to the real LibreTranslate, and what only the real one can show."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from i18n import breaker
from i18n.careful import CarefulTranslator
from i18n.engine_line import EngineFailed, Kind, Until, ask
from i18n.onprem import OnPrem
from i18n.translator import Flag, State, Status
from tests.support.engine_double import BATCH_LIMIT, RECORDED, TEXT_LIMIT, engine_double

if TYPE_CHECKING:
    from tests.support.real_engine import RealEngine

CANARY = "heron passport stairs"
AGAIN_S = 1.0
SHORT_S = 1.5


@pytest.fixture(params=["double", "real"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "real":
        yield request.getfixturevalue("real_engine").url
        return
    with engine_double() as double:
        yield double.url


def said(url: str, **question: object) -> tuple[int, object]:
    """Status and body of one question, as they came."""
    answer = ask(
        f"{url}/translate",
        until=Until.after(20),
        body=json.dumps(question).encode(),
        headers={"Content-Type": "application/json"},
    )
    return answer.status, json.loads(answer.body)


def test_it_says_what_was_recorded(url: str) -> None:
    for (source, target), texts in RECORDED.items():
        for text, translation in texts.items():
            answer = said(url, q=[text], source=source, target=target, format="text")
            assert answer == (200, {"translatedText": [translation]})


def test_it_refuses_what_was_recorded_in_the_same_words(url: str) -> None:
    good: dict[str, object] = {"q": ["hola"], "source": "es", "target": "en", "format": "text"}
    many, long = ["hola"] * (BATCH_LIMIT + 1), "a" * (TEXT_LIMIT + 1)

    assert said(url, **{**good, "source": "tl"}) == (400, {"error": "tl is not supported"})
    assert said(url, **{**good, "target": "tl"}) == (400, {"error": "tl is not supported"})
    assert said(url, **{**good, "q": ""}) == (400, {"error": "Invalid request: missing q parameter"})
    assert said(url, **{**good, "q": many}) == (
        400,
        {"error": f"Invalid request: request ({BATCH_LIMIT + 1}) exceeds text limit ({BATCH_LIMIT})"},
    )
    assert said(url, **{**good, "q": [long]}) == (
        400,
        {"error": f"Invalid request: request ({TEXT_LIMIT + 1}) exceeds text limit ({TEXT_LIMIT})"},
    )


def test_what_is_not_json_is_refused_in_the_same_words(url: str) -> None:
    answer = ask(f"{url}/translate", until=Until.after(20), body=b"{", headers={"Content-Type": "application/json"})

    assert (answer.status, json.loads(answer.body)) == (
        400,
        {"error": "The browser (or proxy) sent a request that this server could not understand."},
    )


async def test_a_message_is_translated_around_its_numbers(url: str) -> None:
    house = CarefulTranslator(OnPrem(url), within_s=20)

    answer = await house.translate("Necesito ayuda. Llámame al 555-0142 mañana, o a ana@x.example", "es", "en")

    assert (answer.status, answer.flags) == (Status.DONE, frozenset())
    assert answer.text == "I need help. Call me to the 555-0142 tomorrow, or to ana@x.example"
    assert house.state().state is State.READY


async def test_it_has_its_own_pairs_and_no_others_are_sent(url: str) -> None:
    house = CarefulTranslator(OnPrem(url), within_s=20)

    assert await house.pairs() == {("en", "es"), ("es", "en")}
    assert (await house.translate("Kumusta ka", "tl", "en")).status is Status.SKIPPED


async def test_entities_come_back_as_markup_and_whoever_shows_them_escapes_them(url: str) -> None:
    answer = await CarefulTranslator(OnPrem(url), within_s=20).translate("&lt;b&gt;hello&lt;/b&gt;", "en", "es")

    assert answer.text == "<b>hola</b>"


async def test_danger_is_lost_by_a_machine_and_no_check_of_ours_sees_it(url: str) -> None:
    """They hit me. Why the original is the record, and why no page may call this more than a machine's guess."""
    answer = await CarefulTranslator(OnPrem(url), within_s=20).translate("Me pegan", "es", "en")

    assert (answer.text, answer.flags) == ("They paste me", frozenset())


def test_a_language_it_does_not_have_is_an_answer_and_no_fault(url: str) -> None:
    with pytest.raises(EngineFailed) as refused:
        OnPrem(url).translate(["Kumusta ka"], ("tl", "en"), Until.after(20))

    assert refused.value.kind is Kind.REFUSED


async def test_many_at_once_are_all_answered(url: str) -> None:
    house = CarefulTranslator(OnPrem(url), within_s=30)

    answers = await asyncio.gather(*(house.translate(f"I need help {word}", "en", "es") for word in "abcde"))

    assert {answer.status for answer in answers} == {Status.DONE}


async def test_the_real_one_frozen_and_thawed_and_killed_and_back(
    real_engine: RealEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One house through all of it: every answer comes in time, and the breaker is seen opening and closing."""
    monkeypatch.setattr(breaker, "RESTS_S", AGAIN_S)
    house = CarefulTranslator(OnPrem(real_engine.url), within_s=20)
    assert (await house.translate("I need help.", "en", "es")).status is Status.DONE

    monkeypatch.setattr(house, "_within_s", SHORT_S)
    real_engine.freeze()
    began = time.monotonic()
    hung = await asyncio.gather(*(house.translate(f"I need help {word}", "en", "es") for word in "abcdefgh"))
    assert time.monotonic() - began < SHORT_S + 1
    assert not any(answer.text or answer.status is Status.DONE for answer in hung)
    real_engine.thaw()

    real_engine.kill()
    for _ in range(breaker.OPENS_AFTER):
        assert (await house.translate("I need help.", "en", "es")).status is Status.FAILED
    assert house.state().state is State.AWAY
    real_engine.start()
    await asyncio.sleep(AGAIN_S)
    monkeypatch.setattr(house, "_within_s", 20)

    assert (await house.translate("I need help.", "en", "es")).text == "Necesito ayuda."
    assert house.state().state is State.READY


async def test_the_real_one_keeps_no_word_on_the_disk_and_speaks_to_nobody(real_engine: RealEngine) -> None:
    answer = await CarefulTranslator(OnPrem(real_engine.url), within_s=20).translate(CANARY, "en", "es")

    assert answer.status in (Status.DONE, Status.FAILED)
    assert Flag.LINK_ADDED not in answer.flags
    files = list(real_engine.files())
    assert files
    assert [path.name for path in files if any(word in path.read_bytes() for word in (b"heron", b"garza"))] == []
    real_engine.hold_in()
