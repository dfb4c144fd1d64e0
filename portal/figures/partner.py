"""Makes rows for partners that nobody is found in: each row is told, the whole of it, by `k` people or by none.

Every column counts as one by which somebody could be found, for nobody knows what a partner knows besides. So columns
are told more roughly, one step after the other, until few rows are alone; those that still are stay here. Of each sort
of row a whole number of `k` is told: two files of different days differ by `k` rows or by none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from portal.records.case_fields import CASE_FIELDS
from portal.records.fields import UNKNOWN
from portal.records.htcds import CASE, PERSON, Mapped, codes_of

LEAST_K: Final = 5
LOST_AT_MOST: Final = 0.1  # of the rows; until then columns are told more roughly
VICTIM: Final = "potential_victim"
BETWEEN: Final = "; "

Facts = Mapping[str, tuple[str, ...]]  # by field of the standard, in its words
Row = tuple[str, ...]  # by column


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `is_many`: several values, of which the most frequent is told before none is. `word`: said in
    between, of whoever has any value at all.
    """

    field: str
    is_many: bool = False
    word: str = ""

    @property
    def steps(self) -> int:
        """How many ways there are to tell it; the last is not to."""
        return 2 + self.is_many + bool(self.word)

    def told(self, values: tuple[str, ...], step: int, often: Mapping[str, int]) -> str:
        """The cell at this step, 0 for the finest."""
        if not values or step >= self.steps - 1:
            return ""
        if step == 0:
            return BETWEEN.join(values)
        return min(values, key=lambda value: (-often[value], value)) if step == 1 else self.word


# What says the most of somebody stands first: where two would do as well, it is told roughly before the others.
COLUMNS: Final = (
    Column("vic_MethodsOfControl", is_many=True),
    Column("vic_MethodOfRecruitment", is_many=True),
    Column("vic_TypeOfLabourExploitation", is_many=True, word="labour"),
    Column("vic_TypeOfSexExploitation", is_many=True, word="sex"),
    Column("hte_State"),
    Column("prs_Gender"),
    Column("hte_Country"),
)
HEAD: Final = tuple(column.field for column in COLUMNS)
_WORDS: Final = {column.field: column.word for column in COLUMNS}


class SharedSaid(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a case, or of somebody in it, that may be shared: codes. No word or name is ever made a value."""

    said: dict[str, tuple[str, ...]] = {}

    def __repr__(self) -> str:
        return "SharedSaid(...)"


_decoder = msgspec.json.Decoder(SharedSaid)


def read_shared(raw: bytes) -> SharedSaid:
    """What may be shared of a case or a person. Raises ValueError."""
    return _decoder.decode(raw)


def facts_of(case: SharedSaid, people: Iterable[SharedSaid], regions: Iterable[str]) -> list[Facts]:
    """What is known of each potential victim of a case, in the standard's words; of one nobody was written down for,
    what the case says. `regions`: those that may be named.
    """
    if case.said.get("likelihood", ()) == ("none",):
        return []
    said = _in_their_words(case, frozenset(regions))
    victims = [person for person in people if person.said.get("role") == (VICTIM,)]
    genders = [person.said.get("gender", (UNKNOWN,)) for person in victims] or [(UNKNOWN,)]
    return [said | {"prs_Gender": _codes(PERSON, "gender", gender)["prs_Gender"]} for gender in genders]


def shared(facts: Sequence[Facts], k: int) -> list[Row]:
    """The rows that may leave, in the order of their words; each of them `k` times or more. Raises ValueError for a `k`
    that protects nobody.
    """
    if k < LEAST_K:
        raise ValueError("k is too low")
    often = [Counter(value for each in facts for value in each.get(column.field, ())) for column in COLUMNS]
    alike = Counter(tuple(each.get(column.field, ()) for column in COLUMNS) for each in facts)
    steps = [0] * len(COLUMNS)

    def told(at: Sequence[int]) -> Counter[Row]:
        found: Counter[Row] = Counter()
        for values, count in alike.items():
            cells = zip(COLUMNS, values, at, often, strict=True)
            found[tuple(column.told(value, step, much) for column, value, step, much in cells)] += count
        return found

    def lost(at: Sequence[int]) -> int:
        return sum(count for count in told(at).values() if count < k)

    while lost(steps) > LOST_AT_MOST * len(facts):
        rougher = [_one_rougher(steps, at) for at, column in enumerate(COLUMNS) if steps[at] < column.steps - 1]
        if not rougher:
            break
        steps = min(rougher, key=lost)
    return [row for row, count in sorted(told(steps).items()) for _ in range(count // k * k)]


def _one_rougher(steps: Sequence[int], at: int) -> list[int]:
    return [step + (each == at) for each, step in enumerate(steps)]


def _in_their_words(case: SharedSaid, regions: frozenset[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {column.field: set() for column in COLUMNS}
    for field in CASE_FIELDS:
        known = tuple(code for code in case.said.get(field.name, (UNKNOWN,)) if code in field.codes or code == UNKNOWN)
        if field.name != "region":
            for name, values in _codes(CASE, field.name, known).items():
                found[name].update(values)
        elif (region := next((code for code in known if code in regions), "")) != "":
            found["hte_State"] = {region.upper()} if "-" in region else set()
            found["hte_Country"] = {region.split("-")[0].upper()}
    # What a place of work tells of the kind is more than the word for the kind.
    for column in COLUMNS:
        if column.word in found[column.field] and len(found[column.field]) > 1:
            found[column.field].discard(column.word)
    return {name: tuple(sorted(values)) for name, values in found.items()}


def _codes(
    mapping: Mapping[str, Mapping[str, Mapped]], field: str, choices: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The standard's fields and values of these choices; of one without a value, the word of its column."""
    found: dict[str, set[str]] = {"prs_Gender": set()} if field == "gender" else {}
    for choice in choices:
        for code in codes_of(mapping, field, choice):
            if code.field in HEAD:
                found.setdefault(code.field, set()).add(code.value or _WORDS.get(code.field, ""))
    return {name: tuple(sorted(values)) for name, values in found.items()}
