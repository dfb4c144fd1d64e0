"""A machine translates only what she allowed, after it was said, once, and never into anything but its own entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.consent import NOT_ASKED, REFUSED, Consent, read_consent
from chat.message import as_told
from chat.store import keys
from i18n.translator import Flag, State, Status
from portal.ids import random_id
from tests.chat.conftest import ChatHouse
from tests.chat.translating import NO, STOP, YES, talk_in_spanish
from tests.support.translators import Twin

pytestmark = pytest.mark.anyio


def test_a_consent_is_read_as_it_is_kept() -> None:
    assert read_consent(None) == NOT_ASKED
    assert read_consent(b"-") == REFUSED
    assert read_consent(b"4 12 onprem") == Consent("yes", 4, 12, "onprem")


@pytest.mark.parametrize(
    ("kept", "seq", "engine", "may"),
    [
        (None, 9, "onprem", False),
        (b"-", 9, "onprem", False),
        (b"0 2 onprem", 1, "onprem", True),
        (b"4 2 onprem", 4, "onprem", False),
        (b"4 2 onprem", 5, "onprem", True),
        (b"0 2 onprem", 1, "deepl", False),
    ],
)
def test_a_yes_covers_later_words_and_one_engine(kept: bytes | None, seq: int, engine: str, may: bool) -> None:
    assert read_consent(kept).covers(seq, engine) is may


async def test_nothing_is_sent_before_she_said_yes(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        assert [(await talk.question(of)).text for of in ("hers", "theirs")] == ["hers", "theirs"]
        await talk.said("Tengo miedo")
        await talk.until(lambda: bool(talk.told))
        assert talk.engine.sent == []
        assert talk.told[-1] == {"hers": "asked", "theirs": "asked", "engine": "ready"}


async def test_her_yes_means_her_words_alone_and_all_of_them(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        await talk.taps(YES)
        made = await talk.translation_of(1)
        later = await talk.translation_of(await talk.said("Tengo miedo"))
        await talk.answered("I am here")
        await talk.said("Gracias")
        await talk.until(lambda: len(talk.engine.sent) == 3)

    assert (made.text, later.text) == ("en: Necesito ayuda", "en: Tengo miedo")
    assert made.machine is not None
    assert (made.machine.source, made.machine.target, made.machine.whose) == ("es", "en", "hers")
    assert [pair for _, *pair in talk.engine.sent] == [["es", "en"]] * 3, "the desk's words went nowhere"
    assert (await talk.messages("words"))[0].text == "Necesito ayuda", "the original stays as it was"


async def test_the_other_direction_is_a_yes_of_its_own(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        await talk.taps(YES, "theirs")
        made = await talk.translation_of(await talk.answered("I am here"))

    assert made.text == "es: I am here"
    assert talk.engine.sent == [("I am here", "en", "es")]
    assert talk.told[-1] == {"hers": "asked", "theirs": "yes", "engine": "ready"}


async def test_stop_ends_both_at_once_and_what_waits_is_sent_no_more(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        await talk.taps(YES, "theirs")
        talk.engine.open.clear()
        await talk.taps(YES)
        await talk.until(lambda: len(talk.engine.sent) == 1)
        await talk.said("Una más")
        await talk.taps(STOP)
        await talk.until(lambda: talk.engine.cancelled == 1)
        talk.engine.open.set()
        await talk.until(lambda: talk.told[-1] == {"hers": "no", "theirs": "no", "engine": "ready"})

    assert len(talk.engine.sent) == 1, "words that waited behind it were never sent"
    assert await talk.messages("translated") == []


async def test_words_of_the_time_of_her_no_stay_hers_after_another_yes(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        await talk.taps(NO)
        await talk.said("Solo para ti")
        await talk.taps(YES)
        await talk.translation_of(await talk.said("Ahora sí"))

    assert [text for text, *_ in talk.engine.sent] == ["Ahora sí"]


async def test_two_desks_of_hers_ask_the_engine_once(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted(), talk.interpreted():
        await talk.taps(YES)
        said = [1, *[await talk.said(words) for words in ("uno dos", "tres cuatro", "cinco seis")]]
        for seq in said:
            await talk.translation_of(seq)

    assert [each.of for each in await talk.messages("translated")] == said
    assert len(talk.engine.sent) == len(said)


async def test_a_desk_that_dies_in_the_middle_leaves_it_to_the_next(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        talk.engine.open.clear()
        await talk.taps(YES)
        await talk.until(lambda: len(talk.engine.sent) == 1)
    assert await talk.messages("translated") == []

    talk.engine.open.set()
    async with talk.interpreted():
        house.clock.advance(timedelta(seconds=11))
        assert (await talk.translation_of(1)).text == "en: Necesito ayuda"


async def test_an_engine_that_is_away_is_told_of_once_and_waited_for(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        await talk.taps(YES)
        await talk.translation_of(1)
        talk.engine.status, talk.engine.health = Status.FAILED, State.AWAY
        seq = await talk.said("Tengo miedo")
        for _ in range(4):
            await talk.said("Otra vez")
        await talk.sees(lambda each: each.kind == "translated" and each.of == 0)
        await talk.until(lambda: talk.told[-1]["engine"] == "away")
        talk.engine.status, talk.engine.health = Status.DONE, State.READY
        await talk.translation_of(seq + 4)

    assert [each.of for each in await talk.messages("translated")] == [1, 0, *range(seq, seq + 5)]
    assert talk.told[-1]["engine"] == "ready"


async def test_words_the_engine_fails_at_again_and_again_are_given_up(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house, Twin(status=Status.FAILED))
    async with talk.interpreted():
        await talk.taps(YES)
        made = await talk.translation_of(1)

    assert made.machine is not None
    assert (made.text, made.machine.status, len(talk.engine.sent)) == ("", "failed", 3)


async def test_words_that_were_taken_back_take_their_translation_along(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        await talk.taps(YES, "theirs")
        seq = await talk.answered("Wrong person")
        made = await talk.translation_of(seq)
        await house.relay.withdrawing.withdraw(talk.desk, seq, random_id(), seq)

    assert {each.seq for each in await talk.messages() if each.text} & {seq, made.seq} == set()
    kept = await house.services.durable.xrange(keys.log(talk.desk.id)) or []
    assert {f"{seq}-0".encode(), f"{made.seq}-0".encode()} & {name for name, _ in kept} == set()


async def test_words_taken_back_meanwhile_get_none(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        talk.engine.open.clear()
        await talk.taps(YES, "theirs")
        seq = await talk.answered("Wrong person")
        await talk.until(lambda: len(talk.engine.sent) == 1)
        await house.relay.withdrawing.withdraw(talk.desk, seq, random_id(), seq)
        talk.engine.open.set()
        await talk.translation_of(await talk.answered("Right person"))

    assert [each.text for each in await talk.messages("translated")] == ["es: Right person"]


@pytest.mark.parametrize("has", [frozenset({("en", "fr")}), frozenset({("en", "es")})])
async def test_without_an_engine_for_the_pair_nobody_is_asked(
    house: ChatHouse, has: frozenset[tuple[str, str]]
) -> None:
    talk = await talk_in_spanish(house, Twin(has=has))
    async with talk.interpreted():
        await talk.until(lambda: bool(talk.told))
        assert talk.told[-1]["hers"] == "only"

    assert [each.text for each in await talk.messages("may_translate")] == ["theirs"] * (("en", "es") in has)


async def test_what_needs_no_machine_is_sent_to_none(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        await talk.taps(YES)
        made = await talk.translation_of(await talk.said("555-0142"))

    assert made.machine is not None
    assert made.machine.status == "skipped"
    assert [text for text, *_ in talk.engine.sent] == ["Necesito ayuda"]


async def test_one_who_reads_her_language_gets_no_question(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted(replace(talk.desk, reads=("en", "es"))):
        await talk.said("Tengo miedo")

    assert await talk.messages("may_translate") == []


async def test_a_yes_to_our_own_machine_is_none_to_a_company(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        await talk.taps(YES)
        await talk.translation_of(1)

    other = Twin(name="deepl", is_third_party=True)
    house.relay.interpreter.translator = other
    async with talk.interpreted():
        await talk.sees(lambda each: each.machine is not None and each.machine.is_third_party)
        await talk.said("Tengo miedo")
        await talk.until(lambda: bool(talk.told) and talk.told[-1]["hers"] == "asked")

    assert other.sent == []


async def test_what_an_engine_says_is_plain_text_that_turns_no_line(house: ChatHouse) -> None:
    talk = await talk_in_spanish(
        house, Twin(says={"Necesito ayuda": "<b>I need</b> \u202ehelp\u200c\x00 <script>x</script>"})
    )
    async with talk.interpreted():
        await talk.taps(YES)
        made = await talk.translation_of(1)

    assert made.text == "I need help\u200c x"


async def test_a_link_that_was_put_in_is_shown_to_nobody(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house, Twin(status=Status.FAILED, flags=frozenset({Flag.LINK_ADDED})))
    async with talk.interpreted():
        await talk.taps(YES)
        made = await talk.translation_of(1)

    assert made.machine is not None
    assert (made.text, made.machine.status, made.machine.flags) == ("", "failed", ("link_added",))
    assert len(talk.engine.sent) == 1, "asked again it would say it again"


async def test_a_guest_is_told_no_translation_of_what_was_said_before_him(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    async with talk.interpreted():
        await talk.taps(YES)
        made = await talk.translation_of(1)
        later = await talk.translation_of(await talk.said("Tengo miedo"))

    guest = replace(talk.desk, role="guest", since=made.of)
    told = (await house.relay.since(guest, 0)).messages
    assert [each.text for each in told if each.kind == "translated"] == ["", later.text]
    assert as_told(made, talk.visitor) is made


async def test_only_the_house_asks_and_only_who_holds_her(house: ChatHouse) -> None:
    talk = await talk_in_spanish(house)
    interpreter = house.relay.interpreter
    assert await interpreter.ask(replace(talk.desk, fence=talk.desk.fence - 1), "hers", "es", "en") == 0
    first = await interpreter.ask(talk.desk, "hers", "es", "en")
    assert first > 0
    assert await interpreter.ask(talk.desk, "hers", "es", "en") == first, "asked twice it is asked once"
    await talk.taps(NO)
    assert await interpreter.ask(replace(talk.desk, tongue="fr"), "hers", "es", "fr") == 0, "a no is not asked again"
