"""What is told with its rows in a file alone is really there, and says why."""

from __future__ import annotations

from tests.support.named_tests import is_there
from tests.support.rows_elsewhere import ABOUT_THE_FILE


def test_every_test_that_is_told_on_a_file_alone_stands_and_has_its_reason() -> None:
    named = [(f"tests/{path}", name, why) for path, tests in ABOUT_THE_FILE.items() for name, why in tests.items()]

    assert [(path, name) for path, name, why in named if not is_there(path, name) or not why] == []
    assert len(named) > len(ABOUT_THE_FILE) > 0
