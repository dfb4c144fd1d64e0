"""The ladder's rule: it climbs, goes round, passes nobody by, and only a yes or the matter's end stops it."""

from __future__ import annotations

from hypothesis import given, strategies as st

from portal.alerts.ladder import (
    CLAIM_MS,
    RUNGS,
    TRIES,
    YES_HOLDS_MS,
    Call,
    Turn,
    after_calling,
    after_yes,
    matter,
    rungs_now,
    settled,
    whom,
    woken,
)

RUNG_MS = 120_000
PEOPLE = [bytes([number]) * 16 for number in range(1, 7)]
people = st.sampled_from(PEOPLE)
turns = st.lists(
    st.builds(Turn, rung=st.integers(1, RUNGS), person=people, begins=st.integers(0, 50), ends=st.integers(0, 100)),
    max_size=12,
)
calls = st.builds(
    Call,
    kind=st.sampled_from(["unclaimed", "unanswered", "tip", "away"]),
    since_ms=st.integers(0, 10**12),
    step=st.integers(0, 20),
    tries=st.integers(0, TRIES - 1),
    by=st.sampled_from([b"", *PEOPLE]),
)


@given(turns, st.integers(0, 100), st.lists(people, unique=True))
def test_whoever_is_on_call_and_can_be_reached_is_on_the_ladder_and_nobody_else(
    turns: list[Turn], now: int, reachable: list[bytes]
) -> None:
    rungs = rungs_now(turns, now, reachable)
    on_it = {person for rung in rungs for person in rung}
    expected = {turn.person for turn in turns if turn.begins <= now < turn.ends} & set(reachable)

    assert on_it == (expected or set(reachable))
    assert all(rungs), "a rung with nobody on it is passed"


@given(turns, st.integers(0, 100))
def test_a_lower_rung_is_called_before_a_higher_one(turns: list[Turn], now: int) -> None:
    by_rung = {
        turn.rung: {each.person for each in turns if each.rung == turn.rung and each.is_at(now)} for turn in turns
    }
    filled = [by_rung[rung] for rung in sorted(by_rung) if by_rung[rung]]

    assert [set(rung) for rung in rungs_now(turns, now, PEOPLE)] == (filled or [set(PEOPLE)])


@given(st.lists(st.lists(people, min_size=1, max_size=3), min_size=1, max_size=RUNGS), st.lists(st.booleans()))
def test_until_a_yes_every_rung_is_called_again_and_again(rungs: list[list[bytes]], reached: list[bool]) -> None:
    call, now = Call("unclaimed", 0), 0
    called: list[int] = []
    for each in [*reached, *[True] * (2 * len(rungs))]:
        called.append(call.step % len(rungs))
        assert whom(call, rungs) == rungs[called[-1]]
        call, due = after_calling(call, is_reached=each, now_ms=now, rung_ms=RUNG_MS)
        assert now < due <= now + RUNG_MS
        now = due

    assert set(called) == set(range(len(rungs)))
    assert call.is_open


@given(calls)
def test_a_rung_out_of_reach_is_tried_again_soon_and_then_passed(call: Call) -> None:
    began = call.step
    for _ in range(TRIES):
        call, due = after_calling(call, is_reached=False, now_ms=0, rung_ms=RUNG_MS)
        assert due == CLAIM_MS
        if call.step > began:
            break

    assert call.step == began + 1
    assert call.tries == 0


@given(calls, people)
def test_a_yes_for_somebody_who_waits_holds_only_until_she_could_have_been_taken(call: Call, by: bytes) -> None:
    said, due = after_yes(call, by, now_ms=7)

    assert said.by == by
    if call.kind in ("unclaimed", "unanswered"):
        assert (said.is_open, due) == (True, 7 + YES_HOLDS_MS)
        assert (woken(said).by, woken(said).step) == (b"", 0), "it begins at the first rung again"
    else:
        assert (said.over, due) == ("yes", None)


@given(calls, st.sampled_from([b"", *PEOPLE]))
def test_what_is_settled_before_anybody_was_called_leaves_nothing(call: Call, by: bytes) -> None:
    after = settled(call, by, now_ms=9)

    assert (after is None) == (not call.step and not call.by)
    if after is not None:
        assert (after.over, after.by) == ("yes" if by else "gone", by or call.by)


def test_the_same_thing_is_one_matter_and_two_things_are_two() -> None:
    names = {matter(kind, about) for kind in ("unclaimed", "tip") for about in PEOPLE}

    assert len(names) == 2 * len(PEOPLE)
    assert matter("tip", PEOPLE[0]) == matter("tip", PEOPLE[0])
    assert not any(about in name for name in names for about in PEOPLE)
