"""The codec lets through what its speaker may say and nothing else."""

import json

import pytest
from hypothesis import given, strategies as st

from chat.protocol import advocate, codec, server, visitor

KEY = "A" * 22
TOKEN = "B" * 43


def test_a_visitors_words_become_a_typed_frame() -> None:
    assert codec.read_visitor(json.dumps({"type": "Say", "key": KEY, "text": "hola"})) == visitor.Say(
        key=KEY, text="hola"
    )


def test_padding_is_read_and_means_nothing() -> None:
    frame = json.dumps({"type": "Here", "pad": "0" * 200})
    assert isinstance(codec.read_visitor(frame), visitor.Here)
    assert isinstance(codec.read_advocate(frame), advocate.Here)


@pytest.mark.parametrize("kind", ["Take", "Note", "Close", "Ready"])
def test_a_visitors_line_cannot_even_express_what_the_desk_says(kind: str) -> None:
    frame = json.dumps({"type": kind, "key": KEY, "conversation": KEY, "text": "x", "ready": True})
    with pytest.raises(codec.Malformed):
        codec.read_visitor(frame)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        "null",
        '"Say"',
        "{}",
        '{"type":"Say"}',
        '{"type":"Say","key":"short","text":"x"}',
        '{"type":"Say","key":"' + KEY + '","text":1}',
        '{"type":"Say","key":"' + KEY + '","text":"x","extra":1}',
        '{"type":"Resume","token":"' + TOKEN + '","last":-1}',
        '{"type":"Resume","token":"' + TOKEN + '","last":1e99}',
        '{"type":"Leave","how":"taken"}',
        '{"type":"Answer","key":"' + KEY + '","question":"age","choice":"x"}',
        '{"type":"Say","key":"' + KEY + '","text":"\\ud800"}',
        "[" * 5_000,
        b"\xff\xfe",
    ],
)
def test_what_is_not_a_frame_is_malformed_and_never_repeated(frame: str | bytes) -> None:
    with pytest.raises(codec.Malformed) as caught:
        codec.read_visitor(frame)
    assert str(caught.value) == ""
    assert caught.value.__cause__ is None


def test_a_frame_over_the_limit_is_too_large_in_characters_and_in_bytes() -> None:
    with pytest.raises(codec.TooLarge):
        codec.read_visitor("x" * 16_385)
    with pytest.raises(codec.TooLarge):
        codec.read_visitor("\N{GRINNING FACE}" * 4_200)


@given(st.text(max_size=3_000).filter(lambda text: text.isprintable()), st.sampled_from(["visitor", "advocate"]))
def test_what_is_told_has_a_stepped_size_and_reads_back(text: str, author: str) -> None:
    told = server.MessagePosted(seq=7, author=author, name="Robin", text=text, key=KEY)  # type: ignore[arg-type]
    frame = codec.write(told)
    assert len(frame) in codec.STEPS
    read = json.loads(frame)
    read.pop("pad")
    assert read == {"type": "MessagePosted", "seq": 7, "author": author, "name": "Robin", "text": text, "key": KEY}


def test_short_and_shorter_words_have_one_size() -> None:
    sizes = {
        len(codec.write(server.Here())),
        len(codec.write(server.Typing())),
        len(codec.write(server.MessageAccepted(key=KEY, seq=1))),
        len(codec.write(server.LineChanged(line="weak"))),
    }
    assert sizes == {256}
