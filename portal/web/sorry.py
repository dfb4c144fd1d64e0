"""Names every error by a short dull code, so that a page about it needs neither a store nor a secret."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from portal.errors import PorchlightError


def sorry_address(language_tag: str, error: type[PorchlightError]) -> str:
    """Where the page about this error is. It tells the code only, never what happened or to whom."""
    return f"/{language_tag}/sorry/{code_of(error)}"


def code_of(error: type[PorchlightError]) -> str:
    """Six hexadecimal figures made from the error's phrase key; a key in the address would be read over a shoulder."""
    return hashlib.sha256(error.phrase.encode()).hexdigest()[:6]


def error_of(code: str) -> type[PorchlightError]:
    """The error with this code; the plainest one for a code nobody knows."""
    return next((error for error in every_error() if code_of(error) == code), PorchlightError)


def every_error() -> Iterator[type[PorchlightError]]:
    """Every error class of the rooms that are loaded, the root included."""
    waiting: list[type[PorchlightError]] = [PorchlightError]
    while waiting:
        error = waiting.pop()
        yield error
        waiting += error.__subclasses__()
