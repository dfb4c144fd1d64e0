"""Says what each role may do at the desk, in one table a person can read."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is here for. One person has one role."""

    ADVOCATE = "advocate"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    DIRECTORY_EDITOR = "directory_editor"
    STATISTICS_VIEWER = "statistics_viewer"
    INTERPRETER = "interpreter"


class Right(StrEnum):
    """One thing that may be done at the desk."""

    TAKE_CHATS = "take_chats"
    READ_TIPS = "read_tips"
    ANSWER_TIPS = "answer_tips"
    SEE_STAFF = "see_staff"
    MANAGE_STAFF = "manage_staff"
    GRANT_KEYS = "grant_keys"
    OPEN_DOORS = "open_doors"
    SEE_CALLS = "see_calls"
    ARRANGE_CALLS = "arrange_calls"
    SWITCH_CHAT = "switch_chat"
    WATCH_CHATS = "watch_chats"
    SEE_BOARD = "see_board"
    READ_ENTRIES = "read_entries"
    WRITE_RECORDS = "write_records"
    WORK_CASES = "work_cases"
    SUPERVISE_CASES = "supervise_cases"
    BE_GUEST = "be_guest"
    SWITCH_FILES = "switch_files"
    HOLD_TIPS = "hold_tips"
    WRITE_REPORTS = "write_reports"
    APPROVE_REPORTS = "approve_reports"
    ENTER_TIPS = "enter_tips"
    KEEP_LABELS = "keep_labels"
    SEE_INTERPRETERS = "see_interpreters"
    KEEP_INTERPRETERS = "keep_interpreters"
    SEE_AUDIT = "see_audit"
    CHANGE_SETTINGS = "change_settings"
    SIGN_OFF_TRAINING = "sign_off_training"
    RESET_SECOND = "reset_second"
    SEE_FIGURES = "see_figures"
    SHARE_FIGURES = "share_figures"
    EDIT_LIBRARY = "edit_library"
    PUBLISH_LIBRARY = "publish_library"
    PRIVACY_OFFICER = "privacy_officer"
    SEE_QUALITY = "see_quality"
    SEE_DIRECTORY = "see_directory"
    REVIEW_DIRECTORY = "review_directory"
    KEEP_DIRECTORY = "keep_directory"
    SEE_OPERATION = "see_operation"
    KEEP_PROTOCOLS = "keep_protocols"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.ADVOCATE: frozenset(
        {
            Right.TAKE_CHATS,
            Right.READ_TIPS,
            Right.ANSWER_TIPS,
            Right.ENTER_TIPS,
            Right.SEE_CALLS,
            Right.SEE_INTERPRETERS,
            Right.WRITE_REPORTS,
            Right.WRITE_RECORDS,
            Right.SEE_DIRECTORY,
            Right.REVIEW_DIRECTORY,
            Right.WORK_CASES,
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            Right.TAKE_CHATS,
            Right.READ_TIPS,
            Right.ANSWER_TIPS,
            Right.ENTER_TIPS,
            Right.KEEP_LABELS,
            Right.SEE_STAFF,
            Right.SEE_CALLS,
            Right.SEE_INTERPRETERS,
            Right.ARRANGE_CALLS,
            Right.SWITCH_CHAT,
            Right.WATCH_CHATS,
            Right.SEE_BOARD,
            Right.READ_ENTRIES,
            Right.HOLD_TIPS,
            Right.WRITE_REPORTS,
            Right.APPROVE_REPORTS,
            Right.WRITE_RECORDS,
            Right.WORK_CASES,
            Right.SUPERVISE_CASES,
            Right.SEE_AUDIT,
            Right.SIGN_OFF_TRAINING,
            Right.RESET_SECOND,
            Right.SEE_FIGURES,
            Right.SHARE_FIGURES,
            Right.EDIT_LIBRARY,
            Right.PUBLISH_LIBRARY,
            Right.PRIVACY_OFFICER,
            Right.SEE_QUALITY,
            Right.SEE_DIRECTORY,
            Right.REVIEW_DIRECTORY,
            Right.KEEP_PROTOCOLS,
        }
    ),
    # Whoever takes chats is asked as a guest by that. This right is of those who are nothing else.
    Role.ADMINISTRATOR: frozenset(Right) - {Right.BE_GUEST},
    Role.DIRECTORY_EDITOR: frozenset(
        {Right.SEE_DIRECTORY, Right.REVIEW_DIRECTORY, Right.KEEP_DIRECTORY, Right.EDIT_LIBRARY}
    ),
    Role.STATISTICS_VIEWER: frozenset({Right.SEE_FIGURES}),
    Role.INTERPRETER: frozenset({Right.BE_GUEST}),
}

# A role opens the page; only a key opens the words. A right named here also needs the key of its compartment,
# so an administrator who was never given one meets a page that is not there, not a page full of locked rows.
NEEDS_KEY: Final[Mapping[Right, str]] = {
    Right.TAKE_CHATS: "chat",
    Right.WATCH_CHATS: "chat",
    Right.READ_TIPS: "tips",
    Right.ANSWER_TIPS: "tips",
    Right.ENTER_TIPS: "tips",
    Right.KEEP_LABELS: "tips",
    Right.HOLD_TIPS: "tips",
    Right.READ_ENTRIES: "records",
    Right.WORK_CASES: "records",
    Right.SUPERVISE_CASES: "records",
    Right.PRIVACY_OFFICER: "names",
    Right.SEE_QUALITY: "records",
    Right.SHARE_FIGURES: "records",
    Right.WRITE_REPORTS: "tips",
    Right.APPROVE_REPORTS: "tips",
}


def rights_of(role: Role, held: Collection[str]) -> frozenset[Right]:
    """The rights of a role held together with the keys of the compartments named in `held`."""
    return frozenset(right for right in RIGHTS[role] if right not in NEEDS_KEY or NEEDS_KEY[right] in held)
