"""Runs every bench and prints its tables; nothing is asserted, the machine and its load decide the figures.

`python -m bench relay` runs the relay beside its peers instead, `python -m bench tips` the store of tips,
`python -m bench inbox` the desk's list of them, `python -m bench filings` how they come in, `python -m bench receipts`
numbers that open none and one that does, `python -m bench guess` the guess at a language,
`python -m bench translated` the relay with a dead engine in every talk, `python -m bench desk` the chat desk,
`python -m bench directory` the directory of services, `python -m bench signin` the desk's door, `python -m bench queue`
plays the queue and writes docs/capacity.md.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
from websockets.sync.client import connect

from bench import directory, first_words, guess
from bench.desk import run as desk
from bench.figures import Figures, measured, show
from bench.filings import run as filings
from bench.inbox import run as inbox
from bench.queue import run as queue
from bench.receipts import run as receipts
from bench.relay import run as relay, translated
from bench.signin import run as signin
from bench.tips import run as tips
from portal.folder import milliseconds_to_disk
from tests.support.house import free_port, running_house
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.server_process import REPOSITORY
from tests.support.spoken import new_key

STARTS = 5
PAGES = 400
MESSAGES = 600
VISITORS = 12
# Slower than a visitor is throttled, so that none is.
PAUSE_S = 0.03


@contextmanager
def floor() -> Iterator[tuple[int, list[psutil.Process]]]:
    """The floor in a process of its own: its port and itself."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.floor", str(port)], cwd=REPOSITORY)
    try:
        while True:
            try:
                page(port, "/")
                break
            except OSError:
                time.sleep(0.02)
        yield port, [psutil.Process(process.pid)]
    finally:
        process.terminate()
        process.wait(5)


def page(port: int, path: str) -> None:
    """One page over a new connection, read to its end."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request("GET", path, headers={"accept-encoding": "gzip"})
    line.getresponse().read()
    line.close()


def starts(folder: Path) -> None:
    """From the command to the first answer, on a new folder and on one that was used before."""
    first, second = [], []
    for number in range(STARTS):
        with running_house(folder / f"start-{number}") as house:
            first.append(house.started_in_s * 1000)
            house.restart()
            second.append(house.started_in_s * 1000)
    show("Start, until both faces answer", [Figures("second start", second), Figures("first start", first)])


def pages(ready: OpenHouse) -> None:
    """A page, drawn and zipped, beside three letters."""
    port = ready.house.port
    with floor() as (floor_port, floor_processes):
        rows = [measured("floor: three letters", lambda _n: page(floor_port, "/"), PAGES, floor_processes)]
    workers = ready.house.workers()
    for path in ("/en/", "/ar/numbers", "/en/note", "/en/talk"):
        rows.append(measured(path, lambda _n, path=path: page(port, path), PAGES, workers))  # type: ignore[misc]
    show("One page after the other, each on a new connection", rows)


def messages(ready: OpenHouse) -> None:
    """From a visitor's word to the advocate who reads it, beside an echo that keeps nothing."""
    words = "I can write for about five minutes. He is asleep in the other room."
    with floor() as (port, floor_processes), ExitStack() as held:
        sockets = [
            held.enter_context(connect(f"ws://127.0.0.1:{port}/echo", compression=None, proxy=None))
            for _ in range(VISITORS)
        ]

        def echo(number: int) -> None:
            socket = sockets[number % VISITORS]
            socket.send(json.dumps({"type": "Say", "key": new_key(), "text": f"{words} {number}"}))
            socket.recv()

        rows = [measured("floor: echo, nothing kept", echo, MESSAGES, floor_processes, pause_s=PAUSE_S)]

    desk = ready.admin.opens_the_line()
    visitors = [ready.visitor_on_the_line() for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.says("hello")
        desk.takes_next()

    def says(number: int) -> None:
        visitors[number % VISITORS].line.say("Say", key=new_key(), text=f"{words} {number}")
        desk.hears(f"{words} {number}")

    house = ready.house
    servers = [*house.workers(), house.valkey("durable"), house.valkey("ember")]
    rows.append(measured("visitor to advocate, sealed, kept", says, MESSAGES, servers, pause_s=PAUSE_S))
    for visitor in visitors:
        visitor.line.close()
    desk.close()
    show(f"One message after the other, {PAUSE_S * 1000:.0f} ms apart", rows)


def main() -> int:
    """All of it, in throw-away folders; or the one that is named."""
    if sys.argv[1:2] == ["relay"]:
        return relay.main(sys.argv[2:])
    if sys.argv[1:2] == ["directory"]:
        return directory.main(sys.argv[2:])
    if sys.argv[1:2] == ["queue"]:
        return queue.main()
    if sys.argv[1:2] == ["inbox"]:
        return inbox.main(sys.argv[2:])
    if sys.argv[1:2] == ["desk"]:
        return desk.main(sys.argv[2:])
    if sys.argv[1:2] == ["filings"]:
        return filings.main(sys.argv[2:])
    if sys.argv[1:2] == ["receipts"]:
        return receipts.main(sys.argv[2:])
    if sys.argv[1:2] == ["signin"]:
        return signin.main(sys.argv[2:])
    if sys.argv[1:2] == ["translated"]:
        return translated.main(sys.argv[2:])
    if sys.argv[1:2] == ["guess"]:
        return guess.main(sys.argv[2:])
    if sys.argv[1:2] == ["tips"]:
        return tips.main(sys.argv[2:])
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; a busy machine makes every time longer.")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        print(f"One write to this disk takes {milliseconds_to_disk(folder):.2f} ms; a kept message waits for one.")
        starts(folder)
        with open_house_at(folder / "open", chat_capacity=20) as ready:
            pages(ready)
            first_words.show(first_words.visits(ready))
            messages(ready)
    return 0


if __name__ == "__main__":
    sys.exit(main())
