"""Walks through the desk's pages of the library: words are written by one right and shown to everybody by another."""

from __future__ import annotations

import re

import pytest

from portal.library import shipped
from portal.library.form import FIELDS, read_section, read_text
from portal.library.text import Section
from portal.services import Services
from portal.staff.forms import FormWrong
from portal.staff.rights import RIGHTS, Right, Role
from tests.portal.staff.walker import Walker, set_up, walker

pytestmark = pytest.mark.anyio

Fields = dict[str, str | list[str]]
WORDS: Fields = {
    "title": "What it is",
    "summary": "In short.",
    "body": "## First\n\nYou can **read** this.\n\n- a\n- b",
    "sources": "us",
    "checked": "2026-03-04",
    "of": "",
}


@pytest.fixture
async def ada(services: Services) -> Walker:
    return await set_up(walker(services))


async def shown(services: Services, name: str, tag: str) -> str:
    reading = (await services.library.now()).read(name, tag)
    return "" if reading is None else reading.text.title


async def test_words_are_looked_at_kept_shown_and_gone_back_from(ada: Walker, services: Services) -> None:
    before = await shown(services, "basics", "en")
    await ada.open("/desk/library")
    assert ada.sees(before)
    await ada.open("/desk/library/basics/en")
    assert ada.sees("As it ships") or ada.sees("as it ships")

    await ada.post(
        "/desk/library/basics/en/look", {**WORDS, "body": f"{WORDS['body']}\n\nCall 1-800-555-7777. <i>x</i>"}
    )
    assert "<h2>First</h2>" in ada.page
    assert "<i>x</i>" not in ada.page
    assert ada.sees("These numbers are not on the list of checked numbers.")
    assert await services.library.drafted() == {}

    await ada.post("/desk/library/basics/en/write", WORDS)
    assert ada.sees("Kept as a new version.")
    assert await shown(services, "basics", "en") == before
    await ada.open("/desk/library/basics")
    assert ada.sees("version 1 waits to be shown")

    await ada.post("/desk/library/basics/en/show", {"number": "1", "reader": "Robin"})
    assert ada.sees("Readers see it within seconds.")
    assert await shown(services, "basics", "en") == "What it is"
    await ada.open("/desk/library/basics")
    assert ada.sees("Read through by Robin on 2026-03-04")
    assert ada.sees("behind its original")
    await ada.open("/desk/library/basics/fr")
    assert ada.sees("The original has changed since these words were written.")
    await ada.post("/desk/library/basics/en/show", {"number": "0"})
    assert await shown(services, "basics", "en") == before


async def test_a_translation_follows_the_original_that_stood_beside_it(ada: Walker, services: Services) -> None:
    await ada.post("/desk/library/basics/en/write", WORDS)
    await ada.post("/desk/library/basics/en/show", {"number": "1"})
    await ada.open("/desk/library/basics/fr")
    of = re.search(r'name="of" value="([0-9a-f]{16})"', ada.page)
    assert of is not None
    await ada.post("/desk/library/basics/fr/write", {**WORDS, "title": "C’est", "of": of[1]})
    await ada.post("/desk/library/basics/fr/show", {"number": "1"})

    stock = await services.library.now()
    assert not stock.is_stale("basics", "fr")
    assert stock.is_stale("basics", "es") or stock.shown("basics", "es").text is None


async def test_a_news_item_begins_in_the_language_it_was_written_in(ada: Walker, services: Services) -> None:
    news: Fields = {**WORDS, "title": "We moved", "section": "releases", "place": "", "tag": "fr"}
    await ada.post("/desk/library/begin", {**news, "title": ""})
    assert ada.sees("A title is needed.")
    await ada.post("/desk/library/begin", news)
    assert ada.address.startswith("/desk/library/p1/fr")
    await ada.post("/desk/library/p1/fr/show", {"number": "1"})
    assert await shown(services, "p1", "en") == "We moved"
    await ada.post("/desk/library/p1/fr/show", {"number": "-1"})
    assert ada.sees("Taken away.")
    assert await shown(services, "p1", "en") == ""
    await ada.open("/desk/library")
    assert ada.sees("We moved")


async def test_what_is_not_there_is_not_there(ada: Walker, services: Services) -> None:
    for path in ("nothing", "nothing/en", "basics/xx", "p9/en"):
        assert await ada.open(f"/desk/library/{path}") == 404, path
    for path in ("nothing/en", "basics/xx"):
        assert await ada.post(f"/desk/library/{path}/show", {"number": "0"}) == 404, path
    for number in ("7", "x", "", "-5", "--5", "9" * 30, "²"):
        await ada.post("/desk/library/basics/en/show", {"number": number})
        assert not ada.sees("Readers see it within seconds."), number
    assert (await services.library.now()).chosen == {}


def told(**more: str) -> dict[str, str]:
    return {**{name: str(WORDS.get(name, "")) for name in FIELDS}, **more}


@pytest.mark.parametrize(
    ("more", "section", "field"),
    [
        ({"title": " "}, Section.KNOW, "title"),
        ({"title": "x" * 91}, Section.KNOW, "title"),
        ({"summary": "x" * 241}, Section.KNOW, "summary"),
        ({"body": " \n"}, Section.KNOW, "body"),
        ({"body": "x" * 8001}, Section.KNOW, "body"),
        ({"body": "[x](http://example.org/)"}, Section.RELEASES, "body"),
        ({"body": "[x](https://example.org/?utm_medium=1)"}, Section.HOUSE, "body"),
        ({"link": "http://example.org/"}, Section.LAWS, "link"),
        ({"link": "https://example.org/?fbclid=1"}, Section.LINKS, "link"),
        ({"checked": "4 March"}, Section.KNOW, "checked"),
        ({"checked": "2026-02-30"}, Section.KNOW, "checked"),
    ],
)
def test_a_form_says_what_to_mend(more: dict[str, str], section: Section, field: str) -> None:
    with pytest.raises(FormWrong) as refused:
        read_text(told(**more), section, "")
    assert set(refused.value.wrongs) == {field}


def test_a_form_is_read_for_what_it_is() -> None:
    page = read_text(told(link="https://example.org/", of="x"), Section.KNOW, "")
    entry = read_text(told(link="https://example.org/"), Section.LAWS, "ca")

    assert (page.link, page.of, bool(page.body)) == ("", "", True)
    assert (entry.link, entry.body, entry.place) == ("https://example.org/", "", "ca")
    assert read_text(told(), Section.LAWS, "").link == ""
    with pytest.raises(FormWrong):
        read_section({"section": "nowhere"})
    with pytest.raises(FormWrong):
        read_section({"section": "laws", "place": "xx"})


def test_whoever_edits_the_directory_writes_and_a_supervisor_shows() -> None:
    assert {role for role in Role if Right.EDIT_LIBRARY in RIGHTS[role]} == {
        Role.SUPERVISOR, Role.ADMINISTRATOR, Role.DIRECTORY_EDITOR,
    }  # fmt: skip
    assert {role for role in Role if Right.PUBLISH_LIBRARY in RIGHTS[role]} == {Role.SUPERVISOR, Role.ADMINISTRATOR}


async def test_the_list_names_each_piece_in_the_language_of_whoever_looks(ada: Walker) -> None:
    await ada.post("/desk/me", {"tongue": "fr"})
    await ada.open("/desk/library")
    for name, texts in shipped.texts().items():
        title = texts["fr" if "fr" in texts else "en"].title
        assert ada.sees(title), name
