"""A store that runs as a unit of its own: the same settings, and an address that outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from portal.store.standing import main
from tests.support.patience import PATIENCE_S
from tests.support.server_process import REPOSITORY


@contextmanager
def standing(name: str, run: Path, *more: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The program as its unit starts it; its process and its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.store.standing", name, "--run", str(run), *more],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.DEVNULL,
    )
    try:
        ends = time.monotonic() + PATIENCE_S
        while True:
            try:
                url = (run / f"{name}.url").read_text("utf-8").strip()
                with redis.Redis.from_url(url) as client:
                    client.ping()
                break
            except (OSError, redis.RedisError):
                assert process.poll() is None
                assert time.monotonic() < ends
                time.sleep(0.02)
        yield process, url
    finally:
        process.kill()
        process.wait()


def test_a_store_that_is_started_again_has_what_it_kept_under_the_same_address(short_tmp_path: Path) -> None:
    run, data = short_tmp_path / "run", short_tmp_path / "data"
    with standing("durable", run, "--data", str(data)) as (process, first), redis.Redis.from_url(first) as client:
        client.set("word", "kept")
        process.send_signal(signal.SIGKILL)
        process.wait()
    with standing("durable", run, "--data", str(data)) as (_, second), redis.Redis.from_url(second) as client:
        assert client.get("word") == b"kept"
        assert second == first


def test_the_ember_store_writes_nothing(short_tmp_path: Path) -> None:
    with standing("ember", short_tmp_path / "run") as (_, url), redis.Redis.from_url(url) as client:
        client.set("ember", "x" * 10_000)
        assert client.info("persistence")["aof_enabled"] == 0
        files = {path.name for path in short_tmp_path.rglob("*") if path.is_file()}
    assert files == {"ember.acl", "ember.conf", "ember.lock", "ember.url"}


@pytest.mark.parametrize("told", [["durable", "--run", "x"], ["ember", "--run", "x", "--data", "y"]])
def test_only_the_durable_one_is_told_where_to_keep(told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(told)
    assert "the ember store keeps nothing" in capsys.readouterr().err
