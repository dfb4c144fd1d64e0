"""Rules of labels: short, folded, each once, and changed without undoing what somebody else changed meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from tips.work.labels import LONGEST, MOST, Change, are_short, change, fit, read_label, read_labels


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Farm", "farm"),
        ("  Two \t  words ", "two words"),
        ("ÉLEVAGE", "élevage"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ＦＡＲＭ", "farm"),
        ("مزرعة", "مزرعة"),
        ("\x00farm\x07", "farm"),
        ("--- !", ""),
        ("", ""),
    ],
)
def test_a_label_is_written_one_way(typed: str, kept: str) -> None:
    assert read_label(typed) == kept


@pytest.mark.parametrize("typed", ["a, b;a\nB", "a، b؛ a", "a、b", "a,,b,"])
def test_several_are_told_apart_by_commas_and_lines_and_stand_once(typed: str) -> None:
    assert read_labels(typed) == ("a", "b")


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_what_is_kept_is_kept_the_same_when_it_is_read_again(typed: str) -> None:
    kept = read_labels(typed)
    assert read_labels(", ".join(kept)) == kept
    assert not any("\n" in label or "," in label for label in kept)


def test_a_label_has_a_length() -> None:
    assert are_short(["x" * LONGEST])
    assert not are_short(["x", "x" * (LONGEST + 1)])


def test_two_who_change_other_labels_at_once_undo_nothing() -> None:
    had = ("a", "b")
    first, second = change(had, ["a", "b"], ["c"]), change(had, ["a"], [])
    assert (first, second) == (Change(("c",)), Change((), ("b",)))
    assert not change(had, ["b", "a"], ["a"])


@pytest.mark.parametrize(("stand", "fits"), [(MOST - 1, True), (MOST, False)])
def test_a_tip_has_room_for_so_many(stand: int, fits: bool) -> None:
    labels = [f"label {n}" for n in range(stand)]
    assert fit(labels, Change(("new",))) == fits
    assert fit(labels, Change(("new",), ("label 0",)))
    assert fit(labels, Change(tuple(labels)))
