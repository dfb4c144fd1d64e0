"""Keeps the few small files that live outside the data folder: peppers, root key, head number, recovery box."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Final

from portal.errors import PorchlightError
from portal.ids import from_text, to_text

UNFINISHED: Final = "unfinished"


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

    def is_made(self) -> bool:
        """Whether a whole set of keys is here, left by a set-up that reached its end."""
        return (self.path / "root.pub").exists() and not (self.path / UNFINISHED).exists()

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
        lines = "".join(f"{number} {to_text(pepper)}\n" for number, pepper in sorted(peppers.items()))
        self._write("pepper", lines.encode(), 0o400)
        self._write("root.pub", (to_text(root_public) + "\n").encode(), 0o400)
        self._write("recovery.box", recovery_box, 0o600)
        self._write("head", b"0\n", 0o600)

    def finish(self) -> None:
        """Take the unfinished mark away: from here on the keys belong to a house that lives."""
        (self.path / UNFINISHED).unlink(missing_ok=True)
        self._sync_folder()

    def peppers(self) -> dict[int, bytes]:
        """Every live pepper by its number. Raises KeysFolderWrong when the file is missing or malformed."""
        try:
            lines = (self.path / "pepper").read_text("ascii").split("\n")
            return {int(number): from_text(text, 32) for number, text in (line.split() for line in lines if line)}
        except (OSError, ValueError) as wrong:
            raise KeysFolderWrong("the pepper file cannot be read") from wrong

    def root_public(self) -> bytes:
        """The root's public key, 32 bytes. Raises KeysFolderWrong when the file is missing or malformed."""
        try:
            return from_text((self.path / "root.pub").read_text("ascii").strip(), 32)
        except (OSError, ValueError) as wrong:
            raise KeysFolderWrong("the root key file cannot be read") from wrong

    def recovery_box(self) -> bytes:
        """The recovery box as it was written. Raises KeysFolderWrong when it is missing."""
        try:
            return (self.path / "recovery.box").read_bytes()
        except OSError as wrong:
            raise KeysFolderWrong("the recovery box cannot be read") from wrong

    def head(self) -> int:
        """The highest statement number this house has ever seen. Raises KeysFolderWrong when it cannot be read."""
        try:
            return int((self.path / "head").read_text("ascii"))
        except (OSError, ValueError) as wrong:
            raise KeysFolderWrong("the head file cannot be read") from wrong

    def raise_head(self, number: int) -> None:
        """Remember that the chain reached `number`; never lowers it, whatever two processes do at once."""
        with self.locked():
            if number > self.head():
                self._write("head", f"{number}\n".encode(), 0o600)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder's lock against every other process; blocks the calling thread."""
        self._ensure()
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
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
