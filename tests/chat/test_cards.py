"""A card is sent by its name and read in each page's language; what is tapped is kept once, and the latest counts."""

from __future__ import annotations

import itertools

import pytest

from chat.card import CHOICES, TYPED
from chat.cards import BESIDE, CARDS, GUESTS, Speech
from chat.hands import Hands
from chat.message import Machine, Message
from chat.protocol import server
from chat.refusals import NothingSaid, NotThisDesk
from chat.telling import Telling
from chat.translated_words import question
from i18n.languages import LANGUAGES
from portal.ids import random_id
from tests.chat.conftest import ChatHouse
from tests.support.rooms import words_and_files

pytestmark = pytest.mark.anyio
SPEECH = Speech(words_and_files()[0])


def test_two_letters_name_one_card_and_no_more() -> None:
    letters = [card.letters for card in CARDS.values()]
    assert [each for each in letters if len(each) != 2 or not each.isalpha()] == []
    assert [a for a, b in itertools.combinations(letters, 2) if a == b] == []


def test_a_card_that_keeps_an_answer_offers_only_answers_there_are() -> None:
    for name, card in CARDS.items():
        if card.keeps is not None:
            assert card.keeps not in TYPED, name
            assert set(card.choices) <= CHOICES[card.keeps], name


def test_no_card_asks_how_old_she_is_before_she_heard_what_it_changes() -> None:
    """The one that asks stands behind the one that says it, and that one says so in every language."""
    assert {name for name in CARDS if {"age", "child", "minor"} & {name, *CARDS[name].choices}} == {"age"}
    assert CARDS["age"].after == "young"
    assert not CARDS["young"].choices
    for tag in LANGUAGES:
        assert "18" in SPEECH.card(tag, "young")
        assert "18" not in SPEECH.card(tag, "age")


def test_every_card_and_every_choice_is_said_in_every_language() -> None:
    speech = SPEECH
    for name, card in CARDS.items():
        said = {tag: speech.card(tag, name) for tag in LANGUAGES}
        assert len(set(said.values())) == len(LANGUAGES), name
        for tag in LANGUAGES:
            words = [words for _, words in speech.choices(tag, name)]
            assert len(set(words)) == len(card.choices), (tag, name)
    assert speech.card("tlh", "safe") == speech.card("en", "safe")
    assert not speech.knows("none-of-ours")
    assert (speech.card("en", "none-of-ours"), speech.choices("en", "none-of-ours")) == ("", ())


def test_a_card_of_limits_comes_with_its_original_below_it_and_no_other_does() -> None:
    """Nobody has signed any words yet; English is where they come from."""
    for name in CARDS:
        arabic, english = SPEECH.card("ar", name, "Robin"), SPEECH.card("en", name, "Robin")
        assert arabic.endswith(f"\n\n\u2068{english}\u2069") is (name in BESIDE), name
        assert "\n\n" not in english
    kept = SPEECH.keep("ar", "Ana wants a bed", 90)
    assert SPEECH.keep("en", "x", 90).partition("\n\n")[0] in kept
    assert kept.endswith("\n\n\u2068Ana wants a bed\u2069")
    for guest in GUESTS:
        assert SPEECH.guest("en", guest, "Robin") in SPEECH.guest("ar", guest, "Robin")


@pytest.mark.parametrize("engine", ["", "A Company"])
def test_the_question_for_a_machine_is_a_consent_and_comes_with_its_original(engine: str) -> None:
    machine = Machine(engine, "", "ar", "en", is_third_party=bool(engine))
    asked = Message(4, "advocate", "card", "Robin", "hers", bytes(16), machine=machine)
    arabic, english = question(SPEECH, "ar", asked), question(SPEECH, "en", asked)

    assert arabic.endswith(f"\n\n\u2068{english}\u2069")
    assert arabic.count("Robin") == 2 * english.count("Robin")
    assert engine in english


def test_a_card_of_a_newer_house_takes_its_number_and_shows_nothing() -> None:
    telling = Telling(SPEECH, "es")
    (fact,) = telling.facts_of(Message(5, "advocate", "card", "Robin", "newer", b"k" * 16))
    assert isinstance(fact, server.MessagePosted)
    assert (fact.seq, fact.author, fact.text, fact.choices) == (5, "system", "card", ())


def test_what_would_help_offers_what_people_on_such_lines_ask_for() -> None:
    assert {"place", "doctor", "lawyer", "money", "tonight", "talk", "else"} <= {*CARDS["need"].choices}


# What such a talk comes to, and the card that asks or says it; "?" where it is answered by a tap.
COMES_UP = {
    "safe to write?": "safe", "who is near?": "near", "is somebody hurt now?": "harm",
    "is the phone looked at?": "looks", "what would help?": "need", "a bed?": "sleep", "a doctor?": "doctor",
    "medicine?": "medicine", "pregnant?": "pregnant", "food?": "food", "a lawyer?": "lawyer",
    "leave tonight?": "tonight", "a way there?": "way", "children?": "children", "who holds the papers?": "papers",
    "the police, by her wish?": "wish", "an interpreter?": "speak", "the phone?": "phone", "reached how?": "reach",
    "one more thing?": "more", "end now?": "end", "which town": "town", "limits": "limits",
    "not the police": "police", "free, and no papers asked": "free", "what next": "next", "thanks": "thanks",
    "goodbye": "bye",
}  # fmt: skip


def test_the_book_has_sixty_and_whatever_such_a_talk_comes_to() -> None:
    assert len(CARDS) == 60
    assert set(COMES_UP.values()) <= set(CARDS)
    for what, name in COMES_UP.items():
        assert bool(CARDS[name].choices) is what.endswith("?"), name
        # Nobody has to say it, or to know it.
        assert not CARDS[name].choices or not {"no", "unsure", "skip", "else"}.isdisjoint(CARDS[name].choices), name


def test_a_card_is_read_at_a_glance_and_an_answer_fits_its_button() -> None:
    plain, tapped = set(CARDS) - BESIDE, {choice for card in CARDS.values() for choice in card.choices}
    said = {(tag, name): SPEECH.card(tag, name, "Robin") for tag in LANGUAGES for name in plain}
    taps = {(tag, choice): SPEECH.choice(tag, choice) for tag in LANGUAGES for choice in tapped}

    assert {each: words for each, words in said.items() if len(words) > 120} == {}
    assert {each: words for each, words in taps.items() if len(words) > 28} == {}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_greeting_names_the_one_who_sent_it_and_nobody_else(tag: str) -> None:
    said = Telling(SPEECH, tag).words_of(Message(2, "advocate", "card", "Robin", "hello", b"k" * 16))
    assert "\u2068Robin\u2069" in said
    assert said == SPEECH.card(tag, "hello", "Robin")
    assert "Robin" not in SPEECH.card(tag, "need", "Robin")


async def test_the_log_holds_a_name_and_a_choice_and_each_side_reads_words(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    hands = Hands(house.relay)
    seq = await hands.ask(desk, "sleep", random_id(), 0)
    await hands.tap(talk, seq, "unsure", random_id(), seq)
    kept = (await house.relay.since(desk, 2)).messages
    assert [(each.kind, each.author, each.text, each.of) for each in kept] == [
        ("card", "advocate", "sleep", 0),
        ("tap", "visitor", "unsure", seq),
    ]
    telling = Telling(SPEECH, "fr")
    card, tap = (telling.facts_of(each)[0] for each in kept)
    assert isinstance(card, server.MessagePosted)
    assert isinstance(tap, server.MessagePosted)
    assert (card.text, card.card, card.choices[0]) == (
        "Avez-vous un lieu sûr où dormir ce soir ?",
        "sleep",
        ("yes", "Oui"),
    )
    assert (tap.text, tap.of, tap.choice) == ("Je ne sais pas", seq, "unsure")


async def test_a_tap_under_one_key_is_kept_once_and_a_second_thought_is_kept_too(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    hands = Hands(house.relay)
    seq = await hands.ask(desk, "pause", random_id(), 0)
    key = random_id()
    assert await hands.tap(talk, seq, "yes", key, 0) == await hands.tap(talk, seq, "yes", key, 0) == seq + 1
    assert await hands.tap(talk, seq, "no", random_id(), 0) == seq + 2


async def test_what_is_no_card_or_no_choice_of_it_keeps_nothing(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    hands = Hands(house.relay)
    with pytest.raises(NothingSaid):
        await hands.ask(desk, "none", random_id(), 0)
    seq = await hands.ask(desk, "pause", random_id(), 0)
    words = await house.relay.advocate_says(desk, "pause", random_id(), 0)
    for number, choice in ((seq, "now"), (words, "yes"), (1, "yes"), (99, "yes"), (seq, "")):
        with pytest.raises(NotThisDesk):
            await hands.tap(talk, number, choice, random_id(), 0)
    await house.relay.withdrawing.withdraw(desk, seq, random_id(), 0)
    with pytest.raises(NotThisDesk):
        await hands.tap(talk, seq, "yes", random_id(), 0)
    assert [each.kind for each in (await house.relay.since(desk, 2)).messages] == ["withdrawn", "words", "withdrawn"]


async def test_a_tap_on_the_safe_question_is_the_safe_answer_with_its_age(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    hands = Hands(house.relay)
    seq = await hands.ask(desk, "safe", random_id(), 0)
    await hands.tap(talk, seq, "no", random_id(), seq)
    answers = await house.relay.answers(desk)
    assert (answers.get("safe"), answers.safe_ms) == ("no", house.relay.now_ms())


async def test_still_here_is_a_line_with_her_alias_that_nobody_else_can_write(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    hands = Hands(house.relay)
    key = random_id()
    assert await hands.still_here(desk, key, 0) == await hands.still_here(desk, key, 0) == 3
    (said,) = (await house.relay.since(talk, 2)).messages
    (fact,) = Telling(SPEECH, "en").facts_of(said)
    assert isinstance(fact, server.MessagePosted)
    assert (fact.author, fact.text, fact.name) == ("system", "here", "Robin")
    await house.relay.desk.depart(house.advocate.staff_id)
    await house.sweeper.sweep()
    with pytest.raises(NotThisDesk):
        await hands.still_here(desk, random_id(), 0)
