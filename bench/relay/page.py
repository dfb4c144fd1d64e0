"""Draws the measured part of docs/relay.md: the tables, the targets, the machine."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import psutil

from bench.relay import results as of
from bench.relay.cores import ARE_APART
from bench.relay.measure import Work
from bench.relay.results import Results, Target, spread
from bench.relay.row import Row
from portal.store.binary import find_valkey

BEGINS = "<!-- measured: begin. Written by `python -m bench relay`. -->"
ENDS = "<!-- measured: end -->"


def drawn(results: Results, rows: Sequence[Row], asked: Sequence[Target], work: Work) -> str:
    """Everything between the two marks, as markdown."""
    return "\n".join([*_machine(results, work), *_ratios(results, rows), *_figures(results, rows), *_targets(asked)])


def written_into(page: Path, measured: str, begins: str = BEGINS) -> None:
    """Put it between the marks of the page, in place of what stood there."""
    text = page.read_text("utf-8")
    before, _, rest = text.partition(begins)
    _, _, after = rest.partition(ENDS)
    page.write_text(f"{before}{begins}\n\n{measured}\n\n{ENDS}{after}", "utf-8")


def _machine(results: Results, work: Work) -> list[str]:
    node = shutil.which("node")
    rounds = len(results.load)
    share = max((m.generator for rounds_ in results.measured.values() for m in rounds_.values()), default=0.0)
    software = [f"Python {platform.python_version()}", f"Valkey {_said(find_valkey())}"]
    software += [f"{name} {version(name)}" for name in ("uvicorn", "redis", "hiredis")]
    software += [f"Node {_said(Path(node))}"] if node else []
    cores = "servers and Valkey on one core, the generator on another" if ARE_APART else "servers and generator mixed"
    return [
        f"{os.cpu_count()} cores ({platform.machine()}), {psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"{platform.system()}; {cores}. {', '.join(software)}.",
        f"Load average before each round: {', '.join(f'{each:.1f}' for each in results.load)}. One write to this disk: "
        f"{spread(results.to_disk_ms)} ms. The generator used at most {share:.0%} of its core.",
        "",
        f"Rounds: {rounds}. Full load: {work.conversations} conversations, {work.held} on each advocate's line, "
        f"{work.seconds:g} s after {work.warm_s:g} s of warming. Pace: {work.pace:g} round trips a second over "
        f"{work.paced} conversations for {work.paced_s:g} s. Idle: {work.idle} conversations, "
        f"{work.idle_held} on each advocate's line.",
    ]


def _ratios(results: Results, rows: Sequence[Row]) -> list[str]:
    lines = [
        "",
        "Beside the floor of the same round: median (lowest to highest).",
        "",
        "| relay | messages/s | server CPU | Valkey CPU | p50 paced | p99 paced | acknowledged when, and kept |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = [
            spread(results.ratios(row.name, results.floor, figure), unit="x")
            for figure in (of.rate, of.server, of.broker, of.p50, of.p99)
        ]
        lines.append(f"| {row.name} | {' | '.join(cells)} | {row.promise} |")
    return lines


def _figures(results: Results, rows: Sequence[Row]) -> list[str]:
    lines = [
        "",
        "The same in figures, for scale alone. Processor time is for one message; a round trip is two.",
        "",
        "| relay | messages/s | server us | Valkey us | p50 ms | p99 ms | KiB an idle conversation |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = [
            spread(results.values(row.name, figure), form)
            for figure, form in (
                (of.rate, ".0f"),
                (of.server, ".0f"),
                (of.broker, ".0f"),
                (of.p50, ".2f"),
                (of.p99, ".2f"),
                (of.idle, ".1f"),
            )
        ]
        lines.append(f"| {row.name} | {' | '.join(cells)} |")
    lines += [""] if results.failed else []
    lines += [f"{name}: {'; '.join(said)}." for name, said in results.failed.items()]
    return lines


def _targets(asked: Sequence[Target]) -> list[str]:
    lines = ["", "| asked of Porchlight | came | |", "|---|---|---|"]
    return lines + [f"| {each.asked} | {each.came} | {'met' if each.is_met else '**falls short**'} |" for each in asked]


def _said(program: Path) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False).stdout
    found = re.search(r"v=?(\d+\.\d+\.\d+)", said)
    return found[1] if found else "unknown"
