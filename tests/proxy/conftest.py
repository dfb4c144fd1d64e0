"""Two houses for the proxy tests, one behind nginx and one behind Caddy, set up through them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.support.desk_people import PHONE_LINE, DeskPerson, open_doors, set_up
from tests.support.neutral import NeutralSite, neutral_site
from tests.support.proxies import HouseBehind, Kind, Proxy, house_behind, trusting, write_pages

KINDS: tuple[Kind, ...] = ("nginx", "caddy")
# Every visitor of these tests comes from here, so that the address can be looked for afterwards.
ADDRESS = "127.0.0.77"
# The fewest a process can be told to serve at a time, so that few suffice to fill it.
# What a proxy holds back comes when the answer ends by plan, after a minute; what it passes on comes long before.
HELD_BACK_S = 10
MOST_AT_ONCE = 8


@dataclass
class Behind:
    """One house, what stands in front of it, and its first person."""

    house: HouseBehind
    proxy: Proxy
    admin: DeskPerson
    neutral: NeutralSite


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Kind, Behind]]:
    """Started side by side: half of the time is waiting."""
    with ExitStack() as stack, ThreadPoolExecutor(len(KINDS)) as hands:
        neutral = stack.enter_context(neutral_site())
        roots = {kind: tmp_path_factory.mktemp(kind[0]) for kind in KINDS}
        waiting = {
            kind: house_behind(
                kind,
                root,
                neutral.url,
                shared=True,
                phone_line=PHONE_LINE,
                workers=1,
                max_requests_at_once=MOST_AT_ONCE,
            )
            for kind, root in roots.items()
        }
        begun = {kind: hands.submit(each.__enter__) for kind, each in waiting.items()}
        for each in waiting.values():
            stack.push(each)
        houses = {kind: each.result() for kind, each in begun.items()}
        proxies = {kind: house.proxy for kind, house in houses.items() if house.proxy is not None}
        stack.enter_context(trusting(*(proxy.folder / "fullchain.pem" for proxy in proxies.values())))
        ready = {kind: hands.submit(made_ready, house) for kind, house in houses.items()}
        people = {kind: each.result() for kind, each in ready.items()}
        for person in people.values():
            stack.callback(person.close)
        yield {kind: Behind(houses[kind], proxies[kind], people[kind], neutral) for kind in KINDS}


def made_ready(house: HouseBehind) -> DeskPerson:
    """Set up and opened by way of the proxy; the proxy's own pages written again, now that the phone line is known."""
    admin = set_up(house, address=ADDRESS)
    open_doors(admin)
    assert house.proxy is not None
    write_pages(house, house.proxy.folder / "pages")
    return admin


@pytest.fixture(params=KINDS)
def behind(request: pytest.FixtureRequest, both: dict[Kind, Behind]) -> Behind:
    """Each of the two in turn, test by test: the order in the file is the order of what happens."""
    kind: Kind = request.param
    return both[kind]
