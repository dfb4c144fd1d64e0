"""The promises of photos on tips, on a server: their way in, what is erased and swept, what is frozen."""

from __future__ import annotations

from tests.support.told_again import told_again
from tests.tips import conftest
from tests.tips.files import conftest as files_conftest, test_freezing, test_uploads

globals().update(told_again(conftest, files_conftest, test_freezing, test_uploads))
