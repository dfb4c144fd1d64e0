"""Decides what a reader of a language is shown, with no database: versions, what ships, the original and its marks."""

from __future__ import annotations

import pytest

from i18n.languages import LANGUAGES
from portal.library import shipped
from portal.library.stock import AWAY, Shown, Stock
from portal.library.text import Section, Text


def text(title: str, *, of: str = "", section: Section = Section.KNOW, checked: str = "") -> Text:
    return Text(title=title, section=section, body=f"{title}.\n", of=of, checked=checked)


ENGLISH = shipped.texts()["basics"]["en"]


def test_with_nothing_chosen_every_piece_reads_as_it_ships() -> None:
    stock = Stock()

    for tag in ("en", "fr"):
        reading = stock.read("basics", tag)
        assert reading is not None
        assert (reading.language.tag, reading.newer, reading.text) == (tag, None, shipped.texts()["basics"][tag])
    assert stock.read("nothing", "en") is None


def test_a_version_of_ours_stands_in_place_of_what_ships() -> None:
    stock = Stock({"basics": {"en": Shown(3, text("Ours"))}})

    reading = stock.read("basics", "en")
    assert reading is not None
    assert reading.text.title == "Ours"


def test_a_changed_original_marks_every_translation_until_it_follows() -> None:
    changed = text("Ours")
    stock = Stock({"basics": {"en": Shown(1, changed)}})

    assert [tag for tag in shipped.texts()["basics"] if stock.is_stale("basics", tag)] == [
        tag for tag in shipped.texts()["basics"] if tag != "en"
    ]
    behind = stock.read("basics", "fr")
    assert behind is not None
    assert (behind.language.tag, behind.newer) == ("fr", LANGUAGES["en"])

    followed = Stock({"basics": {"en": Shown(1, changed), "fr": Shown(1, text("À nous", of=changed.digest))}})
    assert not followed.is_stale("basics", "fr")
    assert followed.is_stale("basics", "fr") != Stock({"basics": {"en": Shown(2, text("Other"))}}).is_stale(
        "basics", "fr"
    )


def test_a_language_that_lacks_a_piece_reads_the_original_and_is_told_so() -> None:
    stock = Stock({"p1": {"en": Shown(1, text("News", section=Section.RELEASES))}})

    reading = stock.read("p1", "ar")
    assert reading is not None
    assert (reading.language.tag, reading.text.title) == ("en", "News")


def test_a_piece_of_one_language_alone_is_its_own_original() -> None:
    stock = Stock({"p1": {"fr": Shown(1, text("Nouvelle"))}})

    assert not stock.is_stale("p1", "fr")
    reading = stock.read("p1", "en")
    assert reading is not None
    assert reading.language.tag == "fr"


def test_what_was_taken_away_is_read_in_the_original_or_not_at_all() -> None:
    gone = Shown(AWAY, None)

    taken = Stock({"basics": {"fr": gone}}).read("basics", "fr")
    assert taken is not None
    assert taken.language.tag == "en"
    assert Stock({"p1": {"en": gone}}).read("p1", "en") is None


def test_news_stand_newest_first_and_all_else_in_its_order() -> None:
    days = {"p1": "2026-01-02", "p2": "2026-03-04", "p3": "2025-12-31"}
    chosen = {name: {"en": Shown(1, text(name, section=Section.RELEASES, checked=day))} for name, day in days.items()}
    stock = Stock(chosen)

    assert [each.name for each in stock.of((Section.RELEASES,), "en")] == ["p2", "p1", "p3"]
    assert [each.name for each in stock.of((Section.KNOW,), "en")] == [
        "basics", "details", "work", "friend", "online", "ideas",
    ]  # fmt: skip


@pytest.mark.parametrize("part", ["title", "summary", "body", "link"])
def test_a_digest_changes_with_the_words_and_with_nothing_else(part: str) -> None:
    told = {"title": "a", "summary": "b", "body": "c", "link": "d"}
    before = Text(section=Section.KNOW, **told)

    assert Text(section=Section.KNOW, **{**told, part: "x"}).digest != before.digest
    assert Text(section=Section.LINKS, checked="2026-01-01", sources="x", of="y", **told).digest == before.digest
