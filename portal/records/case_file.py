"""Writes what the gate lets out of a case as a file: of one person, and of nothing that its leave does not name."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

from portal.consent.about import of_case
from portal.consent.rule import Passage
from portal.consent.terms import What
from portal.duty.telling import OF_CASE, OF_PERSON, Fact, to_tell
from portal.records.case_fields import CASE_FIELDS
from portal.records.case_shapes import Whole
from portal.records.case_words import spoken
from portal.records.htcds import CASE, PERSON, codes_of

Form = Literal["text", "json"]
FORMS: Final[tuple[Form, ...]] = ("text", "json")

OFFERED: Final = tuple(each for each in What if each in {*OF_CASE, *OF_PERSON, What.OTHERS})
"""What a file of a case can hold; of her health, her very words and her files a case keeps nothing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What leaves, under the things she was asked about, and on which ground."""

    number: str
    ground: str
    parts: tuple[tuple[What, tuple[Fact, ...]], ...] = field(repr=False)


def sheet_of(passage: Passage, whole: Whole) -> Sheet:
    """What of this case the leave lets out. Raises ValueError for a leave that is for another case."""
    if of_case(whole).subject not in passage.leaving.about[:1]:
        raise ValueError("a leave for something else")
    told = to_tell(passage, whole)
    return Sheet(spoken(whole.case.id), passage.ground, tuple((what, tuple(facts)) for what, facts in told.items()))


def as_json(sheet: Sheet) -> bytes:
    """The sheet for a program: our codes, and beside them what the exchange standard calls them."""
    told = {what.value: [_written(each) for each in facts] for what, facts in sheet.parts}
    return msgspec.json.format(msgspec.json.encode({"case": sheet.number, "ground": sheet.ground, "told": told}))


def as_text(sheet: Sheet, says: Callable[[str], str], said: Callable[[Fact], str]) -> bytes:
    """The sheet for a reader. `says`: the words of a phrase; `said`: a fact as it is read out."""
    lines = [says("gate.file.heading"), f"{says('cases.one')} {sheet.number}", says(f"gate.ground.{sheet.ground}"), ""]
    for what, facts in sheet.parts:
        lines += [says(f"gate.what.{what}"), *(f"  {said(each)}" for each in facts), ""]
    return "\n".join(lines).encode()


def _written(fact: Fact) -> dict[str, object]:
    if fact.field is None:
        return {"field": fact.name, "words": fact.words}
    mapping = CASE if fact.field in CASE_FIELDS else PERSON
    codes = {(each.field, each.value or code) for code in fact.codes for each in codes_of(mapping, fact.name, code)}
    standard = [{"field": name, "value": value} for name, value in sorted(codes)]
    return {"field": fact.name, "said": fact.codes, **({"htcds": standard} if standard else {})}
