"""Holds every phone number and law on the site to its source and its day, and the site to no number beside the list."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import server
from i18n.languages import LANGUAGES
from portal.library import facts as listed
from portal.library.facts import DATA, facts, known_numbers, of_file, unknown_numbers
from portal.numbers import numbers
from tests.support.catalogues import domains, phrases
from tests.support.source import REPOSITORY

PROVINCES = ("ab", "bc", "mb", "nb", "nl", "ns", "on", "pe", "qc", "sk")
PARTNERS = {"ca": "1-833-900-1010", "us": "1-888-373-7888", "mx": "800 5533 000"}
# Made up, to show how one is written: no line answers them. And the digits themselves.
EXAMPLES = re.compile(r"1?[- ]?(?:800[- ])?555[- ]01\d\d|0123456789")


def test_every_number_and_law_has_a_source_and_the_day_it_was_checked() -> None:
    assert len(facts()) > 40
    assert [fact for fact in facts() if not fact.source.strip() or fact.checked is None] == []
    assert [
        fact for fact in facts() if fact.checked and not date(2026, 11, 1) <= fact.checked <= date(2027, 12, 31)
    ] == []


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.name)
def test_every_file_of_data_is_on_the_list(path: Path) -> None:
    """What of it is a law or a number says so by its key, or the room that shows it is read instead."""
    own = {"emergency.json": "number", "protection.json": "law"}

    if path.name == "hsds.json":  # the shape of a standard: it names neither
        assert list(of_file(path)) == []
    elif path.name in own:
        assert any(fact.kind == own[path.name] for fact in facts())
    else:
        assert list(of_file(path))
        assert set(of_file(path)) <= set(facts())


def test_a_source_above_counts_for_what_stands_below(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(
        '{"checked": "2026-11-23", "rules": [{"law": {"en": "A", "fr": "B"}, "source": "s"}, {"number": "1"}]}'
    )

    found = {(fact.what, fact.source, fact.checked) for fact in of_file(path)}
    assert found == {("A", "s", date(2026, 11, 23)), ("1", "", date(2026, 11, 23))}


@pytest.mark.parametrize("part", PROVINCES)
def test_a_province_has_911(part: str) -> None:
    assert ("number", f"ca-{part}", "911") in {(fact.kind, fact.where, fact.what) for fact in facts()}


def test_territories_the_united_states_and_mexico_are_as_their_sources_say() -> None:
    found = {where: [f.what for f in facts() if f.where == where and "emergency" in f.name] for where in
             ("ca-yt", "ca-nt", "ca-nu", "us", "mx")}  # fmt: skip

    assert found == {
        "ca-yt": ["911"],
        "ca-nt": ["911", "867-669-1111", "867-777-1111"],
        "ca-nu": [],
        "us": ["911"],
        "mx": ["911"],
    }
    nunavut = numbers().region("ca-nu")
    assert nunavut is not None
    assert nunavut.notes == ("numbers.note.nunavut",)


@pytest.mark.parametrize(("country", "number"), PARTNERS.items())
def test_each_of_the_three_hotlines_stands_beside_its_partners(country: str, number: str) -> None:
    own = numbers().country(country)

    assert own.lines[0].ways[0].number == number
    # Nothing Canadian stands where the house is not in Canada (row O8 of the mission).
    beside = {line.ways[0].number for _, line in numbers().partners(country)}
    assert beside == set(PARTNERS.values()) - {number} - ({PARTNERS["ca"]} if country != "ca" else set())


def test_there_are_ways_by_voice_text_text_telephone_and_without_a_voice() -> None:
    ways = {way.kind for _, line in numbers().lines() for way in line.ways}

    assert ways == {"call", "text", "relay", "chat"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call 911 or 9-8-8.", []),
        ("Call 1-833-900-1010, (833) 900 1010 or 833.900.1010.", []),
        ("WhatsApp 800 5533 000", []),
        ("Checked 2026-11-23, 170 words, in 2019.", []),
        ("Call 1-800-555-9999.", ["1-800-555-9999"]),
        ("Call 999.", ["999"]),
        ("اتصل على ٩٩٩", ["999"]),
        ("Text 12345", ["12345"]),
        ("+44 20 7946 0999", ["+44 20 7946 0999"]),
    ],
)
def test_a_number_that_is_not_on_the_list_is_seen(text: str, found: list[str]) -> None:
    assert unknown_numbers(text) == found


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_phrase_card_or_page_names_a_number_beside_the_list(tag: str) -> None:
    said = {
        f"{domain}: {key}": "\n".join(wordings)
        for domain in sorted(domains(tag))
        for key, wordings in phrases(domain, tag).items()
    }
    said |= {path.name: path.read_text("utf-8") for path in (listed_pages() / tag).glob("*.md")}

    assert len(said) > 800
    assert strange(said) == {}


def test_no_template_names_a_number_beside_the_list() -> None:
    """A script has no words of its own: `tests/rules/test_pages_are_strict.py` holds it to that."""
    # An icon's lines are numbers too.
    drawn = re.compile(r"<(?:path|svg|circle|rect|line|polyline)\b[^>]*>|\bd=\"[^\"]*\"")
    paths = sorted((REPOSITORY / "templates").rglob("*.html"))

    said = {str(path.relative_to(REPOSITORY)): drawn.sub(" ", path.read_text("utf-8")) for path in paths}
    assert len(said) > 100
    assert strange(said) == {}


def listed_pages() -> Path:
    return Path(listed.__file__).parent / "pages"


def strange(said: dict[str, str]) -> dict[str, list[str]]:
    return {where: found for where, text in said.items() if (found := unknown_numbers(EXAMPLES.sub(" ", text)))}


def test_the_command_lists_them_and_says_which_are_old(capsys: pytest.CaptureFixture[str]) -> None:
    assert server.main(["facts"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == len(facts()) + 1
    assert "number\tmx\t800 5533 000\tLínea y Chat Nacional contra la Trata (call)\t" in "\n".join(told)
    assert told[-1] == f"{len(facts()) - laws()} numbers, {laws()} laws."

    assert server.main(["facts", "--since", "2026-11-23"]) == 1
    late = [line for line in capsys.readouterr().out.splitlines() if line.startswith("To be checked: ")]
    assert late
    assert all(line.split("\t")[-1] < "2026-11-23" for line in late)


def laws() -> int:
    return sum(fact.kind == "law" for fact in facts())


def test_the_list_knows_the_number_with_and_without_its_country() -> None:
    assert "8339001010" in known_numbers()
    assert "911" in known_numbers()
