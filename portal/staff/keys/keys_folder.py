"""Keeps the few small files that live outside the data folder: peppers, root key, both heads, recovery box."""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Final, TypeVar

from portal.errors import PorchlightError
from portal.vault.errors import SealBroken
from portal.vault.keyfiles import (
    decode_from,
    decode_head,
    decode_peppers,
    decode_root,
    encode_from,
    encode_head,
    encode_peppers,
    encode_root,
    locks_in,
)
from portal.vault.statement import NOTHING_SAID, Head

T = TypeVar("T")
UNFINISHED: Final = "unfinished"
# What a recovery is about to put in place of the files of these names; the root key last, it says that all are there.
_NEXT: Final = ".next"
_RENEWED: Final = ("pepper", "recovery.box", "root.pub")
AUDIT_HEAD: Final = "audit.head"
_FROM: Final = "pepper.from"


class KeysFolderWrong(PorchlightError):
    """The keys folder is missing something, lies inside the data folder, or belongs to another house."""

    phrase: ClassVar[str] = "desk.error.keys_folder"
    status: ClassVar[int] = 503


class KeysFolder:
    """The folder itself. It is never inside the data folder: one stolen copy must not hold both halves."""

    def __init__(self, path: Path, data_dir: Path) -> None:
        """Raises KeysFolderWrong when one folder contains the other."""
        self.path = path.resolve()
        data = data_dir.resolve()
        if self.path == data or data in self.path.parents or self.path in data.parents:
            raise KeysFolderWrong("the keys folder and the data folder must lie apart")

    def is_unfinished(self) -> bool:
        """Whether a set-up began to write here and has not said that it reached its end."""
        return (self.path / UNFINISHED).exists()

    def is_begun(self) -> bool:
        """Whether any root key is here, of a house that lives or of a set-up that was cut short."""
        return (self.path / "root.pub").exists()

    def is_made(self) -> bool:
        """Whether a whole set of keys is here, left by a set-up that reached its end."""
        return self.is_begun() and not self.is_unfinished()

    def begin(self, peppers: Mapping[int, bytes], root_public: bytes, recovery_box: bytes) -> None:
        """Write a new house's keys, marked unfinished until `finish` is called.

        A set-up that was killed leaves the mark, and the next one may overwrite what it left. Without the mark the
        files belong to a house that lives: raises KeysFolderWrong rather than lose its peppers.
        """
        self._ensure()
        mark = self.path / UNFINISHED
        if not mark.exists():
            if any((self.path / name).exists() for name in ("pepper", "root.pub", "recovery.box")):
                raise KeysFolderWrong("the keys folder already holds the keys of another house")
            self._write(UNFINISHED, b"", 0o600)
        self._write("pepper", encode_peppers(peppers), 0o400)
        self._write("root.pub", encode_root(root_public), 0o400)
        self._write("recovery.box", recovery_box, 0o600)
        self._write("head", encode_head(NOTHING_SAID), 0o600)
        self._write(AUDIT_HEAD, encode_head(NOTHING_SAID), 0o600)

    def put_back(
        self, peppers: Mapping[int, bytes], root_public: bytes, recovery_box: bytes, head: Head, audit: Head
    ) -> None:
        """Write the keys of a house that is restored. They may stand already; other than `raise_head`, it may lower.

        Raises KeysFolderWrong, and changes nothing, where the keys of another house lie.
        """
        self._ensure()
        if self.is_begun() and self.root_public() != root_public:
            raise KeysFolderWrong("the keys folder already holds the keys of another house")
        with self.locked("head.lock"):
            # A backup may be older than a retiring, and its rows are marked as rows were then.
            (self.path / _FROM).unlink(missing_ok=True)
            self._write("pepper", encode_peppers(peppers), 0o400)
            self._write("root.pub", encode_root(root_public), 0o400)
            self._write("recovery.box", recovery_box, 0o600)
            self._write("head", encode_head(head), 0o600)
            self._write(AUDIT_HEAD, encode_head(audit), 0o600)
        self.finish()

    def prepare(self, peppers: Mapping[int, bytes], root_public: bytes, recovery_box: bytes) -> None:
        """Write the keys of a recovery beside those that count; `settle` puts them in their place.

        In between the database decides: the recovery is done when its book names this root, and not begun before.
        """
        with self.locked("head.lock"):
            (self.path / f"root.pub{_NEXT}").unlink(missing_ok=True)
            self._write(f"pepper{_NEXT}", encode_peppers(peppers), 0o400)
            self._write(f"recovery.box{_NEXT}", recovery_box, 0o600)
            self._write(f"root.pub{_NEXT}", encode_root(root_public), 0o400)

    def prepared_root(self) -> bytes | None:
        """The root key of a recovery whose files all lie ready, or None. Raises KeysFolderWrong."""
        path = self.path / f"root.pub{_NEXT}"
        return _decoded(decode_root, self._read(path.name)) if path.exists() else None

    def settle(self) -> None:
        """Put the files of a recovery in their place. Killed in between, the next reader of the book does the rest."""
        with self.locked("head.lock"):
            for name in _RENEWED:
                prepared = self.path / f"{name}{_NEXT}"
                if prepared.exists():
                    prepared.replace(self.path / name)
            self._sync_folder()

    def finish(self) -> None:
        """Take the unfinished mark away: from here on the keys belong to a house that lives."""
        (self.path / UNFINISHED).unlink(missing_ok=True)
        self._sync_folder()

    def peppers(self) -> dict[int, bytes]:
        """Every live pepper by its number: those whose marks and locks are believed.

        Raises KeysFolderWrong when the file is missing or malformed.
        """
        first = _decoded(decode_from, self._read(_FROM)) if (self.path / _FROM).exists() else 0
        return {number: pepper for number, pepper in self.every_pepper().items() if number >= first}

    def every_pepper(self) -> dict[int, bytes]:
        """The retired ones too: a receipt is found by the pepper it was made with, and by no other."""
        return _decoded(decode_peppers, self._read("pepper"))

    def retire_before(self, number: int) -> None:
        """From now on no process that starts believes a mark by a pepper before this one. Never lowered by it."""
        with self.locked("head.lock"):
            if number > min(self.peppers()):
                self._write(_FROM, encode_from(number), 0o600)

    def root_public(self) -> bytes:
        """The root's public key, 32 bytes. Raises KeysFolderWrong when the file is missing or malformed."""
        return _decoded(decode_root, self._read("root.pub"))

    def recovery_box(self) -> bytes:
        """The peppers as they are sealed to the recovery pair: all of this folder that travels with a backup."""
        return self._read("recovery.box")

    def has_three_sheets(self) -> bool:
        """Whether two of three sheets give the recovery secret; an older house has one. Raises KeysFolderWrong."""
        return _decoded(locks_in, self.recovery_box()) is not None

    def head(self) -> Head:
        """How far this house has ever seen the chain go. Raises KeysFolderWrong when it cannot be read."""
        return _decoded(decode_head, self._read("head"))

    def raise_head(self, head: Head) -> None:
        """Remember that the chain reached `head`; never lowers it, whatever two processes do at once."""
        with self.locked("head.lock"):
            if head.number > self.head().number:
                self._write("head", encode_head(head), 0o600)

    def audit_head(self) -> Head:
        """How far this house has seen the audit go; nothing, where no version that chains it ran yet."""
        if not (self.path / AUDIT_HEAD).exists():
            return NOTHING_SAID
        return _decoded(decode_head, self._read(AUDIT_HEAD))

    def raise_audit_head(self, head: Head) -> None:
        """Remember that the audit reached `head`; never lowers it."""
        with self.locked("head.lock"):
            if head.number > self.audit_head().number:
                self._write(AUDIT_HEAD, encode_head(head), 0o600)

    def _read(self, name: str) -> bytes:
        try:
            return (self.path / name).read_bytes()
        except OSError as wrong:
            raise KeysFolderWrong(f"{name} cannot be read") from wrong

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold one of the folder's locks against every other process; blocks the calling thread."""
        self._ensure()
        handle = os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _ensure(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)

    def _write(self, name: str, content: bytes, mode: int) -> None:
        # Written beside and moved over: a kill leaves the old file or the new one, never half of one.
        beside = self.path / f".{name}.{secrets.token_hex(8)}"
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(mode)
            beside.replace(self.path / name)
        finally:
            beside.unlink(missing_ok=True)
        self._sync_folder()

    def _sync_folder(self) -> None:
        handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _decoded(decode: Callable[[bytes], T], encoded: bytes) -> T:
    try:
        return decode(encoded)
    except SealBroken as wrong:
        raise KeysFolderWrong("a file of the keys folder is malformed") from wrong
