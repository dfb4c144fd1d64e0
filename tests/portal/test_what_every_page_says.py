"""Holds every public page, in every language, to what a person must find on it, and to nothing ticked for her."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from i18n.catalogue import PUBLIC_DOMAINS, Catalogue
from i18n.languages import LANGUAGES
from portal.web.sorry import code_of, every_error
from tests.support.catalogues import domains, phrases
from tests.support.desk_people import HOUSE_NAME, PHONE_LINE
from tests.support.html import Document
from tests.support.open_house import OpenHouse
from tests.support.patience import PATIENCE_S
from tests.support.public_pages import PAGES, path
from tests.support.reporters import LineReporter
from tests.support.web import HERE
from tests.support.words import sensitive_in

CATALOGUE = Catalogue.load(strict=True)
TONGUES = pytest.mark.parametrize("language", LANGUAGES)
FLAGS = re.compile("[\U0001f1e6-\U0001f1ff\U0001f3f4]")


def text_of(house: OpenHouse, page: str, language: str) -> str:
    """A page as it arrives, its isolations of names and numbers taken off."""
    answer = httpx.get(house.house.public + path(page, language), timeout=PATIENCE_S, **HERE)
    return re.sub(r"</?bdi[^>]*>", "", answer.text)


def said(language: str, key: str) -> str:
    """A phrase's first words, up to a place that is filled."""
    return CATALOGUE.words(LANGUAGES[language], key).split("%(")[0].strip()


@TONGUES
@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_the_limit_the_numbers_and_the_way_to_hear_it(
    open_house: OpenHouse, page: str, language: str
) -> None:
    """Requirements C12, C13, C15 and 42 of docs/safety.md."""
    text = text_of(open_house, page, language)
    read = Document(text)

    assert said(language, "exit.limit") in text
    for place in ("read/leaving", "numbers", "read/safety#hear"):
        assert f"/{language}/{place}" in read.links, place
    # One tap dials; a page that is not there knows no house and leads to the numbers instead.
    assert any(link.startswith("tel:") for link in read.links) or page == "not there"


@TONGUES
@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_ticked_for_her_and_nothing_shows_a_flag(open_house: OpenHouse, page: str, language: str) -> None:
    """Requirements C11 and C14 of docs/safety.md."""
    read = Document(text_of(open_house, page, language))

    assert [given for tag, given in read.tags if {"checked", "selected"} & given.keys()] == []
    assert not FLAGS.search(read.words)


# Thai parts its sentences by a space, as others part words.
ENDS = {"th": r" (?!ไม่ใช่หุ่นยนต์)"}
WITHOUT_SPACES = ("zh-Hans", "zh-Hant", "th")


def is_a_sentence(language: str, words: str) -> bool:
    return len(words.strip()) >= 10 if language in WITHOUT_SPACES else len(words.split()) >= 5


@TONGUES
def test_the_long_notice_has_every_part_in_its_order(open_house: OpenHouse, language: str) -> None:
    """Requirements C1 to C11 of docs/safety.md: ten questions with answers, then three choices."""
    text = text_of(open_house, "safety", language)
    rows = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", text, re.DOTALL)
    parts = ("danger", "seen", "leave", "window", "clear", "who", "keep", "tell", "choose", "drop")

    assert [asked for asked, _ in rows] == [said(language, f"notice.{part}") for part in parts]
    told = dict(zip(parts, (answer for _, answer in rows), strict=True))
    assert all(is_a_sentence(language, re.sub(r"<[^>]+>", "", answer)) for answer in told.values())
    assert "tel:" in told["danger"] or "/numbers" in told["danger"]
    assert said(language, "notice.danger_numbers").rpartition("%(link)s")[2] in told["danger"]
    assert HOUSE_NAME in told["who"]
    assert re.search(r"(?<!\d)30(?!\d)", told["keep"])
    assert re.search(r"(?<!\d)18(?!\d)", told["tell"])
    assert PHONE_LINE in told["drop"]
    assert text.index(told["tell"]) < text.index(said(language, "notice.start"))


@TONGUES
def test_start_not_now_and_a_note_are_free_to_choose(open_house: OpenHouse, language: str) -> None:
    """Requirement C11 of docs/safety.md: not now and a note weigh the same, before the talk and in the notice."""
    for page, keys in {
        "safety": ("notice.not_now", "notice.tip"),
        "talk": ("talk.start.not_now", "talk.send_note"),
    }.items():
        text = text_of(open_house, page, language)
        looks = [re.search(rf'class="([^"]*)"[^>]*>\s*{re.escape(said(language, key))}', text) for key in keys]
        assert all(looks), page
        assert len({look[1] for look in looks if look}) == 1, page


@TONGUES
def test_every_language_goes_by_its_own_name(open_house: OpenHouse, language: str) -> None:
    """Requirement C14 of docs/safety.md."""
    text = text_of(open_house, "languages", language)

    for other in LANGUAGES.values():
        assert re.search(rf'lang="{other.tag}" dir="{other.direction}"[^>]*>{other.own_name}<', text)


@TONGUES
def test_the_note_says_who_reads_it_how_soon_and_what_a_child_changes(open_house: OpenHouse, language: str) -> None:
    """Requirements C16, C17, C18 and P20 of docs/safety.md: and only what happened has to be written."""
    text = text_of(open_house, "note", language)
    read = Document(text)

    for key in ("note.lead", "note.words.hint", "note.young.hint", "note.limits", "note.kept"):
        assert said(language, key) in text, key
    lead = [part for part in re.split(ENDS.get(language, r"[.؟?۔।。]"), said(language, "note.lead")) if part.strip()]
    assert len(lead) == 4
    in_view, _, folded = text.partition(said(language, "note.more.hint"))  # which says it of all that is behind a tap
    legends = re.findall(r"<(?:label|legend)[^>]*>(?:(?!</(?:label|legend)>).)*", in_view, re.DOTALL)
    asked = [line for line in legends if "card" not in line]
    skipped = [line for line in asked if said(language, "field.skip") in line]
    assert len(asked) - len(skipped) == 1
    assert folded.count("<details") == 4 + 1  # four groups of questions, and the languages
    assert not any({"required", "aria-required"} & given.keys() for _, given in read.tags)


@TONGUES
def test_an_error_says_what_to_do_and_shows_neither_code_nor_name(open_house: OpenHouse, language: str) -> None:
    """Requirement C19 of docs/safety.md."""
    # What stands in a catalogue of the desk is told there; so is what has somebody's name in its words.
    at_the_desk = {phrase for domain in domains("en") - set(PUBLIC_DOMAINS) for phrase in phrases(domain, "en")}
    public = [
        error
        for error in every_error()
        if error.phrase not in at_the_desk and "%(" not in CATALOGUE.words(LANGUAGES[language], error.phrase)
    ]
    assert len(public) > 3
    for error in public:
        code = code_of(error)
        answer = httpx.get(f"{open_house.house.public}/{language}/sorry/{code}", timeout=PATIENCE_S, **HERE)
        main = answer.text.split("<main")[1].split("</main>")[0]
        words = re.sub(r"<[^>]+>", " ", main)
        assert said(language, error.phrase) in words, error
        assert code not in words
        assert not re.search(r"(?<!\d)[45]\d\d(?!\d)", words.replace(PHONE_LINE, "").replace("911", "")), error
        for heading in re.findall(r"<h1>(.*?)</h1>", main):
            assert HOUSE_NAME not in heading
            assert "Porchlight" not in heading


@pytest.fixture(scope="module", params=["en", "ar"])
def walked(request: pytest.FixtureRequest, open_house: OpenHouse) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """Every page of a note that carries a token, with the address it stood at."""
    reporter = LineReporter(open_house.house, request.param)
    seen: dict[str, tuple[str, str]] = {}

    def keep(name: str) -> None:
        assert reporter.reader.answer.status_code == 203, (name, reporter.reader.answer.status_code)
        seen[name] = (reporter.reader.path, reporter.reader.answer.text)

    reader = reporter.reader
    reader.opens(f"/{request.param}/note")
    reader.sends(reader.page.form(with_field="words"), {"words": ""}, press="1")
    keep("a field forgotten")
    reporter.sends_note("A white van stops at the farm each day.")
    keep("the number")
    reporter.comes_back("1" * 25)
    keep("a wrong number")
    reporter.comes_back()
    keep("the note")
    reporter.adds("It was there on Sunday too.")
    keep("words added")
    ask = next(form for form in reader.page.forms if any(b.get("value") == "ask" for b in form.buttons))
    reader.sends(ask, press="ask")
    keep("erase?")
    yield request.param, seen
    assert reader.cookies == {}
    reporter.close()


def test_a_page_with_a_token_has_the_exit_first_as_a_form(walked: tuple[str, dict[str, tuple[str, str]]]) -> None:
    """Requirements 1, 12 and 42 of docs/safety.md, on pages that hold something."""
    language, seen = walked
    for name, (_, text) in seen.items():
        controls = re.findall(r"<(?:a|button|input|textarea|select|summary)\b[^>]*>", text)
        first = next(each for each in controls if "hidden" not in each)
        assert "data-leave" in first, name
        assert "submit" in first, name
        form = Document(text).forms[0]
        assert (form.action, form.method) == ("/leave", "post"), name
        assert form.fields["t"], name
        assert f"/{language}/read/leaving" in Document(text).links, name


def test_a_page_with_a_token_tells_nothing_by_title_name_or_address(
    walked: tuple[str, dict[str, tuple[str, str]]],
) -> None:
    """Requirements 31, 32 and 33 of docs/safety.md, on pages that hold something."""
    for name, (address, text) in walked[1].items():
        read = Document(text)
        names = [each for form in read.forms for each in [form.action, *form.names]]
        assert read.title == "Page", name
        assert [each for each in [*read.ids, *names, address] if sensitive_in(re.sub(r"[\w-]{43}", "", each))] == []
        # What stands in the address opens for a minute; what lasts longer, a visit, stands in hidden fields alone.
        lasting = {form.fields["t"] for form in read.forms if "t" in form.fields} - {address.rsplit("/", 1)[-1]}
        assert bool(lasting) is (name not in {"a field forgotten", "a wrong number"}), name
        assert not any(token in address for token in lasting), name


@pytest.mark.parametrize("page", PAGES)
def test_an_original_makes_no_heading_button_or_way_out_longer_and_the_page_says_once_why(
    open_house: OpenHouse, page: str
) -> None:
    english, arabic = (text_of(open_house, page, tag) for tag in ("en", "ar"))
    originals = re.findall(r'<small lang="en" dir="ltr">(.*?)</small>', arabic, re.DOTALL)

    assert said("en", "exit.limit") in originals
    assert "<small" not in english
    for part in ("h1", "h2", "h3", "a", "button", "summary", "option", "legend", "title"):
        for inside in re.findall(rf"<{part}\b[^>]*>.*?</{part}>", arabic, re.DOTALL):
            assert "<small" not in inside, inside
    assert not re.search(r'="[^"]*<small', arabic)
    assert arabic.count(said("ar", "tongues.unread")) == 1
    assert said("en", "tongues.unread") not in english
