"""Talks on a phone that keeps its profile, leaves, and searches every byte of it for what was written and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.chromium import Chromium
from tests.support.disk_search import Found
from tests.support.navigators import Visitor
from tests.support.open_house import OpenHouse
from tests.support.profile_search import search_profile

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.timeout(180)]

TYPED = "the copper weathervane points to the cellar"
UNSENT = "a second lock was put on the pantry door"
READ = "we keep a kettle warm behind the blue curtain"
NAME = "Marigold Sparrowhawk"


@pytest.mark.parametrize("way", ["exit", "end", "closed tab"])
def test_after_a_talk_nothing_typed_or_read_is_in_the_profile(
    chromium: Chromium, open_house: OpenHouse, tmp_path: Path, way: str
) -> None:
    desk = open_house.admin.signs_in().opens_the_line()
    tokens: list[str] = []
    with chromium.profile(tmp_path / "profile") as phone:
        page = phone.new_page()
        page.on(
            "response",
            lambda answer: (
                tokens.append(answer.json()["token"])
                if answer.url.endswith("/talk") and answer.request.method == "POST" and answer.ok
                else None
            ),
        )
        visitor = Visitor(page, open_house.house.public).opens_home().starts_chat()
        page.fill("#questions [name=name]", NAME)
        page.press("#questions [name=name]", "Tab")
        visitor.says(TYPED)
        conversation = desk.takes_next()
        desk.says(conversation, READ)
        visitor.sees(READ)
        page.fill("#field", UNSENT)
        if way == "exit":
            visitor.leaves()
            visitor.has_left_to(open_house.neutral.url)
        elif way == "end":
            page.click("#more-button")
            page.click("#end-ask")
            page.click("#end-now")
            visitor.sees_the_end()
        page.wait_for_timeout(500)
        assert phone.cookies() == []
    desk.ends(conversation) if way == "closed tab" else None
    desk.close()

    assert tokens
    assert told(search_profile([TYPED, UNSENT, READ, NAME, *tokens], tmp_path / "profile")) == []


def told(found: list[Found]) -> list[str]:
    return [str(one) for one in found]
