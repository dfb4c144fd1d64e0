"""What stands in an error, a warning of asyncio or a debugger's line about words holds none of them."""

from __future__ import annotations

import msgspec
import pytest

from chat.card import Answers
from chat.message import NOBODY, Body, Message
from chat.poll.frames import Say as Said
from chat.protocol import server, visitor
from chat.protocol.kinds import Frame
from i18n.translator import Result, Status

CANARY = "canary sentence about a passport"
KEY = "A" * 22
TOKEN = "B" * 43

THINGS = [
    Body(CANARY, CANARY, said=CANARY),
    Message(1, "visitor", "words", CANARY, CANARY, NOBODY, said=CANARY),
    Answers(given={"name": CANARY, "region": CANARY}),
    Result(CANARY, "onprem", Status.DONE),
    visitor.Say(key=KEY, text=CANARY),
    visitor.Resume(token=TOKEN, last=0),
    server.MessagePosted(seq=1, author="visitor", name=CANARY, text=CANARY, key=KEY),
    Said(resume=visitor.Resume(token=TOKEN, last=0), said=[visitor.Say(key=KEY, text=CANARY)]),
]


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: type(thing).__name__)
def test_no_word_no_name_and_no_token_stands_in_a_repr(thing: object) -> None:
    for shown in (repr(thing), str(thing), f"{thing}", repr([thing]), repr(ValueError(thing))):
        assert "canary" not in shown
        assert TOKEN not in shown


def test_no_frame_there_is_tells_its_fields() -> None:
    kinds, known = [Frame], []
    while kinds:
        kind = kinds.pop()
        known.append(kind)
        kinds += kind.__subclasses__()

    assert len(known) > 40
    assert [kind for kind in known if kind.__repr__ is msgspec.Struct.__repr__] == []
