"""Holds each guide to commands that a shell reads and to files that are there; `make guides` runs them for real."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.guides import DEPLOY, GUIDES, blocks
from tests.support.server_process import REPOSITORY

# Made by an earlier line of the same guide.
MADE = {"docs/deploy/container/porchlight.settings"}


@pytest.mark.parametrize("guide", [*GUIDES, "../drill.md"])
def test_a_shell_reads_every_block_and_every_file_it_takes_is_there(guide: str) -> None:
    found = blocks(DEPLOY / guide)
    assert len(found) >= 2
    for block in found:
        read = subprocess.run(
            ["bash", "-n"], input="\n".join(block.commands), text=True, capture_output=True, check=False
        )
        assert read.returncode == 0, f"{guide}:{block.line}: {read.stderr}"
        missing = [name for name in block.named() if name not in MADE and not list(REPOSITORY.glob(name))]
        assert missing == [], f"{guide}:{block.line}"


@pytest.mark.parametrize(
    "page", ["README.md", *GUIDES, "../upgrade.md", "../capacity.md", "../backup.md", "../drill.md"]
)
def test_every_link_of_a_guide_leads_somewhere(page: str) -> None:
    path = DEPLOY / page
    links = re.findall(r"\]\(([^)#]+)(?:#[\w-]+)?\)", path.read_text("utf-8"))
    assert links
    assert [link for link in links if "://" not in link and not Path(path.parent / link).exists()] == []


def test_the_guides_make_each_folder_before_a_unit_needs_it() -> None:
    """What is installed under a name is what the units are told."""
    commands = "\n".join(line for block in blocks(DEPLOY / "systemd.md") for line in block.commands)
    for path in ("/opt/porchlight", "/etc/porchlight/porchlight.settings", "/var/www/porchlight"):
        assert path in commands
