"""Keeps secrets out of logs and error pages: whoever prints one sees dots."""

from __future__ import annotations


class Dotted:
    """Base of every group of secrets; its `repr`, and so its place in a traceback or a log line, is dots.

    Use with `@dataclass(frozen=True, slots=True, repr=False)`.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(•••)"


class SecretText(str):
    """Text that prints as dots when it is shown as a value; only writing it out on purpose shows it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'•••'"
