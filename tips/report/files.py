"""Makes the file of a report: gathers what may stand in it at this moment, in one of three forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from i18n import formats
from i18n.catalogue import Catalogue
from i18n.languages import DESK_TAGS, LANGUAGES, Language
from portal.consent.rule import MayNotLeave, Passage
from portal.ids import from_text
from tips.report.course import Report, Stage
from tips.report.forms import Form
from tips.report.gather import Says, lines
from tips.report.paper import Paper, Part, Row
from tips.report.printing import Printing
from tips.report.reading import Opened
from tips.report.refusing import ground_of
from tips.report.rules import content_of
from tips.report.sheet import Answer, Line, Sheet, as_json
from tips.report.table import as_csv

KINDS: Final[Mapping[Form, str]] = MappingProxyType(
    {"pdf": "application/pdf", "json": "application/json", "csv": "text/csv; charset=utf-8"}
)
_ID: Final = 16


@dataclass(frozen=True)
class File:
    """A file to hand over: its name, its kind, its bytes."""

    name: str
    kind: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class House:
    """Who hands it over: what the hotline is called and how it is reached, and the day on which it does."""

    name: str
    phone: str
    day: date


class Files:
    """Reports as files."""

    def __init__(self, catalogue: Catalogue, printing: Printing) -> None:
        self._catalogue = catalogue
        self._printing = printing

    def says(self, spoken: Language) -> Says:
        """The words of phrases in one language."""
        return lambda phrase: self._catalogue.phrase(spoken, phrase)

    async def file(
        self, passage: Passage, opened: Opened, report: Report, form: Form, language: str, house: House
    ) -> File:
        """The file of what the gate let out, and of no field the ground does not let out at this moment.

        Raises MayNotLeave, NotPrinted, PrintingBusy.
        """
        if not content_of(report.draft.fields) <= passage.leaving.what:
            raise MayNotLeave(content_of(report.draft.fields))
        spoken = LANGUAGES[language if language in DESK_TAGS else DESK_TAGS[0]]
        sheet = self.sheet(opened, report, spoken, house)
        match form:
            case "json":
                body = as_json(sheet)
            case "csv":
                body = as_csv(sheet)
            case "pdf":
                body = await self._printing.print(self.paper(sheet, report, spoken))
        return File(f"report-{reference(report).replace(' ', '-')}.{form}", KINDS[form], body)

    def sheet(self, opened: Opened, report: Report, spoken: Language, house: House) -> Sheet:
        """What leaves, gathered once for all three forms."""
        says = self.says(spoken)
        draft = report.draft
        told = opened.told(draft.parts, draft.account)
        return Sheet(
            language=spoken.tag,
            about=_about(report, says, spoken, house),
            told=lines(told, draft.fields, ground_of(opened, draft), says, spoken),
        )

    def paper(self, sheet: Sheet, report: Report, spoken: Language) -> Paper:
        """The same as words on paper."""
        says = self.says(spoken)
        notes = (says("report.paper.not_looked"),) if _is_unseen(report) else ()
        parts = (
            Part(says("report.paper.about"), _rows(sheet.about)),
            Part(says("report.paper.told"), _rows(sheet.told)),
        )
        return Paper(spoken.tag, says("report.paper.title"), says("report.paper.undrawn"), notes, parts)


def reference(report: Report) -> str:
    """By what both sides name a report on the phone: eight signs of its random id, which tells nothing of the tip."""
    shown = from_text(report.id, _ID).hex().upper()
    return f"{shown[:4]} {shown[4:8]}"


def _is_unseen(report: Report) -> bool:
    """Whether a file of it, taken now, would leave before anybody else had looked."""
    return report.draft.at_once and report.stage is not Stage.APPROVED


def _about(report: Report, says: Says, spoken: Language, house: House) -> tuple[Line, ...]:
    draft = report.draft
    found = {
        "reference": (Answer(reference(report)),),
        "made_on": (_day(spoken, house.day),),
        "house": tuple(Answer(words) for words in (house.name, house.phone) if words),
        "recipient": (Answer(says(f"report.recipient.{draft.recipient}"), draft.recipient.value),),
        "whom": (Answer(draft.whom),),
        "purpose": (Answer(draft.purpose),),
        "basis": (Answer(says(f"report.basis.{draft.basis}.says"), draft.basis.value),),
        "second_look": (Answer(says("report.paper.not_looked"), "owed"),) if _is_unseen(report) else (),
        "caution": (Answer(says("report.paper.caution")),),
    }
    return tuple(Line(name, says(f"report.about.{name}"), answers) for name, answers in found.items() if answers)


def _day(spoken: Language, day: date) -> Answer:
    return Answer(formats.day(spoken, day), day.isoformat())


def _rows(found: tuple[Line, ...]) -> tuple[Row, ...]:
    return tuple(Row(line.label, tuple(answer.value for answer in line.answers)) for line in found)
