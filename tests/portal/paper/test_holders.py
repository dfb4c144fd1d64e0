"""Holds the red line on the desk to standing until each of three named persons has shown her sheet."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from portal.paper.holders import Holders, Kept
from portal.paper.tables import recovery_sheets
from portal.services import Services
from portal.vault.keyfiles import seal_peppers
from portal.vault.recovery import sheet_groups
from portal.vault.sheets import Sheet, open_with, read_paper
from tests.portal.staff.walker import Walker, acts, set_up, walker
from tests.support.desk_people import papers_of

pytestmark = pytest.mark.anyio

RED = "Not every recovery sheet is in the hands of its person yet."
NAMES = ("Ada", "Bo Lund", "Cy, of the board")


@pytest.fixture
async def ada(services: Services) -> Walker:
    """The first administrator, the three sheets before her."""
    return await set_up(walker(services))


def half(sheet: list[str]) -> str:
    """What is typed of a sheet."""
    return " ".join(group[:2] for group in sheet)


async def test_the_red_line_stands_until_each_of_the_three_has_shown_hers(ada: Walker, services: Services) -> None:
    sheets = ada.slips()
    await ada.post("/desk/sheets", {f"name{number}": name for number, name in enumerate(NAMES, 1)})
    for shown, (name, sheet) in enumerate(zip(NAMES, sheets, strict=True)):
        await ada.open("/desk")
        assert ada.sees(RED), shown
        # At a screen of her own, without an account.
        keeper = ada.fresh()
        await keeper.post("/desk/sheets/back", {"name": name, "half": half(sheet).lower()}, token=None)
        assert keeper.sees("Thank you. Your sheet is right."), name

    await ada.open("/desk")
    assert not ada.sees(RED)
    assert (await services.opening.facts()).is_sheet_kept
    assert (await acts(services)).count("sheet.on_paper") == 3


async def test_no_page_takes_or_shows_a_whole_sheet_but_the_one_after_set_up(ada: Walker, services: Services) -> None:
    address, sheets = ada.address, ada.slips()
    await ada.post("/desk/sheets", {"name1": "Ada", "half1": " ".join(sheets[0])})
    assert ada.sees("These are not the first two letters of each group of that sheet.")
    assert sheets[0][3] not in ada.page

    for number, sheet in enumerate(sheets, 1):
        await ada.post("/desk/sheets", {f"name{number}": NAMES[number - 1], f"half{number}": half(sheet)})
    await ada.open(address)
    assert ada.address == "/desk/sheets"
    assert not [group for sheet in sheets for group in sheet if group in ada.page]


async def test_wrong_letters_another_sheet_and_another_name_prove_nothing(ada: Walker, services: Services) -> None:
    first, second, _ = ada.slips()
    keeper = ada.fresh()
    await ada.post("/desk/sheets", {"name1": "Ada", "name2": "Bo Lund"})
    swapped = half([*first[:5], first[5][::-1] if first[5] != first[5][::-1] else "QQQQ", *first[6:]])
    for typed in ("", swapped, half(first[:15]), "A" * 32, "é" * 32):
        await keeper.post("/desk/sheets/back", {"name": "Ada", "half": typed}, token=None)
        assert keeper.sees("These are not the first two letters"), typed
    await keeper.post("/desk/sheets/back", {"name": "Ada", "half": half(second)}, token=None)
    assert keeper.sees("This sheet is in another name.")
    await ada.post("/desk/sheets", {"half1": half(second)})
    assert ada.sees("These are not the first two letters")

    assert not any(kept.day for kept in await kept_in(services))


async def test_a_sheet_nobody_is_named_for_is_shown_with_a_name(ada: Walker, services: Services) -> None:
    sheets, keeper = ada.slips(), ada.fresh()
    await keeper.post("/desk/sheets/back", {"half": half(sheets[0])}, token=None)
    assert keeper.sees("Write who keeps this sheet.")

    await keeper.post("/desk/sheets/back", {"half": half(sheets[0]), "name": " Bo  Lund "}, token=None)

    assert [(kept.name, kept.is_done) for kept in await kept_in(services)] == [
        ("Bo Lund", True),
        ("", False),
        ("", False),
    ]


async def test_in_another_name_the_paper_is_to_be_shown_once_more(ada: Walker, services: Services) -> None:
    await ada.post("/desk/sheets", {**papers_of([" ".join(sheet) for sheet in ada.slips()])})
    assert (await services.opening.facts()).is_sheet_kept

    await ada.post("/desk/sheets", {"name2": "Dee"})

    assert [kept.is_done for kept in await kept_in(services)] == [True, False, True]
    await ada.open("/desk")
    assert ada.sees(RED)


async def test_the_disk_names_nobody_and_a_writer_puts_no_sheet_on_paper(ada: Walker, services: Services) -> None:
    sheets = ada.slips()
    await ada.post("/desk/sheets", {"name1": "Bo Lund", "half1": half(sheets[0])})
    async with services.database.read() as connection:
        cards = list((await connection.execute(select(recovery_sheets.c.card))).scalars())
    assert len({len(card) for card in cards}) == 1
    assert not [card for card in cards if b"Bo Lund" in card]

    async with services.database.write() as connection:
        await connection.execute(update(recovery_sheets).where(recovery_sheets.c.number == 2).values(card=cards[0]))
    assert await ada.open("/desk/sheets") == 503


async def test_a_house_with_one_sheet_goes_on_and_is_told_how_to_have_three(ada: Walker, services: Services) -> None:
    folder, (first, second, _) = services.staff.folder, ada.slips()
    one, other = (read_paper(" ".join(sheet)) for sheet in (first, second))
    assert isinstance(one, Sheet)
    assert isinstance(other, Sheet)
    secret = open_with(folder.recovery_box()[-252:], one, other)
    ledger = await services.staff.ledger.current()
    (folder.path / "recovery.box").write_bytes(seal_peppers(folder.peppers(), ledger.recovery or b""))
    async with services.database.write() as connection:
        await connection.execute(recovery_sheets.delete())

    await ada.open("/desk/opening")
    assert ada.sees("Whoever holds this paper can open every tip.")
    await ada.post("/desk/sheet", {"sheet": " ".join(sheet_groups(secret))[:-1]})
    assert ada.sees("That is not the recovery sheet of this hotline.")
    await ada.post("/desk/sheet", {"sheet": " ".join(sheet_groups(secret))})
    assert ada.sees("Good. The recovery sheets are on paper.")
    await ada.open("/desk/sheets")
    assert ada.sees("This hotline has one sheet, and that paper opens every tip.")
    assert ada.sees("server.py recover")


async def kept_in(services: Services) -> list[Kept]:
    """What the desk may say of the three."""
    return await Holders(services).kept()
