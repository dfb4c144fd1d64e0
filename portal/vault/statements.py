"""Decides which public keys may be believed: those the signed chain of statements names, and no others.

Rows of a database can be written by whoever got into it; a line here cannot, without the key of somebody who had
the right to say it at that point of the chain. So keys to seal to are taken from a `Ledger` only.

| kind        | says                                   | signed by                                     |
|-------------|----------------------------------------|-----------------------------------------------|
| staff       | subject's two public keys              | root, may_vouch                               |
| granter     | subject's rights, replacing the former | root; may_vouch with every right handed out   |
| compartment | name and public key of version 1       | root, may_rotate                              |
| rotate      | public key of the next version         | root, may_rotate                              |
| grant       | subject let into one version           | root, may_grant                               |
| revoke      | subject out of one compartment         | root, may_grant                               |
| revoke      | (no compartment) subject out of all    | root, may_vouch                               |
| tombstone   | what bears this id was erased          | root, anybody on the staff                    |
| root        | the root's own key and the next one    | root, with the own key, as its last word      |

For the recovery pair only the root says staff and revoke. The line behind a root's last word is the first one of the
next root: signed with its key over the digest of all that came before, it makes the chain its own. So a chain is
believed by its newest root alone, and whoever finds the sheets of an older one can write no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from typing import Final

from portal.vault.believed import CompartmentPublic, Grant, StaffPublic
from portal.vault.errors import ChainBroken, RightMissing, RolledBack
from portal.vault.key_history import History
from portal.vault.statement import (
    COMPARTMENTS,
    NOTHING_SAID,
    RECOVERY,
    ROOT,
    Head,
    KeyRight,
    Kind,
    Signer,
    Statement,
    sign_statement,
)
from portal.vault.statement_rules import rights_needed, uses_only

__all__ = [
    "COMPARTMENTS",
    "NOTHING_SAID",
    "RECOVERY",
    "ROOT",
    "ChainBroken",
    "CompartmentPublic",
    "Grant",
    "Head",
    "KeyRight",
    "Kind",
    "Ledger",
    "RightMissing",
    "RolledBack",
    "Signer",
    "StaffPublic",
    "Statement",
    "sign_statement",
]

STAFF_ID_BYTES: Final = 16


class Ledger:
    """What the chain says up to its head. Built from nothing but verified lines, one after the other."""

    def __init__(self, root_public: bytes) -> None:
        self.roots: tuple[bytes, ...] = (root_public,)
        self._heads = [NOTHING_SAID]
        self._staff: dict[bytes, StaffPublic] = {}
        self._versions: dict[str, dict[int, bytes]] = {}
        self._grants: dict[bytes, dict[tuple[str, int], Grant]] = {}
        self._key_owner: dict[bytes, bytes] = {}
        self._erased: set[bytes] = set()
        self._is_root_silent = False
        self.history = History()

    @classmethod
    def verify(cls, statements: Iterable[Statement], root_public: bytes, head: Head | None = None) -> Ledger:
        """Read a whole chain from its first line and check every one.

        `root_public` (32 bytes, of the newest root) and `head`, how far this house has already seen the chain go, are
        kept outside the database. Raises `ChainBroken` (or the kind of it that fits) at the first line that does not
        hold, and `RolledBack` when the chain ends before `head` or says something else at its number.
        """
        lines = list(statements)
        ledger = cls(next((line.keys[0] for line in lines if line.kind is Kind.ROOT and line.keys), root_public))
        for statement in lines:
            ledger._append(statement)
        if ledger.root != root_public or ledger._is_root_silent:
            raise ChainBroken("the chain does not end with the root of this house")
        if head is not None and not ledger.agrees_with(head):
            raise RolledBack("the chain is not the one this house has seen")
        return ledger

    def follow(self, statement: Statement) -> Ledger:
        """The ledger one line further on. Raises `ChainBroken`, or the kind of it that fits.

        This ledger stays as it is: when the transaction that was to keep the line fails, nobody has believed it.
        """
        further = copy(self)
        further._staff, further._key_owner = dict(self._staff), dict(self._key_owner)
        further._versions = {name: dict(versions) for name, versions in self._versions.items()}
        further._grants = {holder: dict(grants) for holder, grants in self._grants.items()}
        further._erased, further._heads = set(self._erased), list(self._heads)
        further.history = self.history.copy()
        further._append(statement)
        return further

    def _append(self, statement: Statement) -> None:
        self._check_place(statement)
        self._check_signer(statement)
        self._take_in(statement)
        self.history.follow(statement)
        self._heads.append(statement.head())

    @property
    def head(self) -> int:
        """The number of the last line; 0 when nothing was said yet."""
        return self._heads[-1].number

    @property
    def latest(self) -> Head:
        """Number and digest of the last line: what `keys/head` and every bundle remember."""
        return self._heads[-1]

    @property
    def root(self) -> bytes:
        """The root's 32-byte public key, the newest one."""
        return self.roots[-1]

    def knows_root(self, root_public: bytes) -> bool:
        """Whether this key is, or once was, the root's: somebody who was away remembers an older one."""
        return root_public in self.roots

    def agrees_with(self, seen: Head) -> bool:
        """Whether this chain goes through a head that was seen before: neither cut off before it nor another one."""
        return seen.number < len(self._heads) and self._heads[seen.number] == seen

    def compartment(self, name: str) -> CompartmentPublic:
        """The version and public key new words are sealed to. Raises `ChainBroken` when no line names it."""
        versions = self._versions.get(name)
        if not versions:
            raise ChainBroken("no statement names this compartment")
        newest = max(versions)
        return CompartmentPublic(newest, versions[newest])

    def compartment_version(self, name: str, version: int) -> bytes | None:
        """The public key of one version, or `None` when no line names it."""
        return self._versions.get(name, {}).get(version)

    def staff(self, staff_id: bytes) -> StaffPublic | None:
        """A living person's public keys, or `None` for a stranger and for somebody who was revoked."""
        return self._staff.get(staff_id)

    @property
    def recovery(self) -> bytes | None:
        """The 32-byte public key of the recovery pair, once the root has named it."""
        pair = self._staff.get(RECOVERY)
        return pair.open_public if pair else None

    def grants(self, holder: bytes) -> tuple[Grant, ...]:
        """The holder's live grants, in the order they were given."""
        return tuple(sorted(self._grants.get(holder, {}).values(), key=lambda grant: grant.statement))

    def holders(self, compartment: str, version: int | None = None) -> frozenset[bytes]:
        """Who is let into a compartment: into this version, or into any when none is given."""
        return frozenset(
            holder
            for holder, grants in self._grants.items()
            if any(name == compartment and version in (None, number) for name, number in grants)
        )

    def may(self, staff_id: bytes, right: KeyRight | str) -> bool:
        """Whether this person may sign such lines now."""
        person = self._staff.get(staff_id)
        return person is not None and right in person.rights

    def is_erased(self, subject: bytes) -> bool:
        """Whether a tombstone names this id."""
        return subject in self._erased

    def _check_place(self, statement: Statement) -> None:
        if statement.number != self.latest.number + 1 or statement.previous != self.latest.digest:
            raise ChainBroken(f"line {statement.number} does not follow line {self.latest.number}")

    def _check_signer(self, statement: Statement) -> None:
        if statement.signer == ROOT:
            statement.check_signature(self.root)
            return
        if self._is_root_silent or statement.kind is Kind.ROOT:
            raise RightMissing(f"line {statement.number}: only the root speaks of and after its successor")
        signer = self._staff.get(statement.signer)
        if signer is None or not signer.sign_public:
            raise RightMissing(f"line {statement.number} is signed by a stranger")
        statement.check_signature(signer.sign_public)
        if statement.subject == RECOVERY and statement.kind in (Kind.STAFF, Kind.GRANTER, Kind.REVOKE):
            raise RightMissing(f"line {statement.number}: only the root speaks for the recovery pair")
        if not rights_needed(statement) <= signer.rights:
            raise RightMissing(f"line {statement.number} is signed by somebody without the right to it")

    def _take_in(self, statement: Statement) -> None:
        self._is_root_silent = statement.kind is Kind.ROOT
        match statement.kind:
            case Kind.ROOT:
                self._take_in_root(statement)
            case Kind.STAFF:
                self._take_in_staff(statement)
            case Kind.GRANTER:
                self._take_in_rights(statement)
            case Kind.COMPARTMENT | Kind.ROTATE:
                self._take_in_version(statement)
            case Kind.GRANT:
                self._take_in_grant(statement)
            case Kind.REVOKE:
                self._take_in_revoke(statement)
            case Kind.TOMBSTONE:
                _need(statement, bool(statement.subject) and uses_only(statement, "subject"))
                self._erased.add(statement.subject)

    def _take_in_root(self, statement: Statement) -> None:
        _need(statement, statement.subject == ROOT and uses_only(statement, "subject", "keys"))
        _need(statement, len(statement.keys) == 2 and statement.keys[0] == self.root)
        _need(statement, self._are_free(statement.keys[1:], ROOT))
        self._own(statement.keys, ROOT)
        self.roots = (*self.roots, statement.keys[1])

    def _take_in_staff(self, statement: Statement) -> None:
        is_recovery = statement.subject == RECOVERY
        _need(statement, is_recovery or len(statement.subject) == STAFF_ID_BYTES)
        _need(statement, uses_only(statement, "subject", "keys") and len(statement.keys) == (1 if is_recovery else 2))
        # Two persons, or a person and a compartment, with one key: a signature or a seal could pass for the other's.
        _need(
            statement,
            self._are_free(statement.keys, statement.subject) and len(set(statement.keys)) == len(statement.keys),
        )
        open_public, sign_public = (*statement.keys, b"")[:2]
        self._own(statement.keys, statement.subject)
        self._staff[statement.subject] = StaffPublic(open_public, sign_public)
        self._grants.pop(statement.subject, None)

    def _take_in_rights(self, statement: Statement) -> None:
        person = self._staff.get(statement.subject)
        _need(statement, statement.subject != RECOVERY and uses_only(statement, "subject", "rights"))
        if person is None:
            raise ChainBroken(f"line {statement.number} names a stranger")
        self._staff[statement.subject] = replace(person, rights=frozenset(statement.rights))

    def _take_in_version(self, statement: Statement) -> None:
        _need(statement, statement.compartment in COMPARTMENTS and len(statement.keys) == 1)
        _need(statement, uses_only(statement, "compartment", "version", "keys"))
        known = self._versions.get(statement.compartment, {})
        _need(
            statement, bool(known) == (statement.kind is Kind.ROTATE) and statement.version == max(known, default=0) + 1
        )
        # The very same key said again would be a rotation in name only: whoever was put out could still read.
        _need(statement, self._are_free(statement.keys, b""))
        self._own(statement.keys, statement.compartment.encode() + b"/%d" % statement.version)
        self._versions.setdefault(statement.compartment, {})[statement.version] = statement.keys[0]

    def _take_in_grant(self, statement: Statement) -> None:
        holder = self._staff.get(statement.subject)
        public = self.compartment_version(statement.compartment, statement.version)
        _need(statement, uses_only(statement, "subject", "compartment", "version", "keys"))
        if holder is None or public is None or statement.keys != (holder.open_public, public):
            raise ChainBroken(f"line {statement.number} grants a key the chain does not name, or to one it does not")
        grant = Grant(statement.compartment, statement.version, statement.number, public)
        self._grants.setdefault(statement.subject, {})[statement.compartment, statement.version] = grant

    def _take_in_revoke(self, statement: Statement) -> None:
        _need(statement, uses_only(statement, "subject", "compartment"))
        if statement.subject not in self._staff:
            raise ChainBroken(f"line {statement.number} names a stranger")
        if not statement.compartment:
            del self._staff[statement.subject]
            self._grants.pop(statement.subject, None)
            return
        _need(statement, statement.compartment in COMPARTMENTS)
        kept = self._grants.get(statement.subject, {})
        self._grants[statement.subject] = {
            at: grant for at, grant in kept.items() if grant.compartment != statement.compartment
        }

    def _are_free(self, keys: tuple[bytes, ...], subject: bytes) -> bool:
        return all(self._key_owner.get(key, subject) == subject for key in keys) and not set(self.roots) & set(keys)

    def _own(self, keys: tuple[bytes, ...], owner: bytes) -> None:
        self._key_owner.update(dict.fromkeys(keys, owner))


def _need(statement: Statement, holds: bool) -> None:
    if not holds:
        raise ChainBroken(f"line {statement.number} says what a line of its kind cannot say")
