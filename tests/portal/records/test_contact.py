"""The record of a contact: twelve fields and no thirteenth, three words for what is missing, one line of ours."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from i18n.catalogue import Catalogue
from i18n.languages import LANGUAGES
from portal.numbers import region_ids
from portal.records.contact import (
    ContactRecord,
    LineTooLong,
    band_of,
    blank,
    filled,
    read_line,
    read_minutes,
    read_record,
    read_said,
    write_record,
)
from portal.records.fields import BY_NAME, FIELDS, LINE_LIMIT, MISSING, UNKNOWN
from portal.records.form import place_named
from portal.records.supervising import EntryWrong, read_entry, read_form, write_entry
from portal.records.verbatim import is_verbatim
from portal.web.forms import Form

# As it lies in the book of a house of version 1: a reader of it stays, whatever the list becomes.
VERSION_1 = (
    b'{"version":1,"channel":"chat","hours":12,"minutes":32,"language":"es","how":"exit","cards":["hello","limits"],'
    b'"reports":["child.impossible"],"said":{"type":["crisis"],"needs":["bed","lawyer"]},"line":"Asked for a bed.",'
    b'"by":"Robin","is_whole":true}'
)
RECORD = ContactRecord(
    version=1,
    channel="chat",
    hours=12,
    minutes=32,
    language="es",
    how="exit",
    cards=("hello", "limits"),
    reports=("child.impossible",),
    said={"type": ("crisis",), "needs": ("bed", "lawyer")},
    line="Asked for a bed.",
    by="Robin",
    is_whole=True,
)


def test_the_form_has_twelve_fields_with_its_line_and_a_digit_for_each_choice() -> None:
    assert len(FIELDS) + 1 == 12
    assert [field.name for field in FIELDS if field.shape == "region"] == ["region"]
    for field in FIELDS:
        assert len(set(field.codes)) == len(field.codes)
        assert not set(field.codes) & set(MISSING)
        assert field.shape == "region" or len(field.codes) <= 9
    assert len(BY_NAME["type"].codes) == 7 + 2
    assert len(BY_NAME["needs"].codes) == 8


def test_a_record_of_the_first_version_is_read_to_the_letter() -> None:
    assert write_record(RECORD) == VERSION_1
    assert read_record(VERSION_1) == RECORD
    assert "bed" not in repr(RECORD)
    newer = msgspec.json.encode(msgspec.json.decode(VERSION_1) | {"version": 2, "colour": "green"})
    assert read_record(newer).said == RECORD.said


def test_what_is_not_said_is_not_known_and_what_is_no_code_of_ours_is_not_said() -> None:
    said = read_said(Form([("type", "crisis"), ("who", "the neighbour"), ("case", UNKNOWN), ("colour", "green")]))
    assert said == {"type": ("crisis",)}
    record = filled(blank("phone"), said, "", is_whole=True)
    assert [record.get(field.name) for field in FIELDS] == ["crisis", *[UNKNOWN] * 10]


def test_what_was_said_of_her_needs_says_more_than_that_they_are_missing() -> None:
    assert read_said(Form([("needs", "na"), ("needs", "bed"), ("needs", "bed")])) == {"needs": ("bed",)}
    assert read_said(Form([("needs", "na"), ("needs", "undisclosed")])) == {"needs": ("na",)}


@given(st.lists(st.tuples(st.sampled_from([*BY_NAME, "line", "x"]), st.text(max_size=12)), max_size=30))
@settings(max_examples=40, deadline=None)
def test_whatever_is_posted_nothing_stands_in_a_record_but_codes_of_the_list(pairs: list[tuple[str, str]]) -> None:
    for name, codes in read_said(Form(pairs)).items():
        assert codes
        assert set(codes) <= {*BY_NAME[name].codes, *MISSING}


@pytest.mark.parametrize(
    ("case", "supervisor", "asks"),
    [
        ("none", "now", ""),
        (UNKNOWN, "now", ""),
        ("possible", UNKNOWN, "shift"),
        ("possible", "shift", "shift"),
        ("yes", "with_me", "shift"),
        ("yes", "now", "now"),
    ],
)
def test_a_supervisor_is_asked_on_every_potential_case_at_one_of_two_speeds(
    case: str, supervisor: str, asks: str
) -> None:
    said = {"case": (case,), "supervisor": (supervisor,)}
    assert filled(blank("chat"), said, "", is_whole=True).asks == asks


def test_the_line_is_one_line_of_140_letters() -> None:
    assert read_line(" Asked\nfor  a <b>bed</b>. ") == "Asked for a bed."
    assert read_line("x" * LINE_LIMIT) == "x" * LINE_LIMIT
    with pytest.raises(LineTooLong):
        read_line("x" * (LINE_LIMIT + 1))


@pytest.mark.parametrize(
    ("line", "said", "is_hers"),
    [
        ("He took my passport on Sunday.", "last week HE took my passport, on sunday night", True),
        ("Passport held by the employer since Sunday.", "he took my passport on sunday night", False),
        ("He took my passport", "he took my passport", False),  # four words are anybody's
        ("", "he took my passport on sunday", False),
        ("他拿走了我的护照和我所有的钱", "昨天他拿走了我的护照和我所有的钱", True),
        ("护照被雇主扣留", "他拿走了我的护照和我所有的钱", False),
    ],
)
def test_her_own_words_in_a_row_are_told_from_ours(line: str, said: str, is_hers: bool) -> None:
    assert is_verbatim(line, ["hello", said]) is is_hers


@pytest.mark.parametrize(("typed", "minutes"), [("12", 12), ("", 0), ("-3", 0), ("99999", 0), ("2881", 0), ("x", 0)])
def test_minutes_are_whole_and_of_two_days_at_most(typed: str, minutes: int) -> None:
    assert read_minutes(typed) == minutes


def test_an_hour_is_kept_as_one_of_six_pieces_of_the_day() -> None:
    assert {band_of(hour) for hour in range(24)} == {0, 4, 8, 12, 16, 20}
    assert band_of(15) == 12


def test_a_place_in_any_of_our_languages_is_the_region_it_names() -> None:
    catalogue = Catalogue.load(strict=False)
    names = {catalogue.phrase(language, "region.ca-qc") for language in LANGUAGES.values()}
    assert {place_named(f" {name.upper()} ", catalogue) for name in names} == {"ca-qc"}
    assert place_named("the moon", catalogue) == place_named("", catalogue) == ""
    assert "ca-qc" in region_ids()


WEIGHED = {"harm_of_telling": "He may be told who spoke.", "harm_of_silence": "None that I see."}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"verdict": "agreed", **WEIGHED}, set()),
        ({"verdict": "asked_more"}, set()),
        ({"verdict": "next", "next": "Robin asks the shelter today.", **WEIGHED}, set()),
        ({"verdict": "next", **WEIGHED}, {"next"}),
        ({"verdict": "agreed"}, {"harm_of_telling", "harm_of_silence"}),
        ({"verdict": "maybe", **WEIGHED}, {"verdict"}),
        ({"verdict": "agreed", **WEIGHED, "next": "x" * 281}, {"next"}),
    ],
)
def test_both_harms_are_weighed_before_anything_is_decided(fields: dict[str, str], wrong: set[str]) -> None:
    form = Form(list(fields.items()))
    if wrong:
        with pytest.raises(EntryWrong) as refused:
            read_form(form, "Kim")
        assert set(refused.value.wrongs) == wrong
    else:
        entry = read_form(form, "Kim")
        assert (entry.verdict, entry.by) == (fields["verdict"], "Kim")


def test_an_entry_belongs_to_the_record_it_was_written_to() -> None:
    entry = read_form(Form([("verdict", "agreed"), *WEIGHED.items()]), "Kim")
    raw = write_entry(entry, b"a" * 16)
    assert read_entry(raw, b"a" * 16).by == "Kim"
    assert "told" not in repr(entry)
    with pytest.raises(ValueError, match="another record"):
        read_entry(raw, b"b" * 16)
