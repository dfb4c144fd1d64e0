"""The other rooms' promises, on a server: records, what is kept by agreement, the chat's doors, who is on call."""

from __future__ import annotations

from tests.chat import conftest, test_availability, test_keeping
from tests.portal import test_doors_book
from tests.portal.alerts import test_pages
from tests.portal.directory import test_finding
from tests.portal.library import test_book
from tests.portal.records import test_entries
from tests.support.told_again import told_again

# About the file, which these houses do not have.
BUT = {
    "test_an_entry_opens_for_the_records_alone_and_stands_sealed_in_the_file",
    "test_neither_the_database_nor_its_log_holds_the_words",
    "test_who_only_writes_rows_neither_opens_nor_closes_the_chat",
    "test_with_the_database_away_what_was_known_stands",
    # About words and forms, the same on every database.
    "test_what_can_be_no_target_is_not_kept",
    "test_without_a_way_the_page_says_that_nobody_can_be_called",
    "test_the_question_says_the_words_and_the_days_in_every_language_with_a_yes_and_a_no",
    "test_the_first_question_ever_asked_still_opens",
    "test_with_the_database_away_readers_keep_what_they_had",
    "test_a_house_keeps_so_many",
}

globals().update(
    told_again(
        conftest,
        test_entries,
        test_keeping,
        test_availability,
        test_doors_book,
        test_pages,
        test_finding,
        test_book,
        but=BUT,
    )
)
