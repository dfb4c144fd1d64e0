"""A backup file: pieces come back as they were written, or not at all."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, strategies as st

from portal.vault.backups import MOST_PIECE_BYTES, Cover, Kind, SealedBackup, open_pieces, read_cover
from portal.vault.errors import SealBroken
from tests.portal.vault.fixed import fixed_key, fixed_public

PRIVATE, PUBLIC, ROOT = fixed_key("recovery"), fixed_public("recovery"), fixed_key("root")


def _written(pieces: list[bytes], kind: Kind = Kind.HOUSE) -> bytes:
    out = BytesIO()
    sealed = SealedBackup(out, kind, root_public=ROOT, recovery_box=b"box", recovery_public=PUBLIC)
    for piece in pieces:
        sealed.write(piece)
    sealed.finish()
    return out.getvalue()


def _opened(file: bytes) -> list[bytes]:
    source = BytesIO(file)
    return list(open_pieces(source, read_cover(source), PRIVATE))


def _taken_apart(file: bytes) -> tuple[bytes, list[bytes]]:
    """Everything before the pieces, and the pieces with their lengths."""
    source = BytesIO(file)
    read_cover(source)
    source.read(84)
    start, pieces = file[: source.tell()], []
    while length := source.read(4):
        pieces.append(length + source.read(int.from_bytes(length, "big")))
    return start, pieces


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_pieces_come_back_in_order(pieces: list[bytes]) -> None:
    assert _opened(_written(pieces)) == pieces


@given(st.permutations(range(5)))
def test_pieces_in_another_order_are_refused(order: list[int]) -> None:
    start, pieces = _taken_apart(_written([b"a", b"b", b"c", b"d"]))
    file = start + b"".join(pieces[at] for at in order)
    if order == sorted(order):
        assert _opened(file) == [b"a", b"b", b"c", b"d"]
    else:
        with pytest.raises(SealBroken):
            _opened(file)


@pytest.mark.parametrize(
    "change", ["one left out", "one twice", "the end left out", "the end twice", "another's piece"]
)
def test_what_is_missing_doubled_or_another_files_is_refused(change: str) -> None:
    start, pieces = _taken_apart(_written([b"a", b"b", b"c"]))
    others = _taken_apart(_written([b"a", b"b", b"c"]))[1]
    changed = {
        "one left out": [pieces[0], *pieces[2:]],
        "one twice": [pieces[0], *pieces],
        "the end left out": pieces[:-1],
        "the end twice": [*pieces, pieces[-1]],
        "another's piece": [pieces[0], others[1], *pieces[2:]],
    }[change]
    with pytest.raises(SealBroken):
        _opened(start + b"".join(changed))


def test_two_files_of_the_same_rows_have_nothing_in_common_behind_the_cover() -> None:
    one, other = (_taken_apart(_written([bytes(64)]))[1] for _ in range(2))
    assert not set(one) & set(other)


def test_a_piece_no_reader_would_take_is_not_written() -> None:
    sealed = SealedBackup(BytesIO(), Kind.KEYS, root_public=ROOT, recovery_box=b"", recovery_public=PUBLIC)
    with pytest.raises(ValueError, match="too large"):
        sealed.write(bytes(MOST_PIECE_BYTES + 1))


def test_a_box_or_a_piece_that_claims_to_be_huge_is_refused_before_it_is_read() -> None:
    cover = Cover(Kind.HOUSE, bytes(16), ROOT, b"").encode()
    with pytest.raises(SealBroken):
        read_cover(BytesIO(cover[:-4] + b"\xff\xff\xff\xff"))
    start, _ = _taken_apart(_written([]))
    with pytest.raises(SealBroken):
        _opened(start + b"\xff\xff\xff\xff")
