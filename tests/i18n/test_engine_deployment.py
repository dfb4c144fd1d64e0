"""Holds what an operator is given for the translation engine to its rules: no way out, no open port, bounds."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.support.server_process import REPOSITORY

FOLDER: Final = REPOSITORY / "docs" / "engine"
UNIT: Final = FOLDER / "porchlight-engine.service"
GUIDE: Final = (REPOSITORY / "docs" / "translation-engine.md").read_text("utf-8")

# What would keep words, addresses or times, say words, or ask others for something.
OFF: Final = (
    "SUGGESTIONS",
    "TRANSLATION_CACHE",
    "METRICS",
    "DEBUG",
    "API_KEYS",
    "REQ_LIMIT",
    "REQUIRE_API_KEY_SECRET",
    "UPDATE_MODELS",
    "FORCE_UPDATE_MODELS",
    "SHARED_STORAGE",
)


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def unit() -> dict[str, list[str]]:
    lines = [line for line in UNIT.read_text("utf-8").splitlines() if "=" in line and not line.startswith("#")]
    said: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition("=")
        said.setdefault(name, []).append(value)
    return said


def test_the_container_has_no_way_out_and_no_open_port(compose: Any) -> None:
    engine = compose["services"]["engine"]

    assert list(engine["networks"]) == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True
    assert not {"ports", "expose", "network_mode", "extra_hosts", "privileged", "devices"} & set(engine)
    assert engine["dns"] == ["192.0.2.1"]


@pytest.mark.parametrize("name", ["engine", "fill"])
def test_every_container_is_bounded_and_may_do_nothing_but_its_work(compose: Any, name: str) -> None:
    service = compose["services"][name]

    assert re.fullmatch(r"libretranslate/libretranslate:v[\d.]+@sha256:[0-9a-f]{64}", service["image"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in ("0", "root")
    assert service["mem_limit"] == service["memswap_limit"]
    assert service["pids_limit"] <= 256


def test_only_what_fetches_models_has_a_network_and_it_starts_by_hand(compose: Any) -> None:
    services = compose["services"]

    assert [name for name, service in services.items() if "outside" in service["networks"]] == ["fill"]
    assert services["fill"]["profiles"] == ["fill"]
    assert "restart" not in services["fill"]
    assert [volume.get("read_only") for volume in services["engine"]["volumes"]] == [True]


def test_what_the_container_prints_is_kept_nowhere(compose: Any) -> None:
    assert compose["services"]["engine"]["logging"] == {"driver": "none"}


def test_neither_switches_on_what_would_keep_words(compose: Any, unit: dict[str, list[str]]) -> None:
    settings = compose["services"]["engine"]["environment"]
    command = unit["ExecStart"][0]

    assert not {f"LT_{name}" for name in OFF} & set(settings)
    assert not [name for name in OFF if re.search(rf"--{name.lower().replace('_', '-')}\b", command)]
    assert "ARGOS_DEBUG" not in settings
    assert not any("DEBUG" in line for line in unit["Environment"])
    for name in ("DISABLE_WEB_UI", "DISABLE_FILES_TRANSLATION"):
        assert settings[f"LT_{name}"] == "true"
        assert f"--{name.lower().replace('_', '-')}" in command
    # Longer than anything we send (i18n/guard.py).
    assert int(settings["LT_CHAR_LIMIT"]) >= 2000
    assert "--char-limit 4000" in command


def test_the_unit_has_no_way_out(unit: dict[str, list[str]]) -> None:
    assert unit["IPAddressDeny"] == ["any"]
    assert unit["IPAddressAllow"] == ["localhost"]
    assert unit["RestrictAddressFamilies"] == ["AF_INET AF_INET6"]
    assert unit["SocketBindDeny"] == ["any"]
    assert unit["SocketBindAllow"] == ["ipv4:tcp:5000"]
    assert "--host 127.0.0.1 --port 5000" in unit["ExecStart"][0]


def test_the_unit_is_bounded_and_hardened(unit: dict[str, list[str]]) -> None:
    assert unit["MemorySwapMax"] == ["0"]
    assert {"MemoryMax", "TasksMax", "CPUWeight", "OOMScoreAdjust"} <= set(unit)
    assert unit["LimitCORE"] == ["0"]
    assert unit["StandardOutput"] == unit["StandardError"] == ["null"]
    assert unit["ProtectSystem"] == ["strict"]
    assert not {"StateDirectory", "ReadWritePaths", "CacheDirectory", "LogsDirectory"} & set(unit)
    assert unit["CapabilityBoundingSet"] == [""]
    for name in ("NoNewPrivileges", "PrivateDevices", "PrivateTmp", "ProtectHome", "RestrictNamespaces"):
        assert unit[name] == ["yes"], name


def test_systemd_reads_every_line_of_the_unit(tmp_path: Path) -> None:
    """Where there is no systemd the lines are held by the tests above alone."""
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        return
    # Its program is on the operator's machine, not here.
    here = tmp_path / UNIT.name
    here.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text("utf-8"), flags=re.M), "utf-8")

    read = subprocess.run([systemd, "verify", "--man=no", str(here)], capture_output=True, text=True, timeout=60)

    assert read.returncode == 0, read.stderr
    assert UNIT.name not in read.stderr


def test_the_guide_names_the_files_and_what_has_no_model() -> None:
    for file in FOLDER.iterdir():
        if file.is_file():
            assert f"engine/{file.name}" in GUIDE, file.name
    assert re.search(r"\| pa, ht, vi \| \*\*none\*\*", GUIDE)
