"""Logs tell acts and places, never an address, a browser's name or a person's words."""

from __future__ import annotations

import logging
import sys

import pytest

from portal.logs import MOST_FAILURES, QuietFormatter

CANARY = "canary words of a visitor"


def written(message: str, *values: object, failure: bool = False) -> str:
    record = logging.LogRecord(
        "porchlight", logging.ERROR, __file__, 1, message, values, sys.exc_info() if failure else None
    )
    return QuietFormatter().format(record)


@pytest.mark.parametrize(
    "address",
    [
        "203.0.113.77",
        "203.0.113.77:51234",
        "2001:db8:85a3::8a2e:370:7334",
        "[2001:db8:85a3:0:0:8a2e:370:7334]:443",
        "fe80::1ff:fe23:4567:890a",
    ],
)
def test_an_address_is_blotted_out_wherever_it_stands(address: str) -> None:
    for text in (address, f"{address} - hello", f"peer=({address})", f"from {address}, twice {address}"):
        assert address not in written(text)
    assert address not in written("%s - accepted", address)


def test_a_query_is_blotted_out() -> None:
    assert CANARY.split()[0] not in written('"GET /en/talk?word=canary HTTP/1.1"')


def test_what_is_no_address_stays() -> None:
    assert written("page_broke error=KeyError at=render:97").endswith("page_broke error=KeyError at=render:97")
    assert "12:34" in written("12:34 o'clock")
    assert "1.2.3" in written("version 1.2.3")


def test_a_failure_is_told_by_kind_and_place_without_its_text() -> None:
    try:
        try:
            int(CANARY)
        except ValueError as cause:
            raise KeyError(CANARY) from cause
    except KeyError:
        text = written("background_broke", failure=True)

    assert CANARY not in text
    assert "canary" not in text.replace("test_logs", "")
    assert "builtins.KeyError at test_logs.py:" in text
    assert "builtins.ValueError at test_logs.py:" in text


def test_a_failure_of_several_is_told_with_each_of_them() -> None:
    try:
        raise ExceptionGroup(CANARY, [KeyError(CANARY), ExceptionGroup("", [OSError(CANARY)]), *[ValueError()] * 20])
    except ExceptionGroup:
        text = written("background_broke", failure=True)

    assert CANARY not in text
    assert [name in text for name in ("builtins.ExceptionGroup", "builtins.KeyError", "builtins.OSError")] == [True] * 3
    assert text.count(" at ") == MOST_FAILURES
