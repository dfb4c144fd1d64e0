"""A durable Valkey of its own for each test that kills, freezes or outwaits one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.store.embedded import EmbeddedValkey


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    valkey = EmbeddedValkey("durable", run=tmp_path / "run", folder=tmp_path / "data")
    valkey.start()
    valkey.wait_until_ready()
    yield valkey
    valkey.stop()
