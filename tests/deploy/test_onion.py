"""The shipped torrc is one Tor takes; and, in a network of its own, an onion address leads to the house."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.guides import DEPLOY
from tests.support.server_process import House
from tests.support.tor_network import Node, tor_network

TORRC = DEPLOY / "onion" / "torrc"


def shipped(folder: Path, port: int) -> str:
    """With its places filled in: its own folder, and the port of a house of the test's own."""
    text = TORRC.read_text("utf-8")
    for old, new in (
        ("HiddenServiceDir /var/lib/tor/porchlight", f"HiddenServiceDir {folder}/porchlight"),
        ("127.0.0.1:8010", f"127.0.0.1:{port}"),
        ("DataDirectory /var/lib/tor", f"DataDirectory {folder}/kept"),
        ("Log warn syslog", "Log warn stdout"),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


def test_the_settings_behind_it_are_those_of_the_house_on_other_ports() -> None:
    house, onion = (
        dict(re.findall(r"(?m)^([A-Z_]+) = (.+)$", (DEPLOY / name).read_text("utf-8")))
        for name in ("systemd/porchlight.settings", "onion/porchlight-onion.settings")
    )
    same = ("PORCHLIGHT_DATA_DIR", "PORCHLIGHT_KEYS_DIR", "REDIS_URL_FILE", "EMBER_URL_FILE")
    assert [onion[name] for name in same] == [house[name] for name in same]
    assert f"HiddenServicePort 80 127.0.0.1:{onion['PORCHLIGHT_PORT']}" in TORRC.read_text("utf-8")
    # The desk has no onion address.
    assert onion["PORCHLIGHT_DESK_PORT"] not in TORRC.read_text("utf-8")


@pytest.mark.skipif(shutil.which("tor") is None, reason="tor is not installed on this machine")
def test_tor_takes_the_file_as_it_is_shipped(tmp_path: Path) -> None:
    file = tmp_path / "torrc"
    file.write_text(shipped(tmp_path, 8010), "utf-8")
    (tmp_path / "kept").mkdir(mode=0o700)
    said = subprocess.run(
        ["tor", "--verify-config", "-f", str(file), "--defaults-torrc", "/dev/null"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Configuration was valid" in said.stdout, said.stdout


@pytest.mark.long
@pytest.mark.timeout(900)
def test_an_onion_address_leads_to_the_house_and_no_part_writes_an_address(tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    with ExitStack() as stack:
        stack.callback(house.stop)
        network = stack.enter_context(tor_network(tmp_path / "network"))
        folder = tmp_path / "onion"
        folder.mkdir(mode=0o700)
        text = shipped(folder, house.port)
        # Its folder of keys, its port and its limits are the shipped file's; the rest is the network's.
        own = [line for line in text.splitlines() if not line.startswith(("DataDirectory", "Log "))]
        onion = network.begin(Node("onion", folder, "\n".join(own)))
        name = _name(folder / "porchlight" / "hostname")
        house.settings |= {"PORCHLIGHT_PUBLIC_ORIGIN": f"http://{name}", "PORCHLIGHT_LOG_LEVEL": "debug"}
        house.start()
        page = _asked(network.socks_port, f"http://{name}/en/numbers")
        assert "<html" in page
        status = ("-o", "/dev/null", "-w", "%{http_code}")
        assert _asked(network.socks_port, f"http://{name}/leave", "-X", "POST", "-d", "t=x", *status) == "303"
        assert _asked(network.socks_port, f"http://{name}/desk", *status) == "404"
        said = house.printed()
        assert "127.0.0.1" not in said.replace(f"http://localhost:{house.desk_port}", "")
        assert name.removesuffix(".onion") not in onion.said


def _name(path: Path) -> str:
    ends = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < ends
        time.sleep(0.1)
    return path.read_text("ascii").strip()


def _asked(port: int, address: str, *more: str) -> str:
    """By curl, through the network; tried until the address is known in it."""
    ends = time.monotonic() + 180
    while True:
        done = subprocess.run(
            [
                "curl",
                "--silent",
                "--show-error",
                "--max-time",
                "60",
                "--socks5-hostname",
                f"127.0.0.1:{port}",
                *more,
                address,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout
        assert time.monotonic() < ends, done.stderr
        time.sleep(1)
