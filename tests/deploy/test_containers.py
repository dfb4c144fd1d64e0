"""Holds the image and the compose file to their rules: no root, nothing written, no way out, packages by hash."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from portal.settings_table import TABLE
from tests.support.guides import DEPLOY
from tests.support.server_process import REPOSITORY
from tests.support.units import unit

CONTAINERFILE = (DEPLOY / "container" / "Containerfile").read_text("utf-8")
OURS = ("durable", "ember", "house", "backup")


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text("utf-8"))


@pytest.mark.parametrize("name", OURS)
def test_every_container_may_do_nothing_but_its_work(compose: Any, name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges"]
    assert service["user"].split(":")[0] == re.search(r"--uid (\d+)", CONTAINERFILE)[1]  # type: ignore[index]
    assert service["mem_limit"] == service["memswap_limit"]  # nothing of it comes to a swap file
    assert service["pids_limit"] <= 256
    assert not {"privileged", "devices", "extra_hosts", "cap_add"} & set(service)


def test_the_stores_have_no_network_and_the_ember_store_no_disk(compose: Any) -> None:
    services, volumes = compose["services"], compose["volumes"]
    assert {services[name]["network_mode"] for name in ("durable", "ember", "backup")} == {"none"}
    assert services["ember"]["volumes"] == ["ember-run:/run/porchlight-ember"]
    for name in ("durable-run", "ember-run"):
        assert volumes[name]["driver_opts"]["type"] == "tmpfs"


def test_only_this_machine_reaches_the_doors_and_the_engine_has_no_way_out(compose: Any) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", ())]
    assert ports == ["127.0.0.1:8000:8000", "127.0.0.1:8001:8001"]
    (included,) = compose["include"]
    engine = yaml.safe_load((DEPLOY / "container" / included).read_text("utf-8"))
    assert engine["networks"]["inside"]["internal"] is True
    assert "inside" in compose["services"]["house"]["networks"]


def test_whoever_waits_for_another_waits_until_it_is_healthy(compose: Any) -> None:
    services = compose["services"]
    waited = services["house"]["depends_on"]
    assert {name: each["condition"] for name, each in waited.items()} == dict.fromkeys(
        ("durable", "ember"), "service_healthy"
    )
    assert all("test" in services[name]["healthcheck"] for name in waited)
    assert "/health/ready" in CONTAINERFILE


def test_containers_and_units_start_the_same_programs(compose: Any) -> None:
    for name in ("durable", "ember"):
        started = unit(f"porchlight-{name}.service")["Service"]["ExecStart"][0]
        assert started.endswith(" ".join(compose["services"][name]["command"]))
    started = unit("porchlight-backup.service")["Service"]["ExecStart"][0]
    assert started.endswith(" ".join(compose["services"]["backup"]["command"]))


def test_the_image_holds_what_the_lock_says_and_runs_as_nobody_with_rights() -> None:
    steps = [line for line in CONTAINERFILE.splitlines() if line and not line.startswith("#")]
    installs = [line for line in steps if "pip install" in line]
    assert len(installs) == 1
    assert "--require-hashes --only-binary :all: -r requirements.lock" in installs[0]
    last = max(at for at, line in enumerate(steps) if line.startswith("FROM"))
    assert "USER 1033:1033" in steps[last:]
    assert not [line for line in steps if re.match(r"ADD |COPY \. ", line)]


def test_what_is_copied_is_there_and_what_is_set_is_a_setting(compose: Any) -> None:
    copied = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", CONTAINERFILE)
    assert [name for line in copied for name in line.split() if not (REPOSITORY / name).exists()] == []
    known = {setting.name for setting in TABLE} | {"PORCHLIGHT_SETTINGS_FILE"}
    named = set(re.findall(r"PORCHLIGHT_\w+", CONTAINERFILE)) | set(compose["services"]["house"]["environment"])
    assert named <= known
