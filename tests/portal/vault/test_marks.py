"""A mark is ours or it is not; one for one purpose and place is none for another."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from portal.vault.marks import MARK_BYTES, is_marked, mark
from tests.portal.vault.fixed import fixed_key

ONE, TWO = fixed_key("pepper 1"), fixed_key("pepper 2")


@given(st.lists(st.binary(max_size=40), max_size=4))
def test_a_mark_of_any_live_pepper_is_known(parts: list[bytes]) -> None:
    for pepper in (ONE, TWO):
        found = mark(pepper, "row", *parts)
        assert len(found) == MARK_BYTES
        assert is_marked((ONE, TWO), found, "row", *parts)
        assert not is_marked((), found, "row", *parts)


@pytest.mark.parametrize(
    ("peppers", "purpose", "parts"),
    [((TWO,), "row", (b"a", b"bc")), ((ONE,), "other", (b"a", b"bc")), ((ONE,), "row", (b"ab", b"c"))],
)
def test_another_pepper_purpose_or_place_is_refused(
    peppers: tuple[bytes, ...], purpose: str, parts: tuple[bytes, ...]
) -> None:
    assert is_marked((ONE,), mark(ONE, "row", b"a", b"bc"), "row", b"a", b"bc")
    assert not is_marked(peppers, mark(ONE, "row", b"a", b"bc"), purpose, *parts)


def test_every_changed_or_shorter_mark_is_refused() -> None:
    found = mark(ONE, "row", b"a")
    for at in range(MARK_BYTES):
        assert not is_marked((ONE,), found[:at], "row", b"a")
        for bit in range(8):
            assert not is_marked((ONE,), found[:at] + bytes((found[at] ^ 1 << bit,)) + found[at + 1 :], "row", b"a")
