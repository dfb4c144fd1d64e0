"""The cards of interpreters: whoever keeps them cannot read the number, whoever opens it is written down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.ids import random_id, to_text
from portal.interpreters.book import MOST, Full
from portal.interpreters.form import CardForm, read_card
from portal.interpreters.tables import interpreters
from portal.services import Services
from portal.staff.forms import FormWrong
from portal.staff.rights import RIGHTS, Right, Role
from portal.staff.tables import audit
from portal.web.forms import Form
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.staff.walker import Walker, set_up, walker

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

CARD = CardForm("Language Line", "555-0100", "day and night", ("ti", "so"), "kestrel 4711")
FIELDS: dict[str, str | list[str]] = {"provider": "Language Line", "phone": "555-0100", "account": "kestrel 4711"}


async def acts(services: Services) -> list[tuple[str, bytes]]:
    async with services.database.read() as connection:
        lines = await connection.execute(select(audit.c.act, audit.c.subject).order_by(audit.c.n))
        return [(act, subject) for act, subject in lines if act.startswith("interpreter")]


async def test_a_number_opens_with_the_key_of_the_chat_and_stands_sealed_in_the_file(house: ChatHouse) -> None:
    book = house.services.interpreters
    row = await book.add(house.advocate, CARD)
    (card,) = await book.all()
    assert (card.provider, card.languages, card.has_account) == ("Language Line", ("ti", "so"), True)
    assert "kestrel" not in repr(card)
    assert "kestrel" not in repr(CARD)
    assert await book.account(house.advocate, row) == "kestrel 4711"
    assert await book.account(replace(house.advocate, _keys={}), row) is None
    await house.services.database.checkpoint()
    held = house.services.settings.database_path.read_bytes()
    assert b"kestrel" not in held
    assert b"Language Line" in held  # the look would find it


async def test_a_card_somebody_else_wrote_is_nobodys(house: ChatHouse, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever can write rows would have advocates call his own number."""
    book = house.services.interpreters
    row = await book.add(house.advocate, CARD)
    async with house.services.database.write() as connection:
        await connection.execute(update(interpreters).values(phone="555-0666"))
    assert await book.all() == ()
    assert await book.account(house.advocate, row) is None
    assert not await book.write_opening(house.advocate, row)
    assert not await book.change(house.advocate, row, CARD)
    assert "interpreter_card_refused" in caplog.text


async def test_a_changed_card_keeps_its_number_until_another_is_typed_or_it_is_dropped(house: ChatHouse) -> None:
    book = house.services.interpreters
    row = await book.add(house.advocate, CARD)
    without = replace(CARD, account="", languages=())
    assert await book.change(house.advocate, row, without)
    assert await book.account(house.advocate, row) == "kestrel 4711"
    assert await book.change(house.advocate, row, replace(CARD, account="heron 9"))
    assert await book.account(house.advocate, row) == "heron 9"
    assert await book.change(house.advocate, row, without, drops_account=True)
    assert await book.account(house.advocate, row) is None
    assert not await book.change(house.advocate, random_id(), CARD)
    await book.remove(house.advocate, row)
    await book.remove(house.advocate, row)
    assert await book.all() == ()
    did = [act.removeprefix("interpreter.") for act, _ in await acts(house.services)]
    assert did == ["added", "changed", "changed", "changed", "removed"]


async def test_a_house_keeps_a_dozen(house: ChatHouse) -> None:
    book = house.services.interpreters
    for _ in range(MOST):
        await book.add(house.advocate, replace(CARD, account=""))
    with pytest.raises(Full):
        await book.add(house.advocate, CARD)


async def test_a_language_is_found_by_how_it_is_spoken(house: ChatHouse) -> None:
    book = house.services.interpreters
    assert not await book.speaks("zh-Hant")
    row = await book.add(house.advocate, replace(CARD, languages=("yue", "prs")))
    assert [await book.speaks(tag) for tag in ("zh-Hans", "zh-Hant", "fa", "es")] == [True, True, True, False]
    await book.change(house.advocate, row, replace(CARD, languages=()))
    assert await book.speaks("es")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"provider": " "}, "provider"),
        ({"provider": "x" * 81}, "provider"),
        ({"phone": "call us"}, "phone"),
        ({"hours": "x" * 121}, "hours"),
        ({"account": "x" * 121}, "account"),
    ],
)
def test_a_form_says_what_to_mend(wrong: dict[str, str], field: str) -> None:
    typed: dict[str, Any] = {**FIELDS, **wrong}
    with pytest.raises(FormWrong) as refused:
        read_card(Form(list(typed.items())))
    assert set(refused.value.wrongs) == {field}


def test_whoever_keeps_cards_is_an_administrator_and_whoever_reads_them_takes_chats() -> None:
    keep = {role for role in Role if Right.KEEP_INTERPRETERS in RIGHTS[role]}
    see = {role for role in Role if Right.SEE_INTERPRETERS in RIGHTS[role]}
    assert (keep, see) == ({Role.ADMINISTRATOR}, {Role.ADMINISTRATOR, Role.SUPERVISOR, Role.ADVOCATE})


class Desk:
    """Ada keeps the cards and holds the chat's key, as the first person of a house does."""

    def __init__(self, services: Services, ada: Walker) -> None:
        self.services, self.ada = services, ada
        self.duty = False
        services.is_on_duty = self.is_on_duty

    async def is_on_duty(self, _staff_id: bytes) -> bool:
        return self.duty

    async def opens(self) -> None:
        (card,) = await self.services.interpreters.all()
        await self.ada.post("/desk/interpreters/open", {"row": to_text(card.id)})


@pytest.fixture
async def desk(services: Services) -> Desk:
    made = Desk(services, await set_up(walker(services)))
    await made.ada.post("/desk/interpreters/add", {**FIELDS, "languages": ["ti", "xx"], "hours": "8-20"})
    return made


async def test_the_page_shows_a_number_to_an_advocate_on_duty_after_it_is_written_down(desk: Desk) -> None:
    ada = desk.ada
    assert ada.sees("It is written down.")
    assert ada.sees("Language Line")
    assert ada.sees("ትግርኛ")
    assert "kestrel" not in ada.page
    await desk.opens()
    assert ada.sees("Advocates on duty open it.")
    assert [act for act, _ in await acts(desk.services)] == ["interpreter.added"]

    desk.duty = True
    await desk.opens()
    (card,) = await desk.services.interpreters.all()
    assert ada.sees("kestrel 4711")
    assert (await acts(desk.services))[-1] == ("interpreter.opened", card.id)
    shown = ada.address
    await ada.open("/desk/interpreters")
    assert "kestrel" not in ada.page
    await ada.open(shown)  # the minute of its pass, for her alone
    assert ada.sees("kestrel 4711")


async def test_what_was_typed_wrongly_stands_in_its_field_but_for_the_number(desk: Desk) -> None:
    await desk.ada.post("/desk/interpreters/add", {**FIELDS, "provider": "A second line", "phone": "call us"})
    assert 'value="A second line"' in desk.ada.page
    assert "kestrel" not in desk.ada.page
    assert len(await desk.services.interpreters.all()) == 1


async def test_nobody_without_the_right_finds_the_page(desk: Desk) -> None:
    stranger = desk.ada.fresh()
    await stranger.open("/desk/interpreters")
    assert stranger.address.endswith("/desk/signin")
