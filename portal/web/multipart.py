"""Reads a posted form that carries a file, while it arrives: nothing is gathered, and nothing is put on a disk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from portal.web.forms import KIB, FormTooLarge, FormUnreadable

_MOST_PARTS: Final = 16
_MOST_HEADERS: Final = 8
_MOST_OF_A_HEADER: Final = 2 * KIB
_MOST_OF_A_FIELD: Final = 2 * KIB
_MOST_AROUND: Final = 64 * KIB
# So many times the bound is read and dropped: the answer has to arrive.
_DROPS: Final = 4


@dataclass(frozen=True)
class FieldCame:
    """A whole field of text."""

    name: str
    value: str

    def __repr__(self) -> str:
        return "FieldCame(...)"


@dataclass(frozen=True)
class BytesCame:
    """Some bytes of a file, in the order they were sent. Its own name is not told: it would tell of a person."""

    name: str
    data: bytes

    def __repr__(self) -> str:
        return "BytesCame(...)"


Came = FieldCame | BytesCame


async def read_multipart(request: Request, *, most: int) -> AsyncIterator[Came]:
    """The fields and bytes of a form with a file of at most `most` bytes, each as soon as it has come.

    The whole body is read whatever it holds, up to a bound, so that the answer arrives. Raises FormTooLarge, and
    FormUnreadable for another content type, a broken body, or a line that was cut.
    """
    heard = _Heard()
    parser = _parser(request, heard)
    seen, limit = 0, most + _MOST_AROUND
    try:
        async for chunk in request.stream():
            seen += len(chunk)
            if seen > limit * _DROPS:
                break
            if seen > limit:
                continue
            parser.write(chunk)
            for came in heard.take():
                yield came
    except ClientDisconnect:
        raise FormUnreadable from None
    except (FormParserError, ValueError):  # Its text quotes what was posted.
        raise FormUnreadable from None
    if seen > limit:
        raise FormTooLarge
    if not heard.is_over:
        raise FormUnreadable


def _parser(request: Request, heard: _Heard) -> MultipartParser:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise FormUnreadable
    try:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": heard.part_begins,
                "on_part_data": heard.part_goes_on,
                "on_part_end": heard.part_ends,
                "on_header_field": heard.header_is_named,
                "on_header_value": heard.header_goes_on,
                "on_header_end": heard.header_ends,
                "on_headers_finished": heard.headers_end,
                "on_end": heard.form_ends,
            },
            max_header_count=_MOST_HEADERS,
            max_header_size=_MOST_OF_A_HEADER,
        )
    except FormParserError:
        raise FormUnreadable from None


class _Heard:
    """What the parser has told and nobody has taken yet: never more than came with one piece of the body."""

    def __init__(self) -> None:
        self.is_over = False
        self._came: list[Came] = []
        self._parts = 0
        self._header = bytearray()
        self._said = bytearray()
        self._name = ""
        self._is_file = False
        self._value = bytearray()

    def take(self) -> list[Came]:
        came, self._came = self._came, []
        return came

    def part_begins(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise FormUnreadable
        self._name, self._is_file, self._value = "", False, bytearray()

    def header_is_named(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def header_goes_on(self, data: bytes, start: int, end: int) -> None:
        self._said += data[start:end]

    def header_ends(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._said))
            self._name = options.get(b"name", b"").decode("utf-8", "replace")
            self._is_file = b"filename" in options
        self._header, self._said = bytearray(), bytearray()

    def headers_end(self) -> None:
        if not self._name:
            raise FormUnreadable

    def part_goes_on(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._came.append(BytesCame(self._name, data[start:end]))
            return
        self._value += data[start:end]
        if len(self._value) > _MOST_OF_A_FIELD:
            raise FormUnreadable

    def part_ends(self) -> None:
        if not self._is_file:
            self._came.append(FieldCame(self._name, self._value.decode("utf-8", "replace")))

    def form_ends(self) -> None:
        self.is_over = True
