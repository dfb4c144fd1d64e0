"""Seals, marks and opens the rows of decisions and of what was written to each: none of anybody else's counts."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from portal.consent.record import known_recipient
from portal.consent.terms import Recipient, Subject
from portal.duty.decision import Decision, Part, Word
from portal.duty.tables import decisions
from portal.staff.desk import StaffRoom
from portal.staff.sessions.session import Signed
from portal.vault.entries import open_entry
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.gate_parts import find_of, open_part, reader_of, seal_part
from portal.vault.marks import is_marked, mark
from portal.vault.rewraps import Turn, entry_again

# What each seal is bound to, besides its row and its last day. These words are a format.
DECISION: Final = "decision"
WORD: Final = "decision word"
_parts = msgspec.json.Decoder(Part)
_words = msgspec.json.Decoder(Word)
_decisions = msgspec.json.Decoder(Decision)

_log = logging.getLogger("porchlight.gate")


@dataclass(frozen=True, slots=True)
class Row:
    """One decision as it is read: `part` for the house, `decision` and `words` for whose keys open them."""

    id: bytes
    part: Part
    decision: Decision | None
    words: Sequence[Word] = ()


class DecisionRows:
    """Reads and writes columns, inside the caller's transaction. Any: a row of the database, typed nowhere before."""

    def __init__(self, staff: StaffRoom) -> None:
        self._staff = staff

    def again(self, row: Any, turn: Turn) -> Mapping[str, object]:
        """What of a decision is sealed to a newer key. Raises SealBroken, KeyMissing."""
        part = self.part(row)
        if part is None:
            raise SealBroken("this decision was not written here")
        decision = _decisions.decode(open_entry(turn.privates, row.id, DECISION, row.until, row.sealed))
        sealed = entry_again(row.sealed, turn, row.id, DECISION, row.until)
        # By the newest pepper too: an older one may be gone one day.
        reader = reader_of(turn.pepper, decision.whom.value, decision.to.known_as)
        find = find_of(turn.pepper, part.kind, part.subject)
        anew = msgspec.structs.replace(part, reader=reader)
        return self.marked(self._staff.accounts.newest_pepper(), row.id, find, anew, sealed, row.until)

    def word_again(self, row: Any, turn: Turn) -> Mapping[str, object]:
        """The same of what was written to one."""
        if not self._is_our_word(row):
            raise SealBroken("this was not written here")
        sealed = entry_again(row.sealed, turn, row.id, WORD, row.until)
        marked = mark(turn.pepper, WORD, row.id, row.decision, sealed, row.until)
        return {"sealed": sealed, "pepper": self._staff.accounts.newest_pepper(), "mark": marked}

    def is_about(self, about: Iterable[Subject]) -> Any:
        """Which rows are about these things, under any live pepper."""
        peppers = list(self._staff.accounts.live_peppers())
        return decisions.c.find.in_([find_of(pepper, each.kind, each.id) for each in about for pepper in peppers])

    def row(self, row: Any, signed: Signed | None = None) -> Row | None:
        """One as it is read, opened as far as her keys go; None for one this house did not write."""
        part = self.part(row)
        if part is None:
            return None
        return Row(row.id, part, None if signed is None else self._open(signed, row))

    def part(self, row: Any) -> Part | None:
        """What is read of one without anybody's keys; None for one this house did not write."""
        pepper = self._staff.accounts.pepper(row.pepper)
        parts = row.id, row.find, row.waits, row.part, row.sealed, row.until
        if not is_marked((pepper,), row.mark, DECISION, *parts):
            _log.error("decision_refused")
            return None
        return _parts.decode(open_part(pepper, DECISION, row.id, row.find, row.part))

    def _open(self, signed: Signed, row: Any) -> Decision | None:
        try:
            keys = signed.compartment_keys("records")
            return _decisions.decode(open_entry(keys, row.id, DECISION, row.until, row.sealed))
        except (KeyMissing, SealBroken, ValueError):
            return None

    def word(self, signed: Signed, row: Any) -> Word | None:
        """What was written to one, as far as her keys go."""
        if not self._is_our_word(row):
            _log.error("decision_word_refused")
            return None
        try:
            keys = signed.compartment_keys("records")
            word = _words.decode(open_entry(keys, row.id, WORD, row.until, row.sealed))
        except (KeyMissing, SealBroken, ValueError):
            return None
        return word if word.decision == row.decision else None

    def _is_our_word(self, row: Any) -> bool:
        parts = row.id, row.decision, row.sealed, row.until
        return is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, WORD, *parts)

    def marked(self, number: int, row: bytes, find: bytes, part: Part, sealed: bytes, until: str) -> dict[str, Any]:
        """The columns of a row, marked whole under the pepper of this number."""
        pepper, waits = self._staff.accounts.pepper(number), "waits" if part.waits else ""
        shut = seal_part(pepper, DECISION, row, find, msgspec.json.encode(part))
        marked = mark(pepper, DECISION, row, find, waits, shut, sealed, until)
        kept = {"find": find, "waits": waits, "part": shut, "sealed": sealed}
        return {**kept, "until": until, "pepper": number, "mark": marked}

    def reader(self, part: Part, number: int, asked: Recipient) -> Recipient:
        """Who is to have the report, so far as `asked` tells her name."""
        pepper = self._staff.accounts.pepper(number)
        return known_recipient(part.whom, part.level, part.reader, pepper, asked)
