"""What is typed finds what stands there, in writing with and without spaces, with and without accents."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from portal.directory.folding import folded, kept, named, sort_key, wanted


def finds(typed: str, text: str) -> bool:
    there = kept(text)
    return all(any(sign.startswith(each) for sign in there) for each in wanted(typed))


# A line for each language of the pages: what stands there, what somebody types.
TYPED = [
    ("Women's Shelter Thunder Bay", "shel thu"),
    ("Refuge pour femmes, Montréal", "montreal refu"),
    ("Refugio para mujeres · Atención jurídica", "atencion juridica"),
    ("Tahanan ng kababaihan", "TAHANAN"),
    ("ਔਰਤਾਂ ਲਈ ਘਰ", "ਔਰਤਾਂ"),
    ("多倫多婦女庇護所", "庇護"),
    ("多伦多妇女庇护所", "妇女庇护"),
    ("ملجأ للنساء في تورونتو", "الملجأ"),
    ("महिला आश्रय गृह", "आश्रय"),
    ("خواتین کی پناہ گاہ", "پناه"),
    ("پناهگاه زنان کانادا", "كانادا"),
    ("Притулок для жінок", "жінок притул"),
    ("Приют «Ёлка»", "елка"),
    ("Nhà tạm lánh cho phụ nữ ở Đà Nẵng", "da nang"),
    ("여성 쉼터에서", "쉼터"),
    ("บ้านพักฉุกเฉินสำหรับผู้หญิง", "ฉุกเฉิน"),
    ("Casa-abrigo para mulheres", "abrigo"),
    ("Adăpost pentru femei", "adapost"),
    ("Női menedékház", "noi mened"),
    ("Abri pou fanm yo", "abri"),
    ("ᐃᓄᒃᑎᑐᑦ ᐃᒡᓗ", "ᐃᓄᒃ"),
    ("Işık Kadın Evi, İzmir", "isik izmir"),
    ("Łódź", "lodz"),
    ("Line ٤١٦٥٥٥", "416"),
]


@pytest.mark.parametrize(("there", "typed"), TYPED)
def test_a_word_is_found_as_people_type_it(there: str, typed: str) -> None:
    assert finds(typed, there)
    assert not finds(typed + " qqq", there)


def test_what_is_another_word_is_not_found() -> None:
    assert not finds("庇護", "多倫多婦女")
    assert not finds("helter", "Women's Shelter")
    assert not finds("सदन", "महिला आश्रय")
    assert wanted("  …  ") == []


@settings(max_examples=200)
@given(st.text(min_size=1, max_size=40), st.integers(0, 39), st.integers(1, 12))
def test_every_beginning_of_a_word_that_stands_there_finds_it(text: str, at: int, length: int) -> None:
    words = [word for word in folded(text).split() if word]
    if words:
        assert finds(words[at % len(words)][:length], text)


@given(st.text(max_size=60))
def test_nothing_but_plain_signs_reaches_a_database(text: str) -> None:
    for sign in (*kept(text), *wanted(text), named("needs", text)):
        assert sign.isascii()
        assert sign.isalnum()
        assert len(sign) < 2000


def test_a_choice_is_the_beginning_of_no_other() -> None:
    assert not named("serves", "ca-on").startswith(named("serves", "ca"))
    assert named("serves", "ca")[0] != next(iter(kept("serves")))[0]


def test_names_stand_in_one_order_everywhere() -> None:
    assert sorted(["zebra", "Élan", "eagle", "Ábaco"], key=sort_key) == ["Ábaco", "eagle", "Élan", "zebra"]
