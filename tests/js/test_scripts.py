"""Runs the tests of the page scripts that need no page, each file in its own node process."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FILES = sorted(Path(__file__).parent.glob("*.test.js"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_scripts_keep_their_promises(path: Path) -> None:
    node = shutil.which("node")
    assert node, "node is needed for the script tests: apt-get install nodejs"

    ran = subprocess.run([node, str(path)], capture_output=True, text=True, timeout=60, check=False)

    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
