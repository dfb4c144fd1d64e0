"""Holds the roles to what each may do with keys and without, as the one table of rights says it."""

from __future__ import annotations

from portal.staff.rights import RIGHTS, Right, Role, rights_of
from tests.portal.staff.test_rights import KEYS


def test_a_right_that_needs_a_key_is_nobodys_without_it() -> None:
    for role in Role:
        bare = rights_of(role, ())
        assert not bare & {Right.TAKE_CHATS, Right.READ_TIPS, Right.ANSWER_TIPS, Right.ENTER_TIPS, Right.KEEP_LABELS}
        assert not bare & {Right.TAKE_CHATS, Right.READ_TIPS, Right.ANSWER_TIPS}
        assert not bare & {Right.WRITE_REPORTS, Right.APPROVE_REPORTS}
        assert rights_of(role, KEYS) == RIGHTS[role]


def test_who_only_joins_has_that_right_and_no_other_whatever_keys_she_was_given() -> None:
    assert rights_of(Role.INTERPRETER, KEYS) == rights_of(Role.INTERPRETER, ()) == {Right.BE_GUEST}
    assert [role for role in Role if Right.BE_GUEST in RIGHTS[role]] == [Role.INTERPRETER]


def test_only_an_administrator_changes_who_works_here() -> None:
    for right in (Right.MANAGE_STAFF, Right.GRANT_KEYS, Right.OPEN_DOORS):
        assert [role for role in Role if right in RIGHTS[role]] == [Role.ADMINISTRATOR]


def test_an_advocate_writes_reports_and_is_never_the_second_person() -> None:
    assert Right.WRITE_REPORTS in RIGHTS[Role.ADVOCATE]
    assert [role for role in Role if Right.APPROVE_REPORTS in RIGHTS[role]] == [Role.SUPERVISOR, Role.ADMINISTRATOR]
    assert [role for role in Role if Right.WRITE_REPORTS in RIGHTS[role]] == [
        Role.ADVOCATE,
        Role.SUPERVISOR,
        Role.ADMINISTRATOR,
    ]
