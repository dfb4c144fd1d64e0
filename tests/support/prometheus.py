"""Runs Debian's Prometheus by the very settings that docs/metrics.md gives, with nothing changed but place and pace."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port
from tests.support.source import REPOSITORY
from tests.support.web import HERE

PAGE = REPOSITORY / "docs" / "metrics.md"
RULES = REPOSITORY / "docs" / "prometheus" / "porchlight.rules.yml"
EVERY = "1s"


@dataclass(frozen=True)
class Prometheus:
    """One that runs, by its address."""

    address: str

    def asks(self, path: str, **asked: str) -> Any:
        """What its HTTP API answers; an answer that is no success is a failure here."""
        told = httpx.get(f"{self.address}/api/v1/{path}", params=asked, timeout=PATIENCE_S, **HERE).json()
        assert told["status"] == "success", told
        return told["data"]

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The samples of one expression, now."""
        found: list[dict[str, Any]] = self.asks("query", query=expression)["result"]
        return found


def shipped_settings() -> dict[str, Any]:
    """What the page tells an operator to write into prometheus.yml."""
    text = PAGE.read_text("utf-8").split("\n## Collecting them\n")[1]
    block = re.search(r"(?:^    .*\n|^\n(?=    ))+", text, re.MULTILINE)
    assert block, "the page gives settings, indented by four"
    found: dict[str, Any] = yaml.safe_load(re.sub(r"^    ", "", block.group(), flags=re.MULTILINE))
    return found


def promtool(*said: str | Path, given: str = "") -> str:
    """What promtool prints; it must like what it was given."""
    program = shutil.which("promtool")
    assert program, "apt-get install prometheus"
    ran = subprocess.run([program, *said], input=given, capture_output=True, text=True, timeout=PATIENCE_S)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


@contextmanager
def running_prometheus(folder: Path, target: str) -> Iterator[Prometheus]:
    """One that collects from `target` each second and knows the shipped rules."""
    told = shipped_settings()
    (job,) = told["scrape_configs"]
    job["scrape_interval"], job["static_configs"] = EVERY, [{"targets": [target]}]
    told["rule_files"], told["global"] = [str(RULES)], {"evaluation_interval": EVERY}
    settings = folder / "prometheus.yml"
    settings.write_text(yaml.safe_dump(told), "utf-8")
    promtool("check", "config", settings)
    program = shutil.which("prometheus")
    assert program, "apt-get install prometheus"
    at = f"127.0.0.1:{free_port()}"
    said = [f"--config.file={settings}", f"--storage.tsdb.path={folder / 'kept'}", f"--web.listen-address={at}"]
    with (folder / "printed").open("wb") as printed:
        process = subprocess.Popen([program, *said], stdout=printed, stderr=printed, stdin=subprocess.DEVNULL)
    try:
        ends = time.monotonic() + 30
        while not _is_ready(f"http://{at}"):
            assert process.poll() is None and time.monotonic() < ends, (folder / "printed").read_text()  # noqa: PT018
            time.sleep(0.2)
        yield Prometheus(f"http://{at}")
    finally:
        process.terminate()
        process.wait(20)


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/-/ready", timeout=2, **HERE).status_code == 200
    except httpx.TransportError:
        return False
