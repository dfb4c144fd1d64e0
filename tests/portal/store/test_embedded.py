"""The private Valkeys: what they refuse, what they keep through a kill, and what never reaches a disk."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from redis.exceptions import NoPermissionError, ResponseError

from portal.store.binary import find_valkey
from portal.store.embedded import EmbeddedValkey, ValkeyDidNotStart, _write_private
from portal.store.embers import Embers
from portal.store.valkey import connect

CANARY = b"canary-of-the-embedded-store-" * 8


@pytest.fixture
def durable(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    yield from running(EmbeddedValkey("durable", run=tmp_path / "run", folder=tmp_path / "durable"))


@pytest.fixture
def ember(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    yield from running(EmbeddedValkey("ember", run=tmp_path / "run", folder=None))


def running(valkey: EmbeddedValkey) -> Iterator[EmbeddedValkey]:
    valkey.start()
    try:
        valkey.wait_until_ready()
        yield valkey
    finally:
        valkey.stop()


def every_byte_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "command",
    [
        ("CONFIG", "GET", "*"),
        ("MONITOR",),
        ("KEYS", "*"),
        ("SAVE",),
        ("BGSAVE",),
        ("SYNC",),
        ("REPLICAOF", "127.0.0.1", "1"),
        ("FLUSHALL",),
        ("SHUTDOWN",),
        ("ACL", "LIST"),
        ("CLIENT", "LIST"),
        ("SLOWLOG", "GET"),
        ("COMMANDLOG", "GET", "10", "slow"),
        ("MODULE", "LIST"),
    ],
    ids=" ".join,
)
async def test_whoever_holds_the_address_can_neither_copy_nor_watch_the_whole(
    durable: EmbeddedValkey, command: tuple[str, ...]
) -> None:
    client = connect(durable.url)

    with pytest.raises(NoPermissionError):
        await client.execute_command(*command)
    await client.aclose()


async def test_the_ember_store_cannot_be_asked_to_write_a_file(ember: EmbeddedValkey, tmp_path: Path) -> None:
    client = connect(ember.url)
    await client.set(b"e:1", CANARY)
    for command in ("BGREWRITEAOF", "BGSAVE", "SAVE"):
        with pytest.raises(NoPermissionError):
            await client.execute_command(command)
    await client.aclose()

    assert CANARY not in every_byte_under(tmp_path)


async def test_what_was_erased_can_be_asked_out_of_the_file(durable: EmbeddedValkey, tmp_path: Path) -> None:
    client = connect(durable.url)
    await client.set(b"s:1", CANARY)
    await client.delete(b"s:1")
    assert CANARY in every_byte_under(tmp_path), "the file must hold what the rewriting is to take away"

    await client.execute_command("BGREWRITEAOF")
    async with asyncio.timeout(5):
        while CANARY in every_byte_under(tmp_path):  # noqa: ASYNC110 - another process has no event to wait for
            await asyncio.sleep(0.02)
    await client.aclose()


async def test_debug_is_refused(durable: EmbeddedValkey) -> None:
    client = connect(durable.url)

    with pytest.raises((NoPermissionError, ResponseError)):
        await client.execute_command("DEBUG", "SLEEP", "0")
    await client.aclose()


async def test_nobody_comes_in_without_the_password(durable: EmbeddedValkey) -> None:
    from portal.store.valkey import ValkeyAway

    client = connect(f"unix://{durable.socket_path}")
    with pytest.raises((ValkeyAway, ResponseError)):
        await client.get(b"anything")
    await client.aclose()


async def test_what_was_acknowledged_is_there_after_kill_9(durable: EmbeddedValkey) -> None:
    client = connect(durable.url)
    acknowledged = 0
    for number in range(200):
        await client.xadd(b"log", {b"n": str(number).encode()})
        acknowledged += 1
    assert durable.process is not None
    durable.process.kill()
    durable.process.wait()

    durable.start()
    durable.wait_until_ready()

    assert await client.xlen(b"log") == acknowledged
    await client.aclose()


async def test_a_connection_rides_over_a_restart_without_an_error(durable: EmbeddedValkey) -> None:
    client = connect(durable.url)
    await client.set(b"a", b"1")
    assert durable.process is not None
    durable.process.kill()
    durable.process.wait()
    durable.start()

    assert await client.get(b"a") == b"1"
    await client.aclose()


async def test_the_ember_store_has_no_file_and_writes_none_at_its_end(ember: EmbeddedValkey, tmp_path: Path) -> None:
    client = connect(ember.url)
    await Embers(client).put(b"e:canary", CANARY, timedelta(minutes=5))
    process = psutil.Process(ember.process.pid) if ember.process else None
    assert process is not None

    opened = {file.path for file in process.open_files()}
    assert opened <= {str(tmp_path / "run" / "ember.log"), str(tmp_path / "run" / "ember.lock")}
    assert list((tmp_path / "run" / "ember-empty").iterdir()) == []
    assert CANARY not in every_byte_under(tmp_path)
    await client.aclose()
    ember.stop()

    assert list((tmp_path / "run" / "ember-empty").iterdir()) == []
    assert CANARY not in every_byte_under(tmp_path)


async def test_the_ember_store_forgets_everything_when_it_is_killed(ember: EmbeddedValkey) -> None:
    client = connect(ember.url)
    await client.set(b"e:1", CANARY)
    assert ember.process is not None
    ember.process.kill()
    ember.process.wait()
    ember.start()
    ember.wait_until_ready()

    assert await client.get(b"e:1") is None
    await client.aclose()


def test_everything_a_start_leaves_is_for_our_account_alone(durable: EmbeddedValkey, tmp_path: Path) -> None:
    for path in [tmp_path / "run", tmp_path / "durable", *(tmp_path / "run").iterdir(), *tmp_path.rglob("append*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_password_stands_only_in_the_file_that_is_for_it(durable: EmbeddedValkey, tmp_path: Path) -> None:
    password = durable.url.split(":")[2].split("@")[0].encode()
    holding = [path.name for path in (tmp_path / "run").iterdir() if path.is_file() and password in path.read_bytes()]
    process = psutil.Process(durable.process.pid) if durable.process else None

    assert holding == ["durable.url"]
    assert process is not None
    assert password.decode() not in " ".join(process.cmdline())
    assert password.decode() not in str(process.environ())


def test_an_end_takes_its_papers_along(durable: EmbeddedValkey, tmp_path: Path) -> None:
    durable.stop()

    assert {path.name for path in (tmp_path / "run").iterdir()} == {"durable.lock", "durable.log"}


def test_a_second_one_on_the_same_folder_waits_for_the_first_and_says_so(
    durable: EmbeddedValkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.store.embedded.EARLIER_ENDS_WITHIN", 0.2)
    second = EmbeddedValkey("durable", run=tmp_path / "run", folder=tmp_path / "durable")

    with pytest.raises(ValkeyDidNotStart, match="still runs"):
        second.start()
    assert durable.is_running()


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(tmp_path: Path) -> None:
    deep = tmp_path / ("long-name-" * 10)
    for valkey in running(EmbeddedValkey("ember", run=deep / "run", folder=None)):
        assert len(os.fsencode(valkey.socket_path)) < 108
        assert deep not in valkey.socket_path.parents
        assert stat.S_IMODE(valkey.socket_path.parent.stat().st_mode) == 0o700
        assert valkey.is_running()


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    valkey = EmbeddedValkey("ember", run=tmp_path / "run", folder=None)

    with pytest.raises(ValkeyDidNotStart, match="somebody else"):
        valkey.start()


def test_a_server_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    valkey = EmbeddedValkey("durable", run=tmp_path / "run", folder=tmp_path / "durable")
    broken = tmp_path / "durable" / "appendonlydir"
    broken.parent.mkdir()
    broken.write_text("a file where a folder belongs")
    valkey.start()

    with pytest.raises(ValkeyDidNotStart, match="ended at its start"):
        valkey.wait_until_ready()
    valkey.stop()


def test_both_run_side_by_side(tmp_path: Path) -> None:
    find_valkey()
    for first in running(EmbeddedValkey("durable", run=tmp_path / "run", folder=tmp_path / "durable")):
        for second in running(EmbeddedValkey("ember", run=tmp_path / "run", folder=None)):
            assert first.is_running()
            assert second.is_running()


def test_whoever_reads_an_address_while_it_is_written_anew_reads_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "ember.url"
    _write_private(path, "first")
    with path.open() as before:
        _write_private(path, "second")
        assert before.read() == "first"

    assert path.read_text() == "second"
    assert [each.name for each in tmp_path.iterdir()] == ["ember.url"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
