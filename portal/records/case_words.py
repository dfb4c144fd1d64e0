"""Knows what a case says: its facts, the people in it, the contacts it holds, what was written to it."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from portal.records.case_fields import (
    CASE_FIELDS,
    CASE_WORDS,
    FROM_RECORD,
    LIKELY,
    PERSON_FIELDS,
    PERSON_WORDS,
)
from portal.records.contact import ContactRecord, read_said
from portal.records.fields import MISSING, UNKNOWN
from portal.records.supervising import SupervisorEntry
from portal.web.forms import Form
from portal.web.sanitise import strip_markup, tidy_text

# A body that says no version is of the first: so it stays, whatever a later house writes.
FIRST: Final = 1

Status = Literal["active", "followup", "closed", "referred", "merged"]
OPEN: Final[tuple[Status, ...]] = ("active", "followup")
OVER: Final[tuple[Status, ...]] = ("closed", "referred")
STATUSES: Final[tuple[Status, ...]] = (*OPEN, *OVER)

# A record of a contact (a chat, a call, another way), or a tip.
ContactKind = Literal["contact", "tip"]
CONTACT_KINDS: Final[tuple[ContactKind, ...]] = ("contact", "tip")
NoteKind = Literal["note", "entry", "done"]


class _Says:
    """What has fields that say something, and words."""

    __slots__ = ()
    said: dict[str, tuple[str, ...]]
    words: dict[str, str]

    def get(self, name: str) -> str:
        """What a field says; of one that may say several things, the first."""
        return self.all_of(name)[0]

    def all_of(self, name: str) -> tuple[str, ...]:
        """Everything a field says; that it is not known, where nothing was said."""
        return self.said.get(name) or (UNKNOWN,)

    def word(self, name: str) -> str:
        """What stands in one of its texts."""
        return self.words.get(name, "")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class CaseBody(_Says, msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case as it is sealed. `said`: by field of `CASE_FIELDS`; `words`: by name of `CASE_WORDS`.

    `by`: the alias of whoever opened it. `closed`: the day it was last closed.
    """

    version: int = FIRST
    said: dict[str, tuple[str, ...]] = {}
    words: dict[str, str] = {}
    by: str = ""
    closed: str = ""

    __repr__ = _Says.__repr__


class PersonBody(_Says, msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person in a case as she is sealed to the records: nothing in it names anybody."""

    version: int = FIRST
    said: dict[str, tuple[str, ...]] = {}
    words: dict[str, str] = {}
    by: str = ""

    __repr__ = _Says.__repr__


class PersonNames(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What could point at her, sealed to the names. `words`: by name of `NAMES`."""

    version: int = FIRST
    words: dict[str, str] = {}

    def __repr__(self) -> str:
        return "PersonNames(...)"


class ContactLink(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A contact of a case: what kind of thing it is, its name in its own room, its day."""

    kind: ContactKind
    ref: bytes
    day: str = ""
    version: int = FIRST

    def __repr__(self) -> str:
        return "ContactLink(...)"


class NoteBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was written to a case: words of our own, a supervisor's entry, or what was done (`done`, a phrase key)."""

    version: int = FIRST
    words: str = ""
    by: str = ""
    done: str = ""
    entry: SupervisorEntry | None = None

    def __repr__(self) -> str:
        return "NoteBody(...)"


class WordsTooLong(ValueError):
    """Texts that are too long, by their names."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("words")
        self.names = tuple(names)


def read_words(form: Form, limits: Mapping[str, int]) -> dict[str, str]:
    """The texts of a form, as plain words in one line each. Raises WordsTooLong."""
    typed = {name: " ".join(tidy_text(strip_markup(form.get(name, ""))).split()) for name in limits}
    wrong = [name for name, words in typed.items() if len(words) > limits[name]]
    if wrong:
        raise WordsTooLong(wrong)
    return {name: words for name, words in typed.items() if words}


def case_of(form: Form, was: CaseBody) -> CaseBody:
    """The case with what a form says. Raises WordsTooLong."""
    kept = {name: words for name, words in was.words.items() if name == "closure"}
    words = read_words(form, {name: limit for name, limit in CASE_WORDS.items() if name != "closure"})
    return msgspec.structs.replace(was, said=read_said(form, CASE_FIELDS), words={**kept, **words})


def person_of(form: Form, by: str) -> PersonBody:
    """A person, as a form says. Raises WordsTooLong."""
    return PersonBody(said=read_said(form, PERSON_FIELDS), words=read_words(form, PERSON_WORDS), by=by)


def case_from(record: ContactRecord, by: str) -> CaseBody:
    """A case that begins with this record: what both can say is said already."""
    said: dict[str, tuple[str, ...]] = {name: record.said[name] for name in ("kind", "region") if name in record.said}
    likelihood = FROM_RECORD.get(record.get("case"))
    if likelihood:
        said["likelihood"] = (likelihood,)
    return CaseBody(said=said, words={"situation": record.line} if record.line else {}, by=by)


def people_from(record: ContactRecord, by: str) -> list[PersonBody]:
    """The potential victim of this record, where it says something of one."""
    said: dict[str, tuple[str, ...]] = {name: record.said[name] for name in ("age", "needs") if name in record.said}
    if record.language:
        said["languages"] = (record.language,)
    if not said or not record.may_be_a_case:
        return []
    said["role"] = ("potential_victim",)
    if record.get("who") == "self":
        said["relation"] = ("self",)
    return [PersonBody(said=said, by=by)]


def merged(new: CaseBody, old: CaseBody) -> CaseBody:
    """What two cases say that become one: both lists together, the greater likelihood, else what the first says."""
    said = {**old.said, **new.said}
    for field in CASE_FIELDS:
        if field.is_several:
            both = dict.fromkeys((*new.said.get(field.name, ()), *old.said.get(field.name, ())))
            several = tuple(code for code in both if code not in MISSING) or tuple(both)[:1]
            said |= {field.name: several} if several else {}
    either = [code for each in (new, old) if (code := each.get("likelihood")) in LIKELY]
    if either:
        said["likelihood"] = (max(either, key=LIKELY.index),)
    return msgspec.structs.replace(new, said=said, words={**old.words, **new.words})


def spoken(case_id: bytes) -> str:
    """Six digits by which two people can speak of a case; two cases may share them, and no page is found by them."""
    number = int.from_bytes(case_id[:4], "big") % 1_000_000
    return f"{number // 1000:03d} {number % 1000:03d}"
