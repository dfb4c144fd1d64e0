"""One open house for all stories of the talk that leave it as they found it; whoever changes it opens its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.talk_people import Story, story_at
from tests.support.chromium import Chromium


@pytest.fixture(scope="session")
def shared_story(tmp_path_factory: pytest.TempPathFactory, chromium: Chromium) -> Iterator[Story]:
    """The house, the line to it and its one advocate."""
    with story_at(tmp_path_factory.mktemp("h"), chromium) as told:
        yield told
        # Her page goes with the browser: the last test of a run may be none of the browser's, whose loop stands then.
        told.at_the_desk = None


@pytest.fixture(scope="module")
def story(shared_story: Story) -> Story:
    """That house with nobody in line. What a story leaves in its staff and records stays for all others.

    A file whose stories invite staff, hold somebody off, or count what is new on a desk asks for `own_story`.
    """
    with shared_story.advocate() as advocate:
        advocate.empties_the_line()
    return shared_story


@pytest.fixture(scope="module")
def own_story(tmp_path_factory: pytest.TempPathFactory, chromium: Chromium) -> Iterator[Story]:
    """A house for the stories of one file alone."""
    with story_at(tmp_path_factory.mktemp("h"), chromium) as told:
        yield told
