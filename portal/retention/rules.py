"""Lists every kind of row the house keeps: its setting, what deletes it, which hold keeps it, or why it stays.

Each table stands in one rule; `tests/rules/test_every_table_has_its_days.py` holds it there, and docs/retention.md to
this list.
"""

from dataclasses import dataclass
from typing import Final, Literal

Hold = Literal["", "case", "tip", "photo"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind. `settings`: fields that say for how long. `purged_by`: what deletes it when its time is over.

    `stays`: why it has no last day; empty where it has one. `hold`: whose legal hold keeps it longer.
    """

    kind: str
    tables: tuple[str, ...]
    settings: tuple[str, ...] = ()
    purged_by: str = ""
    hold: Hold = ""
    stays: str = ""


KEPT: Final = (
    Rule(
        "Words kept by agreement",
        ("sealed_entries",),
        ("kept_days",),
        "portal.records.entries.Entries.forget_over",
        # An entry about a danger or a holding off is a row of the same table without a last day.
        stays="what was done in a danger, and why somebody was held off, is what the house answers for",
    ),
    Rule(
        "Records of contacts",
        ("contact_records", "supervisor_entries"),
        ("record_days",),
        "portal.records.contacts.Contacts.forget_over",
        hold="case",
    ),
    Rule(
        "Cases",
        ("cases", "case_contacts", "case_notes", "case_hands"),
        ("case_days",),
        "portal.records.case_staying.CaseStaying.forget_over",
        hold="case",
    ),
    Rule(
        "People of cases, and their names",
        ("case_people",),
        ("case_people_days", "case_names_days"),
        "portal.records.case_staying.CaseStaying.forget_over",
        hold="case",
    ),
    Rule(
        "Referrals",
        ("directory_referrals",),
        ("referral_days",),
        "portal.consent.along.Along.forget_over",
        hold="case",
    ),
    Rule(
        "Consents",
        ("consents",),
        ("record_days",),
        "portal.consent.along.Along.forget_over",
        hold="case",
    ),
    Rule(
        "Decisions on reports",
        ("report_decisions", "decision_words"),
        ("record_days",),
        "portal.consent.along.Along.forget_over",
        hold="case",
    ),
    Rule(
        "Requests of the privacy desk",
        ("privacy_requests", "privacy_steps"),
        ("request_kept_days",),
        "portal.privacy.book.RequestBook.forget_over",
    ),
    Rule(
        "Sheets about the work",
        ("quality_sheets",),
        ("sheet_days", "shared_check_days"),
        "portal.quality.book.QualityBook.forget_over",
    ),
    Rule(
        "Slips and exact counts of the figures",
        ("figure_slips", "figure_tallies", "figure_late"),
        purged_by="portal.figures.closing.Closing.work",
    ),
    Rule(
        "Tips, their words and their keys",
        ("tips", "tip_keys", "tip_parts", "tip_shelves", "tip_shelf_keys"),
        ("tip_days", "tip_number_days", "tip_warning_days"),
        "tips.staying.purging.Purge.round",
        hold="tip",
    ),
    Rule(
        "Photos and other files",
        ("tip_files", "tip_file_pieces", "tip_file_keys"),
        ("tip_days",),
        "tips.staying.purging.Purge.round",
        hold="photo",
    ),
    Rule(
        "Invitations, and codes to begin anew",
        ("staff_invitations", "staff_anew"),
        purged_by="portal.staff.invitations.Invitations.remove_ended",
    ),
    Rule("Turns on call", ("on_call",), purged_by="portal.alerts.roster.RosterStore.put_on_call"),
)
"""What goes by itself, and what is deleted when."""

STAY: Final = (
    Rule("What is shown of the figures", ("figure_releases",), stays="published; small counts were never in it"),
    Rule("Shapes of reports that have a name", ("figure_shapes",), stays="days and parts, no figure; until removed"),
    Rule("Answers after a talk", ("afterwards",), stays="three numbers of a quarter, tied to nobody"),
    Rule(
        "The directory",
        ("directory_organisations", "directory_services", "directory_words", "directory_came"),
        stays="about organisations; an entry goes when an editor removes it, with who reviewed it and when",
    ),
    Rule(
        "The library",
        ("library_versions", "library_shown"),
        stays="written for everybody; every version stays so that one can go back to it",
    ),
    Rule(
        "Marks of what was erased",
        ("case_tombstones", "tip_tombstones"),
        stays="a random name and a day: by it a backup that is put back is erased again",
    ),
    Rule(
        "Proofs of erasing",
        ("case_proofs", "tip_proofs", "tip_rounds"),
        stays="what a search of the files found, under a random name",
    ),
    Rule(
        "Legal holds",
        ("case_holds", "tip_holds", "tip_file_holds"),
        stays="a list that is only added to; without its beginning nobody could tell that nothing was taken out",
    ),
    Rule(
        "People of the house",
        (
            "staff_people",
            "staff_factors",
            "staff_resets",
            "first_shifts",
            "alert_ways",
            "recovery_sheets",
        ),
        stays="until a person is removed, or removes what is hers",
    ),
    Rule(
        "The book of keys",
        ("key_statements", "key_grants"),
        stays="a chain: with a link gone no key could be believed",
    ),
    Rule("The audit", ("audit_lines",), stays="a chain of acts without content"),
    Rule("Interpreters", ("interpreters",), stays="until an administrator removes the card"),
    Rule(
        "How the house is set",
        (
            "site_facts",
            "house_settings",
            "chat_hours",
            "chat_zone",
            "chat_switch",
            "chat_tongues",
            "tip_house_labels",
            "tip_files_switch",
            "tip_files_sorts",
            "region_protocols",
        ),
        stays="about the house, and about nobody who writes to it",
    ),
)
"""What has no last day, and why."""

RULES: Final = (*KEPT, *STAY)
