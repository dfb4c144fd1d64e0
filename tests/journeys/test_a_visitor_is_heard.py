"""The story the house was built for: two taps, an advocate at another server, a line that breaks, and a way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.chromium import PHONE, SCREEN, Chromium
from tests.support.cut_line import Line, line_to
from tests.support.desk_navigators import Advocate
from tests.support.desk_people import DeskPerson
from tests.support.house import House
from tests.support.navigators import Visitor, words
from tests.support.open_house import OpenHouse, open_house_at

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.timeout(300)]

HELLO = "مرحبا، أحتاج إلى شخص أتكلم معه"
ANSWER = "مرحبا، أنا روبن، إنسان. هل تستطيعين الكتابة بأمان الآن؟"
UNDERGROUND = "كتبت هذا حين انقطع الخط"
MEANWHILE = "أنا هنا، خذي وقتك"
LATER = "عاد الخط"


@dataclass
class TwoServers:
    """One house with two servers: the visitor's, reached over a line that can be cut, and the advocate's."""

    ready: OpenHouse
    line: Line
    second: House
    advocate: DeskPerson


@pytest.fixture(scope="module")
def two_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoServers]:
    with line_to(0) as line:
        origin = f"http://127.0.0.1:{line.port}"
        with open_house_at(tmp_path_factory.mktemp("h"), public_origin=origin) as ready:
            line.to_port = ready.house.port
            advocate = ready.admin.invites("Sam", "advocate", ["en", "ar"], "chat")
            second = ready.house.join()
            yield TwoServers(ready, line, second, advocate)


def test_a_visitor_in_arabic_is_heard_across_two_servers_and_a_broken_line(
    chromium: Chromium, two_servers: TwoServers
) -> None:
    line, advocate_is = two_servers.line, two_servers.advocate
    phone, desk = chromium.new_context(size=PHONE, language="ar"), chromium.new_context(size=SCREEN)
    try:
        advocate = Advocate(desk.new_page(), two_servers.second)
        advocate.signs_in(advocate_is.name, advocate_is.passphrase).opens_the_chats().is_ready()

        visitor = Visitor(phone.new_page(), f"http://127.0.0.1:{line.port}", "ar")
        visitor.opens_home().starts_chat()
        assert visitor.taps == 2
        assert visitor.is_in_line
        assert visitor.page.locator("html").get_attribute("dir") == "rtl"

        visitor.says(HELLO)
        advocate.takes_next()
        advocate.sees(HELLO)
        advocate.says(ANSWER)
        visitor.sees(ANSWER)

        line.cut()
        visitor.sees_line("gone")
        visitor.writes(UNDERGROUND)
        advocate.says(MEANWHILE)
        line.mend()
        visitor.sees_line("connected")
        visitor.sees(MEANWHILE)
        visitor.sees(UNDERGROUND)
        advocate.sees(UNDERGROUND)
        visitor.says(LATER)
        advocate.sees(LATER)

        shown = [HELLO, ANSWER, MEANWHILE, UNDERGROUND, LATER]
        assert sorted(visitor.conversation()) == sorted(shown)
        assert visitor.conversation() == advocate.conversation()

        visitor.leaves()
        visitor.has_left_to(two_servers.ready.neutral.url)
        how, clock = advocate.sees_the_end()
        assert how == words("chats", "en", "chats.end_exit", name=name_of(how, "en"))
        assert any(sign.isdigit() for sign in clock)
        assert advocate.conversation() == shown_in_order(advocate, shown)

        after = visitor.goes_back()
        for said in shown:
            assert said not in after
    finally:
        phone.close()
        desk.close()


def name_of(how: str, language: str) -> str:
    """Whatever the desk calls a visitor who gave no name: the words around it are what is held here."""
    before, after = words("chats", language, "chats.end_exit").split("%(name)s")
    return how.removeprefix(before).removesuffix(after)


def shown_in_order(advocate: Advocate, expected: list[str]) -> list[str]:
    """The expected words, in the order they were given numbers in; all of them must be there."""
    shown = advocate.conversation()
    assert sorted(shown) == sorted(expected)
    return shown
