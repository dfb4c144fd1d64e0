"""What the door to a case hands out: the case opened, its people, its contacts, what was written to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from portal.errors import PorchlightError
from portal.records.case_words import CaseBody, ContactLink, NoteBody, PersonBody, PersonNames, Status
from portal.records.contact_shapes import Waits


class ChangedMeanwhile(PorchlightError):
    """Somebody else changed it since the form was opened: nothing is written over."""

    phrase: ClassVar[str] = "cases.wrong.meanwhile"
    status: ClassVar[int] = 409


class TooMany(PorchlightError):
    """A case holds no more of these."""

    phrase: ClassVar[str] = "cases.wrong.too_many"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class OpenCase:
    """A case somebody may read. `ids`: its own, and those of the cases that were merged into it."""

    id: bytes
    day: str
    touched: str
    status: Status
    waits: Waits
    revision: int
    body: CaseBody = field(repr=False)
    hands: frozenset[bytes] = frozenset()
    ids: tuple[bytes, ...] = ()
    row: Any = field(default=None, repr=False)  # Any: its row as it was read, for whoever changes it

    @property
    def is_open(self) -> bool:
        """Whether it is worked on."""
        return self.status in ("active", "followup")


@dataclass(frozen=True)
class Person:
    """A person of a case. `names`: None without the key of the names, or where none are kept; `has_names` tells."""

    id: bytes
    revision: int
    body: PersonBody | None = field(repr=False)
    names: PersonNames | None = field(repr=False)
    has_names: bool


@dataclass(frozen=True)
class Contact:
    """A contact of a case, under the name of its row here."""

    id: bytes
    day: str
    link: ContactLink | None = field(repr=False)


@dataclass(frozen=True)
class Note:
    """What was written to a case; `kind`: note, entry (a supervisor's), done (what was done with it)."""

    id: bytes
    day: str
    kind: str
    body: NoteBody | None = field(repr=False)


@dataclass(frozen=True)
class Whole:
    """A case with all that hangs on it."""

    case: OpenCase
    people: Sequence[Person]
    contacts: Sequence[Contact]
    notes: Sequence[Note]
