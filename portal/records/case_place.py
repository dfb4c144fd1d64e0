"""Puts the pages of cases together, in the order in which their addresses are asked."""

from typing import TYPE_CHECKING

from portal.records.case_form_pages import CaseFormPages
from portal.records.case_handing_pages import CaseHandingPages
from portal.records.case_page import CasePages
from portal.records.case_pages import CaseListPages
from portal.records.case_room import CaseRoom
from portal.staff.proving import Proving

if TYPE_CHECKING:
    from portal.services import Services


def case_pages(
    services: "Services", proving: Proving
) -> tuple[CaseListPages, CaseFormPages, CaseHandingPages, CasePages]:
    """The list first: its words are no case."""
    room = CaseRoom(services)
    return (
        CaseListPages(services, room),
        CaseFormPages(services, room),
        CaseHandingPages(services, proving),
        CasePages(services, room),
    )
