"""Says sentences of safety beside their original until they are signed, marked with its language; nothing else so."""

from __future__ import annotations

import pytest
from jinja2 import Environment

from i18n.catalogue import Catalogue, MissingPhrase
from i18n.languages import ENGLISH, LANGUAGES, Language
from i18n.po import Entry
from i18n.review import Signature, digest
from portal.web.phrases import Phrases

WORDS = {
    "en": {"limit": Entry(("Kept for %(who)s.",)), "days": Entry(("%(n)s day", "%(n)s days")), "only": Entry(("<b>",))},
    "fr": {"limit": Entry(("Pour %(who)s.",)), "days": Entry(("%(n)s jour", "%(n)s jours")), "only": Entry(("seul",))},
    "ar": {"limit": Entry(("لأجل %(who)s.",)), "days": Entry(tuple(f"%(n)s {form}" for form in "صوثقكغ"))},
}
ARABIC, FRENCH = LANGUAGES["ar"], LANGUAGES["fr"]


def signed(tag: str, *keys: str) -> dict[str, Signature]:
    return {
        key: Signature("A. Reader", "2026-12-01", digest(WORDS["en"][key]), digest(WORDS[tag][key])) for key in keys
    }


def said(
    template: str, language: Language, *, original: Language = ENGLISH, keys: tuple[str, ...] = (), strict: bool = True
) -> str:
    by_key = {language.tag: signed(language.tag, *keys)}
    catalogue = Catalogue(WORDS, strict=strict, signed=by_key, original=original, public=WORDS["en"])
    environment = Environment(autoescape=True)
    environment.globals.update(Phrases(catalogue).names())
    return environment.from_string(template).render(language=language)


LIMIT = '{{ both("limit", who="<x>") }}'


@pytest.mark.parametrize(
    ("template", "beside"),
    [
        (LIMIT, '<small lang="en" dir="ltr">Kept for &lt;x&gt;.</small>'),
        ('{{ bothn("days", 1) }}', '<small lang="en" dir="ltr">1 day</small>'),
        ('{{ bothn("days", 3) }}', '<small lang="en" dir="ltr">3 days</small>'),
    ],
)
def test_the_original_stands_beside_words_nobody_has_signed(template: str, beside: str) -> None:
    assert said(template, ARABIC).endswith(f" {beside}")
    assert said(template.replace("both", "original"), ARABIC) == f" {beside}"


def test_the_house_may_choose_french_as_its_original() -> None:
    assert '<small lang="fr" dir="ltr">Pour &lt;x&gt;.</small>' in said(LIMIT, ARABIC, original=FRENCH)
    assert '<small lang="en"' in said(LIMIT, FRENCH, original=FRENCH)


def test_what_is_signed_stands_alone_and_so_does_the_source() -> None:
    assert said(LIMIT, ARABIC, keys=("limit",)) == "لأجل &lt;x&gt;."
    assert said('{{ original("limit", who="") }}', ARABIC, keys=("limit",)) == ""
    assert said(LIMIT, ENGLISH) == "Kept for &lt;x&gt;."
    assert "<small" in said('{{ bothn("days", 3) }}', ARABIC, keys=("limit",))


def test_missing_words_of_safety_are_english_and_marked_in_a_running_house_and_an_error_in_a_test() -> None:
    assert said('{{ both("only") }}', ARABIC, strict=False) == '<span lang="en" dir="ltr">&lt;b&gt;</span>'
    with pytest.raises(MissingPhrase):
        said('{{ both("only") }}', ARABIC)


def test_a_page_says_once_whose_words_stand_beside_until_all_is_signed() -> None:
    every = ("limit", "days")
    public = {key: WORDS["en"][key] for key in every}
    for keys, original, unread in (
        ((), ENGLISH, ENGLISH),
        (("limit",), FRENCH, FRENCH),
        (every, ENGLISH, None),
    ):
        catalogue = Catalogue(WORDS, signed={"ar": signed("ar", *keys)}, original=original, public=public)
        assert Phrases(catalogue).unread(ARABIC) is unread
        assert Phrases(catalogue).unread(ENGLISH) is None
