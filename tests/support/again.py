"""Presses again where a page says that the house is away for a moment, as its words ask a person to.

Only in a run in which primaries are killed (tests/support/elsewhere.py): anywhere else such a page fails the test.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import httpx
from playwright.sync_api import Page, TimeoutError as TimedOut
from websockets.exceptions import ConnectionClosed

from chat.protocol.closing import Closing
from tests.support.patience import PATIENCE_MS

IS_HURT: Final = os.environ.get("HOUSE_ENGINES", "") in {"sentinel", "cluster"}
WITHIN_S: Final = 40.0
PAUSE_S: Final = 1.0

Answered = TypeVar("Answered")


def tries() -> Iterator[None]:
    """Once; again and again for a while where primaries are killed. Whoever is content leaves the loop."""
    ends = time.monotonic() + WITHIN_S
    yield
    while IS_HURT and time.monotonic() < ends:
        time.sleep(PAUSE_S)
        yield


def is_away(answer: httpx.Response) -> bool:
    """Whether this answer says: not now, and try again. A form is sent on to a page that says so, by the house or by a
    proxy in front of it."""
    is_sent_on = "retry-after" in answer.headers or "/wait/" in answer.headers.get("location", "")
    return answer.status_code == 503 or (answer.status_code == 303 and is_sent_on)


def pressed(send: Callable[[], httpx.Response]) -> httpx.Response:
    """What was answered in the end."""
    for _ in tries():
        answer = send()
        if not is_away(answer):
            break
    return answer


def resumed(open_line: Callable[[], Answered]) -> Answered:
    """A line, opened again as every page does by itself where it is closed because a store is away."""
    for _ in tries():
        try:
            return open_line()
        except ConnectionClosed as closed:
            if not IS_HURT or closed.rcvd is None or closed.rcvd.code != Closing.AWAY:
                raise
    raise AssertionError(f"a store was away for {WITHIN_S} s")


def pressed_for(page: Page, press: Callable[[], None], selector: str) -> None:
    """In a browser: pressed, and what this is for is there; the same once more where the page says it is away."""
    press()
    while IS_HURT and not _comes(page, selector):
        press()
    page.wait_for_selector(selector)


def _comes(page: Page, selector: str) -> bool:
    with contextlib.suppress(TimedOut):
        page.wait_for_selector(selector, timeout=PATIENCE_MS / 4)
        return True
    return False
