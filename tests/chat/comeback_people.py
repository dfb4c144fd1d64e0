"""Asks for numbers and types them in, for the tests of coming back."""

from __future__ import annotations

from time import monotonic

import pytest

from chat.comeback import Comebacks, NumberNotKnown
from portal.errors import NotThere
from portal.ids import random_id
from tests.chat.conftest import ChatHouse


@pytest.fixture
def comebacks(house: ChatHouse) -> Comebacks:
    return Comebacks(house.relay)


async def opens(house: ChatHouse, token: bytes) -> bool:
    try:
        await house.relay.access.conversation_for_visitor(token)
    except NotThere:
        return False
    return True


async def refused(comebacks: Comebacks, code: str) -> float:
    """Seconds until this number was refused; fails when it was not."""
    began = monotonic()
    with pytest.raises(NumberNotKnown):
        await comebacks.resume(code, random_id())
    return monotonic() - began
