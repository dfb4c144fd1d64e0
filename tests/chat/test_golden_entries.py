"""An entry sealed by the first house that knew its kind still opens: its golden bytes are never written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from chat.message import Body, Entry, Kind, Machine, Message, open_words, seal_words
from chat.protocol.kinds import Author
from portal.vault.conversations import open_message

GOLDEN = Path(__file__).parents[1] / "golden" / "entries"
CONVERSATION, TALK_KEY, PERSON, KEY = bytes(range(16)), bytes(range(32)), b"s" * 16, b"k" * 16

# Author, kind, what is sealed, the two marks in front, and the sealed bytes as they are before they are sealed.
ENTRIES: list[tuple[Author, Kind, Body, bytes, bytes]] = [
    (
        "advocate",
        "withdrawn",
        Body("", "Robin", 12, "perhaps"),
        b"ax",
        b'{"text":"","name":"Robin","of":12,"shown":"perhaps"}',
    ),
    ("system", "stayed", Body("stayed"), b"sy", b'{"text":"stayed"}'),
    ("advocate", "card", Body("sleep", "Robin"), b"ak", b'{"text":"sleep","name":"Robin"}'),
    ("visitor", "tap", Body("yes", of=12), b"vt", b'{"text":"yes","of":12}'),
    ("advocate", "handed", Body("Robin", "Sam"), b"ao", b'{"text":"Robin","name":"Sam"}'),
    ("advocate", "watched", Body("", "Kim"), b"av", b'{"text":"","name":"Kim"}'),
    ("advocate", "unwatched", Body("", "Kim"), b"au", b'{"text":"","name":"Kim"}'),
    ("advocate", "entered", Body("", "Kim"), b"ae", b'{"text":"","name":"Kim"}'),
    ("advocate", "went", Body("", "Kim"), b"aE", b'{"text":"","name":"Kim"}'),
    ("advocate", "guest", Body("", "Ola"), b"ag", b'{"text":"","name":"Ola"}'),
    ("advocate", "guest_gone", Body("", "Ola"), b"aG", b'{"text":"","name":"Ola"}'),
    ("advocate", "here", Body("", "Robin"), b"ah", b'{"text":"","name":"Robin"}'),
    ("system", "kept", Body("", "Robin", 12), b"sK", b'{"text":"","name":"Robin","of":12}'),
    (
        "system",
        "may_translate",
        Body("hers", "Robin", machine=Machine("onprem", "hers", "es", "en")),
        b"sm",
        b'{"text":"hers","name":"Robin","machine":{"engine":"onprem","whose":"hers","source":"es","target":"en"}}',
    ),
    (
        "system",
        "translated",
        Body("help", of=12, machine=Machine("deepl", "hers", "es", "en", True, "done", ("repeats",))),
        b"sT",
        b'{"text":"help","of":12,"machine":{"engine":"deepl","whose":"hers","source":"es","target":"en",'
        b'"is_third_party":true,"status":"done","flags":["repeats"]}}',
    ),
    ("system", "unkept", Body("", "Robin", 12), b"sU", b'{"text":"","name":"Robin","of":12}'),
]
each = pytest.mark.parametrize(
    ("author", "kind", "body", "marks", "plain"), ENTRIES, ids=[kind for _, kind, *_ in ENTRIES]
)


@each
def test_an_entry_is_written_as_ever(author: Author, kind: Kind, body: Body, marks: bytes, plain: bytes) -> None:
    sealed = seal_words(CONVERSATION, TALK_KEY, Entry(author, PERSON, KEY, kind, 7, b""), body)

    assert sealed.pack()[:38] == marks + PERSON + KEY + (7).to_bytes(4, "big")
    assert open_message(TALK_KEY, sealed.head(CONVERSATION), sealed.body) == plain


@each
def test_the_first_of_its_kind_still_opens(author: Author, kind: Kind, body: Body, marks: bytes, plain: bytes) -> None:
    old = Entry.unpack(bytes.fromhex((GOLDEN / f"{kind}.hex").read_text()))

    assert old.pack()[:2] == marks
    read = open_words(CONVERSATION, TALK_KEY, 13, old)
    assert read == Message(13, author, kind, body.name, body.text, KEY, body.of, body.shown, machine=body.machine)
    assert open_message(TALK_KEY, old.head(CONVERSATION), old.body) == plain


def test_every_golden_entry_is_of_a_kind_in_the_table() -> None:
    assert {path.stem for path in GOLDEN.glob("*.hex")} == {kind for _, kind, *_ in ENTRIES}
