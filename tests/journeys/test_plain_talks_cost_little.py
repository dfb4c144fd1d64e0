"""Weighs talks without script beside talks with one: what the workers' memory grows by, and that it is given back."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
import pytest

from chat.plain.stream import LASTS_S
from tests.support.again import is_away, tries
from tests.support.house import House
from tests.support.line_people import LineVisitor
from tests.support.open_house import open_house_at
from tests.support.web import HERE

pytestmark = pytest.mark.journey

FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
# A talk of either kind, its place in the queue, its keys and its open answer, may cost one worker so much.
MOST_KIB_EACH = 300
STARTS_AT_ONCE = 25
FIRST_ONES = 6


@dataclass
class OpenFrame:
    """A talk without script whose frame of words is being written."""

    web: httpx.Client
    stack: ExitStack

    @classmethod
    def starts(cls, house: House) -> OpenFrame:
        """Start, the outer page, and the frame of words held open."""
        with ExitStack() as stack:
            web = stack.enter_context(httpx.Client(base_url=house.public, timeout=30, **HERE))
            for _ in tries():
                page = web.get("/en/talk").text
                start = re.findall(r'name="start" value="([^"]+)"', page)[0]
                answer = web.post("/en/talk", data={"start": start}, headers=FROM_OUR_PAGE)
                assert answer.status_code == 303
                outer = web.get(answer.headers["location"])
                words = re.findall(r'name="words" src="([^"]+)"', outer.text)
                if words or not (is_away(answer) or is_away(outer)):
                    break
            assert words, outer.text
            growing = stack.enter_context(web.stream("GET", words[0]))
            first = next(growing.iter_raw())
            assert b"plain-now" in first
            return cls(web, stack.pop_all())


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready.house


def memory_kib(house: House) -> int:
    """What all workers hold in memory; read where a process that hides its memory still tells its size."""
    return sum(int(worker.memory_info().rss) for worker in house.workers()) // 1024


@pytest.mark.long
@pytest.mark.parametrize("many", [12, 50])
def test_talks_without_script_cost_about_what_talks_with_script_do(house: House, many: int) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(STARTS_AT_ONCE) as crowd:
        # The first of each kind brings code and templates in, once for all, and each worker has a first of its own.
        for _ in range(FIRST_ONES):
            stack.callback(OpenFrame.starts(house).stack.close)
            stack.enter_context(LineVisitor.starts(house))
        empty = memory_kib(house)
        for visitor in crowd.map(lambda _: LineVisitor.starts(house), range(many)):
            stack.enter_context(visitor)
        with_script = memory_kib(house)
        began = time.monotonic()
        for frame in crowd.map(lambda _: OpenFrame.starts(house), range(many)):
            stack.callback(frame.stack.close)
        without = memory_kib(house)
        assert time.monotonic() - began < LASTS_S, "the first of these frames has ended by plan"
        grown = f"with script +{with_script - empty} KiB, without +{without - with_script} KiB"
        print(f"{many} talks each: the workers began with {empty} KiB, {grown}")
        assert with_script - empty < many * MOST_KIB_EACH
        assert without - with_script < many * MOST_KIB_EACH
