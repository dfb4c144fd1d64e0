"""Reads what a page without a socket posts, and writes its answers padded to steps."""

from collections.abc import Sequence
from typing import Annotated, Final, TypeVar

import msgspec

from chat.protocol import visitor
from chat.protocol.closing import Closing
from chat.protocol.codec import Malformed, step_over
from chat.protocol.kinds import SUBPROTOCOL
from chat.protocol.server import ToVisitor

# Longer than most networks leave a silent request alone; a page asks for less.
LONGEST_WAIT_S: Final = 50
MOST_SAID: Final = 30
# Two frames of the largest kind, or as many small ones as may be said at once.
BODY_LIMIT: Final = 34 * 1024


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every post proves whose it is, and says the last number that stands on the page."""

    resume: visitor.Resume

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Hear(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is new? `wait` 0: begin with a Welcome, answer at once. Else: answer when something is, or after `wait`."""

    wait: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_WAIT_S)]
    known: Annotated[str, msgspec.Meta(max_length=40)] = ""  # given back as it came with the last answer


class Say(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What she says, in its order."""

    said: Annotated[list[visitor.Spoken], msgspec.Meta(min_length=1, max_length=MOST_SAID)]


AskedKind = TypeVar("AskedKind", bound=Asked)


def read(body: bytes, kind: type[AskedKind]) -> AskedKind:
    """A post of our own script. Raises Malformed."""
    try:
        return msgspec.json.decode(body, type=kind, strict=True)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Malformed from None


def told(facts: Sequence[ToVisitor], known: str = "") -> bytes:
    """An answer: facts in their order, what the page gives back with its next question, the version it is spoken in."""
    return _padded(msgspec.json.encode({"told": facts, "known": known, "line": SUBPROTOCOL}))


def closed(code: Closing) -> bytes:
    """An answer that ends the line as a socket's close code would."""
    return _padded(msgspec.json.encode({"closed": code.value}))


def _padded(body: bytes) -> bytes:
    """Filled with spaces up to one of the steps a frame has, or to a multiple of the largest."""
    return body.ljust(step_over(len(body)))
