"""The audit's promises, with its lines on a server: one chain, no gap, and a break that is named."""

from __future__ import annotations

from tests.portal.staff import conftest
from tests.portal.staff.trail import test_audit_chain
from tests.support.told_again import told_again

globals().update(told_again(conftest, test_audit_chain))
