"""Says what could exist about anybody, by kind: what it is, how long it stays, and which key opens it.

Made of the settings as they count now and of this list alone. No row is read: the page says the same whether a house is
empty or full, and takes as long. So it can be shown to whoever asks, and can be the answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from portal.settings import Settings


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind. `opens`: compartments whose key is needed, none where no key at the desk opens it. `sources`: what
    resealing calls its sealed rows. `days`: how long, where a setting says so; None: the words of the page say it.
    """

    name: str
    opens: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    days: Callable[[Settings], int] | None = None


KINDS: Final = (
    Kept("talk", ("chat",), days=lambda settings: settings.wrap_up_minutes),
    Kept("agreed", ("records",), ("entries",), days=lambda settings: settings.kept_days),
    Kept("danger", ("records",)),
    Kept(
        "record",
        ("records",),
        ("contacts", "supervisor_entries"),
        days=lambda settings: settings.record_days,
    ),
    Kept("case", ("records",), ("cases", "case_contacts", "case_notes"), days=lambda settings: settings.case_days),
    Kept("person", ("records",), ("case_people",), days=lambda settings: settings.case_people_days),
    Kept("named", ("names",), ("case_names",), days=lambda settings: settings.case_names_days),
    Kept("referral", ("records",), ("referrals",), days=lambda settings: settings.referral_days),
    Kept("consent", ("records",), ("consents",), days=lambda settings: settings.record_days),
    Kept(
        "decision",
        ("records",),
        ("report_decisions", "decision_words"),
        days=lambda settings: settings.record_days,
    ),
    Kept(
        "tip",
        ("tips", "names"),
        ("tips.words", "tips.names", "tips.desk", "tips.shelves"),
        days=lambda settings: settings.tip_days,
    ),
    Kept("number", days=lambda settings: settings.tip_number_days),
    Kept("file", ("tips",), ("tips.held_files",)),
    Kept("request", ("names",), ("requests", "request_steps"), days=lambda settings: settings.request_kept_days),
    Kept("figures", ("records",), ("figures", "figure_slips")),
    Kept("sheet", ("records",), ("sheets",), days=lambda settings: settings.sheet_days),
    Kept("interpreter", ("chat",), ("interpreters.account",)),
    Kept("audit"),
    Kept("backup", days=lambda settings: settings.key_backup_days),
)
"""In the order of the page."""

NEVER: Final = ("address", "device", "visit", "call", "ended")
"""What this house never has, so that nobody can be made to give it."""
