"""The proof of forgetting finds nothing where nothing is left, and everything that is left where something is."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from chat import proving
from chat.practice import Practice
from chat.proof_talk import ProofTalk
from chat.proving import Proving
from chat.retention import NEW_FILE_EVERY_MS
from chat.store.talk import TalkStore
from portal.ids import random_id, random_key
from portal.proof.report import CLEAN, FOUND, NOT_ALL_SEEN
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces
from tests.support.open_house import OpenHouse
from tests.support.rooms import Valkeys, wire
from tests.support.server_process import REPOSITORY

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def time_passes(house: ChatHouse) -> AsyncIterator[None]:
    """The still clock goes on, so that the sweeper has reason to write its file anew."""

    async def passing() -> None:
        while True:
            house.clock.advance(timedelta(milliseconds=NEW_FILE_EVERY_MS))
            await anyio.sleep(1)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(passing)
        yield
        tasks.cancel_scope.cancel()


async def proves(house: ChatHouse, *folders: Path, shared: Path | None = None) -> tuple[int, str]:
    """What the proof answers, and what it said."""
    said: list[str] = []
    services = wire(house.services.settings, house.clock)
    (services.settings.data_dir / "run").mkdir(exist_ok=True)
    async with time_passes(house):
        answer = await Proving(services, folders, [] if shared is None else [shared], said.append).prove(
            None, sweeps=True
        )
    return answer, "\n".join(said)


@pytest.fixture
def files(valkeys: Valkeys) -> Path:
    assert valkeys.durable.folder is not None
    return valkeys.durable.folder


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something is left there is nothing to wait for."""
    monkeypatch.setattr(proving, "GONE_WITHIN_S", 1.5)


async def test_after_the_end_nothing_is_found_and_what_was_searched_is_said(house: ChatHouse, files: Path) -> None:
    data = house.services.settings.data_dir
    answer, said = await proves(house, data, files)

    assert answer == CLEAN, said
    assert "stood, sealed, where it must" in said
    assert str(files) in said
    assert "the ember store" in said
    assert not (data / "run" / "proof").exists()


async def test_words_that_are_not_dropped_are_found_sealed_in_store_and_file(
    house: ChatHouse, files: Path, monkeypatch: pytest.MonkeyPatch, impatient: None
) -> None:
    async def forgets_to(*_: object) -> None:
        return

    monkeypatch.setattr(TalkStore, "drop_words", forgets_to)
    answer, said = await proves(house, files)

    assert answer == FOUND
    for place in ("in the durable store", f"in {files}"):
        assert f"FOUND: message 2, sealed, {place}" in said


async def test_a_file_that_is_not_written_anew_is_found(
    house: ChatHouse, files: Path, monkeypatch: pytest.MonkeyPatch, impatient: None
) -> None:
    async def refuses(_: TalkStore) -> bool:
        return True

    monkeypatch.setattr(TalkStore, "write_file_anew", refuses)
    answer, said = await proves(house, files)

    assert answer == FOUND
    assert f"FOUND: the staff's key, sealed, in {files}" in said
    assert "in the durable store" not in said


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "rotated"])
async def test_words_somebody_wrote_into_a_log_are_found_while_it_is_open_and_after(
    house: ChatHouse,
    files: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    packed: Callable[[bytes], bytes],
    impatient: None,
) -> None:
    real, logs = ProofTalk.hold, tmp_path / "temporary"
    logs.mkdir()

    async def careless(talk: ProofTalk, seed: Any) -> Any:
        (logs / "app.log").write_bytes(packed(f"said {seed.text('the note between staff')}\n".encode()))
        return await real(talk, seed)

    monkeypatch.setattr(ProofTalk, "hold", careless)
    answer, said = await proves(house, files, shared=logs)

    assert answer == FOUND
    assert f"FOUND while the talk was open: the note between staff, readable, in {logs / 'app.log'}" in said
    assert f"FOUND: the note between staff, in {logs / 'app.log'}" in said


async def test_without_the_stores_file_nothing_is_proven(house: ChatHouse, impatient: None) -> None:
    answer, said = await proves(house, house.services.settings.keys_dir)

    assert answer == NOT_ALL_SEEN
    assert "--also" in said


async def test_a_talk_of_the_house_with_itself_is_in_no_queue_and_counts_for_nobody(house: ChatHouse) -> None:
    await house.ready()
    before = await house.relay.desk.counts(house.relay.now_ms())
    practice = Practice(house.relay, house.services)
    conversation = random_id()
    both = await practice.begin(conversation, random_key(), timedelta(minutes=10))
    await house.relay.visitor_says(both.visitor, "hello", random_id(), 1)
    await house.sweeper.sweep()

    assert await house.relay.desk.counts(house.relay.now_ms()) == before
    assert await house.relay.desk.everyone() == []
    assert await house.relay.desk.held_now() == []
    # Killed here, it is erased all the same.
    house.clock.advance(timedelta(minutes=11))
    await house.sweeper.sweep()
    assert await traces(house, both.visitor) == []


def proof(environment: dict[str, str], *also: Path) -> subprocess.Popen[str]:
    """The command, as a person gives it."""
    words = [sys.executable, "server.py", "forget", "--prove", *(f"--also={each}" for each in also)]
    return subprocess.Popen(
        words, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


async def test_killed_in_the_middle_it_is_asked_again_and_proves_both_with_no_house_running(house: ChatHouse) -> None:
    """On the folders of a house that stands still: the command starts the stores, and a kill takes them along."""
    settings = house.services.settings
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(settings.data_dir.parent / "temporary"),
        "PORCHLIGHT_DATA_DIR": str(settings.data_dir),
        "PORCHLIGHT_KEYS_DIR": str(settings.keys_dir),
    }
    Path(environment["TMPDIR"]).mkdir()

    def told() -> tuple[int, str, str]:
        killed = proof(environment)
        assert killed.stdout is not None
        assert killed.stderr is not None
        assert "A talk was begun" in killed.stdout.readline(), killed.stderr.read()
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        again = proof(environment)
        out, err = again.communicate()
        return again.returncode, out, err

    code, out, err = await anyio.to_thread.run_sync(told)
    assert (code, err) == (CLEAN, ""), out
    assert "An earlier proof was cut off" in out
    assert "Nothing was found." in out


def test_beside_a_running_house_her_words_go_over_its_own_line(open_house: OpenHouse) -> None:
    house = open_house.house
    asked = proof(house.environment(), house.logs)
    out, err = asked.communicate()

    assert (asked.returncode, err) == (CLEAN, ""), out
    assert f"over the line at 127.0.0.1:{house.port}" in out
    assert str(house.logs) in out


def test_where_no_house_is_it_says_so(tmp_path: Path) -> None:
    asked = proof({"PATH": "/usr/bin:/bin", "PORCHLIGHT_DATA_DIR": str(tmp_path / "none")})
    out, err = asked.communicate()

    assert (asked.returncode, out) == (2, "")
    assert err.startswith("There is no house in ")
