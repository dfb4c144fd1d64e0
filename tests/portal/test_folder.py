"""Who may serve from a folder, and who has it alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.folder import FolderTaken, alone, claim, serve_on
from tests.support.server_process import REPOSITORY


def test_a_restore_waits_for_the_end_of_a_server_that_joined(tmp_path: Path) -> None:
    first, second = serve_on(tmp_path), serve_on(tmp_path)
    with pytest.raises(FolderTaken, match="still serves"), alone(tmp_path):
        pass
    os.close(first)
    os.close(second)
    with alone(tmp_path):
        pass


def test_nobody_begins_to_serve_what_is_being_replaced(tmp_path: Path) -> None:
    with alone(tmp_path):
        with pytest.raises(FolderTaken, match="another house"):
            serve_on(tmp_path)
        with pytest.raises(FolderTaken, match="already runs"):
            claim(tmp_path)
    os.close(serve_on(tmp_path))


def test_less_than_one_byte_of_core_is_kept_where_that_was_said_before() -> None:
    """A unit may say 0; nobody can raise it again, and nothing has to."""
    code = (
        "import resource\nfrom portal.lifeline import write_no_core\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\nwrite_no_core()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(0, 0)"
