"""Decides what a quiet line means: connected, weak, hidden, gone, or left."""

from typing import Final

from chat.protocol.kinds import Line, Shift

WEAK_AFTER_MS: Final = 20_000  # a page says Here every 15 s: one beat is late
GONE_AFTER_MS: Final = 45_000  # two beats are missing; only until then is a waiting conversation offered
# How long an advocate may be silent before her conversations go back to the queue. Half of it she is called gone, and
# whoever talks with her is told: two clocks of one promise, so no setting moves one of them.
LEASE_MS: Final = 90_000
SHIFTS_THAT_TAKE: Final[tuple[Shift, ...]] = ("ready", "on_call")  # of these somebody new may be taken
UNLIVED_AFTER_MS: Final = 60 * 60_000  # a wait nobody has lived in for this long ends: the longest wish a page offers


def line_of(
    now_ms: int,
    seen_ms: int | None,
    lost_ms: int | None,
    *,
    has_left: bool = False,
    is_hidden: bool = False,
    covered_ms: int | None = None,
) -> tuple[Line, int]:
    """The state of a line and the seconds it has been gone.

    `seen_ms`: when the other side was last heard (None: never). `lost_ms`: when its newest connection broke (None: it
    did not). A line that broke after it was last heard is gone at once; a silent one first weak, then gone.
    `is_hidden`: the page was last said to be out of view. A phone lets such a page fall silent, which is no weak line.
    `covered_ms`: since when the page is covered (None: it is not). That says more than any line: whether it is open or
    cut, nothing said now is read before she is back.
    """
    if has_left:
        return "left", 0
    if covered_ms is not None:
        return "covered", max(0, now_ms - covered_ms) // 1000
    if seen_ms is None:
        return "gone", 0
    quiet = max(0, now_ms - seen_ms)
    if lost_ms is not None and lost_ms >= seen_ms:
        return "gone", max(0, now_ms - lost_ms) // 1000
    if quiet >= GONE_AFTER_MS:
        return "gone", quiet // 1000
    if is_hidden:
        return "hidden", 0
    return ("weak" if quiet >= WEAK_AFTER_MS else "connected"), 0


def is_alive(now_ms: int, seen_ms: int | None) -> bool:
    """Whether a waiting page was seen recently enough to be offered to an advocate."""
    return seen_ms is not None and now_ms - seen_ms <= GONE_AFTER_MS
