"""Holds the search to finding what a Valkey writes, however it squeezes it, and what logs are rotated into."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from redis import Redis

from portal.proof.needles import Haystack, name, sealed, words
from portal.proof.packed import layers, lzf, squeezed
from tests.support.rooms import Valkeys

SECRET = "a grey heron stood by the quiet canal lock tonight"


@pytest.fixture
def store(valkeys: Valkeys) -> Iterator[Redis]:
    client = Redis.from_url(valkeys.durable.url)
    yield client
    client.close()


def dumped(store: Redis, fill: Callable[[Redis], object]) -> bytes:
    """One key as the store writes it to a file."""
    store.delete("proof")
    fill(store)
    content = store.dump("proof")
    store.delete("proof")
    assert isinstance(content, bytes)
    return content


def is_seen(content: bytes, sought: bytes) -> bool:
    return any(sought in layer for layer in layers(content))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(piece=st.binary(min_size=1, max_size=40), times=st.integers(1, 60), tail=st.binary(max_size=30))
def test_whatever_a_valkey_holds_is_seen_in_what_it_writes(store: Redis, piece: bytes, times: int, tail: bytes) -> None:
    value = b"v" + piece * times + tail + b"w"

    assert is_seen(dumped(store, lambda redis: redis.set("proof", value)), value)


def test_words_in_a_hash_and_in_a_stream_are_seen_and_so_is_what_was_deleted_from_its_middle(store: Redis) -> None:
    text = (SECRET * 3).encode()

    assert SECRET.encode() not in dumped(store, lambda redis: redis.set("proof", text)), "nothing was squeezed at all"
    assert is_seen(dumped(store, lambda redis: redis.hset("proof", "f", text)), text)

    def deleted(redis: Redis) -> None:
        for number in range(1, 4):
            redis.xadd("proof", {"e": text if number == 2 else b"another"}, id=f"{number}-0")
        redis.xdel("proof", "2-0")

    assert is_seen(dumped(store, deleted), text)


@given(st.binary(max_size=200))
def test_bytes_that_only_look_squeezed_harm_nothing(content: bytes) -> None:
    assert all(layer for layer in squeezed(b"\xc3" + content))
    assert lzf(content, 10) is None or len(lzf(content, 10) or b"") == 10


@pytest.mark.parametrize("packed", [gzip.compress, bz2.compress, lzma.compress])
def test_a_rotated_log_is_opened(packed: Callable[[bytes], bytes]) -> None:
    assert is_seen(b"head" + packed((SECRET + "\n").encode()), SECRET.encode())


@given(before=st.binary(max_size=5), raw=st.binary(min_size=16, max_size=40))
def test_a_name_is_found_in_every_coding_wherever_it_begins(before: bytes, raw: bytes) -> None:
    import base64

    haystack = Haystack([name("it", raw)])
    coded = [raw, raw.hex().encode(), base64.b64encode(before + raw), base64.urlsafe_b64encode(before + raw)]

    assert [len(haystack.found_in(b"-" + each + b"-")) for each in coded] == [1] * 4
    assert haystack.found_in(raw[:-1][::2]) == set()


def test_words_are_found_wide_escaped_and_in_an_address() -> None:
    haystack = Haystack([words("hers", "où est la clé")])

    for form in ("où est la clé".encode("utf-16-le"), b'"o\\u00f9 est la cl\\u00e9"', b"o%C3%B9%20est%20la%20cl%C3%A9"):
        assert haystack.found_in(b".." + form + b"..")


def test_a_piece_of_a_seal_is_found_and_its_header_alone_is_not() -> None:
    raw = b"\x01\x01" + bytes(range(200))
    haystack = Haystack([sealed("message", raw)])

    assert haystack.found_in(raw[:60])
    assert haystack.found_in(raw[-30:])
    assert not haystack.found_in(raw[:20])
