"""Opens a house whose servers and stores all live by a clock that a test can move."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError

from tests.support.deaths import until
from tests.support.desk_people import PHONE_LINE, DeskPerson, open_doors, set_up
from tests.support.house import House, running_house
from tests.support.other_time import OtherTime
from tests.support.valkey_server import Server
from tests.support.valkey_sets import FORGOTTEN, KEPT, PLAIN


@contextmanager
def timed_house(root: Path, clock: OtherTime, **settings: Any) -> Iterator[tuple[House, DeskPerson]]:
    """The house, set up and open, and its first person. The stores are started beside it, for they live by it too."""
    with ExitStack() as stack:
        with clock.around():
            stores = [Server(root / name, PLAIN | how) for name, how in (("d", KEPT), ("e", FORGOTTEN))]
            for each in stores:
                each.start()
                stack.callback(each.stop)
        until(lambda: all(_is_there(each) for each in stores), within=20)
        starting = running_house(root, phone_line=PHONE_LINE, **settings)
        starting.house.settings |= clock.environment
        for name, store in zip(("REDIS_URL", "EMBER_URL"), stores, strict=True):
            starting.house.settings[name] = f"redis://127.0.0.1:{store.port}/0"
        house = stack.enter_context(starting)
        admin = set_up(house)
        stack.callback(admin.close)
        open_doors(admin)
        time.sleep(1.2)  # each process remembers for up to a second that the doors were closed
        yield house, admin


def _is_there(store: Server) -> bool:
    try:
        return bool(store.asked("PING"))
    except RedisError:
        return False
