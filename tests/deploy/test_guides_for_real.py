"""Types each guide line by line on a machine that is thrown away, and looks whether the house it makes is one."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.support.guides import DEPLOY, blocks
from tests.support.throw_away import ThrowAway, thrown_away
from tests.support.units import services

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

# Not Tor's own version, which has four numbers too.
ADDRESSES = re.compile(r"(?<!Tor )\b(?!127\.)\d{1,3}(?:\.\d{1,3}){3}\b")
CALLER = "192.0.2.77"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThrowAway]:
    with thrown_away(tmp_path_factory.mktemp("machine")) as made:
        yield made


# What the guide tells the operator to write, for a house that is asked without a proxy.
WRITES = r"""
sed -i -e 's#https://talk.example#http://127.0.0.1:8000#' -e 's#https://desk.example#http://localhost:8001#' \
    /etc/porchlight/porchlight.settings
echo 'PORCHLIGHT_SECOND_PROOF = nobody' >> /etc/porchlight/porchlight.settings
"""


def test_the_guide_of_the_plain_folder_makes_a_house(machine: ThrowAway) -> None:
    for block in blocks(DEPLOY / "systemd.md"):
        said = machine.types(block.commands)
        if block.heading.startswith("3."):
            machine.runs(WRITES)
        if block.heading.startswith("5."):
            assert "ready" in said
            code = re.search(r"\b[0-9A-Z]{5}(-[0-9A-Z]{5}){3}\b", said)
            assert code is not None
            assert len(machine.on_its_lines("tests.support.sets_up", "8000", "8001", code[0]).split()) == 48
    assert machine.runs("systemctl --failed --no-legend").strip() == ""
    assert len(machine.runs("ls /var/www/porchlight/wait").split()) >= 20
    assert len(machine.runs("ls /var/lib/porchlight-backups").split()) == 2


def test_the_house_of_the_guide_is_held_as_its_units_say(machine: ThrowAway) -> None:
    """Asked of the kernel, of the house that runs, not of the file."""
    pid = machine.runs("systemctl show --property=MainPID --value porchlight.service").strip()
    status = machine.runs(f"cat /proc/{pid}/status")
    assert re.search(r"CapBnd:\s+0{16}", status)
    assert re.search(r"NoNewPrivs:\s+1", status)
    assert re.search(r"Seccomp:\s+2", status)
    assert re.search(rf"Uid:\s+{machine.runs('id -u porchlight').strip()}\s", status)
    for path in services():
        told = machine.runs(f"systemctl show --property=ProtectSystem,MemoryDenyWriteExecute {path.name}")
        assert set(told.split()) == {"ProtectSystem=strict", "MemoryDenyWriteExecute=yes"}


def test_a_restart_refuses_nobody(machine: ThrowAway) -> None:
    asked = f"curl --silent --max-time 20 -A Canary/1 -H 'X-Forwarded-For: {CALLER}' http://127.0.0.1:8000/en/numbers"
    asks = f"for _ in $(seq 60); do {asked} -o /dev/null -w '%{{http_code}}\\n' || echo refused; sleep 0.1; done"
    said = machine.runs(f"({asks}) & asking=$!; sleep 1; systemctl restart porchlight.service; wait $asking")
    assert said.split() == ["200"] * 60


def test_a_store_that_is_killed_comes_back_and_the_house_finds_it(machine: ThrowAway) -> None:
    for name in ("durable", "ember"):
        machine.runs(f"systemctl kill --kill-whom=main --signal=KILL porchlight-{name}.service")
        ends = time.monotonic() + 30
        while "ready" not in (said := machine.runs("curl --silent http://127.0.0.1:8000/health/ready || true")) or (
            "not" in said
        ):
            assert time.monotonic() < ends, f"{name}: {machine.journal()}"
            time.sleep(0.2)


def test_the_guide_of_the_onion_address_starts_a_server_by_its_name(machine: ThrowAway) -> None:
    for block in blocks(DEPLOY / "onion.md"):
        said = machine.types(block.commands)
    assert said.endswith("ready\n")
    name = machine.runs("cat /var/lib/tor/porchlight/hostname").strip()
    assert re.fullmatch(r"[a-z2-7]{56}\.onion", name)
    assert f"PORCHLIGHT_PUBLIC_ORIGIN = http://{name}" in machine.runs("cat /etc/porchlight/porchlight-onion.settings")
    assert machine.runs("systemctl --failed --no-legend").strip() == ""


def test_the_journal_names_nobody_and_no_code(machine: ThrowAway) -> None:
    code = "seven lamps beside the quiet harbour"  # her passphrase; the one-time code is gone with its use
    said = machine.journal() + machine.runs("grep -rhsI . /var/log --include='*.log' || true")
    assert [word for word in (code, CALLER, "Canary/1", "/en/numbers") if word in machine.journal()] == []
    assert ADDRESSES.findall(machine.journal()) == []
    assert CALLER not in said
