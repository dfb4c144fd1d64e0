"""Holds the tracked files to naming no machine, no package host and no real hotline's number as our own."""

from __future__ import annotations

import json
import re

from tests.support.source import REPOSITORY, tracked_text

# Written in pieces, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:wo" r"rk|ro" r"ot|farm|ho" r"me/\w+|Us" r"ers/\w+)/")
PACKAGE_HOSTS = re.compile(
    r"pypi\.o"
    r"rg|python"
    r"hosted|registry\.npm"
    r"js|npmjs\.c"
    r"om|files\.python"
    r"hosted|arti"
    r"factory|nex"
    r"us\.",
    re.I,
)
LOCKS = ["requirements.lock", "requirements-test.lock"]
APART = ["bench/peers/requirements.lock", "tests/libretranslate/requirements.lock"]
BUILDING = "tests/libretranslate/building.lock"


def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    assert [str(path) for path, text in tracked_text() if MACHINE_PATHS.search(text)] == []


def test_no_file_names_a_package_host() -> None:
    assert [str(path) for path, text in tracked_text() if PACKAGE_HOSTS.search(text)] == []


def test_every_locked_package_has_a_version_and_a_hash() -> None:
    for name in [*LOCKS, *APART, BUILDING]:
        entries = re.sub(r"\\\n\s*", " ", (REPOSITORY / name).read_text("utf-8")).splitlines()
        packages = [entry for entry in entries if entry.strip() and not entry.startswith("#")]
        assert len(packages) > (0 if name == BUILDING else 10)
        assert [entry for entry in packages if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_no_lock_names_a_host() -> None:
    for name in [*LOCKS, *APART, BUILDING]:
        assert re.findall(r"https?://|--index|--extra-index|--find-links", (REPOSITORY / name).read_text("utf-8")) == []


def test_what_is_served_by_nobody_is_locked_by_hash_without_a_host() -> None:
    locked = {
        folder: json.loads((REPOSITORY / folder / "package-lock.json").read_text("utf-8"))["packages"]
        for folder in ("tests", "bench/peers")
    }

    assert set(locked["tests"]) - {""} == {"node_modules/acorn", "node_modules/axe-core"}
    for facts in (facts for packages in locked.values() for name, facts in packages.items() if name):
        assert facts["integrity"].startswith("sha512-")
        assert "resolved" not in facts


def test_the_test_lock_holds_what_the_house_is_locked_to() -> None:
    """What is tested is what runs: the same versions in both locks."""
    house, tests = (
        dict(re.findall(r"(?m)^([a-z0-9-]+)==([^\s\\;]+)", (REPOSITORY / name).read_text("utf-8"))) for name in LOCKS
    )

    assert {name: version for name, version in house.items() if tests.get(name) != version} == {}
