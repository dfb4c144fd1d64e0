"""The form of a record, as every room that writes one draws and reads it: one template, one reading, one answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from babel.core import Locale
from starlette.requests import Request
from starlette.responses import Response

from i18n import formats
from i18n.catalogue import Catalogue
from i18n.languages import LANGUAGES
from i18n.spoken import SPOKEN
from portal.numbers import numbers
from portal.records.campaigns import CAMPAIGN, read_campaign
from portal.records.contact import ContactRecord, LineTooLong, read_line, read_said
from portal.records.fields import FIELDS, LINE_LIMIT, MISSING
from portal.staff.drawing import draw, tongue_of
from portal.staff.note import Note
from portal.staff.sessions.session import Signed
from portal.web.forms import Form

KEPT: Final = "/desk/record/kept"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was posted: the fields by their names, and the line."""

    said: Mapping[str, tuple[str, ...]]
    line: str


class TypedWrong(ValueError):
    """Fields to mend, by name and phrase key."""

    def __init__(self, wrongs: dict[str, str]) -> None:
        super().__init__("record")
        self.wrongs = wrongs


def read_typed(form: Form, campaigns: Sequence[str]) -> Typed:
    """What was posted; `campaigns`: the house's list of them. Raises TypedWrong."""
    try:
        return Typed({**read_said(form), **read_campaign(form, campaigns)}, read_line(form.get("line", "")))
    except LineTooLong:
        raise TypedWrong({"line": "records.wrong.line"}) from None


def note_of(form: Form, campaigns: Sequence[str], wrongs: dict[str, str], **typed: str) -> Note:
    """What the next page shows once: what is wrong, beside all that was said."""
    all_said = {**read_said(form), **read_campaign(form, campaigns)}
    said = {name: list(codes) for name, codes in all_said.items()}
    return Note(wrongs=wrongs, typed={"line": form.get("line", "")[: 4 * LINE_LIMIT], **typed}, ticked=said)


def draw_form(
    request: Request,
    signed: Signed,
    record: ContactRecord,
    note: Note,
    *,
    to: str,
    campaigns: Sequence[str],
    **more: Any,  # for the page around it
) -> Response:
    """The page with the form. `to`: where it is posted. `campaigns`: the house's list of them."""
    said = {name: tuple(codes) for name, codes in note.ticked.items()} if note.ticked else record.said
    return draw(
        request,
        signed,
        "desk/record.html",
        record=record,
        said=said,
        line=note.typed.get("line", record.line),
        note=note,
        fields=FIELDS,
        # One that is on the list no more stays what was said.
        campaigns=tuple(dict.fromkeys((*campaigns, *said.get(CAMPAIGN, ())))),
        missing=MISSING,
        line_limit=LINE_LIMIT,
        tongue_name=tongue_names(tongue_of(request, signed)),
        to=to,
        **more,
    )


def tongue_names(tongue: str) -> Callable[[str], str]:
    """What a language is called in the desk's own."""
    called = Locale(tongue).languages

    def named(tag: str) -> str:
        if tag in LANGUAGES:
            return formats.named(tag, tongue)
        return called.get(tag) or (SPOKEN[tag].own_name if tag in SPOKEN else tag)

    return named


def place_named(typed: str, catalogue: Catalogue) -> str:
    """The region that somebody's own word for where she is names, in any of our languages; else an empty text."""
    wanted = " ".join(typed.split()).casefold()
    if not wanted:
        return ""
    for region in numbers().regions:
        said = [catalogue.phrase(language, f"region.{region.id}") for language in LANGUAGES.values()]
        if region.country and wanted in (each.casefold() for each in (*said, *region.also)):
            return region.id
    return ""
