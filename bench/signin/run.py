"""Tries to sign in with what lets nobody in, each kind in turn; then storms the door beside a talk that goes on."""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from statistics import NormalDist, median, quantiles

import pyotp

from bench.figures import Figures, show
from bench.own_house import own_house
from portal.clock import StillClock
from portal.staff.acts import Acts
from portal.staff.keys.setup import FirstWords, setup_code
from portal.staff.proofs import totp
from portal.staff.proofs.second import SecondTyped
from portal.staff.unlock import WrongPassphrase
from portal.web.throttle import Throttle
from tests.support.line_people import LineVisitor
from tests.support.open_house import open_house_at
from tests.support.signin_storm import Storm, p99, said

ROUNDS = 200
TRIES = 1000
# No more than one process has places for (portal/vault/passwords.py): a line beyond them is told at once that too many
# try, tries again, and spends the storm in seconds without a single passphrase being run.
LINES = 16
ROUNDS_OF_TALK = 60
WORDS = "seven green kettles whistle"
WRONG = "some long words that are not hers"


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench signin", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each kind is tried ({ROUNDS})")
    parser.add_argument("--tries", type=int, default=TRIES, help=f"how many tries the storm has ({TRIES})")
    told = parser.parse_args(arguments)
    print(f"load {os.getloadavg()[0]:.1f}")
    rows = asyncio.run(measured(told.rounds))
    show("One sign-in that lets nobody in, from the act to the answer; the kinds in turn", rows)
    for line in compared(rows):
        print(line)
    for line in stormed(told.tries):
        print(line)
    return 0


async def measured(rounds: int) -> list[Figures]:
    """Each kind `rounds` times, in turn, with Argon2 as it is and without the pace, which would answer at once."""
    async with own_house() as (services, clock):
        acts = Acts(services)
        code = setup_code(services.settings) or ""
        done = await acts.set_up.set_up(
            code, FirstWords("Lantern Line", "555-0142", "ca-on", "Ada", "ada", WORDS, ("en",), "en")
        )
        signed = await services.staff.who((await acts.sign_in.let_in(done.first)).token)
        secret = await acts.enrolling.begin_code(signed, WORDS)
        await acts.enrolling.add_code(signed, secret, "", digits(secret, clock, 0))
        acts.unlocking._pace = Throttle(burst=1e9, each_second=1e9)
        kinds: dict[str, Callable[[], tuple[str, str, str]]] = {
            "unknown name": lambda: ("nobody", WRONG, "000000"),
            "known name, wrong passphrase": lambda: ("ada", WRONG, "000000"),
            "right passphrase, wrong digits": lambda: ("ada", WORDS, "000000"),
            "wrong passphrase, right digits": lambda: ("ada", WRONG, digits(secret, clock, 30)),
        }
        times: dict[str, list[float]] = {name: [] for name in kinds}
        for number in range(-3, rounds):
            clock.advance(timedelta(seconds=1))
            for name, kind in kinds.items():
                tried, passphrase, typed = kind()
                began = time.perf_counter()
                try:
                    await acts.sign_in.sign_in(tried, passphrase, second=SecondTyped(typed))
                except WrongPassphrase:
                    took = (time.perf_counter() - began) * 1000
                if number >= 0:
                    times[name].append(took)
    return [Figures(name, took) for name, took in times.items()]


def digits(secret: bytes, clock: StillClock, later: int) -> str:
    """What her app shows so many seconds from now."""
    return str(pyotp.TOTP(totp.spelled(secret)).at(int(clock.now().timestamp()) + later))


def compared(rows: Sequence[Figures]) -> list[str]:
    """Each kind beside the unknown name: quartiles, and how well one time tells them apart (0.50: not at all)."""
    lines, first = [], rows[0].times_ms
    for row in rows:
        low, middle, high = quantiles(row.times_ms, n=4)
        beside = ""
        if row is not rows[0]:
            share, p = told_apart(first, row.times_ms)
            beside = f"; beside the unknown name: {share:.3f}, p = {p:.2f}"
        times = f"{low:6.1f} {middle:6.1f} {high:6.1f} ms, fastest {min(row.times_ms):6.1f}"
        lines.append(f"  {row.name:32} quartiles {times}{beside}")
    return lines


def told_apart(first: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """Mann and Whitney: how often the other takes longer than the first, and how likely so much is by chance."""
    ranked = sorted([(each, 0) for each in first] + [(each, 1) for each in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, start=1) if which)
    n, m = len(first), len(other)
    u = ranks - m * (m + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return u / (n * m), 2 * (1 - NormalDist().cdf(abs(z)))


def stormed(tries: int) -> list[str]:
    """A talk in a real house before, during and after so many tries at its door."""
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        ready = held.enter_context(open_house_at(folder))
        desk = ready.admin.opens_the_line()
        visitor = LineVisitor.starts(ready.house)
        visitor.says("hello")
        conversation = desk.takes_next()
        before = said(desk, visitor, conversation, ROUNDS_OF_TALK)
        storm = Storm(ready.house.desk_port, ready.admin.name, tries=tries, lines=LINES)
        storm.start()
        during: list[float] = []
        while storm.is_alive() or not during:
            during += said(desk, visitor, conversation, 5)
        storm.join()
        after = said(desk, visitor, conversation, ROUNDS_OF_TALK)
    lines = [f"Storm of {tries} tries over {LINES} lines: {storm.lasted_s:.1f} s, answers {dict(storm.answers)}"]
    for name, times in (("before", before), ("during", during), ("after", after)):
        lines.append(f"  a message {name}: p50 {median(times):.1f} ms, p99 {p99(times):.1f} ms ({len(times)} messages)")
    return lines
