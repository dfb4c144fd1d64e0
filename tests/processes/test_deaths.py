"""What lives after each kind of death, and that the next start on the same folder finds everything."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.deaths import is_ready, living, remember, remembered, serving, until
from tests.support.house import House, running_house
from tests.support.patience import SOON_S

pytestmark = pytest.mark.fault


@pytest.fixture
def house(short_tmp_path: Path) -> Iterator[House]:
    with running_house(short_tmp_path, migrated=True) as house:
        yield house


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_kind_end_takes_everyone_along_within_three_seconds(house: House, how: signal.Signals) -> None:
    family = house.family()
    assert house.process is not None
    house.kill(house.pid, how)
    began = time.monotonic()

    assert house.process.wait(5) == 0
    assert time.monotonic() - began < 3
    assert living(family) == []
    assert "Traceback" not in house.printed()
    assert not list((house.data / "run").glob("*.url"))


def test_an_end_does_not_wait_for_a_page_that_hangs_or_a_valkey_that_is_frozen(house: House) -> None:
    held = socket.create_connection(("127.0.0.1", house.port))
    held.sendall(b"POST /en/note HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nabc")
    frozen = house.valkey("durable")
    frozen.suspend()
    family = house.family()
    house.kill(house.pid, signal.SIGTERM)

    assert house.process is not None
    house.process.wait(8)
    held.close()
    assert living(family) == []


def test_kill_9_of_the_parent_leaves_nobody_and_the_next_start_finds_everything(house: House) -> None:
    remember(house, b"kept through the parent's death")
    family = house.family()
    assert house.process is not None
    house.kill(house.pid)
    house.process.wait()
    until(lambda: living(family) == [], within=SOON_S)

    house.process = None
    house.start()
    until(lambda: is_ready(house), within=SOON_S)
    assert remembered(house) == b"kept through the parent's death"


def test_a_start_right_after_kill_9_waits_for_the_earlier_valkeys(house: House) -> None:
    remember(house, b"kept")
    family = house.family()
    assert house.process is not None
    house.kill(house.pid)
    house.process.wait()
    house.start()

    # A worker of before can still answer for a moment: the house is the new one once they are gone.
    until(lambda: living(family) == [] and is_ready(house), within=SOON_S)
    assert remembered(house) == b"kept"
    until(lambda: len(house.family()) == 4, within=SOON_S)


def test_a_killed_worker_is_followed_by_another_and_the_other_serves_meanwhile(house: House) -> None:
    before = serving(house)
    for pid in before:
        house.kill(pid)
        until(lambda gone=pid: gone not in serving(house) and is_ready(house), within=SOON_S)  # type: ignore[misc]

    until(lambda: len(serving(house)) == 2, within=SOON_S)
    assert before & serving(house) == set()


def test_both_workers_killed_at_once_come_back(house: House) -> None:
    before = serving(house)
    for pid in before:
        house.kill(pid)

    until(lambda: len(serving(house) - before) == 2, within=SOON_S)
    until(lambda: is_ready(house), within=SOON_S)


@pytest.mark.parametrize("which", ["durable", "ember"])
def test_a_killed_valkey_is_started_again_and_the_workers_find_it(house: House, which: str) -> None:
    remember(house, b"kept through the valkey's death")
    before = house.valkey(which).pid
    workers = serving(house)
    for _ in range(3):
        house.kill(house.valkey(which).pid)
        # Twice in a row: the second one waits a second, so that a server that cannot stay is not started in a rush.
        until(lambda: is_ready(house), within=SOON_S)

    assert house.valkey(which).pid != before
    assert serving(house) == workers
    assert remembered(house) == b"kept through the valkey's death"


def test_everything_killed_at_once_and_started_again(house: House) -> None:
    remember(house, b"kept through it all")
    family = house.family()
    assert house.process is not None
    for pid in [house.pid, *(each.pid for each in family)]:
        house.kill(pid)
    house.process.wait()
    until(lambda: living(family) == [], within=SOON_S)

    house.process = None
    house.start()
    until(lambda: is_ready(house), within=SOON_S)
    assert remembered(house) == b"kept through it all"
