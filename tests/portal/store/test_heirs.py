"""Whom Sentinels could choose, of what each of them says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.store.heirs import Answer, Said, told

A, B, C = (("10.0.0.1", port) for port in (1, 2, 3))


def primary(node: tuple[str, int] = A, *, flags: str = "master", epoch: int = 1) -> dict[str, Any]:
    return {"ip": node[0], "port": node[1], "flags": flags, "config-epoch": epoch}


def replica(
    node: tuple[str, int] = B, flags: str = "slave", role: str = "slave", link: str = "ok", priority: int = 100
) -> dict[str, Any]:
    said = {"ip": node[0], "port": str(node[1]), "flags": flags, "role-reported": role}
    return said | {"master-link-status": link, "slave-priority": priority}


def heard(*answers: Answer, before: Said | None = None) -> tuple[int, int]:
    """How many may be chosen, and how many are there."""
    found = told(answers, before)
    assert found is not None
    return found.heirs, found.living


def test_of_no_answer_nothing_is_known() -> None:
    assert told([]) is None


def test_all_that_can_be_talked_to_may_be_chosen_and_no_other() -> None:
    assert heard((primary(), [replica(B), replica(C)])) == (2, 2)
    assert heard((primary(), [replica(B, "s_down,slave"), replica(C)])) == (1, 1)
    # Whoever is made a primary closes its lines at that moment, those to Sentinels as well.
    assert heard((primary(), [replica(B, "slave,disconnected"), replica(C)])) == (2, 2)
    assert heard((primary(), [replica(B, priority=0), replica(C)])) == (1, 2)
    parted: Mapping[str, Any] = replica(B) | {"flags": {"slave", "o_down"}}  # as the library does for some protocols
    assert heard((primary(), [parted, replica(C)])) == (1, 1)


def test_one_that_a_single_sentinel_can_talk_to_may_be_chosen_by_it() -> None:
    one, another = [replica(B, "s_down,slave"), replica(C)], [replica(B), replica(C)]
    assert heard((primary(), one), (primary(), another)) == (2, 2)


def test_one_that_calls_itself_a_primary_out_of_nothing_has_been_chosen() -> None:
    before = told([(primary(), [replica(B), replica(C)])])
    assert heard((primary(), [replica(B, role="master"), replica(C)]), before=before) == (2, 2)
    assert heard((primary(), [replica(B, role="master"), replica(C)])) == (2, 2), "and who begins now cannot know"


def test_one_that_comes_back_counts_once_it_copies() -> None:
    gone = told([(primary(), [replica(B, "s_down,slave"), replica(C)])])
    back = told([(primary(), [replica(B, role="master"), replica(C)])], gone)
    assert back is not None
    assert (back.heirs, back.living) == (1, 2)
    syncing = told([(primary(), [replica(B, link="err"), replica(C)])], back)
    assert syncing is not None
    assert (syncing.heirs, syncing.living) == (1, 2)
    assert heard((primary(), [replica(B), replica(C)]), before=syncing) == (2, 2)


def test_the_primary_before_is_not_waited_for_until_it_copies_the_one_of_now() -> None:
    before = told([(primary(), [replica(B), replica(C)])])
    now = primary(B, epoch=2)
    after = told(
        [(primary(), [replica(B), replica(C)]), (now, [replica(A, role="master"), replica(C, link="err")])], before
    )
    assert after == Said(B, 1, 2, frozenset({A}), 2)
    assert heard((now, [replica(A), replica(C)]), before=after) == (2, 2)


def test_a_few_that_are_cut_off_change_nothing_and_most_of_them_set_up_anew_do() -> None:
    before = told([(primary(B, epoch=7), [replica(A), replica(C)])])
    cut_off: Answer = (primary(A, epoch=6), [replica(B), replica(C)])
    assert told([cut_off], before, of=3) == before
    anew = told([cut_off] * 2, before, of=3)
    assert anew is not None
    assert anew.primary == A
