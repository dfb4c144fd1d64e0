"""Tells every in-process test that keeps rows once more, with its rows on PostgreSQL (`make rows`).

What is about the file itself is not told again; it stands here with its reason.
"""

from __future__ import annotations

import os
from typing import Final

import pytest
from _pytest.terminal import TerminalReporter

WANTED: Final = os.environ.get("HOUSE_ROWS", "")
assert WANTED in {"", "postgresql"}, "HOUSE_ROWS is postgresql, or not set"

_READ: Final = "reads the bytes of the file"
_AWAY: Final = "the file is moved away; a server that is away: tests/postgres"
_BEHIND: Final = "somebody works on the file behind the house's back"

# file below tests/ -> test -> why it is told on a file alone.
ABOUT_THE_FILE: Final[dict[str, dict[str, str]]] = {
    "chat/test_being_heard.py": {
        "test_a_store_that_is_away_for_a_minute_has_the_first_rung_called_from_what_was_last_read": _AWAY,
    },
    "chat/test_calls_at_the_desk.py": {
        "test_a_database_that_is_away_takes_neither_the_calls_nor_the_name_of_a_yes_from_a_desk": _AWAY,
    },
    "chat/test_keeping.py": {"test_neither_the_database_nor_its_log_holds_the_words": _READ},
    "portal/consent/test_gate.py": {"test_a_disk_tells_neither_who_nor_to_whom_nor_whether_it_still_stands": _READ},
    "portal/directory/test_referrals.py": {
        "test_the_file_says_neither_where_she_was_sent_nor_who_she_is_and_after_its_day_nothing": _READ,
    },
    "portal/interpreters/test_cards.py": {
        "test_a_number_opens_with_the_key_of_the_chat_and_stands_sealed_in_the_file": _READ,
    },
    "portal/operation/test_lookout.py": {
        "test_a_database_that_is_gone_is_said_and_what_hangs_on_it_is_not_known": _AWAY,
        "test_a_database_that_answers_and_takes_nothing_is_found_by_trying": _BEHIND,
    },
    "portal/privacy/test_requests.py": {
        "test_a_request_is_kept_once_has_a_clock_and_is_closed_with_all_that_was_done": _READ,
    },
    "portal/records/test_contacts.py": {
        "test_a_record_opens_for_the_records_alone_and_stands_sealed_in_the_file": _READ,
    },
    "portal/records/test_entries.py": {
        "test_an_entry_opens_for_the_records_alone_and_stands_sealed_in_the_file": _READ,
    },
    "portal/staff/household/test_opening.py": {
        "test_without_a_database_the_last_known_phone_line_stays": _AWAY,
        "test_a_process_that_never_read_the_facts_says_closed_and_shows_the_set_phone_line": _AWAY,
    },
    "portal/staff/keys/test_setup_killed.py": {"test_a_living_house_whose_database_was_lost_keeps_its_keys": _AWAY},
    "portal/staff/proofs/test_second.py": {"test_the_disk_tells_no_secret_and_no_name_of_a_device": _READ},
    "portal/staff/test_invitations.py": {"test_no_row_holds_the_code_or_the_sign_in_name": _READ},
    "portal/staff/trail/test_audit_command.py": {"test_where_there_is_no_house_nothing_can_be_said": _AWAY},
    "portal/staff/trail/test_journal.py": {"test_of_a_name_nobody_has_nothing_is_kept_but_that_somebody_tried": _READ},
    "portal/test_app.py": {"test_ready_asks_everything_and_names_nothing": _AWAY},
    "portal/test_doors_book.py": {
        "test_who_only_writes_rows_neither_opens_nor_closes_the_chat": _BEHIND,
        "test_with_the_database_away_what_was_known_stands": _AWAY,
    },
    "portal/vault/test_database_writer.py": {
        "test_an_older_copy_of_the_whole_file_is_refused": _BEHIND,
        "test_a_key_put_in_place_of_a_tips_own_gets_no_reply": _BEHIND,
    },
    "tips/files/test_switch.py": {"test_with_the_database_away_nothing_is_taken": _AWAY},
}

_left = {"about the file": 0, "keeps no rows": 0}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what keeps no rows, and what is about the file."""
    told: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        is_of_file = reason_of(item.nodeid) is not None
        keeps_rows = "rows_on" in getattr(item, "fixturenames", ())
        if keeps_rows:
            _left["about the file"] += is_of_file
        else:
            _left["keeps no rows"] += 1
        (told if keeps_rows and not is_of_file else left).append(item)
    items[:] = told
    config.hook.pytest_deselected(items=left)


def reason_of(nodeid: str) -> str | None:
    """Why this test is about the file; None where it is not."""
    path, _, name = nodeid.partition("::")
    return ABOUT_THE_FILE.get(path.removeprefix("tests/"), {}).get(name.partition("[")[0])


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """How many were left out, and what for."""
    terminalreporter.section("rows on PostgreSQL")
    terminalreporter.line(", ".join(f"{count} {why}" for why, count in _left.items()) + " (left out)")
