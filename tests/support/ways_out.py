"""Lists every way by which words leave the house as a file, or for somebody who does not work here, and what guards it.

A module that makes such a thing stands here, or a test fails: with the gate (it takes a `Passage`, or asks the gate's
rule), or with the reason why nothing in it tells a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

GATE: Final = "gate"


@dataclass(frozen=True, slots=True)
class WayOut:
    """`what` leaves; `guard`: `GATE`, or why no consent is asked about."""

    what: str
    guard: str = GATE


WAYS_OUT: Final[Mapping[str, WayOut]] = MappingProxyType(
    {
        "tips.report.files": WayOut("a report on a tip, as PDF, JSON or CSV"),
        "tips.pages.desk_report": WayOut("the same, on its way to whoever took it"),
        "tips.report.table": WayOut("the same as CSV", "writes what tips.report.files hands it"),
        "chat.access": WayOut("a conversation, to a third person who reads along"),
        "tips.pages.desk_files": WayOut(
            "a picture, to whoever opens it here",
            "is opened by staff, with a reason and a line in the audit; to the police it goes by two people (0022)",
        ),
        "portal.records.case_file": WayOut("what of a case leaves, of one person"),
        "portal.records.case_handing": WayOut("the same, to whoever she agreed to or an exception reaches"),
        "portal.records.case_handing_pages": WayOut(
            "the same as text or JSON, on its way", "hands on what portal.records.case_handing lets out"
        ),
        "portal.directory.referral_pages": WayOut("what of her a service is told on the phone, in a warm transfer"),
        "portal.duty.telling_pages": WayOut("what of a case is read out to an office"),
        "portal.directory.hsds.going": WayOut("the directory", "organisations and services, no person who wrote to us"),
        "portal.directory.hsds.package": WayOut("the same as tables", "organisations and services, no person"),
        "portal.figures.public_pages": WayOut("published counts", "small ones are not in them (0045)"),
        "portal.figures.desk_pages": WayOut(
            "figures for a funder", "counts of the house, small ones not in them (0045)"
        ),
        "portal.figures.csv_file": WayOut("the same as CSV", "counts alone"),
        "portal.figures.partner_pages": WayOut(
            "cases for a partner, in the standard's words", "k-anonymous, no name and no word of anybody (0045)"
        ),
        "portal.alerts.ways": WayOut(
            "a call for whoever is on call: mail, webhook, command", "a kind of call, never a word, a name or a place"
        ),
        "i18n.engine_line": WayOut(
            "words to the operator's own engine", "by her own yes in the talk, for each direction; never a name of hers"
        ),
        "portal.operation.certificate": WayOut("a handshake with this house's own address", "a certificate's last day"),
        "portal.demo_people": WayOut("what invented people say to a throw-away house", "nobody real"),
        "portal.proof.own_line": WayOut("a page of this house, asked by itself on its own machine", "nobody's words"),
        "portal.staff.pages.audit": WayOut("the audit, as a file", "names acts and staff, no person who wrote to us"),
        "portal.staff.trail.audit_reading": WayOut("the same as CSV", "names acts and staff, no person"),
    }
)
"""By the module that makes it."""
