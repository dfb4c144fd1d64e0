"""Kills the process that changes keys between its steps, and asks who makes a change, with the rows on a server."""

from __future__ import annotations

import pytest

from tests.faults import test_rotation_kills
from tests.portal.rotation import test_random_orders, test_turning
from tests.portal.rotation.conftest import keys
from tests.support.told_again import told_again

__all__ = ["keys"]
pytestmark = [pytest.mark.long, pytest.mark.anyio]

globals().update(told_again(test_rotation_kills, test_turning, test_random_orders))
