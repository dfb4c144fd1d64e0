"""Knows what stands in a consent: who said yes, to whom, to what, what for, until when, how, in whose hand."""

from datetime import date
from typing import Final

import msgspec

from portal.consent.rule import NOBODY, Agreement
from portal.consent.terms import Kind, Purpose, Recipient, Subject, Way, What, Whom
from portal.vault.gate_parts import reader_of

VERSION: Final = 1
NAME_LIMIT: Final = 80  # letters of who said yes, and of a reader's name
NOTE_LIMIT: Final = 140


class Consent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One consent as it is sealed to the records, whole.

    `who`: what she is called here, which need not be her name. `to_name`: the reader as she was told it. `day` and
    `until` are days, both counted in; `language`: in which she was asked; `by`: whose hand wrote it down.
    """

    version: int
    kind: Kind
    subject: bytes
    whom: Whom
    to_key: str = ""
    to_name: str = ""
    what: tuple[What, ...]
    purpose: Purpose
    day: date
    until: date
    language: str
    way: Way
    by: str
    who: str = ""
    note: str = ""
    person: bytes = NOBODY

    @property
    def about(self) -> Subject:
        """What it belongs to."""
        return Subject(self.kind, self.subject)

    @property
    def to(self) -> Recipient:
        """Who may have it."""
        return Recipient(self.whom, self.to_key)

    def __repr__(self) -> str:
        return "Consent(...)"


class Part(msgspec.Struct, frozen=True, array_like=True):
    """What of a consent the gate reads. `reader`: by what the recipient is known again, no name.

    `number`: its place in all that was said of its subject; `ended`: the place of its taking back, `ended_on` the day.
    """

    version: int
    kind: Kind
    subject: bytes
    whom: Whom
    level: str  # of police; empty for every other reader
    reader: bytes
    what: tuple[What, ...]
    purpose: Purpose
    until: date
    person: bytes
    number: int
    ended: int = 0
    ended_on: str = ""

    @property
    def about(self) -> Subject:
        """What it belongs to."""
        return Subject(self.kind, self.subject)

    def __repr__(self) -> str:
        return "Part(...)"


_consents = msgspec.json.Decoder(Consent)
_parts = msgspec.json.Decoder(Part)


def write_consent(consent: Consent) -> bytes:
    """The consent as the bytes that are sealed."""
    return msgspec.json.encode(consent)


def read_consent(raw: bytes) -> Consent:
    """The consent from those bytes. Raises ValueError."""
    return _consents.decode(raw)


def part_of(consent: Consent, pepper: bytes, number: int) -> Part:
    """What the gate is to read of it."""
    return Part(
        VERSION,
        consent.kind,
        consent.subject,
        consent.whom,
        consent.to_key if consent.whom is Whom.POLICE else "",
        reader_of(pepper, consent.whom.value, consent.to.known_as),
        consent.what,
        consent.purpose,
        consent.until,
        consent.person,
        number,
    )


def write_part(part: Part) -> bytes:
    """The part as the bytes that are sealed."""
    return msgspec.json.encode(part)


def read_part(raw: bytes) -> Part:
    """The part from those bytes. Raises ValueError."""
    return _parts.decode(raw)


def recipient_of(part: Part, pepper: bytes, asked: Recipient | None = None) -> Recipient:
    """The reader a part names: the one that is asked about, where it is that one; else one that meets nobody."""
    return known_recipient(part.whom, part.level, part.reader, pepper, asked)


def known_recipient(whom: Whom, level: str, reader: bytes, pepper: bytes, asked: Recipient | None = None) -> Recipient:
    """The reader who is known again by `reader`, so far as `asked` tells her name."""
    if whom is Whom.POLICE:
        return Recipient(whom, level)
    if whom not in (Whom.ORGANISATION, Whom.PERSON):
        return Recipient(whom)
    if asked is not None and asked.whom is whom and reader_of(pepper, whom.value, asked.known_as) == reader:
        return asked
    # A digest in place of a key: no id and no name is written like it.
    return Recipient(whom, f"#{reader.hex()}")


def agreement_of(row: bytes, about: Subject, part: Part, to: Recipient) -> Agreement:
    """The consent as the rule reads it."""
    return Agreement(
        id=row,
        about=about,
        to=to,
        what=frozenset(part.what),
        purpose=part.purpose,
        until=part.until,
        number=part.number,
        ended=part.ended,
        person=part.person,
    )
