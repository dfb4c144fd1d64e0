"""Seals again what an old key opens, and erases the old half, with the rows on a server."""

from __future__ import annotations

from tests.portal.rotation import test_sealing_again
from tests.portal.rotation.conftest import keys
from tests.support.told_again import told_again

__all__ = ["keys"]

# It looks into the file, which these houses do not have.
BUT = {"test_after_the_change_everything_opens_to_the_new_key_and_nothing_to_the_old_with_the_whole_database"}

globals().update(told_again(test_sealing_again, but=BUT))
