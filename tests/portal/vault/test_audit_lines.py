"""Holds the audit's chain to being whole or saying where it breaks, whatever somebody who writes rows does to it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings, strategies

from portal.vault.audit_lines import Break, Line, Walk, is_signed, next_line, sign_head
from portal.vault.bundles import staff_keys
from portal.vault.statement import NOTHING_SAID, Head
from tests.portal.vault.fixed import fixed_id, fixed_key

PEPPER, OTHER = fixed_key("pepper"), fixed_key("another pepper")
DAY = "2026-11-23"
LENGTH = 9


def chain(length: int = LENGTH, *, pepper: bytes = PEPPER, older: int = 0) -> tuple[list[Line], Head]:
    """So many lines; the first `older` of them by a version that made no chain."""
    head, lines = NOTHING_SAID, list[Line]()
    for number in range(1, length + 1):
        line, head = next_line(head, pepper, day=DAY, act="tip.opened", staff=fixed_id("a"), subject=fixed_id("b"))
        lines.append(replace(line, previous=None, mark=None) if number <= older else line)
    return lines, head


def walked(lines: list[Line], kept: Head = NOTHING_SAID, *peppers: bytes) -> Walk:
    walk = Walk(NOTHING_SAID, kept, peppers or (PEPPER,))
    for line in lines:
        walk.step(line)
    walk.end()
    return walk


def test_a_whole_chain_holds_from_end_to_end() -> None:
    lines, head = chain()
    walk = walked(lines, head)

    assert (walk.breaks, walk.loose, walk.taken_in, walk.head) == ([], 0, [], head)


@settings(max_examples=40)
@given(
    at=strategies.integers(0, LENGTH - 1),
    changed=strategies.sampled_from(
        [
            {"day": "2026-11-22"},
            {"act": "tip.closed"},
            {"staff": fixed_id("c")},
            {"subject": b""},
            {"previous": fixed_key("x")},
        ]
    ),
)
def test_one_line_that_was_changed_is_named(at: int, changed: dict[str, object]) -> None:
    lines, head = chain()
    lines[at] = replace(lines[at], **changed)  # type: ignore[arg-type]  # a table of changes, each of its own type

    for kept in (NOTHING_SAID, head):
        assert any(each.first <= at + 1 <= each.last for each in walked(lines, kept).breaks)


@settings(max_examples=30)
@given(first=strategies.integers(1, LENGTH - 1), number=strategies.integers(1, 3))
def test_lines_that_are_missing_are_named(first: int, number: int) -> None:
    lines, head = chain()
    gone = range(first, min(first + number, LENGTH))
    left = [line for line in lines if line.number not in gone]

    assert walked(left, head).breaks == [Break("missing", gone[0], gone[-1])]


def test_an_end_that_was_cut_off_is_seen_by_the_head_kept_outside() -> None:
    lines, head = chain()

    assert walked(lines[:6]).breaks == [], "without the head nobody could know"
    assert walked(lines[:6], head).breaks == [Break("cut", 7, LENGTH)]
    assert walked([], head).breaks == [Break("cut", 1, LENGTH)]


def test_a_past_written_anew_has_no_mark_of_this_house_and_is_not_what_was_seen() -> None:
    (lines, head), (forged, _) = chain(), chain(pepper=OTHER)
    forged = [*lines[:4], *forged[4:]]

    assert walked(forged).breaks == [Break("not_ours", number, number) for number in range(5, LENGTH + 1)]
    assert walked(lines, Head(LENGTH, fixed_key("other"))).breaks == [Break("rewritten", LENGTH, LENGTH)]
    other, _ = next_line(Head(3, lines[2].digest(lines[1].digest(lines[0].digest(bytes(32))))), OTHER, day=DAY,
                         act="tip.closed", staff=b"", subject=b"")  # fmt: skip
    rest = [other]
    at = Head(4, other.digest(other.previous or b""))
    for _ in range(5, LENGTH + 1):
        line, at = next_line(at, OTHER, day=DAY, act="tip.opened", staff=b"", subject=b"")
        rest.append(line)
    assert walked([*lines[:3], *rest], head).breaks == [Break("rewritten", 4, LENGTH)]


def test_a_line_somebody_else_put_at_the_end_is_not_ours() -> None:
    lines, head = chain()
    forged, _ = next_line(head, OTHER, day=DAY, act="keys.granted", staff=fixed_id("a"), subject=b"")

    assert walked([*lines, forged], head).breaks == [Break("not_ours", LENGTH + 1, LENGTH + 1)]


def test_what_was_seen_holds_though_its_pepper_is_gone() -> None:
    lines, head = chain()
    more, _ = next_line(head, OTHER, day=DAY, act="tip.opened", staff=b"", subject=b"")

    assert walked([*lines, more], head, OTHER).breaks == []


def test_lines_of_a_version_without_a_chain_are_in_it_from_the_next_line_on() -> None:
    lines, head = chain(older=5)

    walk = walked(lines, head)
    assert (walk.breaks, walk.taken_in, walk.loose) == ([], [(1, 5)], 0)
    lines[2] = replace(lines[2], act="tip.closed")
    assert walked(lines, head).breaks == [Break("changed", 1, 5)]
    assert walked(lines[:5]).loose == 5


def test_a_head_taken_away_is_signed_by_a_person() -> None:
    keys, other = staff_keys(fixed_key("seed")), staff_keys(fixed_key("other seed"))
    _, head = chain()
    signature = sign_head(keys.signer(fixed_id("a")), head, DAY)

    assert is_signed(keys.sign_public, signature, head, DAY)
    assert not is_signed(other.sign_public, signature, head, DAY)
    assert not is_signed(keys.sign_public, signature, head, "2026-11-24")
    assert not is_signed(keys.sign_public, signature, Head(head.number + 1, head.digest), DAY)
    assert not is_signed(keys.sign_public, b"", head, DAY)
