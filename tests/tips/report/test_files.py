"""Holds the three files to holding what may leave, word for word, and nothing that may not, by no trace."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pypdf
import pytest

from tests.support.rooms import words_and_files
from tests.tips.report.conftest import CHOSEN, Desk, draft
from tips.report.files import Files, House, reference
from tips.report.forms import Form
from tips.report.printing import Printing
from tips.report.rules import Basis
from tips.report.sheet import read_json

pytestmark = pytest.mark.anyio

ALLOWED = ("A white van, each day at six.", "Rex of the mill", "Work")
WITHHELD = ("Ana Quill", "555 0199", "mornings", "the library", "LAMP 77", "Mill Road", "friend", "saw or heard")
INSIDE = ("They may be moved", "It goes on", "She said tonight", "Robin", "Sam")


async def made(desk: Desk, form: Form, *, language: str = "en", fields: Mapping[str, str] = CHOSEN) -> bytes:
    """The bytes of a report that somebody approved."""
    report_id = await desk.drafts(draft(fields))
    await desk.approves(report_id)
    _, opened, report = await desk.reporting.leaving(desk.robin, await desk.exports(report_id))
    files = Files(words_and_files()[0], Printing())
    day = desk.house.services.clock.now().date()
    return (
        await files.file(
            desk.reporting.passage(opened, report), opened, report, form, language, House("Lamp House", "555-0100", day)
        )
    ).body


def text_of(body: bytes) -> str:
    found = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    return unicodedata.normalize("NFKC", found)


@pytest.mark.parametrize("form", ["json", "csv", "pdf"])
async def test_a_file_holds_what_was_chosen_and_nothing_else(desk: Desk, form: Form) -> None:
    body = await made(desk, form)
    words = text_of(body) if form == "pdf" else body.decode("utf-8-sig")
    for said in (*ALLOWED, "Sergeant Vale", "Lamp House", "Look in on the people there"):
        assert said in words
    for kept in (*WITHHELD, *INSIDE):
        assert kept not in words
    assert re.findall(r"(?i)plate|\btie\b|withheld|redacted|removed|hidden|left out|not shown", words) == []


async def test_a_field_that_may_not_leave_is_absent_and_not_counted(desk: Desk) -> None:
    """Neither a line nor a number tells that there is a plate, a name, or a way to reach her."""
    sheet = json.loads(await made(desk, "json"))
    assert [line["field"] for line in sheet["told"]] == ["text", "suspected_name", "kind"]
    assert set(sheet) == {"format", "version", "language", "about", "told"}


async def test_who_she_is_leaves_where_she_agreed_to_both(desk: Desk) -> None:
    sheet = read_json(
        await made(desk, "json", fields={"text": "points", "name": "", "mask": "", "path": "", "tie": ""})
    )
    said = {line.field: [answer.value for answer in line.answers] for line in sheet.told}
    assert (said["name"], said["mask"], said["tie"]) == (["Ana Quill"], ["the library"], ["Friend"])


async def test_the_labels_speak_the_readers_language_and_the_words_their_own(desk: Desk) -> None:
    french = read_json(await made(desk, "json", language="fr"))
    assert [line.label for line in french.told] == [
        "Ce qui s’est passé",
        "Personne soupçonnée : nom ou surnom",
        "Contrainte à",
    ]
    assert french.told[0].answers[0].value == ALLOWED[0]
    assert french.told[2].answers[0].value == "Un travail"
    assert french.told[2].answers[0].code == "labour"


async def test_an_answer_that_is_not_one_of_ours_does_not_pass_for_a_tap(desk: Desk) -> None:
    desk.house.clock.advance(timedelta(minutes=1))
    await desk.house.follow_up.tell(desk.visit, {"kind": ("Ana was here", "sex")}, bytes(15) + b"p")
    sheet = read_json(await made(desk, "json"))
    assert [answer.code for answer in sheet.told[2].answers] == ["labour", "sex"]


async def test_a_report_that_left_in_an_emergency_says_so(desk: Desk) -> None:
    report_id = await desk.drafts(draft(basis=Basis.HARM, at_once=True))
    _, opened, report = await desk.reporting.leaving(desk.robin, await desk.exports(report_id))
    files, day = Files(words_and_files()[0], Printing()), desk.house.services.clock.now().date()
    file = await files.file(
        desk.reporting.passage(opened, report), opened, report, "pdf", "en", House("Lamp House", "", day)
    )
    assert "before a second person" in " ".join(text_of(file.body).split())
    assert file.name == f"report-{reference(report).replace(' ', '-')}.pdf"
    sheet = read_json(
        (
            await files.file(
                desk.reporting.passage(opened, report), opened, report, "json", "en", House("Lamp House", "", day)
            )
        ).body
    )
    assert [line.answers[0].code for line in sheet.about if line.field == "second_look"] == ["owed"]


async def test_no_hour_and_no_person_of_ours_stands_in_the_papers_own_facts(desk: Desk) -> None:
    reader = pypdf.PdfReader(io.BytesIO(await made(desk, "pdf")))
    assert reader.metadata is not None
    facts = {name: str(value) for name, value in reader.metadata.items()}
    assert set(facts) == {"/Title", "/Creator"}
    assert facts["/Title"] == "Report of a hotline"
    assert facts["/Creator"].startswith("Typst")
    xmp = reader.xmp_metadata
    assert xmp is None or not (xmp.dc_creator or xmp.xmp_create_date or xmp.xmp_modify_date)


async def test_nothing_in_the_paper_runs_or_leads_anywhere(desk: Desk) -> None:
    await desk.house.follow_up.add(desk.visit, "see https://example.invalid/x or javascript:alert(1)", bytes(15) + b"q")
    reader = pypdf.PdfReader(io.BytesIO(await made(desk, "pdf", fields={"text": "clear", "added": "clear"})))
    names = {name for number in range(1, 2_000) for name in _names(reader, number)}
    assert {"/Page", "/Font", "/StructElem"} <= names
    forbidden = {"/JS", "/JavaScript", "/OpenAction", "/AA", "/URI", "/Launch", "/EmbeddedFile", "/EmbeddedFiles"}
    assert names & (forbidden | {"/Annots", "/AcroForm", "/SubmitForm", "/RichMedia", "/GoToR"}) == set()


def _names(reader: pypdf.PdfReader, number: int) -> set[str]:
    try:
        found: Any = reader.get_object(number)  # Any: whatever kind of object stands there
    except (pypdf.errors.PyPdfError, KeyError, ValueError):
        return set()
    return _inside(found)


def _inside(found: Any) -> set[str]:  # Any: as above
    if isinstance(found, pypdf.generic.DictionaryObject):
        values = [value for value in found.values() if not isinstance(value, pypdf.generic.IndirectObject)]
        return {str(name) for name in found} | {name for value in values for name in _inside(value)}
    if isinstance(found, pypdf.generic.ArrayObject):
        return {name for value in found for name in _inside(value)}
    return {str(found)} if isinstance(found, pypdf.generic.NameObject) else set()
