"""Lets the machine itself fail under a talk: a disk that fills, a database that hangs, a store that reads its file.

Each time: what the visitor sees, what the operator sees, and that nothing acknowledged is lost. docs/faults.md says the
same in words. Short forms of these, and the clock and the certificate, are in tests/portal/operation.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import httpx
import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from websockets.exceptions import ConnectionClosed

from portal.store import embedded
from portal.store.valkey import connect
from tests.support.deaths import is_ready, until
from tests.support.desk_people import PHONE_LINE, DeskLine, DeskPerson, open_doors, set_up
from tests.support.house import House, free_port, running_house
from tests.support.in_charge import SEEN_WITHIN_S, InCharge, a_tip_is_told
from tests.support.line_people import LineVisitor
from tests.support.open_house import open_house_at
from tests.support.patience import PATIENCE_S, SOON_S
from tests.support.postgres import running_postgres
from tests.support.reporters import LineReporter
from tests.support.small_disk import fill_up, small_disk
from tests.support.spoken import new_key
from tests.support.web import HERE

pytestmark = [pytest.mark.fault, pytest.mark.long, pytest.mark.timeout(600)]

BEFORE, DURING, AFTER = "said before it went wrong", "said while it was wrong", "said when it was right again"


def visitor_sees(house: House, *, a_tip_is_kept: bool = False) -> list[int]:
    """Every page stands, with the phone line; every form is answered 303. How they were answered."""
    with httpx.Client(base_url=house.public, timeout=30, **HERE) as web:
        pages = [web.get(path, follow_redirects=True) for path in ("/en/", "/en/numbers", "/en/note", "/ar/talk")]
        for answer in pages:
            assert PHONE_LINE in answer.text, answer.url
    assert a_tip_is_told(house, DURING) == a_tip_is_kept
    return [answer.status_code for answer in pages]


def is_acknowledged(visitor: LineVisitor, key: str, text: str, within: float) -> bool:
    """Whether she is told that this word was kept."""
    try:
        visitor.line.say("Say", key=key, text=text)
        visitor.line.hear("MessageAccepted", key=key, within=within)
    except (AssertionError, OSError, ConnectionClosed):
        return False
    return True


def writes_until_refused(visitor: LineVisitor) -> tuple[list[str], str]:
    """She goes on writing: a disk has room in what it has begun. What was acknowledged, and the key of what was not."""
    kept: list[str] = []
    for number in range(100):
        key, text = new_key(), f"word number {number}"
        if not is_acknowledged(visitor, key, text, within=20):
            return kept, key
        kept.append(text)
        time.sleep(0.5)
    raise AssertionError("the disk was never full")


def sends_again(visitor: LineVisitor, key: str) -> None:
    """Her page comes back and sends the same word once more, as it does by itself or by one tap."""
    visitor.comes_back(0)
    assert visitor.hears(BEFORE)["text"] == BEFORE
    visitor.line.say("Say", key=key, text=DURING)
    visitor.line.hear("MessageAccepted", key=key)


def heard_once(line: DeskLine, *texts: str) -> None:
    for text in texts:
        line.hears(text)
    posted = [fact.get("text") for fact in line.line.heard if fact["type"] == "MessagePosted"]
    assert [posted.count(text) for text in texts] == [1] * len(texts)


async def fill(url: str) -> None:
    """Many rows more for a store to read."""
    store = connect(url)
    for first in range(0, 150_000, 500):
        async with store.pipeline(transaction=False) as pipe:
            for number in range(first, first + 500):
                pipe.set(f"filler:{number}", b"x")
            await pipe.execute()
    await store.aclose()


def answers(url: str) -> str:
    """How a store answers who asks once: by nothing wrong, or by the kind of it."""
    with Redis.from_url(url, socket_timeout=5, retry=Retry(NoBackoff(), 0)) as store:
        try:
            store.ping()
        except RedisError as wrong:
            return type(wrong).__name__
    return ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a disk")
def test_a_disk_that_fills(short_tmp_path: Path) -> None:
    place = f"127.0.0.1:{free_port()}"
    with (
        small_disk(short_tmp_path / "data", 256),
        running_house(short_tmp_path, phone_line=PHONE_LINE, metrics=place) as house,
    ):
        first: DeskPerson = set_up(house)
        open_doors(first)
        time.sleep(1.2)
        reporter = LineReporter(house)
        receipt = reporter.sends_note(BEFORE)
        with LineVisitor.starts(house) as visitor:
            visitor.says(BEFORE)
            she = InCharge(house, place, first)
            until(lambda: she.grade("disk") == "well", within=SEEN_WITHIN_S)
            fill_up(house.data)
            kept, key = writes_until_refused(visitor)
            visitor_sees(house)
            she.is_told("disk", "now", "The disk of the data folder is full", readies=False)

            (house.data / "filler").unlink()
            until(lambda: is_ready(house), within=30)
            time.sleep(2)
            sends_again(visitor, key)
            visitor.says(AFTER)
            desk = first.signs_in().opens_the_line()
            desk.is_ready()
            conversation = desk.takes_next()
            heard_once(desk, BEFORE, *kept, DURING, AFTER)
            desk.says(conversation, "I am here")
            visitor.hears("I am here")
            desk.close()
        assert BEFORE in reporter.comes_back(receipt).words
        she.is_told_no_more("disk")
        assert "valkey_ended" in house.printed()
        reporter.close()
        first.close()


def test_a_database_that_hangs(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = f"127.0.0.1:{free_port()}"
    with running_postgres() as server, server.database() as name:
        word = tmp_path_factory.mktemp("word") / "database"
        word.write_text(server.url(name) + "\n")
        with open_house_at(tmp_path_factory.mktemp("h"), database_url_file=word, metrics=place) as ready:
            house = ready.house
            reporter = LineReporter(house)
            receipt = reporter.sends_note(BEFORE)
            desk = ready.admin.opens_the_line()
            desk.is_ready()
            with ready.visitor_on_the_line() as visitor:
                visitor.says(BEFORE)
                conversation = desk.takes_next()
                frozen = server.processes()
                for each in frozen:
                    each.send_signal(signal.SIGSTOP)
                try:
                    visitor.says(DURING)
                    desk.says(conversation, "I am still here")
                    visitor.hears("I am still here")
                    began = time.monotonic()
                    visitor_sees(house)
                    took = time.monotonic() - began
                    she = InCharge(house, place, ready.admin)
                    she.is_told("database", "now", "The database does not answer.", readies=False)
                finally:
                    for each in reversed(frozen):
                        each.send_signal(signal.SIGCONT)
                until(lambda: is_ready(house), within=SOON_S)
                visitor.says(AFTER)
                heard_once(desk, AFTER)
            # One process may be ready before another has looked again; its page says "try again", and she does.
            until(lambda: BEFORE in reporter.comes_back(receipt).words, within=SOON_S)
            assert took < 60, "five pages and a form, each within seconds"
            desk.close()
            reporter.close()


def test_a_store_that_reads_its_file(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own switches for tests make each row of its file take as long as thousands do, and let it look up often."""
    place = f"127.0.0.1:{free_port()}"
    with open_house_at(tmp_path_factory.mktemp("h"), metrics=place) as ready:
        house = ready.house
        with ready.visitor_on_the_line() as visitor:
            visitor.says(BEFORE)
            durable = house.valkeys["durable"]
            asyncio.run(fill(durable.url))
            slow = "\nkey-load-delay 700\nloading-process-events-interval-bytes 1024\n"
            monkeypatch.setattr(embedded, "_KEPT", embedded._KEPT + slow)
            house.kill(house.valkey("durable").pid)
            assert durable.process is not None
            durable.process.wait(10)
            durable.start()
            key = new_key()
            until(lambda: answers(durable.url) == "BusyLoadingError", within=30)
            she = InCharge(house, place, ready.admin)
            assert not is_acknowledged(visitor, key, DURING, within=2)
            visitor_sees(house, a_tip_is_kept=True)  # no tip lies in this store
            assert answers(durable.url) == "BusyLoadingError", "what she saw, she saw while it read"
            she.is_told("durable", "bad", "reads its file and does not serve yet. Wait: it comes", readies=False)
            assert httpx.get(f"{house.public}/health/live", timeout=PATIENCE_S, **HERE).status_code == 200

            until(lambda: is_ready(house), within=240)
            sends_again(visitor, key)
            desk = ready.admin.signs_in().opens_the_line()
            desk.is_ready()
            desk.takes_next()
            heard_once(desk, BEFORE, DURING)
            desk.close()
