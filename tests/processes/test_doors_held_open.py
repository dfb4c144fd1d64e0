"""Whoever holds the doors open (systemd) starts the house anew: who comes meanwhile waits, and nobody is refused."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from portal.activation import handed_over, tell
from portal.listening import CannotListen
from tests.support.patience import PATIENCE_S
from tests.support.server_process import REPOSITORY, House
from tests.support.web import HERE

HOLDER = str(REPOSITORY / "tests" / "support" / "socket_holder.py")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("h"), program=(HOLDER,)).start()
    try:
        yield house
    finally:
        house.stop()


def notified(house: House) -> list[str]:
    path = house.temporary / "notified"
    return path.read_text("utf-8").splitlines() if path.exists() else []


def wait_until_said(house: House, times: int) -> None:
    ends = time.monotonic() + PATIENCE_S
    while notified(house).count("READY=1") < times:
        assert time.monotonic() < ends, house.printed()
        time.sleep(0.02)


@pytest.mark.long
def test_who_comes_while_the_house_is_started_anew_is_answered(held: House) -> None:
    wait_until_said(held, 1)
    answered: list[int] = []
    refused: list[str] = []
    is_over = threading.Event()

    def asks() -> None:
        while not is_over.is_set():
            try:
                answered.append(httpx.get(f"{held.public}/health/live", timeout=PATIENCE_S, **HERE).status_code)
            except httpx.TransportError as error:
                refused.append(repr(error))

    people = [threading.Thread(target=asks) for _ in range(4)]
    for each in people:
        each.start()
    os.kill(held.pid, signal.SIGHUP)
    wait_until_said(held, 2)
    before = len(answered)
    while len(answered) < before + 20:
        time.sleep(0.01)
    is_over.set()
    for each in people:
        each.join()

    assert refused == []
    assert set(answered) == {200}


@pytest.mark.parametrize(
    ("site", "says"),
    [(0, "2 taken, none is left to a child"), (1, "The socket unit listens on")],
    ids=["both", "another"],
)
def test_both_doors_are_taken_as_they_were_handed_over_or_refused_in_a_sentence(site: int, says: str) -> None:
    """The short form: the sockets alone, in a process that is handed them under the numbers systemd gives."""
    code = (
        "import os, sys\nfrom portal.activation import handed_over\nfrom portal.listening import CannotListen\n"
        "told = {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': '2'}\nsite, desk = map(int, sys.argv[1:])\n"
        "try:\n    taken = handed_over(told, site=site, desk=desk)\n"
        "    kept = [each for each in taken if os.get_inheritable(each.fileno())]\n"
        "    print(len(taken), 'taken, none is left to a child' if not kept else kept)\n"
        "except CannotListen as error:\n    print(error)\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        ports = [each.getsockname()[1] for each in (first, second)]
        ports[0] += site
        # A shell moves them to 3 and 4, as systemd does before it becomes the program.
        numbers = [each.fileno() for each in (first, second)]
        assert numbers[1] != 3
        becomes = f'exec 3<&{numbers[0]} 4<&{numbers[1]}; exec "$@"'
        done = subprocess.run(
            ["bash", "-c", becomes, "bash", sys.executable, "-c", code, *map(str, ports)],
            cwd=REPOSITORY,
            pass_fds=numbers,
            capture_output=True,
            text=True,
            check=True,
        )
    assert says in done.stdout


def test_nothing_is_taken_that_was_handed_to_another_process() -> None:
    assert handed_over({}, site=8000, desk=8001) == []
    assert handed_over({"LISTEN_PID": str(os.getpid() + 1), "LISTEN_FDS": "2"}, site=8000, desk=8001) == []


@pytest.mark.parametrize("count", ["", "0", "-1", "two", "99999"])
def test_a_number_of_sockets_that_is_none_is_refused(count: str) -> None:
    with pytest.raises(CannotListen, match="LISTEN_FDS"):
        handed_over({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": count}, site=8000, desk=8001)


def test_it_says_that_it_is_ready_to_whoever_asked_and_to_nobody_else(tmp_path: Path) -> None:
    tell({}, "READY=1")
    tell({"NOTIFY_SOCKET": str(tmp_path / "nobody")}, "READY=1")
    for name in (str(tmp_path / "n"), f"@porchlight-{os.getpid()}"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
            heard.bind(name.replace("@", "\0", 1))
            heard.settimeout(PATIENCE_S)
            tell({"NOTIFY_SOCKET": name}, "READY=1")
            assert heard.recv(64) == b"READY=1"
