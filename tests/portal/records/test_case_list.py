"""The list of cases: a page at a time, hers alone for an advocate, and a search that says where it stopped."""

from __future__ import annotations

import pytest

from portal.errors import NotThere
from portal.records import case_list
from portal.records.case_list import CaseList, Choice, folded, place_of
from portal.records.case_words import spoken
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.records.test_cases import advocate, body

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio


async def test_every_case_stands_on_one_page_and_a_search_goes_on_where_it_stopped(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, hers = house.services.cases, advocate(house.advocate)
    listing = CaseList(book)
    ids = [await book.begin(house.advocate, body("possible" if n % 2 else "none")) for n in range(54)]
    mine = await book.begin(hers, body())
    one = await listing.page(house.advocate, Choice())
    two = await listing.page(house.advocate, Choice(), one.ends)
    assert {row.id for row in (*one.rows, *two.rows)} == {*ids, mine}
    assert (len(one.rows), len(two.rows), two.ends) == (50, 5, None)
    assert [row.id for row in (await listing.page(hers, Choice())).rows] == [mine]
    assert [row.id for row in (await listing.page(house.advocate, Choice(is_mine=True))).rows] != [mine]
    assert len((await listing.page(house.advocate, Choice("waiting"))).rows) == 27
    assert (await listing.page(house.advocate, Choice("over"))).rows == []
    assert await book.waiting() == (0, 27)

    monkeypatch.setattr(case_list, "LOOKED", 50)
    none = await listing.page(house.advocate, Choice(words="heron"))
    assert (none.rows, none.looked, none.ends is not None) == ([], 50, True)
    rest = await listing.page(house.advocate, Choice(words="heron"), none.ends)
    assert (rest.rows, rest.looked, rest.ends) == ([], 5, None)
    by_number = await listing.page(hers, Choice(words=spoken(mine)))
    assert [row.id for row in by_number.rows] == [mine]
    assert await listing.by_number(hers, spoken(mine)) == mine
    for number in ("", "12", spoken(ids[0])):
        with pytest.raises(NotThere):
            await listing.by_number(hers, number)


def test_words_are_compared_without_case_accents_and_width() -> None:
    assert folded("\N{FULLWIDTH LATIN CAPITAL LETTER E}lodie\N{COMBINING ACUTE ACCENT}") == "elodie"
    assert place_of("") is None
    for broken in ("x", "2026-02-30.AAAAAAAAAAAAAAAAAAAAAA", "2026-02-03.A"):
        with pytest.raises(NotThere):
            place_of(broken)
