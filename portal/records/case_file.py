"""Writes what the gate lets out of a case as a file: of one person, and of nothing that its leave does not name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

from portal.consent.about import of_case
from portal.consent.rule import Passage
from portal.consent.terms import Kind, What
from portal.records.case_fields import CASE_FIELDS, PERSON_FIELDS
from portal.records.case_shapes import Person, Whole
from portal.records.case_words import PersonBody, spoken
from portal.records.fields import BY_NAME, MISSING, UNKNOWN, Field
from portal.records.htcds import CASE, PERSON, Mapped, codes_of

Form = Literal["text", "json"]
FORMS: Final[tuple[Form, ...]] = ("text", "json")

# What of a person stands under which of the things she was asked about. Nothing else of a case can leave: of her
# health, her very words and her files a case keeps nothing.
ASKED: Final[Mapping[What, tuple[str, ...]]] = {
    What.NEEDS: ("needs",),
    What.PERSON: ("age", "gender", "languages"),
    What.STATUS: ("standing",),
}
NAMED: Final[Mapping[What, tuple[str, ...]]] = {
    What.NAME: ("name",),
    What.REACH: ("reach",),
    What.PLACE: ("place",),
}
OFFERED: Final = (What.STORY, *ASKED, *NAMED, What.OTHERS)
"""What a file of a case can hold, by what she was asked about."""

# Of the others in a case; of a language or a need of theirs nobody asks.
_OF_OTHERS: Final = ("role", "age", "gender", "relation")
_OF_PERSON: Final = {each.name: each for each in PERSON_FIELDS}


@dataclass(frozen=True, slots=True)
class Line:
    """One field: its name, its codes, or words as they stand; and what the exchange standard calls it."""

    name: str
    codes: tuple[str, ...] = ()
    words: str = field(default="", repr=False)
    standard: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What leaves, under the things she was asked about."""

    number: str
    ground: str
    parts: tuple[tuple[What, tuple[Line, ...]], ...]


def sheet_of(passage: Passage, whole: Whole) -> Sheet:
    """What of this case the leave lets out. Raises ValueError for a leave that is for another case."""
    about = of_case(whole)
    if passage.leaving.about[0].kind is not Kind.CASE or passage.leaving.about[0] != about.subject:
        raise ValueError("a leave for something else")
    # Whoever made contact may be nobody of the case's people: then it leaves without a person in it.
    her = next((each for each in whole.people if about.key_of(each.id) == passage.leaving.person), None)
    found = [(what, tuple(_lines(what, whole, her))) for what in OFFERED if passage.lets(what)]
    return Sheet(spoken(whole.case.id), passage.ground, tuple((what, lines) for what, lines in found if lines))


def as_json(sheet: Sheet) -> bytes:
    """The sheet for a program: our codes, and beside them what the standard calls them."""
    told = {
        what.value: {
            each.name: {
                **({"said": each.codes} if each.codes else {}),
                **({"words": each.words} if each.words else {}),
                **(
                    {"htcds": [{"field": name, "value": value} for name, value in each.standard]}
                    if each.standard
                    else {}
                ),
            }
            for each in lines
        }
        for what, lines in sheet.parts
    }
    return msgspec.json.format(msgspec.json.encode({"case": sheet.number, "ground": sheet.ground, "told": told}))


def as_text(sheet: Sheet, says: Callable[[str], str], tongue_name: Callable[[str], str]) -> bytes:
    """The sheet for a reader. `says`: the words of a phrase; `tongue_name`: what a language is called."""
    lines = [says("gate.file.heading"), f"{says('cases.one')} {sheet.number}", says(f"gate.ground.{sheet.ground}"), ""]
    for what, told in sheet.parts:
        lines.append(says(f"gate.what.{what}"))
        for each in told:
            codes = (
                tongue_name(code) if each.name == "languages" else says(_code(each.name, code)) for code in each.codes
            )
            said = each.words or ", ".join(codes)
            lines.append(f"  {says(_called(each.name))}: {said}")
        lines.append("")
    return "\n".join(lines).encode()


def _written(line: Line) -> dict[str, object]:
    standard = [{"field": name, "value": value} for name, value in line.standard]
    said = {"said": line.codes, "words": line.words, "htcds": standard}
    return {"field": line.name, **{name: value for name, value in said.items() if value}}


def _lines(what: What, whole: Whole, her: Person | None) -> Sequence[Line]:
    if what is What.STORY:
        body = whole.case.body
        facts = [_line(each, body.all_of(each.name), CASE) for each in CASE_FIELDS]
        words = [Line("situation", words=body.word("situation"))] if body.word("situation") else []
        return [*(each for each in facts if each is not None), *words]
    if what is What.OTHERS:
        others = [each for each in whole.people if each is not her and each.body and _is_suspected(each.body)]
        return [line for each in others for line in _of_other(each)]
    if her is None:
        return []
    if what in NAMED:
        kept = her.names.words if her.names is not None else {}
        return [Line(name, words=kept[name]) for name in NAMED[what] if kept.get(name)]
    said = her.body
    if said is None:
        return []
    lines = [_line(_OF_PERSON[name], said.all_of(name), PERSON) for name in ASKED[what]]
    return [each for each in lines if each is not None]


def _of_other(other: Person) -> Sequence[Line]:
    body, names = other.body, other.names.words if other.names is not None else {}
    lines = [] if body is None else [_line(_OF_PERSON[name], body.all_of(name), PERSON) for name in _OF_OTHERS]
    words = {"description": "" if body is None else body.word("description"), **names}
    return [*(each for each in lines if each), *(Line(name, words=said) for name, said in words.items() if said)]


def _is_suspected(body: PersonBody) -> bool:
    return body.get("role") == "suspected_person"


def _line(asked: Field, codes: tuple[str, ...], mapping: Mapping[str, Mapping[str, Mapped]]) -> Line | None:
    if codes == (UNKNOWN,):
        return None
    standard = {
        (code.field, code.value or each): None for each in codes for code in codes_of(mapping, asked.name, each)
    }
    return Line(asked.name, codes, standard=tuple(standard))


def _called(name: str) -> str:
    fields = {each.name for each in (*CASE_FIELDS, *PERSON_FIELDS)}
    return f"cases.field.{name}" if name in fields else f"cases.word.{name}"


def _code(name: str, code: str) -> str:
    """The phrase of a code; languages have names and no phrase."""
    if code in MISSING:
        return f"records.missing.{code}"
    if name == "region":
        return f"region.{code}"
    return f"records.{name}.{code}" if name in BY_NAME else f"cases.{name}.{code}"
