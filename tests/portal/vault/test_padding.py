"""Lengths of words show as one of a few sizes."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from portal.vault.errors import SealBroken, TooLong
from portal.vault.padding import EXACT, MESSAGE_STEPS, RECORD_STEPS, longest, pad, unpad
from portal.vault.sessions import SESSION_STEPS


def test_the_steps_are_those_written_down() -> None:
    assert MESSAGE_STEPS == (256, 512, 1024, 2048, 4096, 8192, 16384)
    assert tuple(kilobytes * 1024 for kilobytes in range(4, 65, 4)) == RECORD_STEPS


@given(st.binary(max_size=20000), st.sampled_from([EXACT, RECORD_STEPS, SESSION_STEPS]))
def test_padding_comes_off_again(plaintext: bytes, steps: tuple[int, ...]) -> None:
    assert unpad(pad(plaintext, steps)) == plaintext


@pytest.mark.parametrize("steps", [MESSAGE_STEPS, RECORD_STEPS])
def test_words_take_the_smallest_step_they_fit_into(steps: tuple[int, ...]) -> None:
    smaller = 0
    for step in steps:
        assert len(pad(bytes(max(0, smaller - 3)), steps)) == step
        assert len(pad(bytes(step - 4), steps)) == step
        smaller = step
    assert longest(steps) == steps[-1] - 4
    with pytest.raises(TooLong):
        pad(bytes(longest(steps) + 1), steps)


def test_yes_and_a_long_sentence_look_alike() -> None:
    assert len(pad(b"yes", MESSAGE_STEPS)) == len(pad(b"w" * 252, MESSAGE_STEPS)) == 256


@pytest.mark.parametrize(
    "wrong",
    [b"", b"\0\0\0", b"\0\0\0\x01", b"\0\0\0\x05four", b"\xff\xff\xff\xffword", b"\0\0\0\x01a\x01", b"\0\0\0\x00a"],
)
def test_a_layout_that_pad_would_not_write_is_refused(wrong: bytes) -> None:
    with pytest.raises(SealBroken):
        unpad(wrong)
