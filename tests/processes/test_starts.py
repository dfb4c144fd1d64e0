"""What a start makes, refuses and says, and that nothing it prints names a person's machine."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.deaths import address_of, is_ready, remember, remembered, serving, until
from tests.support.house import House, running_house
from tests.support.patience import SOON_S
from tests.support.source import REPOSITORY
from tests.support.web import HERE

AGENT = "CanaryBrowser/7.31 (agent that nobody may write down)"


@pytest.fixture
def house(short_tmp_path: Path) -> Iterator[House]:
    """One that has just been started for the first time."""
    with running_house(short_tmp_path) as house:
        yield house


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all who leave it as it was."""
    with running_house(tmp_path_factory.mktemp("h")) as house:
        yield house


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


def test_it_is_a_parent_two_valkeys_and_the_workers_each_in_a_group_of_its_own(still: House) -> None:
    def seen() -> dict[int, tuple[int, int]]:
        """The parent and the group of each; nothing where one has gone while it was looked at."""
        try:
            return {each.pid: (each.ppid(), os.getpgid(each.pid)) for each in still.family()}
        except (psutil.NoSuchProcess, ProcessLookupError):
            return {}

    def is_settled() -> bool:
        """Told of one look: a Valkey that writes its file anew has a child for a moment, and has it again later."""
        family = seen()
        valkeys = {still.valkey("durable").pid, still.valkey("ember").pid}
        return len(family) == 4 and valkeys < family.keys() and family == {pid: (still.pid, pid) for pid in family}

    until(is_settled, within=SOON_S)
    assert len(serving(still)) == 2


def test_a_second_start_on_the_same_folder_says_so_and_disturbs_nobody(still: House) -> None:
    second = run_server("--data", str(still.data), "--keys", str(still.keys), "--port", "65001", "--desk-port", "65002")

    assert second.returncode == 2
    assert "already runs" in second.stderr
    assert second.stderr.count("\n") == 1
    assert is_ready(still)


def test_a_port_that_is_taken_stops_the_start_with_a_sentence(still: House, tmp_path: Path) -> None:
    second = run_server(
        "--data", str(tmp_path / "d"), "--keys", str(tmp_path / "k"), "--port", str(still.port), "--desk-port", "65002"
    )

    assert second.returncode == 2
    assert second.stderr == f"Port {still.port} is taken on 127.0.0.1; end what uses it, or choose another.\n"


def test_a_bad_setting_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    refused = run_server("--data", str(tmp_path / "d"), PORCHLIGHT_WORKERS="many")

    assert refused.returncode == 2
    assert refused.stderr == "PORCHLIGHT_WORKERS must be a whole number from 1 to 64 (it is 'many').\n"
    assert not (tmp_path / "d").exists()


def test_a_second_server_joins_the_pair_and_leaves_it_running(still: House) -> None:
    pair = {"REDIS_URL": address_of(still, "durable"), "EMBER_URL": address_of(still, "ember")}
    other = House(still.root, pair, name="second").start()
    until(lambda: is_ready(other), within=SOON_S)
    assert len(serving(other)) == len(other.family()) == 2
    remember(still, b"shared")
    other.stop()

    assert is_ready(still)
    assert remembered(still) == b"shared"


def test_no_worker_may_be_read_or_dumped(still: House) -> None:
    for pid in serving(still):
        assert psutil.Process(pid).rlimit(psutil.RLIMIT_CORE)[1] <= 1
    for name in ("durable", "ember"):
        assert still.valkey(name).rlimit(psutil.RLIMIT_CORE)[1] <= 1


def test_nothing_that_is_printed_or_logged_names_a_person_s_machine(house: House) -> None:
    agent = {"user-agent": AGENT, "referer": "https://canary-referrer.example/", "x-forwarded-for": "203.0.113.77"}
    with httpx.Client(base_url=house.public, headers=agent, **HERE) as browser:
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
    until(lambda: is_ready(house), within=SOON_S)
    printed = house.printed().replace(house.public, "").replace(house.desk, "")
    logs = "".join(path.read_text("utf-8", "replace") for path in (house.data / "run").glob("*.log"))

    for canary in ("Canary", "canary", "203.0.113.77", "127.0.0.1:", "::1"):
        assert canary not in printed + logs
    assert not re.search(r"\b\d{1,3}(\.\d{1,3}){3}\b", printed)


def test_the_first_start_says_where_it_is_and_how_to_set_it_up(house: House) -> None:
    until(lambda: "Ctrl-C" in house.printed(), within=SOON_S)
    printed = house.printed()

    assert f"{house.public}/" in printed
    assert f"{house.desk}/desk" in printed
    # Nobody sits at a terminal: what is printed goes into a log, and the code stays in its file.
    assert house.setup_code() not in printed
    assert str(house.data / "setup-code") in printed
    assert len(printed.splitlines()) <= 8
