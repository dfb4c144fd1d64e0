"""Holds the look of a virus scanner to its promise, with ClamAV's own server and a signature of our own."""

from __future__ import annotations

import asyncio
import logging
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import photos
from tests.support.disk_search import search
from tests.tips.files.conftest import FilesHouse
from tests.tips.files.test_uploads import rows
from tips.files.looking import Clamd, NoLooker, looker
from tips.files.redrawing import Redrawing
from tips.files.refusing import PictureRefused

pytestmark = pytest.mark.anyio

HARMFUL = b"HARMFULCANARY91"


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The server, on a socket; it knows one signature, and what it writes on its way stays in memory."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        pytest.skip("this machine has no clamd")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "db").mkdir()
    (folder / "db" / "own.ndb").write_text(f"Own.Harmful:0:*:{HARMFUL.hex()}\n")
    held = Path("/dev/shm") / folder.name
    held.mkdir(mode=0o700)
    at = folder / "s"
    conf = (
        f"LocalSocket {at}\nDatabaseDirectory {folder / 'db'}\nTemporaryDirectory {held}\nForeground yes\nBytecode no\n"
    )
    (folder / "conf").write_text(conf)
    ran = subprocess.Popen([program, "-c", str(folder / "conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while not at.exists() and time.monotonic() < until and ran.poll() is None:
            time.sleep(0.05)
        assert at.exists(), "clamd did not start"
        yield at
        assert list(held.iterdir()) == []
    finally:
        ran.terminate()
        ran.wait(10)
        shutil.rmtree(held)


def looking(files: FilesHouse, address: str) -> Redrawing:
    """The house with this scanner set."""
    services = replace(files.tips.services, settings=replace(files.tips.services.settings, clamd=address))
    return Redrawing(services, files.uploads, files.tips.retention)


async def test_what_the_scanner_finds_is_refused_and_nothing_of_it_is_left(
    files: FilesHouse, clamd: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    files.redrawing = looking(files, str(clamd))
    visit = await files.visits()
    whole = photos.noise(400, 300)  # in several pieces, and what is harmful across two of them
    await files.sends(visit, whole)
    assert (await rows(files))[0] == 1
    at = 65_532 - 7
    bad = whole[:at] + HARMFUL + whole[at:]
    with pytest.raises(PictureRefused, match=r"files\.refused\.found"):
        await files.sends(visit, bad, keeps=True)
    assert (await rows(files))[0] == 1
    assert "Own.Harmful" not in caplog.text
    house = files.tips.services.settings
    assert search([HARMFUL.decode()], [house.data_dir, house.keys_dir]) == []


async def test_with_the_scanner_away_nothing_is_taken(files: FilesHouse, caplog: pytest.LogCaptureFixture) -> None:
    visit = await files.visits()
    for address in ("/nowhere/clamd.sock", "127.0.0.1:1"):
        files.redrawing = looking(files, address)
        with pytest.raises(PictureRefused, match=r"files\.away"):
            await files.sends(visit, photos.phone_photo())
    assert await rows(files) == (0, 0)
    assert "scanner_away" in caplog.text


@pytest.mark.parametrize(
    "says", [b"", b"stream: OK", b"INSTREAM size limit exceeded. ERROR\0", b"x" * 100_000, b"OK\0"]
)
async def test_a_scanner_that_says_anything_else_lets_nothing_by(says: bytes) -> None:
    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(10)
        writer.write(says)
        await writer.drain()
        writer.close()

    with socket.create_server(("127.0.0.1", 0)) as listens:
        address = f"127.0.0.1:{listens.getsockname()[1]}"
        async with await asyncio.start_server(answers, sock=listens):
            with pytest.raises(PictureRefused, match=r"files\.away"):
                await Clamd(address).look([b"a picture"])


async def test_a_scanner_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tips.files.looking.WITHIN", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listens, pytest.raises(PictureRefused, match=r"files\.away"):
        await Clamd(f"127.0.0.1:{listens.getsockname()[1]}").look([b"a picture"])


def test_without_the_setting_nobody_looks() -> None:
    assert isinstance(looker(""), NoLooker)
