"""Measures the directory on a file and on a server: taking services in, and finding among them."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

import psutil

from bench.tips.run import settings_at
from portal.clock import StillClock
from portal.directory.book import Directory
from portal.directory.finding import Wanted
from portal.directory.hsds.coming import Coming, look_through
from portal.directory.hsds.package import Item, Package
from portal.directory.kinds import NEEDS, regions, tongues
from portal.services import Services
from portal.staff.trail.audit_chain import NOBODY, AuditChain
from portal.store.database import Database
from portal.store.migrate import bring_up_to_date
from tests.support.postgres import running_postgres
from tests.support.rooms import NOON, running, wire
from tests.tips.conftest import make_tip_house

TOWNS: Final = ("Kenora", "Montréal", "Thunder Bay", "Val-d’Or", "多倫多", "Iqaluit", "Moncton", "Red Deer")
WORDS: Final = ("shelter", "refuge", "legal clinic", "庇護所", "ที่พักพิง", "ملجأ", "counselling", "आश्रय", "приют", "food")
ROUNDS: Final = 300


def main(arguments: Sequence[str]) -> int:
    """Fill both, ask both, print it."""
    parser = argparse.ArgumentParser(prog="python -m bench directory", description=__doc__)
    parser.add_argument("--count", type=int, default=3_000, help="how many services (3000)")
    told = parser.parse_args(arguments)
    print(asyncio.run(measured(told.count)))
    return 0


async def measured(count: int) -> str:
    """The table, on throw-away databases."""
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        settings = settings_at(folder, held)
        server = held.enter_context(running_postgres(shared_buffers="128MB"))
        name = held.enter_context(server.database())
        for place in (settings.database_path, server.address(name)):
            await asyncio.to_thread(bring_up_to_date, place)
        package = Package("json", [Item(at + 1, service(at)) for at in range(count)])
        async with running(wire(settings, clock := StillClock(NOON))) as services:
            await make_tip_house(services, clock)
            file = await one(f"SQLite {sqlite3.sqlite_version}", services, services.database, package)
            on_server = Database(server.address(name))
            on_server.beside = AuditChain(services.staff.folder)
            version = server.run("SHOW server_version").split()[0]
            settle = partial(server.run, "VACUUM ANALYZE", name)
            rows = await one(f"PostgreSQL {version}", services, on_server, package, settle)
            await on_server.close()
    cores = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {psutil.virtual_memory().total >> 30} GiB"
    head = f"{count} services, {ROUNDS} searches each, Python {platform.python_version()}, {cores}."
    columns = "| database | looked through | taken in | search p50 | p95 | slowest |\n|---|---|---|---|---|---|"
    return "\n".join([head, "", columns, file, rows])


async def one(
    called: str, services: Services, database: Database, package: Package, settle: Callable[[], Any] = str
) -> str:
    """A row of the table. `settle`: what a server does by itself a minute later."""
    book = Directory(database, services.staff.accounts, services.clock, days=180)
    began = time.perf_counter()
    looked = look_through(package, "CA", NOON.date())
    read, began = time.perf_counter() - began, time.perf_counter()
    await Coming(database, book, services.clock).take_in(looked, NOBODY, lambda _done, _of: None)
    taken = time.perf_counter() - began
    settle()
    times = []
    for wanted in questions():
        began = time.perf_counter()
        await book.find(wanted)
        times.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(times, n=20)[-1]
    middle, slowest = statistics.median(times), max(times)
    return f"| {called} | {read:.1f} s | {taken:.1f} s | {middle:.1f} ms | {p95:.1f} ms | {slowest:.1f} ms |"


def questions() -> list[Wanted]:
    """What an advocate asks: two or more letters, a place, a need, a language, in every mixture."""
    seeded = random.Random(7)
    asked = []
    for _ in range(ROUNDS):
        word = seeded.choice(WORDS + TOWNS)
        typed = word[: seeded.randint(2, len(word))] if seeded.random() < 0.8 else ""
        asked.append(
            Wanted(
                typed=typed,
                region=seeded.choice(regions()) if seeded.random() < 0.5 else "",
                need=seeded.choice(NEEDS) if seeded.random() < 0.5 else "",
                language=seeded.choice(tongues()) if seeded.random() < 0.3 else "",
            )
        )
    return asked


def service(number: int) -> dict[str, Any]:
    """One service of the standard; every third organisation has three of them."""
    seeded = random.Random(number)
    some = [("needs", seeded.choice(NEEDS)), ("regions", seeded.choice(regions())), ("languages", "en")]
    some += [("languages", seeded.choice(tongues()))]
    return {
        "id": f"service {number}",
        "name": f"{seeded.choice(WORDS)} {seeded.choice(TOWNS)} {number}",
        "status": "active",
        "description": " ".join(seeded.choices(WORDS + TOWNS, k=20)),
        "phones": [{"id": "p", "number": f"+1807555{number % 10000:04}", "type": "voice"}],
        "service_areas": [{"id": "a", "name": seeded.choice(TOWNS)}],
        "attributes": [
            {"id": f"{of}{value}", "value": value, "taxonomy_term": {"code": of, "taxonomy": "porchlight"}}
            for of, value in some
        ],
        "organization": {"id": f"house {number // 3}", "name": f"House {number // 3}", "description": ""},
    }
