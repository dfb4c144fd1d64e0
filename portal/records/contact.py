"""Knows what the short record of one contact is: what filled itself, what was chosen by hand, and one line of words."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from portal.records.fields import FIELDS, LINE_LIMIT, MAY_BE_A_CASE, MISSING, UNKNOWN, VERSION, Field
from portal.web.forms import Form
from portal.web.sanitise import strip_markup, tidy_text

Channel = Literal["chat", "phone", "tip", "other"]
CHANNELS_BY_HAND: Final[tuple[Channel, ...]] = ("phone", "other", "tip")
BAND_HOURS: Final = 4  # a day in six pieces: an exact hour would let somebody match the record with a person
LONGEST_MINUTES: Final = 48 * 60

# How soon a supervisor is asked for her entry. Empty: she is not asked.
Speed = Literal["", "now", "shift"]


class ContactRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The record as it is sealed. `said`: by field of `portal.records.fields`; what is not in it is not known.

    `hours`: the hour in which its band begins, by the house's own clock. `minutes`: 0 where nobody counted. `how`: how
    it ended. `cards`: the names of what was sent. `reports`: what became of each danger or report, as
    `<kind>.<outcome>`. `is_whole`: finished by hand; a record nobody finished went in as it stood.
    """

    version: int
    channel: Channel
    hours: int = -1
    minutes: int = 0
    language: str = ""
    how: str = ""
    cards: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    said: dict[str, tuple[str, ...]] = {}
    line: str = ""
    by: str = ""  # the alias of whoever wrote it
    is_whole: bool = False

    def __repr__(self) -> str:
        return "ContactRecord(...)"

    def get(self, name: str) -> str:
        """What a field says; of one that may say several things, the first."""
        return self.all_of(name)[0]

    def all_of(self, name: str) -> tuple[str, ...]:
        """Everything a field says; that it is not known, where nothing was said."""
        return self.said.get(name) or (UNKNOWN,)

    @property
    def may_be_a_case(self) -> bool:
        """Whether somebody in it may be trafficked."""
        return self.get("case") in MAY_BE_A_CASE

    @property
    def asks(self) -> Speed:
        """How soon a supervisor's entry is asked for."""
        if not self.may_be_a_case:
            return ""
        return "now" if self.get("supervisor") == "now" else "shift"


class LineTooLong(ValueError):
    """Its line has more letters than can be read out."""


_decoder = msgspec.json.Decoder(ContactRecord)


def band_of(hour: int) -> int:
    """The first hour of the piece of the day this hour lies in."""
    return hour - hour % BAND_HOURS


def write_record(record: ContactRecord) -> bytes:
    """The record as the bytes that are sealed."""
    return msgspec.json.encode(record)


def read_record(raw: bytes) -> ContactRecord:
    """The record from those bytes; what a newer house wrote beside it is passed over. Raises ValueError."""
    return _decoder.decode(raw)


def filled(record: ContactRecord, said: Mapping[str, tuple[str, ...]], line: str, *, is_whole: bool) -> ContactRecord:
    """The record with what was chosen by hand."""
    return replace(record, said=dict(said), line=line, is_whole=is_whole)


def blank(channel: Channel) -> ContactRecord:
    """A record in which nothing is known yet."""
    return ContactRecord(version=VERSION, channel=channel)


def read_said(form: Form, fields: Sequence[Field] = FIELDS) -> dict[str, tuple[str, ...]]:
    """What was chosen, field by field; a code that is none of ours counts as not chosen."""
    said: dict[str, tuple[str, ...]] = {}
    for field in fields:
        allowed = {*field.codes, *MISSING}
        known = [code for code in dict.fromkeys(form.many(field.name)) if code in allowed]
        # A word for what is missing stands alone: something that was said says more.
        several = [code for code in known if code not in MISSING] or known[:1]
        known = several if field.is_several else known[-1:]
        if known and known != [UNKNOWN]:
            said[field.name] = tuple(known)
    return said


def read_line(typed: str) -> str:
    """The one line of words. Raises LineTooLong."""
    line = " ".join(tidy_text(strip_markup(typed)).split())
    if len(line) > LINE_LIMIT:
        raise LineTooLong
    return line


def read_minutes(typed: str) -> int:
    """Whole minutes, 0 for what is none."""
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0
    return number if number <= LONGEST_MINUTES else 0
