"""Kills the process that files a tip between every two steps, with its rows on a server."""

from __future__ import annotations

import pytest

from tests.faults import test_tip_kills
from tests.support.told_again import told_again

pytestmark = pytest.mark.long

globals().update(told_again(test_tip_kills))
