"""Gives programs a clock of their own that a test can move under them: Debian's libfaketime, loaded before all else.

Only the clock of the day is moved. The one that goes forward alone is left as it is, as when a real clock is set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


@dataclass(frozen=True)
class OtherTime:
    """So many seconds from this machine's own time, for every program that was told `environment`."""

    file: Path

    @classmethod
    def beside(cls, folder: Path, seconds: float = 0) -> OtherTime:
        """A clock kept in this folder."""
        made = cls(folder / "other-time")
        made.jumps_to(seconds)
        return made

    @property
    def environment(self) -> dict[str, str]:
        """What a program is started with."""
        assert LIBRARY is not None, "apt-get install libfaketime"
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def jumps_to(self, seconds: float) -> None:
        """From now on (a second later at most) all of them are so far off this machine's time."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+.0f}\n")
        new.replace(self.file)

    @contextmanager
    def around(self) -> Iterator[None]:
        """Whatever is started in here lives by this clock."""
        before = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
