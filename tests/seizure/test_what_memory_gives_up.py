"""Reads the memory of the processes of a house that runs, as whoever took the machine would, and looks for canaries."""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis

from portal.store.embedded import EmbeddedValkey
from portal.store.embers import Embers
from portal.store.valkey import connect
from tests.support.desk_people import DeskPerson
from tests.support.memory import NotAllowed, found_in
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.server_process import House

SAID = "the amber heron crosses the frozen lock at noon"
ANSWERED = "seven tin soldiers guard the narrow pantry"
NOTED = "her aunt of the velvet shop may ring on Sunday"
STORES = ("durable", "ember")
FADES_S = 180
PAGES = 60


def in_stores(house: House, needles: Mapping[str, bytes]) -> set[str]:
    """What stands in the memory of either Valkey."""
    found = {which: found_in(house.valkey(which).pid, needles) for which in STORES}
    return {f"{name} in {which}" for which, names in found.items() for name, times in names.items() if times}


def in_workers(house: House, needles: Mapping[str, bytes]) -> set[str]:
    """What stands in the memory of any process that serves."""
    found = [found_in(each.pid, needles) for each in house.workers()]
    return {name for names in found for name, times in names.items() if times}


def needles_of(token: str, person: DeskPerson) -> dict[str, bytes]:
    """Words of both sides and of a note, her token as her page has it and as bytes, a passphrase."""
    words = {"said": SAID, "answered": ANSWERED, "noted": NOTED, "passphrase": person.passphrase, "token": token}
    return {name: word.encode() for name, word in words.items()} | {"token, bytes": urlsafe_b64decode(token + "==")}


def may_be_read(house: House) -> bool:
    """Whether this account may; where it may not, nobody of its kind may, and that is the better answer."""
    try:
        found_in(house.valkey("ember").pid, {"nothing": b"\0nothing of ours\0"})
    except NotAllowed:
        return False
    return True


def test_neither_store_has_a_word_or_a_token_in_its_memory_while_people_talk(open_house: OpenHouse) -> None:
    house = open_house.house
    if not may_be_read(house):
        return  # Held by the machine: tests/processes/test_starts.py::test_no_worker_may_be_read_or_dumped.
    with closing(open_house.admin.signs_in().opens_the_line()) as desk, open_house.visitor_on_the_line() as visitor:
        visitor.says(SAID)
        talk = desk.takes_next()
        desk.says(talk, ANSWERED)
        desk.notes(talk, NOTED)
        visitor.hears(ANSWERED)
        needles = needles_of(visitor.token, open_house.admin)

        assert in_stores(house, needles) == set()
        # The control: what does stand there is found, in both.
        assert in_stores(house, {"its own name": b"valkey"}) == {f"its own name in {which}" for which in STORES}
        visitor.leaves("exit")
        assert in_stores(house, needles) == set()


async def test_a_secret_that_is_quenched_is_gone_from_the_stores_memory(open_house: OpenHouse) -> None:
    house = open_house.house
    if not may_be_read(house):
        return  # As above.
    client = connect(house.valkey_url("ember"))
    try:
        embers, kept = Embers(client), {name: secrets.token_bytes(32) for name in ("quenched", "deleted")}
        for name, secret in kept.items():
            await embers.put(f"of a test: {name}".encode(), secret, timedelta(minutes=1))
        assert in_stores(house, kept) == {"quenched in ember", "deleted in ember"}
        await embers.quench(b"of a test: quenched")
        assert await embers.get(b"of a test: quenched") is None
        assert in_stores(house, kept) == {"deleted in ember"}
        # What a plain delete leaves: why there is more than that.
        await embers.delete(b"of a test: deleted")
        assert await embers.get(b"of a test: deleted") is None
    finally:
        await client.aclose()


@pytest.mark.parametrize("others", [0, 1, 20])
@pytest.mark.parametrize("is_marked", [False, True])
async def test_it_is_gone_where_nothing_else_was_put_since(others: int, is_marked: bool, tmp_path: Path) -> None:
    """In a quiet night nobody's work writes over what one command left behind."""
    (tmp_path / "run").mkdir(mode=0o700)
    quiet = EmbeddedValkey("ember", run=tmp_path / "run", folder=None)
    quiet.start()
    client = connect(quiet.url)
    try:
        assert quiet.process is not None
        embers = Embers(client)
        for _ in range(10):
            for other in range(others):
                await embers.put(b"of others: %d" % other, secrets.token_bytes(32), timedelta(minutes=1))
            her = secrets.token_bytes(32)
            await embers.put(b"hers", her, timedelta(hours=1))
            try:
                assert found_in(quiet.process.pid, {"hers": her})["hers"] > 0
            except NotAllowed:
                return  # As above.
            # As the half of a session that is read, and locked, before it ends.
            assert await embers.get(b"hers") == her
            if is_marked:
                assert await embers.mark(b"hers", b"l", size=32)
                assert await embers.get(b"hers") == her + b"l"
            await embers.quench(b"hers", size=33)
            halves = {"all": her, "begin": her[:8], "end": her[-8:]}
            assert found_in(quiet.process.pid, halves) == dict.fromkeys(halves, 0)
    finally:
        await client.aclose()
        quiet.stop()


@pytest.mark.long
@pytest.mark.timeout(900)
def test_what_was_said_fades_from_every_process_and_its_ember_from_the_store(tmp_path: Path) -> None:
    """Freed memory holds words until it is used again: this says for how long in a house where some work goes on."""
    with open_house_at(tmp_path, wrap_up_minutes=1) as ready:
        house, admin = ready.house, ready.admin
        assert may_be_read(house), "run it as somebody who may read the memory of other processes"
        with closing(admin.signs_in().opens_the_line()) as desk, ready.visitor_on_the_line() as visitor:
            visitor.says(SAID)
            talk = desk.takes_next()
            desk.says(talk, ANSWERED)
            desk.notes(talk, NOTED)
            visitor.hears(ANSWERED)
            needles = needles_of(visitor.token, admin)
            needles.pop("passphrase")
            with closing(Redis.from_url(house.valkey_url("ember"), protocol=3)) as client:
                (key,) = client.scan_iter(match=b"e:*")
                ember = client.get(key)
            assert isinstance(ember, bytes)
            needles["ember"] = ember
            print("open:", sorted(in_workers(house, needles)), sorted(in_stores(house, needles)))
            assert "ember in ember" in in_stores(house, needles), "the search sees nothing"
            visitor.leaves("exit")
        began = time.monotonic()
        left = {"not looked yet"}
        while left and time.monotonic() - began < FADES_S + 60:
            for _ in range(PAGES):
                admin.reader.opens("/desk")
            left = in_workers(house, needles) | in_stores(house, needles)
            print(f"{time.monotonic() - began:5.0f} s:", sorted(left))
            # Python gives a place back as it is: docs/seized.md says of the ember in a process what it would open.
            left -= {"ember"}
        assert left == set()
