"""Rules of the desk's card: each act moves what it is about and nothing else, and the card follows from the entries."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings, strategies as st

from tips.work import card as cards
from tips.work.card import BLANK, DeskCard
from tips.work.deeds import A_SUPERVISOR, MOST_EYES, after, answers, asks_me, folded, people, person
from tips.work.entries import Entry
from tips.work.labels import LONGEST, MOST

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
ADA, BO, CY = (bytes([n]) * 16 for n in (1, 2, 3))


def entry(act: str, text: str = "", **said: str) -> Entry:
    return Entry(AT, ADA, "Ada", act, said, text)


def gives(to: bytes, act: str = "assigned") -> Entry:
    return entry(act, to=to.hex())


def asks(*of: bytes) -> Entry:
    return entry("eyes_asked", of=" ".join(each.hex() for each in of))


def answered(*of: bytes) -> Entry:
    return entry("eyes_given", of=" ".join(each.hex() for each in of), word="agree")


def labels(added: str = "", removed: str = "") -> Entry:
    return entry("labels", added=added, removed=removed)


@pytest.mark.parametrize("act", ["assigned", "handed"])
def test_a_tip_is_in_the_hands_it_was_last_put_into(act: str) -> None:
    assert folded([gives(ADA), gives(BO, act)]).assignee == BO
    assert folded([gives(ADA), gives(b"", act)]).assignee == b""


def test_labels_are_put_on_once_and_taken_off() -> None:
    card = folded([labels("farm\nurgent visa"), labels("farm"), labels("hotel", "farm")])
    assert card.labels == ("urgent visa", "hotel")


def test_whose_eyes_are_asked_for_stands_until_a_word_is_given() -> None:
    asked = folded([asks(BO), asks(A_SUPERVISOR), asks(BO)])
    assert asked.eyes == (BO, A_SUPERVISOR)
    assert after(asked, answered(BO)).eyes == (A_SUPERVISOR,)
    assert after(asked, answered(BO, A_SUPERVISOR)).eyes == ()


@pytest.mark.parametrize("act", ["note", "status", "report_begun", "hold", "nothing we know", ""])
def test_an_act_that_is_not_about_the_card_leaves_it_whole(act: str) -> None:
    card = DeskCard(ADA, ("farm",), ("hold",), (BO,))
    assert after(card, entry(act, to=BO.hex(), of=CY.hex(), added="x", removed="farm")) == card


def test_flags_of_others_stay_whatever_is_done_here() -> None:
    card = BLANK.flagged("hold", on=True)
    for each in (gives(BO), asks(CY), labels("farm"), answered(CY)):
        card = after(card, each)
        assert card.flags == ("hold",)


@pytest.mark.parametrize("written", ["", "x", "zz" * 16, "0", " "])
def test_what_names_nobody_is_nobody(written: str) -> None:
    assert person(written) == b""
    assert people(written) == ()


@pytest.mark.parametrize(
    ("eyes", "me", "supervises", "given"),
    [
        ((BO,), BO, False, (BO,)),
        ((BO,), ADA, False, ()),
        ((A_SUPERVISOR,), ADA, False, ()),
        ((A_SUPERVISOR,), ADA, True, (A_SUPERVISOR,)),
        ((BO, A_SUPERVISOR, ADA), ADA, True, (A_SUPERVISOR, ADA)),
        ((BO, CY), ADA, True, (BO, CY)),
        ((), ADA, True, ()),
    ],
)
def test_a_word_answers_whoever_was_asked(
    eyes: tuple[bytes, ...], me: bytes, supervises: bool, given: tuple[bytes, ...]
) -> None:
    assert answers(eyes, me, supervises=supervises) == given


def test_a_supervisor_sees_herself_asked_where_any_is_and_others_do_not() -> None:
    assert asks_me((A_SUPERVISOR,), ADA, supervises=True)
    assert not asks_me((A_SUPERVISOR,), ADA, supervises=False)
    assert not asks_me((BO,), ADA, supervises=True)


people_ = st.sampled_from([ADA, BO, CY])
acts = st.one_of(
    st.builds(gives, st.one_of(people_, st.just(b"")), st.sampled_from(["assigned", "handed"])),
    st.builds(asks, people_),
    st.builds(answered, people_),
    st.builds(labels, st.sampled_from(["", "a", "a\nb", "c"]), st.sampled_from(["", "a", "b\nc"])),
    st.builds(entry, st.sampled_from(["note", "status", "hold"])),
)


@settings(max_examples=60)
@given(st.lists(acts, max_size=12))
def test_the_card_written_act_by_act_is_the_one_that_follows_from_all(done: list[Entry]) -> None:
    card = BLANK
    for each in done:
        card = cards.decode(cards.encode(after(card, each)))
    assert card == folded(done)
    assert len(set(card.labels)) == len(card.labels)
    assert len(set(card.eyes)) == len(card.eyes)


def test_the_largest_card_is_of_the_smallest_step_on_the_disk() -> None:
    """Else its size would tell how much stands on it."""
    full = DeskCard(
        ADA,
        tuple(chr(0x10000 + n) * LONGEST for n in range(MOST)),
        tuple(f"flag_{n}" for n in range(12)),
        tuple(bytes([n]) * 16 for n in range(MOST_EYES)),
    )
    assert len(cards.encode(full)) <= 2044


def test_a_card_of_an_older_house_opens() -> None:
    import msgspec

    assert cards.decode(msgspec.msgpack.encode([ADA, ["farm"], ["hold"]])) == DeskCard(ADA, ("farm",), ("hold",))
