"""Holds every page of a note to what other tip lines' people complained of: numbers, weight, forms, names, tongues."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from i18n.languages import LANGUAGES
from tests.support.catalogues import phrases
from tests.support.html import Document
from tests.support.note_pages import A_HAND, Page, Walk, walk
from tests.support.public_pages import every_run
from tests.support.site_map import posts
from tests.tips.phone import FORM, Phone

pytestmark = pytest.mark.anyio

KIB = 1024
# What a page after the first may weigh; it holds a token, so nothing presses it together on its way.
# In a language whose words nobody has signed, consents and what erasing does bring their originals (decision 0025).
HEAVIEST = {"form": 24 * KIB, "mend": 24 * KIB, "details": 24 * KIB, "thread": 15 * KIB}
ELSE = 14 * KIB
# A letter is two bytes in Arabic and Cyrillic, three in Gurmukhi, Devanagari and Thai; what is measured, and some air.
MORE = dict.fromkeys(("ar", "ur", "fa", "uk", "ru"), 2 * KIB) | dict.fromkeys(("pa", "hi", "th"), 5 * KIB)

TABS = ("lantern", "kettle")

WALKED: dict[str, Walk] = {}


# One language of each direction; what a language alone could get wrong is asked of all four below.
@pytest.fixture(params=["en", "ar"])
async def walked(request: pytest.FixtureRequest, phone: Phone) -> Walk:
    """Every page of a note in a language; walked once, however many tests ask."""
    if request.param not in WALKED:
        WALKED[request.param] = await walk(phone, request.param)
    return WALKED[request.param]


def wrong(walked: Walk, judge: object) -> dict[str, object]:
    """The pages of which the judge finds anything."""
    assert callable(judge)
    found = {name: judge(page) for name, page in walked.pages.items()}
    return {name: each for name, each in found.items() if each}


async def test_the_number_stands_on_the_page_that_gives_it_and_on_no_other(walked: Walk) -> None:
    groups = [walked.number[at : at + 5] for at in range(0, 25, 5)]

    assert wrong(walked, lambda page: [group for group in groups if group in page.words]) == {"number": groups}


async def test_the_number_stands_from_left_to_right_in_every_language(walked: Walk) -> None:
    page = walked.pages["number"]
    (slip,) = [given for tag, given in page.tags if given.get("class") == "slip-number"]

    assert slip["dir"] == "ltr"
    shown = page.text.partition('class="slip-number"')[2].partition("</p>")[0]
    assert "".join(re.findall(r"<bdi>(\d{5})</bdi>", shown)) == walked.number


@pytest.mark.parametrize("tag", every_run("en", "ar", "pa"))
async def test_no_page_of_a_note_is_heavy(phone: Phone, tag: str) -> None:
    walked = WALKED.get(tag) or await walk(phone, tag)
    weighed = {name: len(page.text.encode()) for name, page in walked.pages.items()}
    more = MORE.get(tag, 0)

    assert {name: size for name, size in weighed.items() if size > HEAVIEST.get(name, ELSE) + more} == {}


async def test_every_form_of_a_note_can_be_sent_without_script(walked: Walk) -> None:
    patterns = [re.sub(r"\{\w+\}", r"[^/]+", address.pattern) for address in posts("public")]

    def dead(page: Page) -> list[str]:
        forms = [
            form.action
            for form in page.forms
            if form.method != "post"
            or not any(re.fullmatch(each, form.action) for each in patterns)
            or not any(button.get("type", "submit") == "submit" for button in form.buttons)
        ]
        links = [link for link in page.links if link.startswith(("#", "javascript:")) and link[1:] not in page.ids]
        return forms + links

    assert wrong(walked, dead) == {}
    # What only a script can press is on no page before the script shows it.
    assert wrong(walked, lambda page: scripts_buttons(page.text)) == {}


def scripts_buttons(text: str) -> list[str]:
    """Buttons that send nothing and are in sight without script."""
    shown = re.sub(r"<(\w+)[^>]* hidden[ >].*?</\1>", "", text, flags=re.DOTALL)
    return re.findall(r'<button[^>]* type="button"[^>]*>', shown)


async def test_every_id_is_one_and_every_field_button_and_group_has_a_name(walked: Walk) -> None:
    assert wrong(walked, lambda page: [name for name, times in Counter(page.ids).items() if times > 1]) == {}
    assert wrong(walked, nameless) == {}


def nameless(page: Page) -> list[str]:
    """Fields without a label, buttons and links without a word, descriptions that stand nowhere."""
    labels = {given.get("for") for tag, given in page.tags if tag == "label"}
    kinds = {"hidden", "radio", "checkbox", "submit"}
    fields = [
        given.get("id", "")
        for tag, given in page.tags
        if tag in {"input", "select", "textarea"} and given.get("type") not in kinds
    ]
    told = " ".join(
        given.get("aria-describedby", "") + " " + given.get("aria-labelledby", "") for _, given in page.tags
    )
    pressed = re.findall(r"<(button|a|summary|legend|h1|h2)\b([^>]*)>(.*?)</\1>", page.text, re.DOTALL)
    silent = [
        f"{tag}{about}" for tag, about, within in pressed if not said(within) and 'aria-hidden="true"' not in about
    ]
    # A tick or a tap stands inside its label, which says what it means.
    bare = re.findall(r'<input[^>]*type="(?:radio|checkbox)"[^>]*>(?!\s*<(?:span|label))', page.text)
    return [
        *(name for name in fields if name not in labels),
        *(name for name in told.split() if name not in page.ids),
        *(each for each in silent if "data-on" not in each),
        *bare,
    ]


def said(within: str) -> str:
    return re.sub(r"<[^>]*>|\s+", "", within)


async def test_every_page_has_one_heading_and_the_others_under_it(walked: Walk) -> None:
    def out_of_order(page: Page) -> list[int]:
        levels = [int(tag[1]) for tag, _ in page.main.tags if re.fullmatch(r"h\d", tag)]
        # What is happening now is said before the page's own heading, under a heading of its own.
        return levels if levels.count(1) != 1 or any(after > before + 1 for before, after in pairwise(levels)) else []

    assert wrong(walked, out_of_order) == {}


async def test_no_page_is_a_step_that_cannot_be_gone_back_from(walked: Walk) -> None:
    """No stepper: no page says that it is one of several, and no form of ours asks for another page's answers."""
    pattern = r'role="(?:tab|tablist|progressbar)"|aria-current="step"|<progress|<meter|\b\d\s*/\s*\d\b'

    assert wrong(walked, lambda page: re.findall(pattern, page.main.words + page.text.partition("<main")[2])) == {}


async def test_no_page_of_a_note_leads_to_anybody_elses_software(walked: Walk) -> None:
    """No other browser, no network to hide in: what such an icon on her phone says is for her to weigh, not for us."""
    way_out = walked.phone.house.services.settings.exit_url(walked.home[1:])

    def elsewhere(page: Page) -> list[str]:
        return [link for link in page.links if not link.startswith(("/", "#", "tel:")) and link != way_out]

    assert wrong(walked, elsewhere) == {}


async def test_the_way_out_of_every_page_of_a_note_leads_to_another_site_without_a_question(walked: Walk) -> None:
    settings = walked.phone.house.services.settings
    neutral = settings.exit_url(walked.home[1:])
    assert urlsplit(neutral).scheme == "https"
    assert str(urlsplit(neutral).hostname) not in settings.public_origin

    def stays(page: Page) -> list[str]:
        leaving = [given for _, given in page.tags if "data-leave" in given]
        return [str(given) for given in leaving if neutral not in (given.get("href"), given["data-leave"])] or (
            [] if len(leaving) == 1 else ["no way out"]
        )

    assert wrong(walked, stays) == {}


async def test_no_page_in_arabic_is_half_in_another_script(phone: Phone) -> None:
    walked = WALKED.get("ar") or await walk(phone, "ar")
    # Names of other languages by their own letters, names of kinds of files, and what nobody translates.
    own_names = " ".join(spoken.own_name for spoken in LANGUAGES.values())
    known = {*re.findall(r"[A-Za-z]{2,}", f"{own_names} JPEG PNG WebP MP3 Ogg PDF MB")}

    def latin(page: Page) -> list[str]:
        # An original stands beside what nobody has signed, marked as what it is.
        own = Document(re.sub(r'<small lang="en" dir="ltr">.*?</small>', "", page.text)).words
        return sorted(set(re.findall(r"[A-Za-z]{2,}", own)) - known)

    assert wrong(walked, latin) == {}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_after_sending_she_reads_in_her_language_that_it_is_kept_and_nothing_else_answers(
    phone: Phone, language: str
) -> None:
    """The acknowledgement is the page itself: no software writes into her note."""
    say = {key: wordings[0] for key, wordings in phrases("tips", language).items()}
    start = phone.house.services.start_tokens.make()
    phone.house.clock.advance(A_HAND)
    await phone.posts(f"/{language}/note", {**FORM, "k": start, "keep": "1"})
    words = Document(phone.answer.text).words
    for key in ("sent.heading", "sent.next.heading", "sent.next.read", "sent.next.decide", "sent.next.end"):
        assert say[key] in words, key
    assert say["receipt.keep.text"] in words
    await phone.posts(f"/{language}/note/back", {"number": phone.number})
    assert say["thread.none"] in Document(phone.answer.text).words
    assert phone.answer.text.count('class="bubble-words"') == 1


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_form_says_that_an_answer_is_read_here_and_asks_for_no_address(phone: Phone, language: str) -> None:
    """Nobody is sent a word that an answer came: a message on a watched phone tells who wrote."""
    page = Page(await phone.opens(f"/{language}/note"))
    say = {key: wordings[0] for key, wordings in phrases("tips", language).items()}

    assert say["note.answer.hint"] in page.words
    assert say["note.send.hint"] in page.words
    ways = [given["class"] for _, given in page.tags if given.get("name") == "keep" and given["value"] in ("1", "2")]
    assert len(ways) == 2
    assert ways[0] == ways[1], "with a number and without one are the same choice"
    kinds = {given.get("type") for tag, given in page.tags if tag == "input"}
    assert kinds <= {"hidden", "text", "radio", "checkbox"}
    assert [given["inputmode"] for _, given in page.tags if given.get("inputmode") in ("email", "tel", "url")] == []


async def test_two_tabs_each_send_their_own_note_and_open_their_own(phone: Phone) -> None:
    """Nothing is held by the browser between two pages, so no tab can take another's place."""
    tokens = []
    for _ in range(2):
        page = Page(await phone.opens("/en/note"))
        assert "set-cookie" not in page.headers
        tokens.append(page.form(with_field="words").fields["k"])
    assert tokens[0] != tokens[1]
    phone.house.clock.advance(A_HAND)
    numbers, visits = [], []
    for words, token in zip(TABS, tokens, strict=True):
        await phone.posts("/en/note", {"words": words, "k": token, "keep": "1"})
        numbers.append(phone.number)
    for number in numbers:
        await phone.comes_back(number)
        visits.append(phone.hidden("t"))
    for visit, words in zip(visits, TABS, strict=True):
        await phone.posts("/en/note/back/more", {"t": visit, "do": "add", "words": f"more of the {words}", "p": ""})
    for number, words, other in zip(numbers, TABS, reversed(TABS), strict=True):
        await phone.comes_back(number)
        assert f"more of the {words}" in phone.answer.text
        assert other not in phone.answer.text
    assert "set-cookie" not in phone.answer.headers
    assert not phone.web.cookies


async def test_another_language_in_the_middle_of_the_note_keeps_the_visit_and_what_was_typed(phone: Phone) -> None:
    await phone.files()
    await phone.comes_back(phone.number)
    fields = {"t": phone.hidden("t"), "p": phone.hidden("p")}
    arabic = Page(await phone.posts("/en/note/back/more", {**fields, "words": "half a word", "to": "ar"}))
    assert phone.answer.url.path.startswith("/ar/note/back/")
    added = next(form for form in arabic.forms if "words" in form.fields)
    assert added.fields["words"] == "half a word"
    await phone.posts("/ar/note/more", {"t": added.fields["t"], "do": "more"})
    again = {"t": added.fields["t"], "town": "Lantern Bay", "often": "2"}
    french = Page(await phone.posts("/ar/note/more", {**again, "to": "fr"}))
    assert phone.answer.url.path.startswith("/fr/note/more/")
    details = french.form(action="/note/more")
    assert (details.fields["town"], details.fields["often"]) == ("Lantern Bay", "2")
    await phone.posts("/fr/note/more", {**details.fields, "do": "tell"})
    visit = await phone.house.doors.visit_for_token(added.fields["t"])
    assert visit is not None
    told = dict((await phone.house.follow_up.read(visit)).told)
    assert told["town"] == [("Lantern Bay",)]
