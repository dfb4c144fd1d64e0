"""Whatever an engine does, an answer comes in time, nothing waits for it, and no word of hers is left lying about."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator

import pytest

from i18n import breaker, careful
from i18n.careful import CarefulTranslator
from i18n.engine_line import EngineFailed, Kind, Until
from i18n.onprem import OnPrem
from i18n.translator import WITHIN_S, Flag, Result, State, Status
from tests.support.engine_double import EngineDouble, engine_double
from tests.support.house import free_port
from tests.support.source import REPOSITORY

CANARY = "The heron keeps my passport under the stairs"
SOON_S = 1.1
MANNERS = {
    "hang": Kind.TIMED_OUT,
    "drip": Kind.TIMED_OUT,
    "drip_head": Kind.TIMED_OUT,
    "found_elsewhere": Kind.REDIRECTED,
    "same_elsewhere": Kind.REDIRECTED,
    "no_json": Kind.NOT_UNDERSTOOD,
    "nothing": Kind.NOT_UNDERSTOOD,
    "error_within": Kind.NOT_UNDERSTOOD,
    "too_few": Kind.NOT_UNDERSTOOD,
    "packed": Kind.NOT_UNDERSTOOD,
    "huge": Kind.TOO_LONG,
    "broken": Kind.ENGINE_ERROR,
    "slowdown": Kind.TURNED_AWAY,
    "hangs_up": Kind.BROKEN,
    "no_http": Kind.BROKEN,
}


@pytest.fixture
def double() -> Iterator[EngineDouble]:
    with engine_double() as double:
        yield double


def translator(double: EngineDouble, within_s: float = WITHIN_S) -> CarefulTranslator:
    return CarefulTranslator(OnPrem(double.url), within_s=within_s)


async def translated(double: EngineDouble, text: str) -> Result:
    return await translator(double).translate(text, "en", "es")


async def test_words_come_back_translated_and_are_asked_for_in_the_body_alone(double: EngineDouble) -> None:
    house = CarefulTranslator(OnPrem(double.url, key="lantern-key"))

    said = await house.translate("I need help.", "en", "es")

    assert said == Result("Necesito ayuda.", "onprem", Status.DONE)
    assert "Necesito" not in repr(said)
    (asked,) = double.translations
    assert asked.line == "POST /translate HTTP/1.1"
    assert b'"api_key":"lantern-key"' in asked.body
    assert not {"lantern-key", "I need help."} & set(asked.headers.values())
    assert house.state().state is State.READY


async def test_numbers_to_call_are_never_sent_and_stand_where_they_stood(double: EngineDouble) -> None:
    said = await translator(double).translate(
        "Necesito ayuda. Llámame al 555-0142 mañana, o a ana@x.example", "es", "en"
    )

    assert said.text == "I need help. Call me to the 555-0142 tomorrow, or to ana@x.example"
    assert said.flags == frozenset()
    assert all(b"0142" not in asked.body and b"ana@" not in asked.body for asked in double.asked)


@pytest.mark.parametrize("text", ["👍", "555-0142", "x" * 2001])
async def test_what_may_not_be_sent_reaches_no_engine(double: EngineDouble, text: str) -> None:
    assert (await translated(double, text)).status is Status.SKIPPED
    assert double.asked == []


async def test_a_pair_the_engine_lacks_is_not_sent(double: EngineDouble) -> None:
    assert (await translator(double).translate("Kumusta ka", "tl", "en")).status is Status.SKIPPED
    assert double.translations == []


async def test_the_pairs_are_in_tags_of_ours_and_asked_for_once(double: EngineDouble) -> None:
    codes = ["en", "zh", "zt", "pb", "fil"]
    double.languages = [{"code": code, "name": code, "targets": codes} for code in codes]
    house = translator(double)

    pairs = await house.pairs()
    assert pairs == await house.pairs()

    assert {source for source, _ in pairs} == {"en", "zh-Hans", "zh-Hant", "pt", "tl"}
    assert ("zh-Hant", "pt") in pairs
    assert len(double.asked) == 1


async def test_an_address_that_an_engine_invents_is_withheld(double: EngineDouble) -> None:
    double.manner, double.answer = "says", ["Visita chicas.xxx"]

    said = await translated(double, "Good night to you")

    assert (said.text, said.status) == ("", Status.FAILED)
    assert Flag.LINK_ADDED in said.flags


async def test_what_turns_the_words_around_it_is_taken_out_and_markup_is_not_ours_to_judge(
    double: EngineDouble,
) -> None:
    double.manner, double.answer = "says", ["\u202e<b>hola</b>\u2066 a todos\u200d"]

    said = await translated(double, "hello to all")

    assert said.text == "<b>hola</b> a todos\u200d"


async def test_every_fault_is_told_by_its_kind_in_time(
    double: EngineDouble, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """And the words stand nowhere: not in a log, an error, an answer or what a thread prints."""
    caplog.set_level(logging.DEBUG)
    loop = asyncio.get_running_loop()
    for manner, kind in MANNERS.items():
        double.manner = manner
        with pytest.raises(EngineFailed) as failed:
            await loop.run_in_executor(None, OnPrem(double.url).translate, [CANARY], ("en", "es"), Until.after(0.3))
        assert (manner, failed.value.kind) == (manner, kind)
        assert CANARY not in "".join(traceback.format_exception(failed.value)).split("\n", 1)[-1]
        assert (failed.value.__context__, failed.value.__cause__) == (None, None)

        house = translator(double, within_s=SOON_S)
        began = time.monotonic()
        said = await house.translate(CANARY, "en", "es")
        assert said == Result("", "onprem", Status.FAILED)
        assert time.monotonic() - began < SOON_S + 1
        assert house.state().state is (State.SLOW if kind is Kind.TIMED_OUT else State.AWAY)

    told = capfd.readouterr()
    assert "translation_failed engine=onprem kind=timed_out" in caplog.text
    assert not any(word in caplog.text + told.out + told.err for word in ("heron", "passport", "192.0.2.1"))


async def test_a_bad_list_of_languages_is_an_engine_that_is_away(double: EngineDouble) -> None:
    double.manner = "no_json_languages_too"
    house = translator(double)

    assert await house.pairs() == frozenset()
    assert (await house.translate("I need help.", "en", "es")).status is Status.FAILED
    assert len(double.asked) == 1  # it is not asked again at once, and no word was sent
    assert house.state().state is State.AWAY


async def test_nobody_who_asks_what_it_has_waits_for_an_engine_that_hangs(double: EngineDouble) -> None:
    double.manner = "hang_languages_too"
    began = time.monotonic()

    assert await translator(double).pairs() == frozenset()
    assert time.monotonic() - began < careful.PAIRS_WITHIN_S + 1


async def test_an_engine_that_is_busy_has_still_what_it_had_and_one_that_is_gone_has_nothing(
    double: EngineDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(careful, "PAIRS_KEPT_S", 0.0)
    monkeypatch.setattr(careful, "PAIRS_WITHIN_S", 0.8)
    monkeypatch.setattr(careful, "ASKED_AGAIN_AFTER_S", 0.0)
    house = translator(double)
    pairs = await house.pairs()
    assert pairs

    double.manner = "hang_languages_too"
    assert await house.pairs() == pairs
    double.manner = "broken_languages_too"
    assert await house.pairs() == frozenset()


async def test_the_breaker_is_seen_opening_and_closing(double: EngineDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "RESTS_S", 0.4)
    house = translator(double)
    assert await house.pairs()
    double.manner = "broken"
    for _ in range(breaker.OPENS_AFTER):
        assert (await house.translate("I am afraid.", "en", "es")).status is Status.FAILED
    asked = len(double.asked)

    double.manner = "well"
    assert (await house.translate("I am afraid.", "en", "es")).status is Status.FAILED
    assert len(double.asked) == asked  # left alone
    assert house.state().state is State.AWAY
    await asyncio.sleep(0.5)

    said = await asyncio.gather(*(house.translate("I am afraid.", "en", "es") for _ in range(3)))
    assert [each.status for each in said].count(Status.DONE) == 1  # the probe
    assert (await house.translate("I am afraid.", "en", "es")).status is Status.DONE
    assert house.state().state is State.READY


async def test_an_engine_that_is_killed_and_started_again_is_found_by_the_next_message() -> None:
    port = free_port()
    with engine_double(port=port) as first:
        house = translator(first)
        assert (await house.translate("I need help.", "en", "es")).status is Status.DONE

    killed = asyncio.create_task(house.translate("I need help.", "en", "es"))
    await asyncio.sleep(0.05)
    with engine_double(port=port) as second:
        # Nobody was there, so nothing was sent: asked once more, a quarter of a second later.
        assert (await killed).status is Status.DONE
        assert len(second.translations) == 1
    assert (await house.translate("I need help.", "en", "es")).status is Status.FAILED
    assert house.state().state is State.AWAY


async def test_words_are_sent_once_even_when_the_line_breaks_behind_them(double: EngineDouble) -> None:
    house = translator(double)
    assert await house.pairs()
    double.manner = "hangs_up"

    assert (await house.translate("I need help.", "en", "es")).status is Status.FAILED
    assert len(double.translations) == 1


async def test_a_hung_engine_holds_four_threads_and_everybody_is_answered(double: EngineDouble) -> None:
    house = translator(double, within_s=1.5)
    assert await house.pairs()
    double.manner = "hang"
    began = time.monotonic()

    said = await asyncio.gather(*(house.translate(f"I need help {word}", "en", "es") for word in "abcdefgh" * 10))

    assert time.monotonic() - began < 2.5
    assert len(double.translations) <= 8
    statuses = [each.status for each in said]
    assert statuses.count(Status.FAILED) >= 4
    assert statuses.count(Status.SKIPPED) >= 12  # more than wait: the oldest of them, and those nobody had time for
    assert set(statuses) == {Status.FAILED, Status.SKIPPED}


async def test_whoever_goes_away_while_it_hangs_hurts_nobody(double: EngineDouble) -> None:
    house = translator(double, within_s=SOON_S)
    assert await house.pairs()
    double.manner = "hang"
    leaving = [asyncio.create_task(house.translate("I need help.", "en", "es")) for _ in range(6)]
    await asyncio.sleep(0.1)
    for task in leaving:
        task.cancel()
    await asyncio.gather(*leaving, return_exceptions=True)
    assert all(task.cancelled() for task in leaving)
    double.manner = "well"
    await asyncio.sleep(SOON_S)

    assert (await house.translate("I need help.", "en", "es")).status is Status.DONE


def test_a_process_that_ends_does_not_wait_for_an_engine_that_hangs(double: EngineDouble) -> None:
    double.manner = "hang_languages_too"
    script = (
        "import asyncio, uvloop; from i18n.engines import make_translator\n"
        "async def main():\n"
        f"    asked = asyncio.ensure_future(make_translator(url={double.url!r}).translate('I need help', 'en', 'es'))\n"
        "    await asyncio.sleep(0.3)\n"
        "uvloop.run(main()); print('ended')\n"
    )
    began = time.monotonic()

    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")
    assert double.asked
    # Half a minute of hanging was before it, and two seconds of its own patience.
    assert time.monotonic() - began < WITHIN_S


async def test_what_nobody_foresaw_is_an_answer_too(
    double: EngineDouble, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house = translator(double)
    assert await house.pairs()

    def no_thread_left(_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("threading.Thread.start", no_thread_left)
    assert (await house.translate(CANARY, "en", "es")).status is Status.FAILED
    monkeypatch.undo()

    assert "translation_broke engine=onprem error=RuntimeError" in caplog.text
    assert "heron" not in caplog.text
    assert (await house.translate("I need help.", "en", "es")).status is Status.DONE
