"""Gives each test a folder for backups and a machine on which there is nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from portal.settings import Settings
from tests.tips.backups.shelf import Shelf
from tests.tips.conftest import TipHouse


@pytest.fixture
def shelf(house: TipHouse, tmp_path: Path) -> Shelf:
    folder = tmp_path / "backups"
    folder.mkdir()
    return Shelf(house, folder)


@pytest.fixture
def bare(house: TipHouse, tmp_path: Path) -> Settings:
    """Another machine, on which there is nothing."""
    there = dataclasses.replace(house.services.settings, data_dir=tmp_path / "new", keys_dir=tmp_path / "new-keys")
    there.data_dir.mkdir()
    return there
