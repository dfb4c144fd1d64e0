"""Lets every house of this folder keep its rows on a server, and each test begin with an empty database of its own."""

from __future__ import annotations

import pytest

from portal.settings import Secret
from tests.chat.conftest import prepared

__all__ = ["prepared"]


@pytest.fixture
def rows_on(empty_rows: Secret) -> Secret:
    """A database on the server."""
    return empty_rows
