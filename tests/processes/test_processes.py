"""What lives after each kind of death, and that the next start on the same folder finds everything."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from portal.store.valkey import connect
from tests.support.house import House, running_house
from tests.support.source import REPOSITORY

pytestmark = pytest.mark.fault

AGENT = "CanaryBrowser/7.31 (agent that nobody may write down)"


@pytest.fixture
def house(short_tmp_path: Path) -> Iterator[House]:
    with running_house(short_tmp_path) as house:
        yield house


def until(is_so: Callable[[], bool], within: float) -> float:
    """Wait for it; how long it took. Fails when it does not come."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < within, f"not within {within} s"
        time.sleep(0.02)
    return time.monotonic() - began


def is_ready(house: House) -> bool:
    try:
        return httpx.get(f"{house.public}/health/ready", timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def living(family: list[psutil.Process]) -> list[int]:
    return [each.pid for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


def address_of(house: House, which: str) -> str:
    """Where a private Valkey is reached, as the server itself leaves it for its own account."""
    return (house.data / "run" / f"{which}.url").read_text("utf-8").strip()


def remember(house: House, word: bytes) -> None:
    async def put() -> None:
        durable = connect(address_of(house, "durable"))
        await durable.set(b"test:word", word)
        await durable.aclose()

    asyncio.run(put())


def remembered(house: House) -> object:
    async def get() -> object:
        durable = connect(address_of(house, "durable"))
        word = await durable.get(b"test:word")
        await durable.aclose()
        return word

    return asyncio.run(get())


def serving(house: House) -> set[int]:
    """The workers that live; one that is just being reaped is none."""
    for _ in range(20):
        try:
            return {each.pid for each in house.workers()}
        except psutil.Error:
            time.sleep(0.02)
    return set()


def test_it_is_a_parent_two_valkeys_and_the_workers_each_in_a_group_of_its_own(house: House) -> None:
    until(lambda: len(house.family()) == 4, within=5)  # a Valkey that writes its file anew has a child for a moment
    family = house.family()

    assert len(serving(house)) == 2
    assert {house.valkey("durable").pid, house.valkey("ember").pid} < {each.pid for each in family}
    for each in family:
        assert each.ppid() == house.pid
        assert os.getpgid(each.pid) == each.pid


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
    took = until(lambda: living(family) == [], within=5)
    assert took < 5

    house.process = None
    house.start()
    assert until(lambda: is_ready(house), within=5) < 5
    assert remembered(house) == b"kept through the parent's death"


def test_a_start_right_after_kill_9_waits_for_the_earlier_valkeys(house: House) -> None:
    remember(house, b"kept")
    assert house.process is not None
    house.kill(house.pid)
    house.process.wait()
    house.start()

    until(lambda: is_ready(house), within=5)
    assert remembered(house) == b"kept"
    until(lambda: len(house.family()) == 4, within=5)


def test_a_killed_worker_is_followed_by_another_and_the_other_serves_meanwhile(house: House) -> None:
    before = serving(house)
    for pid in before:
        house.kill(pid)
        until(lambda gone=pid: gone not in serving(house) and is_ready(house), within=5)  # type: ignore[misc]

    until(lambda: len(serving(house)) == 2, within=5)
    assert before & serving(house) == set()


def test_both_workers_killed_at_once_come_back(house: House) -> None:
    before = serving(house)
    for pid in before:
        house.kill(pid)

    until(lambda: len(serving(house) - before) == 2, within=6)
    until(lambda: is_ready(house), within=6)


@pytest.mark.parametrize("which", ["durable", "ember"])
def test_a_killed_valkey_is_started_again_and_the_workers_find_it(house: House, which: str) -> None:
    remember(house, b"kept through the valkey's death")
    before = house.valkey(which).pid
    workers = serving(house)
    for _ in range(3):
        house.kill(house.valkey(which).pid)
        # Twice in a row: the second one waits a second, so that a server that cannot stay is not started in a rush.
        until(lambda: is_ready(house), within=6)

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
    until(lambda: living(family) == [], within=5)

    house.process = None
    house.start()
    until(lambda: is_ready(house), within=5)
    assert remembered(house) == b"kept through it all"


def run_server(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "server.py", *arguments],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_second_start_on_the_same_folder_says_so_and_disturbs_nobody(house: House) -> None:
    second = run_server("--data", str(house.data), "--keys", str(house.keys), "--port", "65001", "--desk-port", "65002")

    assert second.returncode == 2
    assert "already runs" in second.stderr
    assert second.stderr.count("\n") == 1
    assert is_ready(house)


def test_a_port_that_is_taken_stops_the_start_with_a_sentence(house: House, tmp_path: Path) -> None:
    second = run_server(
        "--data", str(tmp_path / "d"), "--keys", str(tmp_path / "k"), "--port", str(house.port), "--desk-port", "65002"
    )

    assert second.returncode == 2
    assert second.stderr == f"Port {house.port} is taken on 127.0.0.1; end what uses it, or choose another.\n"


def test_a_bad_setting_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    refused = run_server("--data", str(tmp_path / "d"), PORCHLIGHT_WORKERS="many")

    assert refused.returncode == 2
    assert refused.stderr == "PORCHLIGHT_WORKERS must be a whole number from 1 to 64 (it is 'many').\n"
    assert not (tmp_path / "d").exists()


def test_a_second_server_joins_the_pair_and_leaves_it_running(house: House) -> None:
    pair = {"REDIS_URL": address_of(house, "durable"), "EMBER_URL": address_of(house, "ember")}
    other = House(house.root, pair, name="second").start()
    until(lambda: is_ready(other), within=5)
    assert len(serving(other)) == len(other.family()) == 2
    remember(house, b"shared")
    other.stop()

    assert is_ready(house)
    assert remembered(house) == b"shared"


def test_no_worker_may_be_read_or_dumped(house: House) -> None:
    for pid in serving(house):
        assert psutil.Process(pid).rlimit(psutil.RLIMIT_CORE)[1] <= 1
    for name in ("durable", "ember"):
        assert house.valkey(name).rlimit(psutil.RLIMIT_CORE)[1] <= 1


def test_nothing_that_is_printed_or_logged_names_a_person_s_machine(house: House) -> None:
    agent = {"user-agent": AGENT, "referer": "https://canary-referrer.example/", "x-forwarded-for": "203.0.113.77"}
    with httpx.Client(base_url=house.public, headers=agent, trust_env=False) as browser:
        for path in (
            "/",
            "/en/",
            "/en/canary-path?word=canary-query",
            "/%00",
            "/en/talk/" + "A" * 43,
            "/desk",
            "/a/x.css",
        ):
            browser.get(path)
        for path in ("/leave", "/en/note", "/en/talk", "/nowhere"):
            browser.post(path, data={"canary-field": "canary-word"})
        browser.request("TRACE", "/en/")
        browser.get("/line/talk", headers={"connection": "upgrade", "upgrade": "websocket", "sec-websocket-key": "x"})
    for raw in (b"\x16\x03\x01 canary-handshake\r\n\r\n", b"GET /" + b"c" * 70_000, b"GET / HTTP/9 canary\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", house.port), timeout=3) as line:
            line.sendall(raw)
            with contextlib.suppress(TimeoutError, ConnectionError):
                line.recv(1024)
    house.kill(house.valkey("durable").pid)
    until(lambda: is_ready(house), within=6)
    printed = house.printed().replace(house.public, "").replace(house.desk, "")
    logs = "".join(path.read_text("utf-8", "replace") for path in (house.data / "run").glob("*.log"))

    for canary in ("Canary", "canary", "203.0.113.77", "127.0.0.1:", "::1"):
        assert canary not in printed + logs
    assert not re.search(r"\b\d{1,3}(\.\d{1,3}){3}\b", printed)


def test_the_first_start_says_where_it_is_and_how_to_set_it_up(house: House) -> None:
    until(lambda: "Ctrl-C" in house.printed(), within=5)
    printed = house.printed()

    assert f"{house.public}/" in printed
    assert f"{house.desk}/desk" in printed
    assert house.setup_code() in printed
    assert len(printed.splitlines()) <= 8
