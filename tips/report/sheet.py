"""Says what the file of a report holds: the structure of the JSON file, by its version, and of the others too.

A reader finds `format` and `version` first, and should refuse a version it does not know. Fields are only ever added;
one that changes its meaning is a new version. docs/reports.md describes it for whoever reads such a file.
"""

from typing import Final

import msgspec

FORMAT: Final = "porchlight-report"
VERSION: Final = 1


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer: the reporter's own words, or those of a tap in the language of the sheet.

    `code` is the word of a tap that is the same in every language, or a day as ISO 8601; empty for what was typed.
    """

    value: str
    code: str = ""


class Line(msgspec.Struct, frozen=True):
    """One field: what it is called in every report, what it is called in the language of this one, and its answers.

    Several answers are several ticks, or the same question answered more than once, the oldest first.
    """

    field: str
    label: str
    answers: tuple[Answer, ...]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it leaves. `about` says whose it is, for whom and why; `told` is what of the tip may stand in it.

    A field that may not leave is not there at all, and nothing tells that there was one.
    """

    format: str = FORMAT
    version: int = VERSION
    language: str
    about: tuple[Line, ...]
    told: tuple[Line, ...]

    def __repr__(self) -> str:
        return "Sheet(...)"


def as_json(sheet: Sheet) -> bytes:
    """The sheet as a JSON document, UTF-8, made to be read by people too."""
    return msgspec.json.format(msgspec.json.encode(sheet), indent=2) + b"\n"


def read_json(body: bytes) -> Sheet:
    """The sheet of such a document. Raises msgspec.ValidationError, ValueError for a format or version not ours."""
    sheet = msgspec.json.decode(body, type=Sheet)
    if (sheet.format, sheet.version) != (FORMAT, VERSION):
        raise ValueError("not a report of a version known here")
    return sheet
