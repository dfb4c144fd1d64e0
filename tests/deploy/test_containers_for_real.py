"""Builds the image and types its guide line by line, under a real engine on a machine that is thrown away."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.engine_machine import COMPOSE, EngineMachine, engine_machine
from tests.support.guides import DEPLOY, blocks

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

WORDS = "a tin boat under the willow"
CALLER, AGENT = "203.0.113.77", "Canary/1"
OURS = ("house", "durable", "ember")
PORTS = ("8000", "8001")
PUT_OFF = "hours limits holders drill alert practice"
# What the guide tells the operator to write, for a house that is asked without a proxy. Where nobody may raise the
# number of open files of a process as high as the file asks, the containers are given what there is.
WRITES = """
file=docs/deploy/container/porchlight.settings
sed -i -e 's#https://talk.example#http://127.0.0.1:8000#' -e 's#https://desk.example#http://localhost:8001#' $file
echo 'PORCHLIGHT_SECOND_PROOF = nobody' >> $file
[ "$(ulimit -Hn)" -ge 65536 ] || sed -i 's/nofile: 65536/nofile: 16384/' docs/deploy/container/compose.yaml
"""
# Somebody asks five times a second, and writes down whether she was refused.
ASKS = """
setsid sh -c 'while [ ! -e /tmp/enough ]; do
    curl --silent --max-time 10 -o /dev/null http://127.0.0.1:8000/en/ && echo yes || echo no
    sleep 0.2
done' >/tmp/asked 2>&1 </dev/null &
"""
SEEN = """
import json, os, socket
def tried(act, *told):
    try:
        act(*told)
        return "done"
    except OSError as error:
        return error.strerror
def written(path):
    open(path, "x").close()
    os.unlink(path)
print(json.dumps({
    "status": dict(line.strip().split(":\\t", 1) for line in open("/proc/1/status")),
    "written": [path for path in %r if tried(written, path + "/x") == "done"],
    "lines": sorted(os.listdir("/sys/class/net")),
    "outside": tried(socket.create_connection, ("198.51.100.1", 80), 3),
    "limits": [line.split()[-3:-1] for line in open("/proc/1/limits") if "core" in line],
}))
"""
PLACES = (
    *("/", "/etc", "/opt/porchlight", "/opt/porchlight/portal", "/var", "/run", "/root", "/tmp"),
    *(f"/var/lib/porchlight{end}" for end in ("", "-keys", "-durable", "-backups")),
    *("/run/porchlight-durable", "/run/porchlight-ember"),
)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineMachine]:
    with engine_machine(tmp_path_factory.mktemp("machine")) as made:
        yield made


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What a test leaves for those after it: the sheets of the house, and what its visitors hold."""
    return {}


def container(machine: EngineMachine, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(machine.runs(f"docker inspect porchlight-{name}-1"))
    return found[0]


def until_healthy(machine: EngineMachine, name: str, wanted: str = "healthy") -> None:
    """Waits for what the engine says of a container."""
    ends = time.monotonic() + 120
    while container(machine, name)["State"]["Health"]["Status"] != wanted:
        assert time.monotonic() < ends, f"{name} is not {wanted}:\n{machine.journal()}"
        time.sleep(0.5)


def comes_back(machine: EngineMachine, told: dict[str, str]) -> None:
    machine.on_its_lines("tests.support.tells_there", *PORTS, "goes-on", WORDS, *told["held"].split())


def test_the_guide_builds_an_image_and_makes_a_house(machine: EngineMachine, told: dict[str, str]) -> None:
    for block in blocks(DEPLOY / "container.md"):
        said = ""
        if block.heading == "Updates":
            # Another version: the same but for one letter. The stores stay who they are.
            machine.runs(f"echo >> LICENSE\n{ASKS}")
            before = [container(machine, name)["Id"] for name in OURS]
        for line in block.commands:
            if line.startswith("FILE="):
                told["file"] = "FILE=" + machine.runs(f"{line}\necho $FILE")
                continue
            sheets = told["sheets"].splitlines(keepends=True)[:2] if " verify " in line else []
            said += machine.runs(f"{told.get('file', '')}{line}", typed="".join(sheets))
        if block.heading.startswith("2."):
            machine.runs(WRITES)
        if block.heading.startswith("3.") and "ready" in said:
            code = re.search(r"\b[0-9A-Z]{5}(-[0-9A-Z]{5}){3}\b", said)
            assert code is not None, said
            told["code"] = code[0]
            told["sheets"] = machine.on_its_lines("tests.support.sets_up", *PORTS, code[0])
            machine.runs(f"{COMPOSE} exec house .venv/bin/python -m portal.staff.household.waiving {PUT_OFF}")
            told["held"] = machine.on_its_lines("tests.support.tells_there", *PORTS, "begins", WORDS)
        if block.heading == "Updates":
            assert "Nothing stands in the way." in said
            after = [container(machine, name)["Id"] for name in OURS]
            assert [one == other for one, other in zip(before, after, strict=True)] == [False, True, True]
            asked = machine.runs("touch /tmp/enough; cat /tmp/asked").split()
            away = max(map(len, re.findall(r"(?:no )*", f"{' '.join(asked)} "))) // 3
            print(f"\nin an update nobody was answered {away} times in turn, asked about five times a second")
            # Not as long as a stop that has to be forced takes.
            assert asked[-1] == "yes"
            assert away < 75, asked
    comes_back(machine, told)
    assert len(machine.runs("ls /var/www/porchlight/wait").split()) >= 20
    assert len(machine.runs("docker volume inspect porchlight_backups").split()) > 1


@pytest.mark.parametrize("name", OURS)
def test_each_container_may_do_nothing_but_its_work(machine: EngineMachine, name: str) -> None:
    """Asked of the kernel, from inside the container that runs."""
    seen = json.loads(machine.runs(f"docker exec -i porchlight-{name}-1 .venv/bin/python -", typed=SEEN % (PLACES,)))
    status = seen["status"]
    assert {status[what] for what in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert (status["NoNewPrivs"], status["Seccomp"], status["Uid"].split()[0]) == ("1", "2", "1033")
    assert seen["limits"] == [["1", "1"]]
    may = {
        "house": {
            "/var/lib/porchlight",
            "/var/lib/porchlight-keys",
            "/run/porchlight-durable",
            "/run/porchlight-ember",
        },
        "durable": {"/var/lib/porchlight-durable", "/run/porchlight-durable"},
        "ember": {"/run/porchlight-ember"},
    }
    assert set(seen["written"]) == may[name] | {"/tmp"}
    told = container(machine, name)["HostConfig"]
    assert told["Memory"] == told["MemorySwap"] > 0
    assert 0 < told["PidsLimit"] <= 256
    if name != "house":
        assert (seen["lines"], seen["outside"]) == (["lo"], "Network is unreachable")


def test_only_the_house_has_a_way_out_and_the_engines_network_has_none(machine: EngineMachine) -> None:
    """Somebody listens outside: who has a way reaches her, so whoever does not has none."""
    machine.runs("setsid python3 -m http.server --bind 198.51.100.1 80 >/dev/null 2>&1 & sleep 2")
    asks = "import socket; socket.create_connection(('198.51.100.1', 80), 3)"
    machine.runs(f'{COMPOSE} exec -T house .venv/bin/python -c "{asks}"')
    for network in ("porchlight_inside", "none"):
        run = f"docker run --rm --network {network} --entrypoint .venv/bin/python porchlight:local"
        assert "unreachable" in machine.runs(f'{run} -c "{asks}" 2>&1 || true')
    listening = machine.runs("ss -tlnH").split("\n")
    doors = {line.split()[3] for line in listening if line and "198.51.100.1" not in line}
    assert doors == {"127.0.0.1:8000", "127.0.0.1:8001"}


def test_a_health_check_turns_when_the_house_stands_still(machine: EngineMachine) -> None:
    until_healthy(machine, "house")
    # All but process 1, which is the engine's own.
    stops, goes_on = (f"docker exec porchlight-house-1 sh -c 'kill -{each} -1' || true" for each in ("STOP", "CONT"))
    machine.runs(stops)
    until_healthy(machine, "house", "unhealthy")
    machine.runs(goes_on)
    until_healthy(machine, "house")


def test_who_is_killed_comes_back_and_nothing_is_lost(machine: EngineMachine, told: dict[str, str]) -> None:
    """The durable store and the house at once, as when a machine starts anew and nobody waits for anybody."""
    pids = [container(machine, name)["State"]["Pid"] for name in ("durable", "house")]
    machine.runs(f"kill -KILL {' '.join(map(str, pids))}")
    time.sleep(3)
    for name in OURS:
        until_healthy(machine, name)
    comes_back(machine, told)
    machine.runs(f"kill -KILL {container(machine, 'ember')['State']['Pid']}")
    time.sleep(3)
    for name in OURS:
        until_healthy(machine, name)
    assert machine.runs("curl --fail --silent http://127.0.0.1:8000/health/ready") == "ready\n"


def test_no_log_of_any_container_names_anybody(machine: EngineMachine, told: dict[str, str]) -> None:
    """What the engine wrote down of each, as it lies on the disk; and the volumes, for what the callers claimed."""
    claims = f"-A {AGENT} -H 'X-Forwarded-For: {CALLER}' -H 'Forwarded: for={CALLER}'"
    for path in ("/en/numbers", "/nowhere", "/desk"):
        machine.runs(f"curl --silent -o /dev/null {claims} http://127.0.0.1:8000{path}")
    logs = machine.runs("cat /var/lib/docker/containers/*/*-json.log")
    assert "Porchlight is running" in logs
    said = logs.replace("http://127.0.0.1:8000", "").replace("http://localhost:8001", "")
    assert re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", said) == []
    sought = [CALLER, AGENT, WORDS, told["code"], *told["held"].split()]
    assert [word for word in sought if word in logs] == []
    for word in sought:
        line = f"grep -rlaF -e '{word}' /var/lib/docker/volumes /var/log /run --include='*' 2>/dev/null || true"
        assert machine.runs(line) == "", word
