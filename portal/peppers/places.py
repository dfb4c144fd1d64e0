"""Lists the places of the ground floor whose rows are put under another pepper at the terminal, with no key at hand."""

from functools import partial
from typing import Any, Final

from portal import desk_settings, doors_book, opening
from portal.alerts import roster
from portal.alerts.tables import alert_ways, on_call
from portal.directory import book as directory
from portal.directory.tables import organisations, services
from portal.duty import protocols
from portal.duty.tables import protocols as region_protocols
from portal.figures import book as figures
from portal.figures.tables import figure_releases
from portal.library import book as library
from portal.library.tables import shown, versions
from portal.paper.tables import recovery_sheets
from portal.peppers.place import Place, boxed, chained, marked
from portal.records import case_holds, case_proving, case_rows
from portal.records.case_tables import case_hands, case_holds as held_cases, case_proofs
from portal.staff.tables import factors
from portal.vault.factors import open_factor, seal_factor
from portal.vault.sheet_cards import open_sheet_card, seal_sheet_card
from portal.vault.targets import open_target, seal_target

# Any, below: a row of the database.


def _said_of_case(row: Any, before: bytes) -> tuple[str, *tuple[bytes | str, ...]]:
    return case_holds.said(row.n, row.case_id, row.word, row.staff, before)


def _target(pepper: bytes, row: Any) -> bytes:
    return open_target(pepper, row.id, row.person, row.way, row.target).encode()


PLACES: Final = (
    marked("the facts of the house", opening.site, opening.said),
    marked("the settings of the house", desk_settings.house_settings, desk_settings.said),
    *(
        marked(f"the doors of the chat ({table.name})", table, partial(doors_book.said, table))
        for table in (doors_book.hours, doors_book.zones, doors_book.switches, doors_book.tongues)
    ),
    boxed(
        "ways to reach the staff",
        alert_ways,
        "target",
        _target,
        lambda pepper, row, opened: seal_target(pepper, row.id, row.person, row.way, opened.decode()),
    ),
    marked("turns on call", on_call, roster.said),
    boxed(
        "second proofs",
        factors,
        "sealed",
        lambda pepper, row: open_factor(pepper, row.id, row.person, row.kind, row.sealed),
        lambda pepper, row, opened: seal_factor(pepper, row.id, row.person, row.kind, opened),
    ),
    boxed(
        "cards of the recovery sheets",
        recovery_sheets,
        "card",
        lambda pepper, row: open_sheet_card(pepper, row.of_set, row.number, row.card),
        lambda pepper, row, opened: seal_sheet_card(pepper, row.of_set, row.number, opened),
    ),
    marked("organisations of the directory", organisations, directory.said_of_organisation),
    marked("services of the directory", services, directory.said_of_service),
    marked("versions of the library", versions, library.said_of_version),
    marked("what the library shows", shown, library.said_of_shown),
    marked("protocols of regions", region_protocols, protocols.said),
    marked("published figures", figure_releases, figures.said_of_release),
    marked("whose a case is", case_hands, lambda row: case_rows.said(case_hands, row)),
    chained("holds of cases", held_cases, _said_of_case, case_holds.BEGINNING),
    marked("proofs of erased cases", case_proofs, case_proving.said),
)

__all__ = ["PLACES", "Place"]
