"""Somebody who carried the disk away, with or without passphrases and the recovery sheet, and tries everything."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from portal.ids import from_text
from portal.records.entries import Account
from portal.vault.bundles import open_bundle, password_bytes, password_keys, staff_keys
from portal.vault.compartments import COMPARTMENTS
from portal.vault.conversations import ConversationKeys, open_staff_copy, open_visitor_copy
from portal.vault.entries import open_entry
from portal.vault.errors import VaultError
from portal.vault.keyfiles import decode_peppers, locks_in
from portal.vault.passwords import Parameters, argon2id
from portal.vault.recovery import RecoveryKeys, recovery_keys
from portal.vault.sealing import HEADER, open_seal
from portal.vault.sheets import Sheet, open_with, read_paper
from portal.vault.statement import RECOVERY
from portal.vault.tips import open_names_key, open_words_key
from tests.support.disk_search import files_under

NEWEST_VERSION = 3
COPIES = (150, 66)  # bytes of a staff copy and of a visitor copy
# Books of the desk: table, sealed column, what its seal is bound to besides its row, and the column with its day.
SEALED_ROWS = (
    ("cases", "sealed", "case", "day"),
    ("case_people", "sealed", "case person", "day"),
    ("case_people", "names", "case names", "day"),
    ("case_notes", "sealed", "case note", "day"),
    ("directory_referrals", "sealed", "referral", "day"),
    ("consents", "sealed", "consent", "until"),
    ("report_decisions", "sealed", "decision", "until"),
    ("privacy_requests", "sealed", "privacy request", "day"),
    ("privacy_steps", "sealed", "privacy step", "day"),
)


@dataclass
class Thief:
    """What was taken, and what it opens."""

    data: Path
    keys: Path
    passphrases: list[str]
    sheets: list[str]
    privates: dict[str, dict[int, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.peppers = decode_peppers((self.keys / "pepper").read_bytes())
        for holder, private in [*self._staff(), *self._recovery()]:
            self._open_grants(holder, private)

    # Keys of people

    def _staff(self) -> Iterator[tuple[bytes, bytes]]:
        """Every person whose row one of the passphrases opens."""
        for person in self.rows("select id, salt, parameters, pepper, verifier, bundle from staff_people"):
            identity, salt, parameters, number, verifier, bundle = person
            for passphrase in self.passphrases:
                argon = _tried(parameters, passphrase, salt)
                opened = password_keys(argon, self.peppers[number])
                if opened.fits(verifier):
                    yield identity, staff_keys(open_bundle(opened.lock, identity, bundle).seed).open_private

    def _recovery(self) -> Iterator[tuple[bytes, bytes]]:
        """What two of the sheets open, where there are two."""
        for one, other in combinations(self.sheets, 2):
            yield RECOVERY, recovery_of((self.keys / "recovery.box").read_bytes(), one, other).open_private

    def _open_grants(self, holder: bytes, private: bytes) -> None:
        """Every sealed compartment key of this holder, in every place it could have been sealed for."""
        for statement, seal in self.rows("select statement, seal from key_grants where holder = ?", holder):
            for compartment in COMPARTMENTS:
                for version in range(1, NEWEST_VERSION + 1):
                    place = ("grant", compartment, version.to_bytes(2, "big"), holder, statement.to_bytes(4, "big"))
                    try:
                        key = open_seal(private, seal, *place)
                    except VaultError:
                        continue
                    self.privates.setdefault(compartment, {})[version] = key

    # Everything on the disk

    def rows(self, query: str, *values: bytes) -> list[tuple[Any, ...]]:
        """What the database answers, read only."""
        with closing(sqlite3.connect(f"file:{self.data / 'porchlight.db'}?mode=ro", uri=True)) as reader:
            return list(reader.execute(query, values))

    def pieces(self) -> set[bytes]:
        """Every string of the append-only files, erased or not, and every cell of the database.

        A file that the store has written anew begins with a packed part, in which only the head of a seal shows where
        one begins: of its copies the sizes are known.
        """
        found: set[bytes] = set()
        for path in files_under([self.data / "durable"]):
            raw = path.read_bytes()
            found |= strings_in(raw)
            found |= {raw[at.start() : at.start() + size] for at in re.finditer(HEADER, raw) for size in COPIES}
        for (table,) in self.rows("select name from sqlite_master where type = 'table'"):
            for row in self.rows(f'select * from "{table!s}"'):
                found |= {cell for cell in row if isinstance(cell, bytes)}
        return found

    def conversations(self) -> set[bytes]:
        """Every conversation the append-only file ever named."""
        text = b"".join(path.read_bytes() for path in files_under([self.data / "durable"]))
        return {from_text(name.decode(), 16) for name in re.findall(rb"\{c:([A-Za-z0-9_-]{22})\}", text)}

    # What it opens

    def opened_conversations(self, more_keys: Iterable[bytes] = ()) -> list[ConversationKeys]:
        """Every conversation that opens with what was taken, and with `more_keys` tried as embers and as tokens."""
        pieces = self.pieces()
        keys = {piece for piece in pieces if len(piece) == 32} | set(more_keys)
        keys |= {key for versions in self.privates.values() for key in versions.values()}
        names = self.conversations()
        found = []
        for piece in (piece for piece in pieces if len(piece) > 50):
            for key in keys:
                for name in names:
                    try:
                        found.append(open_staff_copy(piece, key, self.privates.get("chat", {}), name))
                    except VaultError:
                        continue
                try:
                    found.append(ConversationKeys(open_visitor_copy(piece, key), b""))
                except VaultError:
                    continue
        return found

    def opened_entries(self) -> dict[str, list[Account]]:
        """What staff wrote down for the records, by kind, as far as it opens with what was taken."""
        found: dict[str, list[Account]] = {}
        for row, kind, day, sealed in self.rows("select id, kind, day, sealed from sealed_entries"):
            with suppress(VaultError):
                words = open_entry(self.privates.get("records", {}), row, kind, day, sealed)
                found.setdefault(kind, []).append(msgspec.json.decode(words, type=Account))
        return found

    def opened_rows(self) -> dict[str, list[bytes]]:
        """What stands in the books of cases, referrals and requests, by table, as far as it opens: every row is tried
        with every key, whichever compartment it is said to be of.
        """
        found: dict[str, list[bytes]] = {}
        for table, column, kind, bound in SEALED_ROWS:
            for row, day, sealed in self.rows(f'select id, "{bound}", "{column}" from "{table}"'):
                for keys in self.privates.values():
                    with suppress(VaultError):
                        words = open_entry(keys, row, kind, day, sealed)
                        found.setdefault(f"{table}.{column}", []).append(words)
        return found

    def opened_tips(self) -> list[bytes]:
        """The words key of every tip that opens with what was taken."""
        tips = {bytes(name) for (name,) in self.rows("select id from tips")}
        tips |= {bytes(name) for (name,) in self.rows("select tip from tip_tombstones")}
        found = []
        for piece in (piece for piece in self.pieces() if len(piece) > 50):
            for name in tips:
                for opening, compartment in ((open_words_key, "tips"), (open_names_key, "names")):
                    try:
                        found.append(opening(piece, self.privates.get(compartment, {}), name, self.peppers.values()))
                    except VaultError:
                        continue
        return found


def recovery_of(box: bytes, *typed: str) -> RecoveryKeys:
    """What grows from the secret that two sheets give with the house's `recovery.box`."""
    one, other = (read_paper(sheet) for sheet in typed)
    assert isinstance(one, Sheet)
    assert isinstance(other, Sheet)
    return recovery_keys(open_with(locks_in(box) or b"", one, other))


@cache
def _tried(parameters: bytes, passphrase: str, salt: bytes) -> bytes:
    """One guess. It takes its time, and a thief with two copies of a house needs not make it twice."""
    return argon2id(Parameters.decode(parameters), password_bytes(passphrase), salt)


def strings_in(log: bytes) -> set[bytes]:
    """Every bulk string of an append-only file in the Redis protocol; what is not in that form is passed over."""
    found: set[bytes] = set()
    at = 0
    while (start := log.find(b"$", at)) != -1:
        end = log.find(b"\r\n", start)
        size = log[start + 1 : end]
        if end == -1 or not size.isdigit() or len(size) > 8:
            at = start + 1
            continue
        content = log[end + 2 : end + 2 + int(size)]
        if log[end + 2 + int(size) : end + 4 + int(size)] != b"\r\n":
            at = start + 1
            continue
        found.add(content)
        at = end + 4 + int(size)
    return found
