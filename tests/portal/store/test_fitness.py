"""A store that would keep what must go, or lose what must stay, is refused before anybody is served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.store import fitness
from portal.store.fitness import UnfitStore, look_over
from tests.support.ports import free_port
from tests.support.server_process import House, HouseDidNotStart
from tests.support.valkey_server import Server, until
from tests.support.valkey_sets import FORGOTTEN, KEPT, PLAIN


@dataclass
class Pair:
    """Two servers that somebody else runs."""

    durable: Server
    ember: Server

    def looked_over(self, *, account: str = "", copies: str = "") -> None:
        look_over(f"redis://{account}127.0.0.1:{self.durable.port}", f"redis://127.0.0.1:{self.ember.port}{copies}")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("p")
    both = Pair(Server(folder, PLAIN | KEPT), Server(folder, PLAIN | FORGOTTEN))
    for each in (both.durable, both.ember):
        each.start()
    for each in (both.durable, both.ember):
        until(lambda each=each: each.asked("PING"), "a server")  # type: ignore[misc]
    yield both
    for each in (both.durable, both.ember):
        each.kill()


def test_two_that_are_as_they_must_be_are_taken(pair: Pair) -> None:
    pair.looked_over()


@pytest.mark.parametrize(
    ("which", "name", "wrong", "right", "said"),
    [
        ("durable", "appendonly", "no", "yes", r"durable.*keeps nothing on a disk"),
        ("durable", "appendfsync", "everysec", "always", r"durable.*answers before words are on the disk"),
        ("durable", "maxmemory-policy", "allkeys-lru", "noeviction", r"durable.*throws keys away"),
        ("ember", "maxmemory-policy", "volatile-ttl", "noeviction", r"ember.*throws keys away"),
        ("ember", "appendonly", "yes", "no", r"ember.*writes to a disk what has to be forgotten"),
        ("ember", "save", "3600 1", "", r"ember.*writes to a disk what has to be forgotten"),
        ("ember", "repl-diskless-sync", "no", "yes", r"ember.*copies itself by a file"),
    ],
)
def test_one_that_is_not_as_it_must_be_is_refused_with_a_sentence(
    pair: Pair, which: str, name: str, wrong: str, right: str, said: str
) -> None:
    server: Server = getattr(pair, which)
    server.asked("CONFIG", "SET", name, wrong)
    try:
        with pytest.raises(UnfitStore, match=said) as told:
            pair.looked_over()
    finally:
        server.asked("CONFIG", "SET", name, right)
    assert str(told.value).endswith(".")
    assert "\n" not in str(told.value)


def test_one_that_runs_no_scripts_is_refused_and_what_an_account_may_not_ask_is_no_fault(pair: Pair) -> None:
    pair.durable.asked("ACL", "SETUSER", "a", "on", ">a", "~*", "+@all", "-@scripting", "-config")
    with pytest.raises(UnfitStore, match=r"durable.*cannot run scripts \(EVAL\)"):
        pair.looked_over(account="a:a@")
    pair.durable.asked("ACL", "SETUSER", "a", "+@scripting")
    with pytest.raises(UnfitStore, match=r"durable.*publish nothing: give it the channels \(&\*\)\.$"):
        pair.looked_over(account="a:a@")
    pair.durable.asked("ACL", "SETUSER", "a", "&*")
    pair.looked_over(account="a:a@")


def test_an_ember_store_with_a_replica_nobody_looks_after_is_refused(pair: Pair, tmp_path: Path) -> None:
    copy = Server(tmp_path, PLAIN | FORGOTTEN)
    copy.start()
    try:
        until(lambda: copy.asked("REPLICAOF", "127.0.0.1", pair.ember.port), "a replica")
        until(lambda: pair.ember.info("replication")["connected_slaves"] == 1, "a replica that copies")
        with pytest.raises(UnfitStore, match=r"ember.*has a replica nobody looks after.*\.$"):
            pair.looked_over()
    finally:
        copy.kill()
    until(lambda: pair.ember.info("replication")["connected_slaves"] == 0, "the replica's end")


def test_a_cluster_in_which_slots_are_nobodys_and_a_primary_no_sentinel_names_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitness, "ANSWERS_WITHIN_S", 0.1)
    lonely = Server(tmp_path, PLAIN | KEPT | {"cluster-enabled": "yes", "cluster-port": str(free_port())})
    watcher = Server(tmp_path, {"bind": "127.0.0.1", "protected-mode": "no"}, is_sentinel=True)
    for each in (lonely, watcher):
        each.start()
    try:
        for each in (lonely, watcher):
            until(lambda each=each: each.asked("PING"), "a server")  # type: ignore[misc]
        lonely.asked("CLUSTER", "ADDSLOTSRANGE", 0, 100)
        ember = "redis://127.0.0.1:1"
        with pytest.raises(UnfitStore, match=r"durable.*some slots are nobody's.*\.$"):
            look_over(f"redis+cluster://127.0.0.1:{lonely.port}", ember)
        with pytest.raises(UnfitStore, match=r"durable.*no Sentinel names a primary called house\.$"):
            look_over(f"redis+sentinel://127.0.0.1:{watcher.port}/house", ember)
    finally:
        for each in (lonely, watcher):
            each.kill()


def test_a_start_that_refuses_a_store_ends_with_the_sentence_and_serves_nobody(pair: Pair, tmp_path: Path) -> None:
    pair.ember.asked("CONFIG", "SET", "save", "3600 1")
    told = {"REDIS_URL": f"redis://127.0.0.1:{pair.durable.port}", "EMBER_URL": f"redis://127.0.0.1:{pair.ember.port}"}
    house = House(tmp_path, told)
    try:
        with pytest.raises(HouseDidNotStart, match=r"ended with 2 "):
            house.start()
    finally:
        pair.ember.asked("CONFIG", "SET", "save", "")
        house.stop()
    # Python's own warnings are switched on for every server of a test, for nobody else's.
    printed = [line for line in house.printed().splitlines() if "Warning" not in line]
    sentence = "The ember store (EMBER_URL) writes to a disk what has to be forgotten: set appendonly no and save "
    assert printed == [f'{sentence}"".']


def test_the_same_server_twice_is_refused_whatever_its_addresses_say(pair: Pair) -> None:
    with pytest.raises(UnfitStore, match=r"ember.*writes to a disk"):
        look_over(f"redis://127.0.0.1:{pair.durable.port}/0", f"redis://localhost:{pair.durable.port}/1")


def test_one_that_reads_its_file_is_waited_for_and_not_for_ever(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.durable.asked("EVAL", "for at = 1, 4000 do redis.call('SET', 'k' .. at, 'v') end", 0)
    pair.durable.asked("BGREWRITEAOF")
    until(lambda: not pair.durable.info("persistence")["aof_rewrite_in_progress"], "a file written anew")
    pair.durable.stop()
    conf = pair.durable.folder / "conf"
    conf.write_text(conf.read_text() + "key-load-delay 200\nloading-process-events-interval-bytes 1024\n")
    pair.durable.start()
    until(lambda: "LOADING" in _says(pair.durable), "one that reads its file")
    monkeypatch.setattr(fitness, "LOADS_WITHIN_S", 0.05)
    with pytest.raises(UnfitStore, match="still reads its file"):
        pair.looked_over()
    monkeypatch.undo()

    pair.looked_over()

    assert pair.durable.asked("DBSIZE") == 4000


def test_one_that_does_not_answer_is_waited_for_a_while(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    pair.ember.kill()
    monkeypatch.setattr(fitness, "ANSWERS_WITHIN_S", 0.1)
    with pytest.raises(UnfitStore, match=r"ember.*does not answer"):
        pair.looked_over()
    monkeypatch.undo()
    pair.ember.start()

    pair.looked_over()


def _says(server: Server) -> str:
    try:
        return str(server.asked("GET", "k1"))
    except Exception as error:
        return f"{type(error).__name__} {error}".upper()
