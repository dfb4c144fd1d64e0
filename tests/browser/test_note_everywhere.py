"""Walks the whole way of a note in both browsers, with script and without, in four languages (`make notes`).

Send with a consent, the number, a reply, the way back, an addition, the consent taken back, erased. Other files hold
each step to more; this one holds that no engine, language or setting is left out.
"""

from __future__ import annotations

import pytest

from tests.support.engines import Engine
from tests.support.navigators import words
from tests.support.open_house import OpenHouse
from tests.support.tab_people import TabReporter, answers_the_note

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.long]

REPLY = "Thank you. Is it the same driver each time?"
ANSWER = "No, there are two who take turns."
POLICE = "#agreed form:has(input[name=which][value='3']):has(input[name=yes][value='{now}']) button"


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_note_goes_its_whole_way(engine: Engine, open_house: OpenHouse, script: bool, language: str) -> None:
    told = f"A grey van stops behind the bakery ({engine.name}, {script}, {language})."
    with engine.visit(script=script) as tab:
        reporter = TabReporter(tab, open_house.house.public, language)
        reporter.opens_the_form()
        reporter.writes(told)
        tab.taps("details:has(#ok) > summary")
        tab.taps("#ok label:has(input[value='3'])")
        number = reporter.sends()
        assert len(number) == 25

        answers_the_note(open_house.admin.signs_in(), told, REPLY)
        reporter.comes_back_with(number)
        tab.sees(REPLY)
        assert told not in tab.words
        reporter.writes(ANSWER)
        reporter.presses("add")
        tab.sees(ANSWER)

        tab.taps("#agreed > summary")
        tab.taps(POLICE.format(now=0))
        tab.until(lambda: bool(tab.shown(POLICE.format(now=1))), "the consent to be taken back")

        reporter.presses("ask")
        reporter.presses("erase")
        tab.sees(words("tips", language, "erased.heading"))
        reporter.comes_back_with(number)
        tab.sees(words("tips", language, "back.error.unknown"))
        assert tab.kept() == {}
