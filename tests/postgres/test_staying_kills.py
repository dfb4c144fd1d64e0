"""Kills the purge between its steps, sets two on the same tips, and compares her pages, with the rows on a server."""

from __future__ import annotations

import pytest

from tests.faults import test_purge_kills
from tests.support.told_again import told_again
from tests.tips.conftest import house
from tests.tips.staying import test_holding

__all__ = ["house"]
pytestmark = [pytest.mark.long, pytest.mark.anyio]

globals().update(told_again(test_purge_kills))
test_alike = test_holding.test_every_page_of_hers_is_the_same_byte_by_byte_and_by_the_same_statements_held_or_not
holding, phones = test_holding.holding, test_holding.phones
