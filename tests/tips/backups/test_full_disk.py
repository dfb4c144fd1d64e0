"""A backup that does not fit leaves nothing half behind."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from portal.backup.take import _beside


def begins_to_write(folder: Path) -> None:
    """Two files, into which no byte can be written: the kernel refuses it, as it does on a full disk."""
    with _beside([folder / "house", folder / "keys"]) as files:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
        for file in files:
            file.write(b"sealed")


def test_what_does_not_fit_leaves_no_part_of_a_file(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with pytest.raises(OSError, match="File too large"):
            begins_to_write(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert list(tmp_path.iterdir()) == []
