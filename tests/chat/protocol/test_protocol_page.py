"""Holds PROTOCOL.md to the code: whoever writes a client from the page meets what the server speaks."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

import chat.protocol
from chat.protocol import advocate, board, server, visitor
from chat.protocol.closing import Closing
from chat.protocol.kinds import SUBPROTOCOL, Question, Reason

PAGE = (Path(chat.protocol.__file__).parent / "PROTOCOL.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows(heading: str) -> dict[str, str]:
    """The first cell's code word -> the second cell, of every table row of a section."""
    return dict(re.findall(r"^\| `(\w+)` \|([^|]*)\|", section(heading), flags=re.MULTILINE))


def name_of(frame: type[msgspec.Struct]) -> str:
    return str(frame.__struct_config__.tag or frame.__name__)


INSIDE = (
    server.Waiting,
    server.Mine,
    server.OnDuty,
    server.Card,
    server.Offer,
    server.Colleague,
    server.Watchable,
    server.OpenCall,
    board.OnBoard,
    board.CalledFor,
)
SPEAKERS = [
    ("The visitor's page says", get_args(visitor.Spoken)),
    ("The server tells the visitor's page", get_args(server.ToVisitor)),
    ("The advocate's desk says", (*get_args(advocate.Spoken), advocate.HeldTalk)),
    ("The server tells the desk", (*get_args(server.ToDesk), *INSIDE)),
]


@pytest.mark.parametrize(("heading", "frames"), SPEAKERS)
def test_every_frame_of_a_speaker_stands_on_the_page_and_no_other(
    heading: str, frames: tuple[type[msgspec.Struct], ...]
) -> None:
    assert set(rows(heading)) - set(get_args(Question)) == {name_of(frame) for frame in frames}


@pytest.mark.parametrize(("heading", "frames"), SPEAKERS)
def test_every_field_of_a_frame_stands_in_its_row_and_no_other(
    heading: str, frames: tuple[type[msgspec.Struct], ...]
) -> None:
    told = rows(heading)
    for frame in frames:
        words = set(re.findall(r"`(\w+)`", told[name_of(frame)]))
        words -= {"end", "exit", "shown", "hidden", "HeldTalk"} | {each.__name__ for each in INSIDE}
        assert words == set(frame.__struct_fields__) - {"pad"}, name_of(frame)


def test_every_question_stands_on_the_page() -> None:
    for question in get_args(Question):
        assert f"| `{question}`" in section("The visitor's page says")


def test_every_refusal_stands_on_the_page_and_no_other() -> None:
    assert set(rows("Refusals")) == set(get_args(Reason))


def test_every_close_code_stands_on_the_page_with_its_phrase() -> None:
    told = re.findall(r"^\| (\d{4}) \| (\w+) \| `([\w.]+)` \| (\w+)", section("Close codes"), flags=re.MULTILINE)
    assert {(int(code), name, phrase) for code, name, phrase, _ in told} == {
        (code.value, code.name, code.phrase) for code in Closing
    }
    for code, _, _, back in told:
        assert Closing(int(code)).may_return == (back != "no"), code


def test_the_page_names_the_subprotocol_of_the_code() -> None:
    assert f"`{SUBPROTOCOL}`" in PAGE
