"""Gives browser tests one running house for the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.house import House, running_house


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of the test's own, fresh: nobody has set it up."""
    with running_house(tmp_path_factory.mktemp("h")) as started:
        yield started
