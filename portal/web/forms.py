"""Reads a posted form into plain values, within limits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from portal.errors import PorchlightError

KIB = 1024
MIB = 1024 * KIB
_MOST_FIELDS = 200


class FormTooLarge(PorchlightError):
    """More was posted than a form may hold."""

    phrase: ClassVar[str] = "error.too_large"
    status: ClassVar[int] = 413


class FormUnreadable(PorchlightError):
    """What was posted is not a form of ours."""

    phrase: ClassVar[str] = "error.unreadable"
    status: ClassVar[int] = 400


class Form(Mapping[str, str]):
    """The posted fields. `form[name]` is the last value of a name; `form.many(name)` is all of them, in order."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        return self._values[name][-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def many(self, name: str) -> list[str]:
        """Every value posted under this name; empty when there was none."""
        return list(self._values.get(name, ()))

    def __repr__(self) -> str:
        return f"<Form with {len(self)} fields>"  # Never the values: a form holds somebody's words.


async def read_form(request: Request, *, limit: int = 64 * KIB, drop_up_to: int = MIB) -> Form:
    """Read a form post (urlencoded, UTF-8) of at most `limit` bytes.

    A larger body is read and thrown away up to `drop_up_to` bytes before `FormTooLarge` is raised, so that the answer,
    a 303, arrives: a connection reset in the middle of a post makes browsers keep what was posted. Nothing is ever
    spooled to a file. Raises FormUnreadable for another content type, broken text or too many fields.
    """
    body = await read_body(request, limit=limit, drop_up_to=drop_up_to)
    if content_type(request) != "application/x-www-form-urlencoded":
        raise FormUnreadable
    try:
        text = body.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:  # UnicodeDecodeError is one too. Its message quotes what was posted, so it is cut off here.
        raise FormUnreadable from None
    return Form(pairs)


async def read_json(request: Request, *, limit: int = 64 * KIB) -> dict[str, object]:
    """Read a JSON object posted by our own script. Raises FormTooLarge or FormUnreadable."""
    body = await read_body(request, limit=limit)
    try:
        value = json.loads(body)
    except ValueError:
        raise FormUnreadable from None
    if not isinstance(value, dict):
        raise FormUnreadable
    return value


async def read_body(request: Request, *, limit: int, drop_up_to: int = MIB) -> bytes:
    """The whole body, at most `limit` bytes; see `read_form` for what happens to a larger one."""
    kept = bytearray()
    seen = 0
    try:
        async for chunk in request.stream():
            seen += len(chunk)
            if seen <= limit:
                kept += chunk
            elif seen > drop_up_to:
                break
    except ClientDisconnect:
        raise FormUnreadable from None
    if seen > limit:
        raise FormTooLarge
    return bytes(kept)


def content_type(request: Request) -> str:
    """The media type of the posted body, without parameters, in lower case."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
