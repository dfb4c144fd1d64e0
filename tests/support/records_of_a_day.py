"""Leaves in a house what one day leaves there: tips, cases, a request; for whoever looks for them afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from portal.ids import random_id, to_text
from tests.support.desk_people import DeskPerson
from tests.support.reporters import LineReporter
from tests.support.server_process import House

RECORDS = {
    "case, situation": "keeps the ledger of a marble quarry by night",
    "case, note": "the quarry foreman was rung from the tram stop",
    "case, name": "Isolde Thornapple of Pewter Row",
    "case erased, situation": "mends sails in a shuttered tithe barn",
    "case erased, name": "Balthazar Quince the elder",
    "consent, who": "the one with the amber earring",
    "consent, reader": "Doctor Ottoline Vexley",
    "consent erased, reader": "Pastor Ambrose Nettleship",
    "decision, grounds": "the cellar door is barred from the outside",
    "request, who": "Inspector Halloway of the fourth precinct",
    "request, words": "asks whether the bell ringer ever wrote to us",
}


def write_records(desk: DeskPerson, canaries: Mapping[str, str]) -> None:
    """A case with somebody who is named, a request of the privacy desk; and a case that is erased by hand."""
    for which in ("case", "case erased"):
        case = urlsplit(desk.posts("/desk/cases/new", of="phone").headers["location"]).path
        # What is chosen of its fields is another matter: its words, and her name.
        facts = desk.reader.opens(f"{case}/facts").form(action="/facts")
        desk.reader.sends(facts, {"situation": canaries[f"{which}, situation"]})
        person = desk.reader.opens(f"{case}/person/new").form(action="/person/new")
        desk.reader.sends(person, {"name": canaries[f"{which}, name"]})
        assert canaries[f"{which}, name"] in desk.reader.page.words
        agrees(desk, case, canaries[f"{which.replace('case', 'consent')}, reader"], canaries["consent, who"])
        decides(desk, case, canaries["decision, grounds"])
    assert desk.posts(f"{case}/erase").headers["location"].endswith("/desk/cases/gone")
    kept = next(link for link in desk.reader.opens("/desk/cases").links if re.fullmatch(r"/desk/cases/[\w-]{22}", link))
    desk.posts(f"{kept}/do", do="note", words=canaries["case, note"])
    asked = {"kind": "police", "way": "phone", "came": "2026-01-05", "paper": ""}
    row = to_text(random_id())
    desk.posts("/desk/requests/new", row=row, who=canaries["request, who"], words=canaries["request, words"], **asked)
    assert canaries["request, words"] in desk.reader.opens(f"/desk/requests/one/{row}").words


def write_tips(house: House, desk: DeskPerson, canaries: Mapping[str, str], address: str) -> dict[str, str]:
    """One tip that is answered and added to, one that is erased; answers their numbers."""
    secrets = {}
    reporter = LineReporter(house, address=address)
    secrets["receipt"] = reporter.sends_note(
        canaries["tip, words"], place=canaries["tip, place"], reach=canaries["tip, reach"]
    )
    desk.reader.opens("/desk/tips")
    link = next(link for link in desk.reader.page.links if re.fullmatch(r"/desk/tips/[\w-]{22}", link))
    desk.reader.opens(link)
    assert canaries["tip, words"] in desk.reader.page.words
    desk.reader.sends(desk.reader.page.form(action="/reply"), {"words": canaries["tip, reply"]})
    assert canaries["tip, reply"] in reporter.comes_back().words
    reporter.adds(canaries["tip, addition"])
    reporter.close()
    erased = LineReporter(house, address=address)
    secrets["erased receipt"] = erased.sends_note(canaries["tip erased, words"])
    erased.comes_back()
    erased.erases()
    erased.close()
    return secrets


def agrees(desk: DeskPerson, case: str, reader: str, who: str) -> None:
    """What somebody in this case agreed to: that one person, by name, may hear what happened."""
    about = f"case.{case.rpartition('/')[2]}"
    form = desk.reader.opens(f"/desk/consents?about={about}").form(with_field="purpose")
    desk.reader.sends(form, {"to": "person", "name": reader, "what": ["story"], "purpose": "together", "who": who})
    assert reader in desk.reader.page.words


def decides(desk: DeskPerson, case: str, grounds: str) -> None:
    """A decision that no report was possible, with its grounds."""
    about = f"case.{case.rpartition('/')[2]}"
    form = desk.reader.opens(f"/desk/duty/new?about={about}").form(with_field="grounds")
    said = {"basis": "imminent_harm", "plan": "impossible", "grounds": grounds}
    desk.reader.sends(form, {**said, "harm_of_telling": "Little.", "harm_of_silence": "Grave."})
    assert grounds in desk.reader.page.words
