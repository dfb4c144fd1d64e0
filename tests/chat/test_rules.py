"""The pure rules: who is next, how long it takes, what a quiet line means, what a message and a card are."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from chat.card import Answers, UnknownChoice, read_answers, write_answers
from chat.message import Body, Entry, open_staff_note, open_words, read_text, seal_staff_note, seal_words
from chat.presence import GONE_AFTER_MS, WEAK_AFTER_MS, is_alive, line_of
from chat.protocol.kinds import TEXT_LIMIT
from chat.queue import Tier, honest_minutes, rank, tier_for, tier_of
from chat.refusals import NothingSaid
from portal.vault.conversations import ConversationKeys
from portal.vault.errors import SealBroken

MOMENTS = st.integers(min_value=0, max_value=4_102_444_800_000)
IDS = st.binary(min_size=16, max_size=16)


@given(MOMENTS, MOMENTS)
def test_the_oldest_comes_first_within_a_tier_and_no_age_beats_a_tier(first: int, second: int) -> None:
    for tier in Tier:
        assert (rank(tier, first) < rank(tier, second)) == (first < second)
    assert rank(Tier.RETURNED, second) < rank(Tier.URGENT, first) < rank(Tier.ORDINARY, second)


@given(st.sampled_from(list(Tier)), MOMENTS)
def test_a_rank_survives_the_double_it_is_stored_as(tier: Tier, arrived: int) -> None:
    assert int(float(rank(tier, arrived))) == rank(tier, arrived)
    assert tier_of(float(rank(tier, arrived))) is tier


@pytest.mark.parametrize(
    ("safe", "tier"),
    [("no", Tier.URGENT), ("now", Tier.URGENT), ("yes", Tier.ORDINARY), ("unsure", Tier.ORDINARY), ("", Tier.ORDINARY)],
)
def test_only_not_safe_and_happening_now_lift(safe: str, tier: Tier) -> None:
    assert tier_for(safe) is tier


@pytest.mark.parametrize(
    ("place", "ready", "capacity", "held", "minutes"),
    [(1, 0, 3, 0, None), (1, 1, 3, 0, 3), (3, 1, 3, 0, 3), (1, 1, 3, 2, 3), (1, 1, 3, 3, 20), (2, 1, 1, 1, 85)],
)
def test_the_wait_is_honest(place: int, ready: int, capacity: int, held: int, minutes: int | None) -> None:
    assert honest_minutes(place, ready, capacity, held) == minutes


@given(st.integers(1, 200), st.integers(1, 20), st.integers(1, 20), st.integers(0, 400))
def test_a_wait_never_gets_shorter_further_back_and_is_never_nothing(
    place: int, ready: int, capacity: int, held: int
) -> None:
    here, behind = (honest_minutes(at, ready, capacity, held) for at in (place, place + 1))
    assert here is not None
    assert behind is not None
    assert 3 <= here <= behind


@given(MOMENTS, st.integers(0, 10**8), st.one_of(st.none(), st.integers(-(10**6), 10**6)))
def test_a_line_has_one_state_at_a_time(seen: int, quiet: int, lost_after: int | None) -> None:
    now = seen + quiet
    lost = None if lost_after is None else seen + lost_after
    line, gone_s = line_of(now, seen, lost)
    broke = lost is not None and lost >= seen
    assert (line == "gone") == (broke or quiet >= GONE_AFTER_MS)
    assert (line == "weak") == (not broke and WEAK_AFTER_MS <= quiet < GONE_AFTER_MS)
    assert gone_s >= 0
    assert line == "gone" or gone_s == 0
    assert line_of(now, seen, lost, has_left=True) == ("left", 0)
    hidden, _ = line_of(now, seen, lost, is_hidden=True)
    assert hidden == ("gone" if line == "gone" else "hidden")


def test_a_page_counts_as_living_for_three_beats() -> None:
    assert is_alive(45_000, 0)
    assert not is_alive(45_001, 0)
    assert not is_alive(0, None)


@given(st.text(max_size=TEXT_LIMIT))
def test_what_is_kept_of_a_text_has_no_controls_and_is_never_empty(typed: str) -> None:
    try:
        kept = read_text(typed)
    except NothingSaid:
        return
    assert kept == kept.strip()
    assert kept
    assert not any(character < " " and character not in "\n\t" for character in kept)


@given(IDS, IDS, IDS, st.integers(0, 2**31), st.text(max_size=300), st.text(max_size=40), st.data())
def test_a_sealed_message_opens_where_it_stands_and_nowhere_else(
    conversation: bytes, person: bytes, key: bytes, after: int, text: str, name: str, data: st.DataObject
) -> None:
    keys = ConversationKeys.new()
    sealed = seal_words(conversation, keys.talk, Entry("advocate", person, key, "words", after, b""), Body(text, name))
    assert Entry.unpack(sealed.pack()) == sealed
    told = open_words(conversation, keys.talk, 7, sealed)
    assert (told.seq, told.author, told.text, told.name, told.key) == (7, "advocate", text, name, key)
    packed = bytearray(sealed.pack())
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    try:
        changed = Entry.unpack(bytes(packed))
        opened = open_words(conversation, keys.talk, 7, changed)
    except (ValueError, SealBroken):
        return
    # The kinds that carry no words are clear: what was changed into one says no words.
    assert opened.author == "system"
    assert opened.kind in ("returned", "closed", "asked", "unknown")


@given(IDS, st.text(min_size=1, max_size=200))
def test_a_note_opens_with_the_staff_key_only(conversation: bytes, text: str) -> None:
    keys = ConversationKeys.new()
    note = seal_staff_note(
        conversation, keys.staff, Entry("advocate", bytes(16), bytes(16), "words", 0, b""), Body(text)
    )
    assert open_staff_note(conversation, keys.staff, 1, note).text == text
    for key in (keys.talk, bytes(32)):
        with pytest.raises(SealBroken):
            open_staff_note(conversation, key, 1, note)
    with pytest.raises(SealBroken):
        open_words(conversation, keys.talk, 1, note)


def test_a_card_keeps_the_latest_answer_and_forgets_one_taken_back() -> None:
    card = Answers(language="fr").with_answer("safe", "no", at_ms=5).with_answer("safe", "yes", at_ms=9)
    assert (card.get("safe"), card.safe_ms) == ("yes", 9)
    card = card.with_answer("name", "  Noor\n of  the <i>sea</i> ", at_ms=10)
    assert (card.get("name"), card.safe_ms) == ("Noor of the sea", 9)
    assert read_answers(write_answers(card)) == card
    card = card.with_answer("safe", "", at_ms=11)
    assert (card.get("safe"), card.safe_ms) == ("", 0)


@pytest.mark.parametrize(("question", "choice"), [("safe", "maybe"), ("about", "yes"), ("cutoff", "7"), ("phone", "x")])
def test_a_choice_the_question_does_not_offer_is_refused(question: str, choice: str) -> None:
    with pytest.raises(UnknownChoice):
        Answers().with_answer(question, choice, at_ms=1)  # type: ignore[arg-type]
