"""Knows which facts of a case stand for each thing that may be told, so that nothing is read out beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portal.consent.rule import NOBODY, Passage
from portal.consent.terms import What
from portal.records.case_fields import CASE_FIELDS, PERSON_FIELDS
from portal.records.case_shapes import Person, Whole
from portal.records.fields import MISSING, Field

# Which fields and words of a case, of a person, and of what names her stand for each thing. What stands here nowhere
# (her health, her own words, files) is kept in no case, so there is nothing to tell of it.
OF_CASE: Final[Mapping[What, tuple[str, ...]]] = {
    What.STORY: ("likelihood", "kind", "venues", "control", "recruited", "situation"),
    What.PLACE: ("region",),
}
OF_PERSON: Final[Mapping[What, tuple[str, ...]]] = {
    What.NEEDS: ("needs",),
    What.PERSON: ("age", "gender", "languages"),
    What.STATUS: ("standing",),
    What.NAME: ("name", "other_names"),
    What.REACH: ("reach",),
    What.PLACE: ("place",),
}
OF_OTHERS: Final = ("relation", "age", "gender", "description", "name", "other_names", "place")

_FIELDS: Final[Mapping[str, Field]] = {field.name: field for field in (*CASE_FIELDS, *PERSON_FIELDS)}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to read out: a field with what it says in codes, or words of our own."""

    name: str
    field: Field | None = None
    codes: tuple[str, ...] = ()
    words: str = ""


def to_tell(passage: Passage, whole: Whole) -> dict[What, list[Fact]]:
    """What may be read out of this case, by what the gate let go; a thing of which nothing is known has no fact."""
    who = _who(whole, passage.leaving.person)
    told: dict[What, list[Fact]] = {}
    for what in What:
        if not passage.lets(what):
            continue
        told[what] = _facts(OF_CASE.get(what, ()), whole.case.body.said, whole.case.body.words)
        if who is not None:
            told[what] += _of(who, OF_PERSON.get(what, ()))
        if what is What.OTHERS:
            told[what] += [fact for each in whole.people if each is not who for fact in _of(each, OF_OTHERS)]
    return told


def _who(whole: Whole, person: bytes) -> Person | None:
    """The person a consent or a decision is about: the one who made contact where nobody is named."""
    if person != NOBODY:
        return next((each for each in whole.people if each.id == person), None)
    known = [each for each in whole.people if each.body is not None]
    herself = [each for each in known if each.body is not None and each.body.get("relation") == "self"]
    if herself:
        return herself[0]
    victims = [each for each in known if each.body is not None and each.body.get("role") == "potential_victim"]
    # Of two nobody can say which of them called.
    return victims[0] if len(victims) == 1 else None


def _of(person: Person, names: Sequence[str]) -> list[Fact]:
    said = person.body.said if person.body is not None else {}
    words = {**(person.body.words if person.body is not None else {})}
    words |= person.names.words if person.names is not None else {}
    return _facts(names, said, words)


def _facts(names: Sequence[str], said: Mapping[str, tuple[str, ...]], words: Mapping[str, str]) -> list[Fact]:
    facts = []
    for name in names:
        known = tuple(code for code in said.get(name, ()) if code not in MISSING)
        if name in _FIELDS and known:
            facts.append(Fact(name, field=_FIELDS[name], codes=known))
        elif words.get(name):
            facts.append(Fact(name, words=words[name]))
    return facts
