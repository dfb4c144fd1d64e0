"""Lets every house of this folder keep its rows on a server, and each test begin with an empty database of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.settings import Secret
from tests.chat.conftest import Prepared


@pytest.fixture
def rows_on(empty_rows: Secret) -> Secret:
    """A database on the server."""
    return empty_rows


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    """Nothing: rows on a server are not copied like a file, so each house is set up anew."""
    return Prepared(tmp_path / "prepared")
