"""Holds the list of keys to the scripts that hear them, to what browsers keep for themselves, and to its off switch."""

from __future__ import annotations

import re

import pytest

from portal.staff.keys_shown import FULL, GO, GROUPS, PLACES, RESERVED, parted
from portal.staff.rights import RIGHTS, Right, Role
from portal.web.assets import FOLDER
from tests.portal.staff.walker import COOKIE, Walker, join

DESK = FOLDER / "js" / "desk"


def shown(modifier: str) -> list[str]:
    """The letters that the list shows behind a modifier; without one, the single ones."""
    lines = [line.keys for group in GROUPS for line in group.lines]
    if modifier:
        return [keys.removeprefix(f"{modifier} ") for keys in lines if re.fullmatch(f"{modifier} [A-Z]", keys)]
    return [keys for keys in lines if re.fullmatch(r"[A-Z?]", keys)]


def heard(pattern: str, *scripts: str) -> list[str]:
    """What these scripts hear."""
    return [found for name in scripts for found in re.findall(pattern, (DESK / name).read_text("utf-8"))]


def test_the_list_shows_each_key_with_alt_that_a_script_hears_once_and_no_other() -> None:
    found = heard(r"\bKey([A-Z]):", "talk_keys.js", "shift.js") + heard(r'"Key([A-Z])"', "lock_key.js")

    assert sorted(found) == sorted(shown("Alt"))
    assert len(set(found)) == len(found)


def test_no_key_with_alt_is_one_that_browsers_keep() -> None:
    assert not RESERVED & set(shown("Alt"))


def test_the_list_shows_each_single_letter_that_a_script_hears() -> None:
    found = heard(r"(?m)^    \"?([a-z?])\"?: \(\) =>", "going.js")

    assert sorted(letter.upper() for letter in found) == sorted({*shown(""), "G"})


def test_each_place_of_the_desk_has_a_letter_of_its_own() -> None:
    places = {name: letter for name, letter in GO.items() if name != "guest"}  # whoever is a guest takes no chats

    assert len(set(places.values())) == len(places)


def test_every_right_that_a_group_or_a_place_names_is_one() -> None:
    assert {group.right for group in GROUPS} - {""} | {right for _, right in PLACES} <= set(Right)


def test_the_row_holds_the_places_of_a_shift_and_folds_the_rest() -> None:
    row, folded = parted(RIGHTS[Role.ADVOCATE])
    assert {"chats", "tips", "directory", "cases"} <= set(row)
    assert {"practice", "calls"} & {*row, *folded} == set(folded) & {"practice", "calls"}

    row, folded = parted(RIGHTS[Role.SUPERVISOR])
    assert row == ["chats", "board", "tips", "directory", "entries", "cases"]
    for role in Role:
        row, folded = parted(RIGHTS[role])
        assert sorted(row + folded) == sorted(name for name, right in PLACES if right in RIGHTS[role])
        assert len(row) >= min(len(row + folded), FULL)
        assert len(folded) != 1


@pytest.mark.anyio
async def test_the_page_shows_whoever_looks_her_own_keys_and_switches_single_letters_off(ada: Walker) -> None:
    await ada.open("/desk/shortcuts")
    assert "<kbd>Alt</kbd> <kbd>Q</kbd>" in ada.page
    assert 'data-single-keys="on"' in ada.page

    await ada.post("/desk/shortcuts", {"single": "off"}, follow=False)
    kept = ada.headers["set-cookie"]
    assert kept.startswith("__Host-keys=off;")
    assert {"HttpOnly", "Secure", "Path=/"} <= set(kept.split("; "))
    switched = await ada.client.get("/desk/shortcuts", headers={"cookie": f"{COOKIE}={ada.cookie}; __Host-keys=off"})
    assert 'data-single-keys="off"' in switched.text

    dana = await join(ada, alias="Dana", role="directory_editor")
    await dana.open("/desk/shortcuts")
    assert "<kbd>?</kbd>" in dana.page
    assert "<kbd>Alt</kbd> <kbd>Q</kbd>" not in dana.page
