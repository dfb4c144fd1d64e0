"""Holds the public scripts, as they are served, to what a browser of early 2018 can read and has."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from portal.web.assets import FOLDER, Assets
from portal.web.scripts import entry_scripts

READER = Path(__file__).with_name("old_engine.mjs")


def faults(scripts: dict[str, str]) -> dict[str, list[str]]:
    """What each script holds that an old engine cannot run, by name; empty lists where there is nothing."""
    node = shutil.which("node")
    assert node, "node is needed for the script tests: apt-get install nodejs"
    read = subprocess.run([node, str(READER)], input=json.dumps(scripts), capture_output=True, text=True, timeout=60)
    assert read.returncode == 0, "npm ci --prefix tests is needed for the script tests: " + read.stderr[-2000:]
    found: dict[str, list[str]] = json.loads(read.stdout)
    return found


def public_scripts() -> dict[str, str]:
    """Every bundle of the public face. The desk is opened on the hotline's own, newer browsers."""
    assets = Assets.load()
    names = [name for name in entry_scripts(FOLDER) if not name.startswith("js/desk/")]
    return {name: assets.asset(name).plain.decode() for name in names}


def test_a_browser_of_early_2018_can_run_every_public_script() -> None:
    scripts = public_scripts()

    assert {"js/leave.js", "js/chat/talk.js"} <= set(scripts)
    assert faults(scripts) == {name: [] for name in scripts}


@pytest.mark.parametrize(
    "newer",
    [
        "a?.b",
        "a ?? b",
        "({ ...a })",
        "const { a, ...b } = c",
        "class A { #b() {} }",
        "class A { b = 1 }",
        "try { a() } catch { b() }",
        "import('a')",
        "import { a } from 'b'",
        "for await (const a of b) c()",
        "a ||= b",
        "list.replaceChildren()",
        "Object.fromEntries(a)",
        "promise.finally(a)",
        "[].flat()",
        "crypto.randomUUID()",
        "const { hasOwn } = Object",
    ],
)
def test_what_came_later_would_be_found(newer: str) -> None:
    assert faults({"it": f"const before = 1;\n{newer};"})["it"], newer


def test_what_was_there_is_let_be() -> None:
    old = "class A { async b() { const { c, d } = await fetch('/'); return [...c, ...d].map((e) => e ** 2); } }"
    assert faults({"it": old}) == {"it": []}
