"""The tip room's promises, on a server: filing, the number, coming back, erasing, the desk."""

from __future__ import annotations

from tests.support.told_again import told_again
from tests.tips import conftest, test_coming_back, test_filing, test_review
from tests.tips.links import test_linking

globals().update(told_again(conftest, test_filing, test_coming_back, test_review, test_linking))
