"""The staff room's promises, on a server: the book of statements, grants, invitations, the facts of the house."""

from __future__ import annotations

from tests.portal.staff import test_invitations
from tests.portal.staff.household import test_opening
from tests.portal.staff.keys import test_book, test_granting
from tests.support.told_again import told_again

# About the file, which these houses do not have.
BUT = {
    "test_no_row_holds_the_code_or_the_sign_in_name",
    "test_without_a_database_the_last_known_phone_line_stays",
    "test_a_process_that_never_read_the_facts_says_closed_and_shows_the_set_phone_line",
}

globals().update(told_again(test_book, test_granting, test_invitations, test_opening, but=BUT))
