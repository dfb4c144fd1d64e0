"""Gives a database of a test the chain of the audit, with a pepper in a folder of its own."""

from __future__ import annotations

from pathlib import Path

from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.trail.audit_chain import AuditChain
from portal.store.database import Database
from tests.portal.vault.fixed import fixed_key, fixed_public


def keys_at(path: Path) -> Path:
    """A keys folder at this path, as a set-up leaves it."""
    folder = _folder(path)
    folder.begin({1: fixed_key("pepper")}, fixed_key("root"), fixed_public("recovery"))
    folder.finish()
    return path


def chained(database: Database, path: Path) -> Database:
    """The same database, each line of its audit chained and marked with the pepper of this folder."""
    database.beside = AuditChain(_folder(path))
    return database


def _folder(path: Path) -> KeysFolder:
    return KeysFolder(path, path.with_name("elsewhere"))
