"""Decides when a visitor is asked whether she is still there, and when a conversation she is not in ends by itself."""

from dataclasses import dataclass
from typing import Final, Literal

from chat.presence import GONE_AFTER_MS

MINUTE_MS: Final = 60_000
# What she tapped for "if we are cut off, wait for me", in minutes. "Let me go" means two: a tunnel is not leaving.
WISHES: Final = {"5": 5, "30": 30, "60": 60, "go": 2}
NO_WISH_MINUTES: Final = 60

Verdict = Literal["wait", "ask", "quiet", "gone"]


@dataclass(frozen=True, slots=True)
class Life:
    """What the clocks look at. Times are milliseconds since 1970; 0: never, None: she is not in that state."""

    is_talking: bool
    spoke_ms: int  # her last words
    told_ms: int  # the last words said to her
    sign_ms: int  # any other sign of hers: a tap, typing, a page that came back
    asked_ms: int  # when she was asked last
    seen_ms: int | None  # when her page was last heard
    lost_ms: int | None  # when its newest line broke
    hidden_ms: int | None  # since when it is out of view
    covered_ms: int | None  # since when it shows something else, for somebody is near
    wish_minutes: int  # 0: she chose nothing
    has_left: bool = False  # by the exit, her number kept: another clock of hers waits for that


def wish_minutes(choice: str) -> int:
    """The wish as the number that stands in clear; 0 for none."""
    return WISHES.get(choice, 0)


def away_since(now_ms: int, life: Life) -> int | None:
    """Since when nobody looks at her page, or None while it is in view.

    In line only a page that is gone counts: one that is out of view, or covered, waits all the same.
    """
    since = []
    if life.lost_ms is not None and life.lost_ms >= (life.seen_ms or 0):
        since.append(life.lost_ms)
    elif life.seen_ms is not None and now_ms - life.seen_ms >= GONE_AFTER_MS:
        since.append(life.seen_ms)
    if life.is_talking:
        since += [at for at in (life.hidden_ms, life.covered_ms) if at is not None]
    return min(since, default=None)


def judge(now_ms: int, life: Life, silent_minutes: int) -> Verdict:
    """What is due now: nothing, the question, or an end.

    Away, her own wish decides. In view, the clock of silence runs only while something that was said to her stands
    without an answer: in line, and unanswered, it is she who waits. It runs from the newest thing either did.
    """
    if life.has_left:
        return "wait"
    away = away_since(now_ms, life)
    if away is not None:
        return "gone" if now_ms - away >= (life.wish_minutes or NO_WISH_MINUTES) * MINUTE_MS else "wait"
    if not life.is_talking or life.told_ms <= life.spoke_ms:
        return "wait"
    since = max(life.told_ms, life.sign_ms)
    is_asked = life.asked_ms > since
    if now_ms - (life.asked_ms if is_asked else since) < silent_minutes * MINUTE_MS:
        return "wait"
    return "quiet" if is_asked else "ask"
