"""Puts the file that the migrations leave into a new house's folder: whoever starts a hundred houses runs them once."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.store.migrate import bring_up_to_date


@cache
def _migrated() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    bring_up_to_date(Path(folder.name) / "rows")
    return folder


def put_first_rows(path: Path) -> None:
    """The file of a house that was started once, as a start makes it. That one makes it is held in tests/processes."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(Path(_migrated().name) / "rows", path)
    path.chmod(0o600)
