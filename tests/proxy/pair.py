"""Two servers of one house behind one proxy: who of them serves whom, and one that goes as on an update."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.proxy.asking import FORM, ask, desk_line
from tests.proxy.conftest import ADDRESS, Behind
from tests.support.line_people import LineVisitor
from tests.support.server_process import STOP_LIMIT_S, House

ESTABLISHED = "01"
TRIES = 20


def tell_of_two_servers(behind: Behind, words: str) -> None:
    """The desk is on one, the visitor on the other, and the visitor's goes."""
    with a_second_server(behind) as servers, desk_line(behind) as line:
        desk_at = next(each for each in servers if lines_at(each.desk_port))
        with LineVisitor.starts(behind.house, address=ADDRESS) as person:
            hers = apart(person, desk_at, servers)
            person.says(words)
            talk = line.takes_next()
            line.says(talk, "from one server to the other")
            last = person.hears("from one server to the other")["seq"]
            ends(hers)
            assert {ask(behind.proxy.site + "/en/numbers").status_code for _ in range(4)} == {200}
            person.comes_back(last).says("where nobody was lost")
            line.hears("where nobody was lost")
            sent = ask(f"{behind.proxy.site}/en/note/back", "POST", headers=FORM)
            assert sent.status_code == 303
            assert not sent.headers["location"].startswith("/wait/")


@contextmanager
def a_second_server(behind: Behind) -> Iterator[tuple[House, House]]:
    """One joins the house, and the proxy knows both; afterwards all is as it was."""
    second = behind.house.join()
    behind.proxy.knows(behind.house, second)
    try:
        yield behind.house, second
    finally:
        if not behind.house.is_live(behind.house.direct):
            behind.house.process = None
            behind.house.launch()
            while not behind.house.is_live(behind.house.direct):
                time.sleep(0.02)
        behind.proxy.knows(behind.house)
        behind.house.joined.remove(second)
        second.stop()


def lines_at(port: int) -> int:
    """How many connections somebody holds to this port of the machine's, by the kernel's own list."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == ESTABLISHED for row in rows)


def apart(person: LineVisitor, desk_at: House, servers: tuple[House, House]) -> House:
    """Her line is at the server where the desk's is not, whoever the proxy chose at first; that server."""
    (hers,) = (each for each in servers if each is not desk_at)
    for _ in range(TRIES):
        if lines_at(hers.port) and not lines_at(desk_at.port):
            return hers
        person.comes_back()
        time.sleep(0.05)
    raise AssertionError(f"the proxy never chose {hers.name}")


def ends(house: House) -> None:
    """As the machine's own manager ends it: SIGTERM, and wait."""
    assert house.process is not None
    house.process.send_signal(signal.SIGTERM)
    house.process.wait(STOP_LIMIT_S)
