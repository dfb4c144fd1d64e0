"""Holds the reading of posted forms to its limits."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from starlette.requests import Request
from starlette.types import Message

from portal.web.forms import FormTooLarge, FormUnreadable, read_form, read_json

FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.anyio


class Post:
    """A request whose body arrives in the given pieces; counts how much of it was taken."""

    def __init__(self, pieces: Sequence[bytes], kind: str = FORM) -> None:
        self._pieces = list(pieces)
        self.taken = 0
        scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-type", kind.encode())]}
        self.request = Request(scope, self._receive)

    async def _receive(self) -> Message:
        if not self._pieces:
            return {"type": "http.disconnect"}
        piece = self._pieces.pop(0)
        self.taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": bool(self._pieces)}


async def test_the_last_value_of_a_name_counts_and_all_can_be_had() -> None:
    form = await read_form(Post([b"a=1&b=", b"&a=%D9%85&a=3"]).request)

    assert form["a"] == "3"
    assert form.many("a") == ["1", "م", "3"]
    assert form["b"] == ""
    assert form.many("c") == []


async def test_a_form_never_shows_what_was_posted() -> None:
    form = await read_form(Post([b"words=canary"]).request)

    assert "canary" not in repr(form)


async def test_a_form_at_the_limit_is_read_and_one_byte_more_is_not() -> None:
    assert len((await read_form(Post([b"a=" + b"x" * 98]).request, limit=100))["a"]) == 98
    with pytest.raises(FormTooLarge):
        await read_form(Post([b"a=" + b"x" * 99]).request, limit=100)


async def test_a_large_form_is_read_to_its_end_before_it_is_refused() -> None:
    post = Post([b"a=" + b"x" * 1000] * 5)

    with pytest.raises(FormTooLarge):
        await read_form(post.request, limit=100, drop_up_to=10_000)
    assert post.taken == 5010


async def test_a_very_large_form_is_not_read_for_ever() -> None:
    post = Post([b"x" * 1000] * 50)

    with pytest.raises(FormTooLarge):
        await read_form(post.request, limit=100, drop_up_to=10_000)
    assert post.taken <= 11_000


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a=%ff", FORM),
        (b"a=\xff", FORM),
        (b"&".join(b"f%d=x" % number for number in range(500)), FORM),
        (b"a=1", "multipart/form-data; boundary=x"),
        (b"a=1", "text/plain"),
        (b"a=1", ""),
    ],
)
async def test_what_is_not_a_form_of_ours_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(FormUnreadable) as refused:
        await read_form(Post([body], kind).request)
    assert refused.value.__cause__ is None


async def test_a_post_that_breaks_off_is_refused() -> None:
    post = Post([b"a=1"])
    with pytest.raises(FormUnreadable):
        await read_form(Request(post.request.scope, _gone))


async def _gone() -> Message:
    return {"type": "http.disconnect"}


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"\xff"])
async def test_json_is_an_object_or_nothing(body: bytes) -> None:
    with pytest.raises(FormUnreadable):
        await read_json(Post([body], "application/json").request)


async def test_json_is_read() -> None:
    assert await read_json(Post([b'{"t": ["a"]}'], "application/json").request) == {"t": ["a"]}
