"""Who was a guest stands in the audit: by whom, on which day, and never where."""

from __future__ import annotations

import pytest

from chat.cards import GUEST_NO, GUEST_YES
from chat.guests import Guests
from chat.hands import Hands
from chat.refusals import NotThisDesk
from portal.errors import Away
from portal.ids import random_id
from tests.chat.conftest import ChatHouse
from tests.chat.test_guests import asked, guests, taps, told
from tests.chat.test_watchers_vanish import written_down

__all__ = ["guests"]
pytestmark = pytest.mark.anyio


async def test_who_was_a_guest_is_written_down_before_he_can_read_and_when_he_goes_and_never_where(
    house: ChatHouse, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, robin, ola, card = await asked(house, guests)

    async def away(_act: str, _staff_id: bytes, _subject: bytes = b"") -> None:
        raise Away

    with monkeypatch.context() as patched:
        patched.setattr(house.services.staff.journal, "write", away)
        with pytest.raises(Away):
            await taps(house, talk, card, GUEST_YES)
        assert await told(house, talk, card) == [], "without the line nobody is let in"
        with pytest.raises(NotThisDesk):
            await guests.come_in(ola, talk.id)
        await taps(house, talk, card, GUEST_NO)
    assert await written_down(house, ola) == []

    key = random_id()
    for _ in range(2):
        await Hands(house.relay).tap(talk, card, GUEST_YES, key, 0)
    await taps(house, talk, card, GUEST_YES)
    for _ in range(2):
        await guests.come_in(ola, talk.id)
    assert await written_down(house, ola) == [("guest.began", b"")], "however often he comes in by one yes"
    for _ in range(2):
        await taps(house, talk, card, GUEST_NO)
    assert [act for act, _ in await written_down(house, ola)] == ["guest.began", "guest.ended"]

    await taps(house, talk, card, GUEST_YES)
    with monkeypatch.context() as patched:
        patched.setattr(house.services.staff.journal, "write", away)
        await taps(house, talk, card, GUEST_NO)
        with pytest.raises(NotThisDesk):
            await guests.come_in(ola, talk.id)
    await taps(house, talk, card, GUEST_YES)
    await guests.leave(await guests.come_in(ola, talk.id))
    again = await guests.ask(robin, ola.staff_id, "Ola", "interpreter", random_id(), 0)
    await guests.send_away(robin)
    assert again > card
    began, ended = ("guest.began", b""), ("guest.ended", b"")
    assert await written_down(house, ola) == [began, ended, began, began, ended], "only asked for is no guest"
