"""Holds the list of what the long run alone tells to tests that stand."""

from __future__ import annotations

import re

import pytest

from tests.support.source import REPOSITORY
from tests.support.told_long import TOLD_LONG


@pytest.mark.parametrize("file", TOLD_LONG)
def test_what_it_names_is_a_test_of_that_file(file: str) -> None:
    text = (REPOSITORY / "tests" / file).read_text("utf-8")
    stand = re.findall(r"^(?:async )?def (test_\w+)", text, re.MULTILINE)
    for name in TOLD_LONG[file]:
        assert any(re.match(name.partition(r"\[")[0] + "$", each) for each in stand), f"{file} has no {name}"
